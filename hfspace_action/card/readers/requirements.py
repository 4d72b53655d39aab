"""The packages that a Space's requirements.txt asks for, as pip reads it."""

import posixpath
import re
import shlex
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from hfspace_action.file import File

from . import decode

if TYPE_CHECKING:
    from packaging.requirements import Requirement

PATH = "requirements.txt"
_LARGEST = 1 << 20  # bytes of a file that are read
_MOST_FILES = 10
_COMMENT = re.compile(r"(^|\s+)#.*$")
_OPTION = re.compile(r"\s--?[a-z].*$")  # pip's own options behind a requirement, such as --hash
_INCLUDE = re.compile(r"(?:-r\s*|--requirement(?:\s+|=))(.+)")
_CONDA = re.compile(r"([A-Za-z0-9][\w.-]*)=([0-9][\w.+!]*)(?:=[\w.]+)?")


class Entry(NamedTuple):
    """One requirement: its canonical name, what it says, and where."""

    name: str
    requirement: "Requirement"
    path: str
    line: int

    @property
    def pin(self) -> str | None:
        """The one version that it allows, if it is of the form `==1.2.3`."""
        specifiers = list(self.requirement.specifier)
        if len(specifiers) != 1 or specifiers[0].operator not in ("==", "==="):
            return None
        version = specifiers[0].version
        return None if version.endswith("*") else version


class Fault(NamedTuple):
    """A line that pip can't read. `instead` is the line as it would be right, if that is known."""

    path: str
    line: int
    text: str
    instead: str | None = None


class Requirements(NamedTuple):
    """What requirements.txt asks for, with the files that it includes."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]

    def get(self, name: str) -> Entry | None:
        """Return the entry of this canonical name."""
        return next((entry for entry in self.entries if entry.name == name), None)


def read(files: Mapping[str, File], path: str = PATH) -> Requirements:
    """Read a requirements file and those it includes; one that is missing asks for nothing."""
    entries: list[Entry] = []
    faults: list[Fault] = []
    waiting, seen = [path], set[str]()
    while waiting and len(seen) < _MOST_FILES:
        current = waiting.pop(0)
        if current in seen or current not in files:
            continue
        seen.add(current)
        for number, line in _lines(decode.requirements(files[current].read(_LARGEST))):
            included = _INCLUDE.fullmatch(line)
            if included:
                waiting.append(posixpath.normpath(posixpath.join(posixpath.dirname(current), _unquoted(included[1]))))
            elif not line.startswith("-"):
                found = _entry(line, current, number)
                entries += [found] if isinstance(found, Entry) else []
                faults += [found] if isinstance(found, Fault) else []
    return Requirements(tuple(entries), tuple(faults))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Number and text of each line, with continued lines joined and comments left out."""
    start, parts = 0, list[str]()
    for number, line in enumerate(text.splitlines(), 1):
        start = start if parts else number
        if line.endswith("\\") and not line.lstrip().startswith("#"):
            parts.append(line[:-1])
            continue
        whole = _COMMENT.sub("", "".join([*parts, line])).strip()
        parts = []
        if whole:
            yield start, whole
    if parts and (whole := _COMMENT.sub("", "".join(parts)).strip()):
        yield start, whole


def _entry(line: str, path: str, number: int) -> Entry | Fault | None:
    from packaging.requirements import InvalidRequirement, Requirement  # not before: most Spaces have no requirements
    from packaging.utils import canonicalize_name

    text = _OPTION.sub("", line).strip()
    try:
        requirement = Requirement(text)
    except InvalidRequirement:
        conda = _CONDA.fullmatch(text)
        if conda:
            return Fault(path, number, line, f"{conda[1]}=={conda[2]}")
        # An address or a path is a requirement to pip, if not to the standard.
        return (
            None
            if "://" in text or "/" in text or text.endswith((".whl", ".gz", ".zip"))
            else Fault(path, number, line)
        )
    return Entry(canonicalize_name(requirement.name), requirement, path, number)


def _unquoted(text: str) -> str:
    try:
        return (shlex.split(text) or [text])[0]
    except ValueError:
        return text.strip()
