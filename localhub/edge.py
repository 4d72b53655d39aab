"""The edge: where Spaces answer. Each has a port of its own on 127.0.0.1, which it keeps over a restart if it is free."""

import asyncio
import html
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from localhub import access, site
from localhub.errors import Refusal
from localhub.space import UP, Space

if TYPE_CHECKING:
    from localhub.hub import Hub

PAGE = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{space}</title></head>
<body><h1>{space}</h1><p>Commit <code>{commit}</code></p></body></html>
"""
DOWN = """<!DOCTYPE html>
<html><head><meta charset="utf-8"><title>{space}</title></head>
<body><h1>Your space is in error, check its status on hf.co</h1><p>{space}: {stage}</p></body></html>
"""


class Edge:
    """The Spaces' own addresses: an ASGI application that tells Spaces apart by the port that was asked."""

    def __init__(self, hub: "Hub") -> None:
        self._hub = hub
        self._spaces: dict[int, Space] = {}
        self._listeners: dict[int, asyncio.Server] = {}
        self.protocol: Callable[[], asyncio.Protocol] | None = None
        """What speaks HTTP on a connection; the server sets it."""

    def is_edge(self, scope: Scope) -> bool:
        """Whether a request came in by a Space's address."""
        return scope["type"] == "http" and scope["server"][1] in self._listeners

    async def listen(self, space: Space) -> None:
        """Open a Space's address."""
        assert self.protocol  # noqa: S101
        listener = await asyncio.get_running_loop().create_server(self.protocol, sock=_bind(space.port))
        space.port = listener.sockets[0].getsockname()[1]
        space.save()
        self._spaces[space.port], self._listeners[space.port] = space, listener

    def close(self, space: Space) -> None:
        """Close a Space's address."""
        self._listeners[space.port].close()
        del self._spaces[space.port], self._listeners[space.port]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a visitor."""
        request = Request(scope, receive)
        try:
            response = await self._answer(self._spaces[scope["server"][1]], request)
        except Refusal:
            response = _nothing_here()
        await response(scope, receive, send)

    async def _answer(self, space: Space, request: Request) -> Response:
        private = space.repo.meta.visibility == "private"
        if private and not access.can_read(self._hub, access.identify(self._hub, request), space.repo):
            return _nothing_here()
        stage, app = space.now.stage, space.now.app
        if stage == "SLEEPING":
            await self._hub.stages.wake(space)
        if stage not in UP or app is None:
            return HTMLResponse(DOWN.format(space=html.escape(space.repo.id), stage=html.escape(stage)), 503)
        if space.now.http_status == 200 and space.static:
            return await run_sync(site.page, space, self._hub.objects, app, request.url.path)
        page = PAGE.format(space=html.escape(space.repo.id), commit=app)
        # The edge marks what an app answered; a static Space has none.
        reached = {} if space.static else {"x-proxied-host": space.host, "x-proxied-path": request.url.path}
        return HTMLResponse(page, space.now.http_status, reached)


def _nothing_here() -> Response:
    return PlainTextResponse("404: not found\n", 404)


def _bind(port: int) -> socket.socket:
    """A socket on this port of the loopback, or on a free one if it is taken."""
    # With the protocol named, asyncio switches Nagle off; otherwise each answer waits 40 ms for an ACK.
    sock = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        sock.bind(("127.0.0.1", port))
    except OSError:
        sock.bind(("127.0.0.1", 0))
    return sock
