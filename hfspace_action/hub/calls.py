"""How the Hub is called: again where that is safe, and every error as a `Failure`."""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

from hfspace_action.errors import Failure

from .errors import HeadMoved, OutcomeUnknown, failure, is_transient, never_applied, requested_wait, status
from .retry import LONGEST_WAIT, GaveUp, Retries

P = ParamSpec("P")
T = TypeVar("T")

_CLIENTS_TRIES = 6  # of the calls that the client repeats by itself; source: huggingface_hub's http_backoff


class Calls:
    """Makes calls to the Hub at `endpoint` with a token of this kind.

    Each takes a few words on what it is `doing` ("read the variables of alice/demo"), the Space that it is about, the
    client's method and the method's arguments. Raises the `Failure` that explains why the call did not succeed.
    """

    def __init__(self, endpoint: str, kind: str, retries: Retries) -> None:
        self._endpoint, self._kind, self._retries = endpoint, kind, retries

    def repeat(self, doing: str, space: str, method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a call that may be made again whenever it failed in passing."""
        return self._make(doing, space, lambda: method(*args, **kwargs), is_transient)

    def passed_on(self, doing: str, space: str, method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a call that the client itself makes again whenever it failed in passing."""
        try:
            return method(*args, **kwargs)
        except Exception as error:
            raise self.failure(error, doing, space, _CLIENTS_TRIES) from error

    def once(self, doing: str, space: str, method: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Make a call that must not be applied twice: again only if it certainly never was."""
        try:
            return self._make(doing, space, lambda: method(*args, **kwargs), never_applied)
        except Failure as shown:
            cause = shown.__cause__
            if isinstance(cause, Exception) and status(cause) == 412:
                raise HeadMoved from cause
            if cause is not None and is_transient(cause) and not never_applied(cause):
                raise OutcomeUnknown(shown, min(requested_wait(cause) or 1.0, LONGEST_WAIT)) from cause
            raise

    def failure(self, error: Exception, doing: str, space: str, tries: int = 1) -> Exception:
        """Return the `Failure` that explains what a call raised, or the error itself where it is not the Hub's."""
        return failure(error, doing, space, endpoint=self._endpoint, kind=self._kind, tries=tries)

    def _make(self, doing: str, space: str, call: Callable[[], T], again: Callable[[BaseException], bool]) -> T:
        try:
            return self._retries.make(f"The Hub could not {doing}", call, again)
        except GaveUp as last:
            error = last.__cause__
            assert isinstance(error, Exception)  # noqa: S101 - for the type checker
            raise self.failure(error, doing, space, last.tries) from error
