"""The files of a Space, as far as they are read."""

import re
from collections.abc import Callable, Iterable, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple, Protocol

from hfspace_action.errors import Place
from hfspace_action.file import File

from . import decode

DOCKERFILE = "Dockerfile"
_LARGEST = 1 << 20  # bytes of a file that are read
_MAIN_FILES = re.compile(r"^(?:[^/]+/)?(?:app|main|server|demo|run|streamlit_app|index)\.(?:py|html)$")


class Files(Protocol):
    """The files that were deployed, by their paths in the Space."""

    @property
    def paths(self) -> AbstractSet[str]:
        """All paths."""

    def text(self, path: str) -> str | None:
        """The text of one, or None where there is no such file."""


class Deployed(NamedTuple):
    """`Files` from those that the action publishes."""

    files: Mapping[str, File]

    @property
    def paths(self) -> AbstractSet[str]:
        """All paths."""
        return self.files.keys()

    def text(self, path: str) -> str | None:
        """The text of one (its first MiB), or None where there is no such file."""
        found = self.files.get(path)
        return decode.lenient(found.read(_LARGEST)) if found else None

    def content(self, path: str) -> bytes:
        """The bytes of one that there is (its first MiB)."""
        return self.files[path].read(_LARGEST)


def startable(files: Files) -> str:
    """The files that look as if they were meant to be started, as words."""
    like = sorted(path for path in files.paths if _MAIN_FILES.match(path))
    return ", ".join(like[:5]) or "nothing that looks like one"


def first_line(files: Files, paths: Iterable[str], test: Callable[[str], object]) -> Place | None:
    """The first line in the files `paths` that passes `test`."""
    for path in paths:
        for number, line in enumerate((files.text(path) or "").splitlines(), 1):
            if test(line):
                return Place(path, number)
    return None
