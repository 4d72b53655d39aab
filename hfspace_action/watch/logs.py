"""What the step says while it waits: the Space's own logs, first the build's, then the app's, and a word of ours where
they are silent."""

import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import ExitStack

from hfspace_action import durations
from hfspace_action.hub.api import Hub
from hfspace_action.space import BUILDING, NOT_BUILT, STARTING
from hfspace_action.workflow.runner import Runner

from .log_stream import Kind, Stream

_TAIL = 400  # lines kept for the summary and for finding a cause
_QUIET = 30.0  # seconds without a line after which we say that we still wait

Seen = Callable[[Kind, Sequence[str]], None]
"""Gets the lines of a log, each once, as soon as they were printed."""


def about(stage: str | None) -> Kind:
    """Which log speaks of a stage in which a Space ended."""
    return "build" if stage in BUILDING | NOT_BUILT else "run"


class Logs:
    """Follows the log that goes with the Space's stage, folds it into a group of the step's log, and keeps its end."""

    def __init__(
        self, hub: Hub, runner: Runner, space: str, *, quiet: float = _QUIET, seen: Seen = lambda _kind, _lines: None
    ) -> None:
        self._hub, self._runner, self._space, self._quiet = hub, runner, space, quiet
        self._seen = seen
        self._stage, self._since = "No answer yet", time.monotonic()
        self._heard = self._since
        self._stream: Stream | None = None
        self._group = ExitStack()
        self._grouped: Kind | None = None
        self.complaint = ""
        """Why a log could not be read, the last time that one could not."""
        self._tails: dict[Kind, deque[str]] = {"build": deque(maxlen=_TAIL), "run": deque(maxlen=_TAIL)}

    def entered(self, stage: str) -> None:
        """The Space entered a stage: follow the log that speaks of it."""
        kind: Kind | None = "build" if stage in BUILDING else "run" if stage in STARTING else None
        if self._stream and kind and kind != self._stream.kind:
            self._finish(self._stream)
        self.wait(0)
        self._stage, self._since = stage, time.monotonic()
        self.say(f"Stage: {stage}")
        if kind:
            self._follow(kind).again()

    def wait(self, seconds: float) -> None:
        """Let so many seconds pass, and print what comes meanwhile."""
        until = time.monotonic() + seconds
        while True:
            now = time.monotonic()
            if now >= self._heard + self._quiet:
                self.say(f"{self._stage} for {durations.words(now - self._since)}")
            left = max(0.0, min(until, self._heard + self._quiet) - now)
            if self._stream is None:
                time.sleep(left)
            else:
                self._print(self._stream.kind, self._stream.lines(left))
                self._complain(self._stream)
            if time.monotonic() >= until:
                return

    def say(self, message: str) -> None:
        """Print a line of ours, outside of any log."""
        self.close()
        self._runner.info(message)
        self._heard = time.monotonic()

    def close(self) -> None:
        """End the group that may be open."""
        self._group.close()
        self._grouped = None

    def build_lines(self) -> list[str] | None:
        """Return the last lines of the build log, of which the first may just be on their way; None where it can't be read."""
        self.wait(0)
        if self._stream and self._stream.kind == "build" and not self._tails["build"]:
            self._finish(self._stream)
        lines = list(self._tails["build"])
        return None if not lines and self.complaint else lines

    def tail(self, stage: str | None, *, over: bool) -> tuple[Kind, list[str]]:
        """The name and the last lines of the log that speaks of the stage in which the Space ended. If it is `over` with
        the app or its build, the log is read to its end, even where it was not followed until now."""
        kind = about(stage)
        if over:
            self._finish(self._follow(kind))
        self.wait(0)
        self.close()
        return kind, list(self._tails[kind])

    def _follow(self, kind: Kind) -> Stream:
        if self._stream is None or self._stream.kind != kind:
            if self._stream:
                self._stream.stop()
            self._stream = Stream(kind, lambda: self._hub.follow_log(self._space, build=kind == "build"))
        return self._stream

    def _finish(self, stream: Stream) -> None:
        """Print what is left of a log to which not much more will come."""
        for lines in stream.rest(heard=bool(self._tails[stream.kind])):
            self._print(stream.kind, lines)

    def _print(self, kind: Kind, lines: list[str]) -> None:
        if not lines:
            return
        if self._grouped != kind:
            self.close()
            self._group.enter_context(self._runner.group(f"{kind.capitalize()} log"))
            self._grouped = kind
        self._tails[kind].extend(lines)
        self._runner.foreign(lines)
        self._heard = time.monotonic()
        self._seen(kind, lines)

    def _complain(self, stream: Stream) -> None:
        """Say why a log can't be read, once."""
        if stream.complaint and stream.complaint != self.complaint:
            self.complaint = stream.complaint
            self.say(f"The {stream.kind} log can't be read: {stream.complaint}")
