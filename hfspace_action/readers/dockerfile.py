"""The instructions of a Dockerfile, with their lines and stages."""

import re
from typing import NamedTuple

from hfspace_action.errors import Place

from .files import Files

DOCKERFILE = "Dockerfile"
# A word of its own, as BuildKit reads it: neither bash's `<<<` nor a shift of bits. There may be several.
_HEREDOC = re.compile(r"(?<!\S)\d*<<(?P<tabs>-?)(?P<quote>[\"']?)(?P<name>[\w.-]+)(?P=quote)(?!\S)")
_VARIABLE = re.compile(r"\$\{[^}]*\}|\$\w+")
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


def instructions(files: Files) -> list[Instruction]:
    """The instructions of the Space's Dockerfile, in order; none where there is no Dockerfile."""
    found: list[Instruction] = []
    parts: list[str] = []
    start, escape = 0, "\\"
    ends: list[
        tuple[str, str]
    ] = []  # what is left of here-documents: the line that ends each, and what may stand before it
    for number, line in enumerate((files.text(DOCKERFILE) or "").removeprefix("\ufeff").splitlines(), 1):
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
        text = " ".join(" ".join(parts).split())
        word = text.split(" ")[0].upper()
        if word in ("RUN", "COPY", "ADD"):
            ends = [(one["name"], "\t" * bool(one["tabs"])) for one in _HEREDOC.finditer(text)]
        found.append(Instruction(start, word, text, bool(ends)))
        parts = []
    return found


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
    at, pieces = 0, _VARIABLE.split(text)
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
