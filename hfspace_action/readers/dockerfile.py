"""The instructions of a Dockerfile with their lines, its last stage, and the variables that it sets."""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from hfspace_action.errors import Place

from .files import DOCKERFILE, Files

# A word of its own, as BuildKit reads it: neither bash's `<<<` nor a shift of bits. There may be several.
_HEREDOC = re.compile(r"(?<!\S)\d*<<(?P<tabs>-?)(?P<quote>[\"']?)(?P<name>[\w.-]+)(?P=quote)(?!\S)")
_VARIABLE = re.compile(r"\$\{(?P<braced>\w+)(?::-(?P<default>[^}]*))?\}|\$(?P<bare>\w+)")
_HOLE = re.compile(r"\$\{[^}]*\}|\$\w+")
_ESCAPE = re.compile(r"^#\s*escape\s*=\s*(`|\\)\s*$", re.IGNORECASE)


class Instruction(NamedTuple):
    """One instruction: its first line, its word in capitals, its text on one line, and whether a here-document follows."""

    line: int
    word: str
    text: str
    heredoc: bool = False

    @property
    def rest(self) -> str:
        """The text without the word."""
        return self.text.partition(" ")[2]

    @property
    def is_exec(self) -> bool:
        """Whether a command is written as a list: ["python", "app.py"]."""
        return self.rest.startswith("[")

    @property
    def words(self) -> list[str]:
        """The words of a command, in either of its two forms."""
        import json  # not before: a static Space has no Dockerfile
        import shlex

        try:
            listed = json.loads(self.rest) if self.is_exec else shlex.split(self.rest)
        except ValueError:
            return self.rest.split()
        return [str(word) for word in listed]


class Stage(NamedTuple):
    """The last stage of a Dockerfile, which is the image: the image it begins with, its instructions, and all variables."""

    base: str
    instructions: Sequence[Instruction]
    variables: Mapping[str, str]

    def resolved(self, text: str) -> str:
        """Return a text with the variables that the file sets replaced."""
        return _VARIABLE.sub(lambda it: self.variables.get(it["braced"] or it["bare"]) or it["default"] or "", text)

    def last(self, word: str) -> Instruction | None:
        """The last instruction of this word, which is the one that counts."""
        return next((each for each in reversed(self.instructions) if each.word == word), None)


def instructions(files: Files) -> list[Instruction]:
    """The instructions of the Space's Dockerfile, in order; none where there is no Dockerfile."""
    return read(files.text(DOCKERFILE) or "")


def read(text: str) -> list[Instruction]:
    """The instructions of a Dockerfile, in order, with continued lines joined; here-documents and comments are left out."""
    found: list[Instruction] = []
    parts: list[str] = []
    start, escape = 0, "\\"
    # What is left of here-documents: the line that ends each, and what may stand before it.
    ends: list[tuple[str, str]] = []
    for number, line in enumerate(text.removeprefix("\ufeff").splitlines(), 1):
        if ends:
            end, indent = ends[0]
            ends = ends[1:] if line.lstrip(indent).rstrip("\r") == end else ends
            continue
        body = line.strip()
        if not body or body.startswith("#"):
            if not found and (directive := _ESCAPE.match(body)):
                escape = directive[1]
            continue
        start = start if parts else number
        parts.append(body.removesuffix(escape))
        if body.endswith(escape):
            continue
        whole = " ".join(" ".join(parts).split())
        word = whole.split(" ")[0].upper()
        if word in ("RUN", "COPY", "ADD"):
            ends = [(one["name"], "\t" * bool(one["tabs"])) for one in _HEREDOC.finditer(whole)]
        found.append(Instruction(start, word, whole, bool(ends)))
        parts = []
    return found


def last_stage(known: Sequence[Instruction]) -> Stage:
    """The stage that a Dockerfile of these instructions ends with."""
    base, stages = "", dict[str, list[Instruction]]()
    current: list[Instruction] = []
    arguments: dict[str, str] = {}
    environment: dict[str, str] = {}
    for each in known:
        if each.word == "FROM":
            words = [word for word in each.rest.split() if not word.startswith("--")]
            name = words[0] if words else ""
            inherited = stages.get(name.lower(), [])
            base = base if inherited else name
            current = list(inherited)
            if len(words) > 2 and words[1].lower() == "as":
                stages[words[2].lower()] = current
            continue
        current.append(each)
        if each.word in ("ARG", "ENV"):
            (arguments if each.word == "ARG" else environment).update(assignments(each.rest))
    return Stage(base, current, arguments | environment)


def assignments(text: str) -> dict[str, str]:
    """The variables that an ENV or ARG sets, in either of the two forms: `A=1 B=2` and `A 1`."""
    import shlex

    try:
        words = shlex.split(text)
    except ValueError:
        return {}
    if len(words) > 1 and "=" not in words[0]:
        return {words[0]: " ".join(words[1:])}
    return dict(word.split("=", 1) for word in words if "=" in word)


def locate(files: Files, text: str) -> Place | None:
    """The instruction whose text is, or holds, what a builder printed of it, variables filled in or not."""
    wanted = " ".join(text.split())
    known = instructions(files)
    for test in (_is, _holds, _fills):
        for one in known:
            if wanted and test(one.text, wanted):
                return Place(DOCKERFILE, one.line)
    return None


def _is(text: str, wanted: str) -> bool:
    return text == wanted


def _holds(text: str, wanted: str) -> bool:
    return wanted in text


def _fills(text: str, wanted: str) -> bool:
    """Whether the fixed parts of an instruction stand in `wanted` in their order."""
    at, pieces = 0, _HOLE.split(text)
    if len(pieces) == 1:
        return False
    for piece in pieces:
        at = wanted.find(piece, at)
        if at < 0:
            return False
        at += len(piece)
    return True


def starting(files: Files, name: str = "") -> Place | None:
    """The instruction that starts the app: the last CMD or ENTRYPOINT, rather one that has `name` in it."""
    starts = [one for one in instructions(files) if one.word in ("CMD", "ENTRYPOINT")]
    naming = [one for one in starts if name and name in one.text]
    return Place(DOCKERFILE, (naming or starts)[-1].line) if starts else None
