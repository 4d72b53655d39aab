"""How a preview is called, and the mark by which it is known as one: functions of texts alone.

A Space is only taken for a preview where both agree: its name is what this pull request's preview is called, and its mark, a
variable that it was created with, names this repository and this pull request. Everything else is somebody's own.
"""

import re
from typing import NamedTuple

MARK = "HF_SPACE_DEPLOY_PREVIEW"
"""The variable that every preview is created with; its value is `owner/name#number` of the pull request."""
LONGEST = 96
"""Characters of a Space's name without its owner. Source: huggingface_hub's validator of repository names."""
_OTHER = re.compile(r"[^A-Za-z0-9._-]+")
_TWICE = re.compile(r"--+|\.\.+")
_NUMBERED = re.compile(r".+-pr-([1-9][0-9]*)")
_MARK = re.compile(r"([^\s/#]+/[^\s/#]+)#([1-9][0-9]*)")


class Mark(NamedTuple):
    """The pull request that a preview is of."""

    repository: str
    number: int

    def __str__(self) -> str:
        """Return the value of the variable."""
        return f"{self.repository}#{self.number}"

    def is_of(self, repository: str) -> bool:
        """Whether the pull request is one of this repository, in whatever case GitHub spells it today."""
        return self.repository.lower() == repository.lower()


def read(value: str | None) -> Mark | None:
    """Return what a mark's value says; None where it is no mark."""
    found = _MARK.fullmatch(value or "")
    return Mark(found[1], int(found[2])) if found else None


def preview(space: str, number: int) -> str:
    """Return the name of the preview of a Space (owner/name, or only a name) for a pull request. Its number is kept whole."""
    owner, slash, name = space.rpartition("/")
    end = f"-pr-{number}"
    base = _OTHER.sub("-", name)
    base = _TWICE.sub(lambda found: found[0][0], base)[: LONGEST - len(end)].strip("-.") or "space"
    return f"{owner}{slash}{base}{end}"


def number(name: str) -> int | None:
    """Return the number of the pull request that a name ends in; None where it ends in none."""
    found = _NUMBERED.fullmatch(name.rpartition("/")[2])
    return int(found[1]) if found else None


def why_foreign(name: str, mark: Mark | None, wanted: Mark, space: str) -> str | None:
    """Return why a Space is not the preview of the Space `space` for a pull request, and must not be touched; None where it is."""
    if number(name) != wanted.number:
        return f"its name does not end in -pr-{wanted.number}"
    if name.lower() != preview(space, wanted.number).lower():
        return f"the preview of {space} for this pull request is called {preview(space, wanted.number)}"
    if mark is None:
        return f"it has no variable {MARK}, with which a preview is created"
    if not mark.is_of(wanted.repository) or mark.number != wanted.number:
        return f"its variable {MARK} says that it is the preview of {mark}, not of {wanted}"
    return None
