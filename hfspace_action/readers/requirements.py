"""The lines of a repository that name packages for Python, as pip reads them."""

import posixpath
import re
import shlex
from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from hfspace_action.errors import Place

from .files import DOCKERFILE, Files, first_line

if TYPE_CHECKING:
    from packaging.requirements import Requirement

MANIFEST = "requirements.txt"
INSTALLED = ("pre-requirements.txt", MANIFEST)
"""What a Gradio Space installs, in this order."""
_REQUIREMENTS = re.compile(r"(?:^|/)[\w.-]*requirements[\w.-]*\.(?:txt|in)$")
_INCLUDE = re.compile(r"(?:^|\s)(?:-r|--requirements?|-c|--constraint)[ =]?['\"]?(?P<path>[\w./-]+)")
_INCLUDES = re.compile(r"(?:-(?P<kind>[rc])\s*|--(?P<word>requirement|constraint)(?:\s+|=))(?P<path>.+)")
_OPTION = re.compile(r"\s--?[a-z].*$")  # pip's own options behind a requirement, such as --hash
_CONDA = re.compile(r"([A-Za-z0-9][\w.-]*)=([0-9][\w.+!]*)(?:=[\w.]+)?")
_MOST_FILES = 10
_COMMENT = re.compile(r"(?:^|\s)#")
_EDITABLE = re.compile(r"(?:-e|--editable)[ =]\s*(?P<what>\S+)")
_FILE_URL = re.compile(r"(?:^|@\s*)file:(?://)?(?P<path>/[^\s;#]*)")
_NAME = re.compile(r"\s*(?P<name>[A-Za-z0-9][\w.-]*)")


class Line(NamedTuple):
    """One line of a requirement file as pip reads it: continued lines joined, without its comment."""

    path: str
    number: int
    text: str

    @property
    def place(self) -> Place:
        """Where it begins."""
        return Place(self.path, self.number)


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


class Asked(NamedTuple):
    """What a requirement file asks for, with the files that it includes."""

    entries: tuple[Entry, ...]
    faults: tuple[Fault, ...]
    constraints: tuple[Entry, ...] = ()

    def get(self, name: str) -> Entry | None:
        """Return the entry of this canonical name."""
        return next((entry for entry in self.entries if entry.name == name), None)

    def pinned(self, name: str) -> Entry | None:
        """Return the entry that pins what is asked for, which may be a constraint (`-c`)."""
        constraints = self.constraints if self.get(name) else ()
        return next((entry for entry in (*self.entries, *constraints) if entry.name == name and entry.pin), None)


def lines(files: Files, path: str) -> Iterator[Line]:
    """The lines of a requirement file that are not empty."""
    parts: list[str] = []
    start = 0
    for number, raw in enumerate((files.text(path) or "").splitlines(), 1):
        start = start if parts else number
        comment = _COMMENT.search(raw)
        body = raw[: comment.start()] if comment else raw
        if body.endswith("\\") and not comment:
            parts.append(body.removesuffix("\\"))
            continue
        if text := "".join([*parts, body]).strip():
            yield Line(path, start, text)
        parts = []
    if text := "".join(parts).strip():
        yield Line(path, start, text)


def name_of(requirement: str) -> str:
    """The normal form of the name in a requirement such as ``Foo_bar[x]>=1``; empty where there is none."""
    from packaging.utils import canonicalize_name  # not before: most Spaces have no requirements

    found = _NAME.match(requirement)
    return canonicalize_name(found["name"].rstrip(".-_")) if found else ""


def specifier(requirement: str) -> "Requirement | None":
    """The requirement, read by the rules of packaging; None where it breaks them."""
    from packaging.requirements import Requirement

    try:
        return Requirement(requirement)
    except ValueError:  # of packaging, or of a number that is too long for Python
        return None


def local_path(requirement: str) -> str | None:
    """The path of a requirement that is a folder or a file (`-e .`, `./tools`, `name @ file:///x`); None for all others."""
    if found := _EDITABLE.match(requirement):
        requirement = found["what"]
    if reference := _FILE_URL.search(requirement):
        return reference["path"]
    named = "://" not in requirement and "@" not in requirement
    return requirement if named and re.match(r"\.{1,2}(?:/|$)|/|[\w.-]+/", requirement) else None


def manifests(files: Files) -> list[str]:
    """The requirement files: those of the usual names, the Dockerfile's and those that they include."""
    usual = sorted(
        (path for path in files.paths if _REQUIREMENTS.search(path)), key=lambda path: (path.count("/"), path)
    )
    found = dict.fromkeys(usual)
    waiting = [*usual, DOCKERFILE]
    while waiting and len(found) < 100:
        path = waiting.pop(0)
        folder = path.rpartition("/")[0]
        for included in _INCLUDE.finditer(files.text(path) or ""):
            for one in (included["path"].removeprefix("./"), f"{folder}/{included['path']}"):
                if one in files.paths and one not in found:
                    found[one] = None
                    waiting.append(one)
    return list(found)


def place(files: Files, requirement: str) -> Place | None:
    """The line that asks for a requirement: of a requirement file, else of pyproject.toml, setup.py or the Dockerfile."""
    name = name_of(requirement)
    if not name:
        return None
    version = re.sub(r"\s+", "", requirement)
    named = list(_named(files, name))
    exact = [place for place, line in named if version in re.sub(r"\s+", "", line)]
    if exact or named:
        return (exact or [place for place, _ in named])[0]
    spelled = re.compile(rf"(?<![\w.-]){'[-_.]+'.join(map(re.escape, name.split('-')))}(?![\w-])", re.IGNORECASE)
    return first_line(files, ("pyproject.toml", "setup.py", "setup.cfg", "environment.yml", DOCKERFILE), spelled.search)


def _named(files: Files, name: str) -> Iterator[tuple[Place, str]]:
    for path in manifests(files):
        for number, line in enumerate((files.text(path) or "").splitlines(), 1):
            if name_of(line) == name:
                yield Place(path, number), line


def missing_at(files: Files) -> str:
    """The file in which a missing package should be named."""
    return next((path for path in (MANIFEST, *manifests(files), "pyproject.toml") if path in files.paths), MANIFEST)


def read(files: Files, path: str = MANIFEST) -> Asked:
    """Read a requirements file and those it includes; one that is missing asks for nothing."""
    entries: list[Entry] = []
    faults: list[Fault] = []
    constraints: list[Entry] = []
    constraining = set[str]()
    waiting, seen = [path], set[str]()
    while waiting and len(seen) < _MOST_FILES:
        current = waiting.pop(0)
        if current in seen or current not in files.paths:
            continue
        seen.add(current)
        for line in lines(files, current):
            included = _INCLUDES.fullmatch(line.text)
            if included:
                other = posixpath.normpath(posixpath.join(posixpath.dirname(current), _unquoted(included["path"])))
                waiting.append(other)
                if current in constraining or "c" in (included["kind"], (included["word"] or "")[:1]):
                    constraining.add(other)
            elif not line.text.startswith("-"):
                found = _entry(line)
                (constraints if current in constraining else entries).extend(
                    [found] if isinstance(found, Entry) else []
                )
                faults += [found] if isinstance(found, Fault) else []
    return Asked(tuple(entries), tuple(faults), tuple(constraints))


def _entry(line: Line) -> Entry | Fault | None:
    from packaging.requirements import Requirement  # not before: most Spaces have no requirements
    from packaging.utils import canonicalize_name

    text = _OPTION.sub("", line.text).strip()
    try:
        requirement = Requirement(text)
    except ValueError:  # of packaging, or of a number that is too long for Python
        conda = _CONDA.fullmatch(text)
        if conda:
            return Fault(line.path, line.number, line.text, f"{conda[1]}=={conda[2]}")
        # An address or a path is a requirement to pip, if not to the standard.
        return (
            None
            if "://" in text or "/" in text or text.endswith((".whl", ".gz", ".zip"))
            else Fault(line.path, line.number, line.text)
        )
    return Entry(canonicalize_name(requirement.name), requirement, line.path, line.number)


def _unquoted(text: str) -> str:
    try:
        return (shlex.split(text) or [text])[0]
    except ValueError:
        return text.strip()
