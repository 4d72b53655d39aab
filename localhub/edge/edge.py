"""The edge: where Spaces answer. Each has a port of its own on 127.0.0.1, which it keeps over a restart if it is free."""

import asyncio
import html
import socket
from collections.abc import Callable

from anyio.to_thread import run_sync
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from localhub import access
from localhub.hub import Hub
from localhub.loopback import listen
from localhub.refusal import Refusal
from localhub.spaces.space import UP, Space

from . import static_site
from .proxy import Proxy, Unreachable

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

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._spaces: dict[int, Space] = {}
        self._listeners: dict[int, asyncio.Server] = {}
        self._addresses: set[int] = set()
        """The ports of all Spaces that there ever were: connections to one may outlast it."""
        self.proxy = Proxy()
        self.protocol: Callable[[], asyncio.Protocol] | None = None
        """What speaks HTTP on a connection; the server sets it."""

    def is_edge(self, scope: Scope) -> bool:
        """Whether a request came in by a Space's address."""
        return scope["type"] in ("http", "websocket") and scope["server"][1] in self._addresses

    async def listen(self, space: Space) -> None:
        """Open a Space's address."""
        assert self.protocol  # noqa: S101
        listener = await asyncio.get_running_loop().create_server(self.protocol, sock=_bind(space.port))
        space.port = listener.sockets[0].getsockname()[1]
        space.save_state()
        self._spaces[space.port], self._listeners[space.port] = space, listener
        self._addresses.add(space.port)

    def close(self, space: Space) -> None:
        """Close a Space's address."""
        self._listeners[space.port].close()
        del self._spaces[space.port], self._listeners[space.port]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a visitor."""
        space = self._spaces.get(scope["server"][1])
        try:
            answer = await self._answer(space, scope, receive) if space else _nothing_here()
        except Refusal:
            answer = _nothing_here()
        except ClientDisconnect:
            return
        await answer(scope, receive, send)

    async def _answer(self, space: Space, scope: Scope, receive: Receive) -> ASGIApp:
        visitor = HTTPConnection(scope, receive)
        private = space.meta.visibility == "private"
        if private and not access.can_read(self._hub, access.identify(self._hub, visitor), space):
            return _nothing_here()
        stage, commit, app = space.now.stage, space.now.app, space.workload.app
        if stage == "SLEEPING":
            await self._hub.stages.wake(space)
        if stage not in UP or commit is None:
            return _down(space, stage)
        if space.now.http_status == 200 and space.static:
            return await run_sync(static_site.page, space, self._hub.objects, commit, visitor.url.path)
        if space.now.http_status == 200 and app and app.commit == commit:
            try:
                # The token that opened a private Space is for the edge, not for the app.
                return await self.proxy.visit(app, scope, receive, hidden=[b"authorization"] if private else [])
            except Unreachable:
                return _down(space, stage)
        page = PAGE.format(space=html.escape(space.id), commit=commit)
        # The edge marks what an app answered; a static Space has none.
        reached = {} if space.static else {"x-proxied-host": space.host, "x-proxied-path": visitor.url.path}
        return HTMLResponse(page, space.now.http_status, reached)


def _down(space: Space, stage: str) -> Response:
    return HTMLResponse(DOWN.format(space=html.escape(space.id), stage=html.escape(stage)), 503)


def _nothing_here() -> Response:
    return PlainTextResponse("404: not found\n", 404)


def _bind(port: int) -> socket.socket:
    """A socket on this port, or on a free one if it is taken."""
    try:
        return listen(port)
    except OSError:
        return listen(0)
