"""packages.txt: the names of Debian packages, which the Hub hands to `apt-get install` word for word."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from hfspace_action.errors import Place

from .files import Files

PACKAGES = "packages.txt"
# A name with its architecture, version and release; or a pattern, which apt takes, too.
_NAME = re.compile(r"[a-z0-9*?^][a-z0-9+.*?^-]*(?::[a-z0-9]+)?(?:=[^=\s]\S*|/\S+)?[+-]?$")
_COMMAND = re.compile(r"\s*(?:RUN |sudo )*(?:apt|apt-get|aptitude) +(?:-\S+ +)*install\b")


class Misread(NamedTuple):
    """What apt takes for the names of packages though it is something else, and what it is."""

    kind: str
    problem: str
    words: frozenset[str]


def misread(files: Files) -> Iterator[tuple[Place, Misread]]:
    """The lines of packages.txt that apt misreads."""
    for number, line in enumerate((files.text(PACKAGES) or "").split("\n"), 1):
        place = Place(PACKAGES, number)
        body, sign, comment = line.partition("#")
        if sign:
            words = frozenset(["#", *f"#{comment}".split(), *comment.split()])
            yield place, Misread("comment", "it has a comment, which apt takes for names", words)
        elif line.endswith("\r") and line.strip():
            words = frozenset([*line.split(), *(f"{word}\r" for word in line.split())])
            yield (
                place,
                Misread("line ends", "it has Windows line ends (CRLF), which apt takes for a part of the names", words),
            )
        elif _COMMAND.match(body):
            yield place, Misread("command", "it has a command, which apt takes for names", frozenset(body.split()))
        elif wrong := [word for word in body.split() if not word.startswith("-") and not _NAME.match(word)]:
            yield place, Misread("name", f"`{wrong[0]}` can't be the name of a Debian package", frozenset(wrong))


def names(files: Files) -> Iterator[tuple[Place, str]]:
    """The packages that are asked for, each with its line."""
    for number, line in enumerate((files.text(PACKAGES) or "").splitlines(), 1):
        for word in line.partition("#")[0].split():
            if not word.startswith("-"):
                yield Place(PACKAGES, number), word.partition("=")[0].partition("/")[0]
