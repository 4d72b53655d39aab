"""The host that large files of static Spaces come from: `localhost` instead of 127.0.0.1, and a port of its own.

It knows no accounts: an address that the edge signed opens one file for an hour.
"""

import secrets
import time
from collections.abc import Callable

import jwt
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from localhub.control.received import CDN, Received
from localhub.repos.large_files import Objects

LIFE = 60 * 60
_ALGORITHM = "HS256"


class Cdn:
    """An ASGI application. `port` is that of its listener."""

    def __init__(self, objects: Objects, received: Callable[[Received], None]) -> None:
        self.port = 0
        self._objects, self._received = objects, received
        self._key = secrets.token_bytes(32)

    def address(self, sha256: str, media_type: str) -> str:
        """Where a file can be fetched for the next hour."""
        claims = {"sha256": sha256, "type": media_type, "exp": int(time.time()) + LIFE}
        return f"http://localhost:{self.port}/{sha256}?Signature={jwt.encode(claims, self._key, _ALGORITHM)}"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a file."""
        self._received(Received.of(CDN, scope, scope["headers"]))
        answer: ASGIApp = PlainTextResponse("Access denied", 403)
        if scope["type"] == "http":
            answer = await run_sync(self._answer, Request(scope, receive))
        await answer(scope, receive, send)

    def _answer(self, request: Request) -> ASGIApp:
        try:
            claims = jwt.decode(request.query_params.get("Signature", ""), self._key, [_ALGORITHM])
        except jwt.InvalidTokenError:
            return PlainTextResponse("Access denied", 403)
        if request.url.path != f"/{claims['sha256']}":
            return PlainTextResponse("Access denied", 403)
        return FileResponse(self._objects.path(claims["sha256"]), media_type=claims["type"])
