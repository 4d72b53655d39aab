"""The Hub's way of saying no: a status, a sentence in the body and in X-Error-Message, a code in X-Error-Code."""

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response


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


async def on_disconnect(_request: Request, _gone: Exception) -> Response:
    """For a client that left in the middle of its request: nobody reads the answer, and it is no fault of ours."""
    return Response(status_code=400)
