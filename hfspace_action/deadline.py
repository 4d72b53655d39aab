"""When a step has to end: so many seconds after it began, in which an upload that moves does not count."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from . import durations
from .errors import Failure

GRACE = 10.0
"""Seconds that a step may go on after its deadline, to find out how things stand, put them in order, and report. It waits for
nothing then, and tries nothing again."""
SHORTEST = 2.0
"""Seconds that a request gets, however late it is."""
_LOOK = 0.5
"""Seconds between two looks at whether the deadline has moved."""
OUT_OF_TIME = frozenset({"hub-silent", "upload-stalled", "out-of-time"})
"""Failures that say that it has passed."""

T = TypeVar("T")


class Deadline:
    """The end of one step, on a `clock` in seconds; without one until `give` sets it. It may be asked from several threads."""

    def __init__(self, seconds: float = float("inf"), clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._began = clock, clock()
        self._given, self._end = seconds, self._began + seconds
        self._under_way: list[tuple[str, bool]] = []
        self._lock = threading.Lock()
        self._moved = False

    def give(self, seconds: float) -> None:
        """Set how long the step may take, from its beginning."""
        self._given, self._end = seconds, self._began + seconds

    def again(self) -> None:
        """Begin anew, with as much time: for the way back after a deploy that failed at its deadline."""
        self._end = max(self._end, self._clock() + self._given)

    def allow(self, seconds: float) -> None:
        """Let the step go on for so many seconds at least."""
        self._end = max(self._end, self._clock() + seconds)

    def moved(self, seconds: float) -> None:
        """Take out the seconds since the last look, in which an upload moved. The first time those until the next look, which may
        not count either, are granted before; each time would let what is sent again and again never end."""
        self._end += seconds
        if not self._moved:
            self._moved = True
            self.allow(SHORTEST)

    @property
    def left(self) -> float:
        """Seconds until the deadline; 0 after it."""
        return max(0.0, self._end - self._clock())

    @property
    def over(self) -> bool:
        """Whether it has passed: nothing is to be waited for any more."""
        return self.left == 0

    @property
    def final(self) -> bool:
        """Whether the grace after it is over, too: the step ends now, whatever it does."""
        return self._clock() > self._end + GRACE

    def bound(self, call: Callable[[], T], most: float = float("inf")) -> T:
        """Return what a call returns that may hang wherever it likes, in a name server or in native code. Raises `TimeoutError`
        once the deadline, which may move meanwhile, has passed, or after `most` seconds; the call is then left to itself.
        """
        done: list[T] = []
        raised: list[BaseException] = []

        def work() -> None:
            try:
                done.append(call())
            except BaseException as error:  # noqa: BLE001 - which is the caller's
                raised.append(error)

        thread = threading.Thread(target=work, daemon=True)
        began = self._clock()
        thread.start()
        while thread.is_alive():
            wait = min(max(self._end, began + SHORTEST), began + most) - self._clock()
            if wait <= 0:
                raise TimeoutError("there was no answer in time")
            thread.join(min(wait, _LOOK))
        if raised:
            raise raised[0]
        return done[0]

    @property
    def words(self) -> str:
        """The time that was given, as it is read."""
        return durations.words(self._given)

    @contextmanager
    def under_way(self, doing: str, *, upload: bool = False) -> Iterator[None]:
        """Note for as long as this lasts what the step does, in words: "read alice/demo"."""
        entry = (doing, upload)
        with self._lock:
            self._under_way.append(entry)
        try:
            yield
        finally:
            with self._lock:
                self._under_way.remove(entry)

    @property
    def uploads(self) -> bool:
        """Whether an upload is under way."""
        with self._lock:
            return any(upload for _, upload in self._under_way)

    def failure(self) -> Failure:
        """Return the failure of what does not come to an end by itself."""
        with self._lock:
            doing = [words for words, _ in self._under_way]
        if self.uploads:
            return Failure("upload-stalled", doing=doing[0], given=self.words)
        if doing:
            return Failure("hub-silent", doing=doing[-1], given=self.words)
        return Failure("out-of-time", given=self.words, more=durations.doubled(self._given))
