"""One log of a Space, line by line, each line once, however often the connection breaks."""

import queue
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from hfspace_action.errors import Failure

Kind = Literal["build", "run"]

LONGEST_LINE = 64 * 1024  # characters; what is beyond is left out, far beyond what is ever shown
_BATCH = 500  # lines that are handed over at once
_QUEUE = 4 * _BATCH  # lines that wait to be handed over; a log that comes faster has to wait
_GATHER = 0.2  # seconds in which lines that come one by one are taken together
_PAUSE, _LONGEST_PAUSE = 2.0, 60.0  # seconds before an ended log is asked for again
_LAST_WORDS, _SILENCE = 3.0, 1.0  # seconds that a log gets to end once its stage is over, and between two lines of it
_FOR_GOOD = frozenset({"forbidden", "token-refused"})  # no use in asking again


class Stream:
    """Reads a log with a thread of its own, because the client can only be asked for the next piece, and then blocks."""

    def __init__(self, kind: Kind, read: Callable[[], Iterable[str]]) -> None:
        """`read` connects, and gives the log from its start in pieces of text; may raise `Failure`."""
        self.kind = kind
        self.ended = threading.Event()
        """The Hub closed the log, or it can't be read; it is asked for again after a while."""
        self.complaint = ""
        """Why it could not be read, the last time that it could not."""
        self._read = read
        self._stopped, self._again = threading.Event(), threading.Event()
        self._queue: queue.Queue[str] = queue.Queue(_QUEUE)
        threading.Thread(target=self._run, name=f"{kind} log", daemon=True).start()

    def lines(self, seconds: float) -> list[str]:
        """The next lines, no more than a batch; if there are none, wait so many seconds for one."""
        found: list[str] = []
        until = time.monotonic() + seconds
        try:
            while len(found) < _BATCH:
                left = until - time.monotonic()
                found.append(self._queue.get(timeout=left) if left > 0 else self._queue.get_nowait())
                until = min(until, time.monotonic() + _GATHER) if len(found) == 1 else until
        except queue.Empty:
            pass  # that is all there is for now
        return found

    def rest(self, *, heard: bool = False) -> Iterator[list[str]]:
        """What is left of a log to which not much more will come: to its end, or until it falls silent. `heard`: some of
        it came before."""
        until = time.monotonic() + _LAST_WORDS
        while time.monotonic() < until:
            ended = self.ended.is_set()
            if lines := self.lines(0 if ended else _SILENCE):
                heard = True
                yield lines
            elif ended or heard:
                return

    def again(self) -> None:
        """There is something new to read: ask for an ended log at once."""
        self._again.set()

    def stop(self) -> None:
        """Read no further; a connection on which nothing comes stays open as long as the process."""
        self._stopped.set()
        self._again.set()

    def _run(self) -> None:
        once, pause = Once(), _PAUSE
        while not self._stopped.is_set():
            came = False
            try:
                for line in once.new(whole_lines(self._read())):
                    self._put(line)
                    came = True
                    if self._stopped.is_set():
                        break
            except Failure as unreadable:  # not there yet, or gone
                self.complaint = unreadable.message
                if unreadable.id in _FOR_GOOD:
                    self._stopped.set()
            except Exception as fault:  # noqa: BLE001 - a log is a help; whatever is wrong with one, the deploy goes on
                self.complaint = f"{type(fault).__name__}: {fault}"
            self.ended.set()
            if self._again.wait(_PAUSE if came else pause):
                pause = _PAUSE
            else:
                pause = _PAUSE if came else min(pause * 2, _LONGEST_PAUSE)
            self._again.clear()
            self.ended.clear()
        self.ended.set()

    def _put(self, line: str) -> None:
        while not self._stopped.is_set():
            try:
                self._queue.put(line, timeout=1)
            except queue.Full:
                continue
            return


class Once:
    """Lets each line of a log pass once, although the Hub tells a log from its start at each connection.

    A log is known by its first lines; where they differ, it is another one (a new build's) and all of it is new.
    """

    HEAD = 50  # lines; the logs of two builds differ in the first, which holds the time

    def __init__(self) -> None:
        self._head: list[str] = []
        self._seen = 0

    def new(self, lines: Iterable[str]) -> Iterator[str]:
        """Those of a connection's `lines` that were not there at an earlier one."""
        for number, line in enumerate(lines):
            if number < min(self._seen, len(self._head)) and line != self._head[number]:
                del self._head[number:]
                self._seen = number
                yield from tuple(self._head)
            if number >= self._seen:
                self._seen = number + 1
                if number < self.HEAD:
                    self._head.append(line)
                yield line


def whole_lines(pieces: Iterable[str]) -> Iterator[str]:
    """The lines in a stream of pieces of text, without their ends, each cut at LONGEST_LINE."""
    begun = ""
    for piece in pieces:
        *ends, rest = piece.split("\n")
        for end in ends:
            yield _joined(begun, end)
            begun = ""
        begun = _joined(begun, rest)
    if begun:
        yield begun


def _joined(begun: str, more: str) -> str:
    return begun + more[: LONGEST_LINE - len(begun)]
