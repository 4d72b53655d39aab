"""Python's tracebacks in a log."""

import re
from collections.abc import Sequence
from typing import NamedTuple

from hfspace_action.errors import Place
from hfspace_action.readers.files import Files

from . import places

_FRAME = re.compile(r'^[ |+]*File "(?P<path>[^"]+)", line (?P<line>\d+)(?:, in .+)?$')
_EXCEPTION = re.compile(r"^[ |+]*(?P<kind>[A-Za-z_][\w.]*)(?:: ?(?P<text>.*))?$")


class Frame(NamedTuple):
    """One frame: the file in the container, the line in it, and the log line that says so."""

    path: str
    line: int
    at: int


class Traceback(NamedTuple):
    """One traceback: its frames, outermost first, and the exception: its log line, class and text."""

    frames: Sequence[Frame]
    at: int
    kind: str
    text: str

    def place(self, files: Files) -> tuple[Place, Frame] | None:
        """The last frame in a file of the repository."""
        for frame in reversed(self.frames[-200:]):
            if place := places.place(files, frame.path, frame.line):
                return place, frame
        return None


def find(lines: Sequence[str]) -> list[Traceback]:
    """The tracebacks in a log, in order. A syntax error has one frame, of the file that is wrong, and no header."""
    found: list[Traceback] = []
    frames: list[Frame] = []
    for at, line in enumerate(lines):
        if match := _FRAME.match(line):
            frames.append(Frame(match["path"], int(match["line"][:9]), at))
        elif frames and line.strip(" |+") and _indent(line) < _indent(lines[frames[0].at]):
            if exception := _EXCEPTION.match(line):
                kind = exception["kind"].rpartition(".")[2]
                found.append(Traceback(tuple(frames), at, kind, exception["text"] or ""))
            frames = []
    return found


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip(" |+"))
