"""Calls that are made again: when, how often, and after which wait."""

import time
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from hfspace_action.deadline import Deadline

from .connection.faults import transport
from .errors import requested_wait, status

T = TypeVar("T")

TRIES = 5
LONGEST_WAIT = 301.0  # seconds; the length of the Hub's rate limit window, and one


class GaveUp(Exception):
    """A call failed for good; its error is the cause. `tries` is how often the call was made, `wait` the seconds that the Hub
    asked to wait, if those are more than there are."""

    def __init__(self, tries: int, wait: float | None = None) -> None:
        super().__init__(f"{tries} tries")
        self.tries, self.wait = tries, wait


class Retries(NamedTuple):
    """Makes calls up to `TRIES` times. `say` gets a line before each wait; `sleep` lets the wait pass, in seconds. A wait that
    would pass the `deadline` is none."""

    say: Callable[[str], None]
    sleep: Callable[[float], None] = time.sleep
    deadline: Deadline = Deadline()

    def make(self, what: str, call: Callable[[], T], again: Callable[[Exception], bool]) -> T:
        """Return what `call` returns; call it again after each error that `again` is true for. Raises `GaveUp`.

        `what` failed, in words: "The Hub could not read alice/demo". The wait is what the error asks for, otherwise 1, 2, 4, 8.
        """
        tries = 1
        while True:
            try:
                return call()
            except Exception as error:
                asked = requested_wait(error)
                wait = asked if asked is not None else 2.0 ** (tries - 1)
                if tries == TRIES or not again(error) or wait > LONGEST_WAIT:
                    raise GaveUp(tries) from error
                if wait > self.deadline.left:
                    raise GaveUp(tries, asked) from error
                code = status(error)
                self.say(
                    f"{what} ({f'HTTP {code}' if code else type(transport(error) or error).__name__}); trying again in {wait:.0f} s."
                )
            self.sleep(wait)
            tries += 1
