"""What an answer may be that is none: broken off, of another shape than the Hub's, or another server's."""

from collections.abc import Iterator

import httpx2


class Fault(Exception):
    """An answer that is none."""


class Broken(Fault):
    """A request got no whole answer; the cause is the transport's error. It is no error of httpx2's own, which the official
    client would meet by asking again, past our waits and our deadline."""


class Malformed(Fault):
    """A success whose answer is not what the Hub answers. `request` is its method and path, `problem` what is wrong with it."""

    def __init__(self, request: str, problem: str, status: int = 200) -> None:
        super().__init__(f"the answer to {request} {problem}")
        self.request, self.problem, self.status = request, problem, status


class Endless(Malformed):
    """An answer that has no end in bytes, pages or redirects. It would have none the next time."""


class Elsewhere(Fault):
    """A redirect that leads to another server, and that is not followed: what was to be sent is the Hub's alone, and what
    comes from there proves nothing."""

    def __init__(self, request: str, host: str) -> None:
        super().__init__(f"{request} is redirected to another server, {host}")
        self.host = host


def chain(error: BaseException | None) -> Iterator[BaseException]:
    """Yield an error, and if it is `Broken` what broke it."""
    if error is not None:
        yield error
        if isinstance(error, Broken) and error.__cause__ is not None:
            yield error.__cause__


def transport(error: BaseException | None) -> httpx2.TransportError | None:
    """Return the transport's error, if an error is one."""
    return next((each for each in chain(error) if isinstance(each, httpx2.TransportError)), None)


def timed_out(error: BaseException | None) -> bool:
    """Whether an error is that no answer came in time."""
    return isinstance(transport(error), httpx2.TimeoutException)
