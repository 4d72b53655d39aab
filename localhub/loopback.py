"""This machine alone: its sockets, and whom it answers.

A page in a browser of this machine reaches 127.0.0.1 as well. By a name of its own that it lets point here (DNS rebinding) it
would even read the answers. So names, origins and the forms that any page may send are checked before anything else.
"""

import socket

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

_NAMES = frozenset({"127.0.0.1", "localhost", "[::1]"})
_READING = frozenset({"GET", "HEAD", "OPTIONS"})
LARGEST_BODY = 64 * 1024 * 1024
"""Bytes of a request whose body is read whole; commits, large files and packs are streams and have no bound."""


def listen(port: int) -> socket.socket:
    """Return a socket that listens on this port of 127.0.0.1; 0 takes a free one. Raises OSError."""
    # With the protocol named, asyncio switches Nagle off; otherwise each answer waits 40 ms for an ACK.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    # A free port is nobody else's only without SO_REUSEADDR, or once somebody listens on it. With it, it can be had again at once.
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, bool(port))
    try:
        sock.bind(("127.0.0.1", port))
        sock.listen()
    except OSError:
        sock.close()
        raise
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    return sock


class OwnVisitors:
    """An ASGI application that passes on only what programs of this machine, or pages of the address asked, may send."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or refuse with 403."""
        reason = _refusal(scope) if scope["type"] in ("http", "websocket") else None
        if reason and scope["type"] == "http":
            await PlainTextResponse(reason + "\n", 403)(scope, receive, send)
        elif reason:
            await send({"type": "websocket.close", "code": 1008, "reason": reason})
        else:
            await self._app(scope, receive, send)


def _refusal(scope: Scope) -> str | None:
    """Return why a request is refused; None where it is not."""
    headers = Headers(scope=scope)
    host = headers.get("host", "")
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdecimal() else host
    if name.lower() not in _NAMES and not name.lower().endswith(".localhost"):
        return "This address answers to 127.0.0.1 and localhost only."
    method = scope.get("method", "POST")  # a websocket can send
    if method in _READING:
        return None
    origin = headers.get("origin")
    if origin is not None and origin.partition("://")[2] != host:
        return "Pages of other addresses may not send anything here."
    control = scope["path"].startswith("/_localhub/") and method == "POST"
    if control and headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        return "Control routes take JSON, with its content type."  # which no form can send
    return None
