"""How the Hub is called: again where that is safe, and every error as a `Failure`."""

from collections.abc import Callable
from traceback import walk_tb
from typing import ParamSpec, TypeVar

from huggingface_hub.errors import HfHubHTTPError, HfUriError

from hfspace_action import durations
from hfspace_action.errors import Failure
from hfspace_action.text import beginning

from .connection.faults import Endless, Malformed, timed_out
from .errors import (
    Asker,
    HeadMoved,
    OutcomeUnknown,
    failure,
    is_transient,
    never_applied,
    requested_wait,
    said,
    status,
)
from .recent import PAUSE, Recent
from .retry import LONGEST_WAIT, GaveUp, Retries

_CLIENT = "huggingface_hub"
_TIMES = "huggingface_hub.utils._datetime"
P = ParamSpec("P")
T = TypeVar("T")


class Calls:
    """Makes calls to a Hub in the name of `asker`.

    Each takes a few words on what it is `doing` ("read the variables of alice/demo"), the Space that it is about, the
    client's method and the method's arguments. Raises the `Failure` that explains why the call did not succeed.
    """

    def __init__(self, asker: Asker, retries: Retries, recent: Recent | None = None) -> None:
        self._asker, self._retries = asker, retries
        self.recent = recent or Recent()
        self.deadline = retries.deadline
        self._told: set[str] = set()

    def repeat(self, doing: str, space: str, method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a call that may be made again whenever it failed in passing."""
        return self._make(doing, space, lambda: method(*args, **kwargs), is_transient)

    def once(self, doing: str, space: str, method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a call that must not be applied twice: again only if it certainly never was."""
        try:
            return self._make(doing, space, lambda: method(*args, **kwargs), never_applied)
        except Failure as shown:
            cause = shown.__cause__
            if isinstance(cause, Exception) and status(cause) == 412:
                raise HeadMoved from cause
            lost = cause is not None and (is_transient(cause) or isinstance(cause, Endless))
            if cause is not None and lost and not never_applied(cause):
                raise OutcomeUnknown(shown, min(requested_wait(cause) or 1.0, LONGEST_WAIT)) from cause
            raise

    def failure(self, error: Exception, doing: str, space: str, tries: int = 1) -> Exception:
        """Return the `Failure` that explains what a call raised, or the error itself where it is not the Hub's."""
        if self.deadline.over and timed_out(error):
            return Failure("hub-silent", doing=doing, given=self.deadline.words)
        if self.recent.is_gone(error, space):
            return Failure("space-gone", space=space)
        return failure(error, doing, space, self._asker, tries)

    def too_long(self, wait: float, doing: str, error: BaseException) -> Failure:
        """Return the `Failure` of a wait that the Hub asks for and that the deadline leaves no time for."""
        asked, left = durations.words(wait), durations.words(self.deadline.left)
        return Failure("wait-too-long", doing=doing, said=said(error), wait=asked, left=left, given=self.deadline.words)

    def _make(self, doing: str, space: str, call: Callable[[], T], again: Callable[[BaseException], bool]) -> T:
        while True:
            try:
                with self.deadline.under_way(doing):
                    return self._retries.make(f"The Hub could not {doing}", lambda: _made(doing, call), again)
            except GaveUp as last:
                error = last.__cause__
                assert isinstance(error, Exception)  # noqa: S101 - for the type checker
                if last.wait is not None and status(error) != 429:  # which says itself when to come back
                    raise self.too_long(last.wait, doing, error) from error
                if not self._waits_for(error, doing, space):
                    explained = self.failure(error, doing, space, last.tries)
                    raise explained from (error if explained is not error else error.__cause__)

    def _waits_for(self, error: Exception, doing: str, space: str) -> bool:
        """Whether an error may only mean that the Hub does not show yet what it made; if so, let a moment pass."""
        if not self.recent.is_late(error, space):
            return False
        if doing not in self._told:
            self._told.add(doing)
            self._retries.say(f"The Hub does not show yet what it made, so it could not {doing}; looking again.")
        return self.pause()

    def pause(self) -> bool:
        """Let the time between two looks pass; false where there is none left."""
        if self.deadline.over:
            return False
        self._retries.sleep(PAUSE)
        return True


def _made(doing: str, call: Callable[[], T]) -> T:
    """Make a call. What the official client stumbles over is an answer that it can't read, or that there is not
    (`RepoCard.validate` wants that of a request which our boundary ended with an error)."""
    try:
        return call()
    except (AttributeError, IndexError, KeyError, NameError, TypeError, ValueError) as stumble:
        if not _is_of_reading(stumble):
            raise
        if isinstance(stumble.__context__, HfHubHTTPError):
            raise stumble.__context__ from None
        problem = (
            f"has not what the official client reads of it ({type(stumble).__name__}: {beginning(str(stumble), 100)})"
        )
        raise Malformed(f"the request to {doing}", problem) from stumble


def _is_of_reading(error: Exception) -> bool:
    """Whether an error was raised by the official client's own code as it read an answer. Its ValueErrors are what the Hub has
    against a README, but for those of a time and of an address that are none."""
    *_, (frame, _) = walk_tb(error.__traceback__)
    module = str(frame.f_globals.get("__name__", ""))
    if isinstance(error, ValueError):
        return isinstance(error, HfUriError) or module == _TIMES
    return module.partition(".")[0] == _CLIENT
