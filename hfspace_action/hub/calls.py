"""How the Hub is called: again where that is safe, and every error in our words."""

from collections.abc import Callable
from typing import TypeVar

from huggingface_hub.errors import HfHubHTTPError
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_attempt

from hfspace_action.errors import Failure

from .errors import HeadMoved, OutcomeUnknown, failure, is_transient, never_applied, requested_wait, status

T = TypeVar("T")

_TRIES = 5
_CLIENTS_TRIES = 6  # of the calls that the client repeats by itself; source: huggingface_hub's http_backoff
_LONGEST_WAIT = 301.0  # seconds; the length of the Hub's rate limit window, and one


class Calls:
    """Makes calls to the Hub at `endpoint` with a token of this kind. `say` is told about each wait before another try.

    A call has a few words on what it is `doing` ("read the variables of alice/demo"), the Space that it is about, and
    a function without arguments. Raises the `Failure` that explains why it did not succeed.
    """

    def __init__(self, endpoint: str, kind: str, say: Callable[[str], None]) -> None:
        self._endpoint, self._kind, self._say = endpoint, kind, say

    def repeat(self, doing: str, space: str, call: Callable[[], T]) -> T:
        """Make a call that may be made again whenever it failed in passing."""
        return self._call(doing, space, call, is_transient)

    def passed_on(self, doing: str, space: str, call: Callable[[], T]) -> T:
        """Make a call that the client itself makes again whenever it failed in passing."""
        try:
            return call()
        except Exception as error:
            raise self.failure(error, doing, space, _CLIENTS_TRIES) from error

    def once(self, doing: str, space: str, call: Callable[[], T]) -> T:
        """Make a call that must not be applied twice: again only if it certainly never was."""
        try:
            return self._call(doing, space, call, never_applied)
        except Failure as shown:
            cause = shown.__cause__
            if isinstance(cause, Exception) and status(cause) == 412:
                raise HeadMoved from cause
            if cause is not None and is_transient(cause) and not never_applied(cause):
                raise OutcomeUnknown(shown, min(requested_wait(cause) or 1.0, _LONGEST_WAIT)) from cause
            raise

    def failure(self, error: Exception, doing: str, space: str, tries: int = 1) -> Exception:
        """The `Failure` that explains what a call raised, or the error itself where it is not the Hub's."""
        return failure(error, doing, space, self._endpoint, self._kind, tries)

    def _call(self, doing: str, space: str, call: Callable[[], T], again: Callable[[BaseException], bool]) -> T:
        retrying = Retrying(
            retry=retry_if_exception(lambda error: again(error) and (requested_wait(error) or 0) <= _LONGEST_WAIT),
            wait=_patience,
            stop=stop_after_attempt(_TRIES),
            before_sleep=lambda state: self._say(_waiting(doing, state)),
            reraise=True,
        )
        try:
            return retrying(call)
        except Exception as error:
            tries = int(retrying.statistics.get("attempt_number", 1))
            raise self.failure(error, doing, space, tries) from error


def _patience(state: RetryCallState) -> float:
    """Seconds before the next try: what the Hub asks for, otherwise 1, 2, 4, 8."""
    asked = requested_wait(state.outcome.exception() if state.outcome else None)
    return asked if asked is not None else 2.0 ** (state.attempt_number - 1)


def _waiting(doing: str, state: RetryCallState) -> str:
    error = state.outcome.exception() if state.outcome else None
    seconds = state.next_action.sleep if state.next_action else 0
    answer = f"HTTP {status(error)}" if isinstance(error, HfHubHTTPError) else type(error).__name__
    return f"The Hub could not {doing} ({answer}); trying again in {seconds:.0f} s."
