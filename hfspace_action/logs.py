"""The Space's logs while the step waits: first the build's, then the app's, each line once, as it comes."""

import queue
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from typing import Literal

from .errors import Failure
from .hub import Hub
from .runner import Runner

Kind = Literal["build", "run"]

_BUILDING = frozenset({"BUILDING", "RUNNING_BUILDING"})
_STARTING = frozenset({"APP_STARTING", "RUNNING_APP_STARTING"})
_ABOUT_THE_BUILD = _BUILDING | {"BUILD_ERROR", "CONFIG_ERROR", "NO_APP_FILE"}
_TAIL = 400  # lines kept for the summary and for finding a cause
_LAST_WORDS = 3.0  # seconds that a stream gets to end once the Space has failed
_PAUSE, _LONGEST_PAUSE = 2.0, 30.0  # seconds before an ended stream is asked for again


class Logs:
    """Follows the log that goes with the Space's stage, folds it into a group of the step's log, and keeps its end."""

    def __init__(self, hub: Hub, runner: Runner, space: str) -> None:
        self._hub, self._runner, self._space = hub, runner, space
        self._stream: _Stream | None = None
        self._group = ExitStack()
        self._grouped = False
        self._tails: dict[Kind, deque[str]] = {"build": deque(maxlen=_TAIL), "run": deque(maxlen=_TAIL)}

    def entered(self, stage: str) -> None:
        """The Space entered a stage: follow the log that speaks of it."""
        self.wait(0)
        self.say(f"Stage: {stage}")
        if stage in _BUILDING:
            self._follow("build")
        elif stage in _STARTING:
            self._follow("run")

    def wait(self, seconds: float) -> bool:
        """Print what comes for so many seconds; whether anything came."""
        until, came = time.monotonic() + seconds, False
        while True:
            left = max(0.0, until - time.monotonic())
            if self._stream is None:
                time.sleep(left)
            elif lines := self._stream.lines(left):
                self._print(self._stream.kind, lines)
                came = True
            if left == 0:
                return came

    def say(self, message: str) -> None:
        """Print a line of ours, outside of any log."""
        self.close()
        self._runner.info(message)

    def close(self) -> None:
        """End the group that may be open."""
        self._group.close()
        self._grouped = False

    def tail(self, stage: str | None) -> tuple[Kind, list[str]]:
        """The name and the last lines of the log that speaks of the stage in which the Space ended. Raises `Failure`."""
        kind: Kind = "build" if stage in _ABOUT_THE_BUILD else "run"
        if self._stream and self._stream.kind == kind:
            self._stream.ended.wait(_LAST_WORDS)
            self.wait(0)
        self.close()
        if not self._tails[kind]:
            self._tails[kind].extend(self._hub.log_tail(self._space, build=kind == "build"))
        return kind, list(self._tails[kind])

    def _follow(self, kind: Kind) -> None:
        if self._stream is None or self._stream.kind != kind:
            if self._stream:
                self._stream.stop()
            self._stream = _Stream(kind, lambda: self._hub.follow_log(self._space, build=kind == "build"))

    def _print(self, kind: Kind, lines: list[str]) -> None:
        if not self._grouped:
            self._group.enter_context(self._runner.group(f"{kind.capitalize()} log"))
            self._grouped = True
        self._tails[kind].extend(lines)
        self._runner.foreign(lines)


class _Stream:
    """One log, read by a thread of its own because the client can only be asked for the next piece and then blocks.

    The Hub replays a log from its start on each connection; a replay is known by its first line, and what was seen of
    it is left out.
    """

    def __init__(self, kind: Kind, read: Callable[[], Iterable[str]]) -> None:
        self.kind = kind
        self.ended = threading.Event()
        """The Hub closed the log, or it can't be read."""
        self.failure: Failure | None = None
        """Why it could not be read the last time that it could not."""
        self._read = read
        self._stopped = threading.Event()
        self._queue: queue.SimpleQueue[str] = queue.SimpleQueue()
        threading.Thread(target=self._run, name=f"{kind} log", daemon=True).start()

    def lines(self, seconds: float) -> list[str]:
        """The lines that are there; if there are none, wait so many seconds for one."""
        found: list[str] = []
        try:
            found.append(self._queue.get(block=seconds > 0, timeout=seconds or None))
            while True:
                found.append(self._queue.get_nowait())
        except queue.Empty:
            return found

    def stop(self) -> None:
        """Read no further connection; the one that may be open ends with the process."""
        self._stopped.set()

    def _run(self) -> None:
        first, seen, pause = "", 0, _PAUSE
        while not self._stopped.is_set():
            before = seen
            try:
                for number, line in enumerate(_whole_lines(self._read())):
                    if number == 0 and line != first:
                        first, seen = line, 0
                    if number >= seen:
                        self._queue.put(line)
                        seen += 1
            except Failure as unreadable:
                self.failure = unreadable  # not there yet, or gone: it is asked for again below
            self.ended.set()
            pause = _PAUSE if seen != before else min(pause * 2, _LONGEST_PAUSE)
            self._stopped.wait(pause)
            self.ended.clear()


def _whole_lines(pieces: Iterable[str]) -> Iterator[str]:
    """The lines in a stream of pieces of text, without their ends."""
    rest = ""
    for piece in pieces:
        *lines, rest = (rest + piece).split("\n")
        yield from lines
    if rest:
        yield rest
