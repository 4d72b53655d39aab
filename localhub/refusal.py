"""The Hub's way of saying no: a status, a sentence in the body and in X-Error-Message, a code in X-Error-Code."""

from collections.abc import Mapping
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

DEFAULT_MESSAGES = {404: "Sorry, we can't find the page you are looking for.", 405: "Method not allowed"}


class Refusal(Exception):
    """A request refused as the Hub refuses it.

    `message` goes into the body as `{"error": message}` (or `body`, where the Hub's is richer) and into X-Error-Message;
    `code` is what clients turn into their own exceptions: RepoNotFound, RevisionNotFound, EntryNotFound, GatedRepo.
    """

    def __init__(
        self,
        status: int,
        message: str,
        *,
        code: str | None = None,
        headers: Mapping[str, str] | None = None,
        body: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.code = code
        self.headers = dict(headers or {})
        self.body = body

    def response(self) -> Response:
        """The refusal as it goes over the wire."""
        # Headers are latin-1, printable and one line; the body carries the sentence as it is.
        printable = "".join(char if char.isprintable() else " " for char in self.message)
        line = " ".join(printable.split()).encode("latin-1", "replace").decode("latin-1")
        headers = {"X-Error-Message": line} | self.headers
        if self.code:
            headers["X-Error-Code"] = self.code
        body = {"error": self.message} if self.body is None else dict(self.body)
        return JSONResponse(body, status_code=self.status, headers=headers)


async def on_refusal(_: Request, refusal: Exception) -> Response:
    """Starlette's handler for `Refusal`."""
    assert isinstance(refusal, Refusal)  # noqa: S101 - how Starlette types its handlers
    return refusal.response()


async def on_http_exception(_: Request, error: Exception) -> Response:
    """What Starlette itself refuses (no such route, no such method), in the Hub's shape."""
    assert isinstance(error, HTTPException)  # noqa: S101
    message = DEFAULT_MESSAGES.get(error.status_code, str(error.detail))
    return Refusal(error.status_code, message, headers=error.headers).response()


async def on_disconnect(_request: Request, _gone: Exception) -> Response:
    """For a client that left in the middle of its request: nobody reads the answer, and it is no fault of ours."""
    return Response(status_code=400)
