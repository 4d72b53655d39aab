"""The edge: where Spaces answer. Each has a port of its own on 127.0.0.1, which it keeps over a restart if it is free."""

import asyncio
import html
import socket
from collections.abc import Callable

from anyio.to_thread import run_sync
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from localhub.control.received import Received
from localhub.hub import Hub
from localhub.loopback import listen
from localhub.spaces.space import UP, Space
from localhub.variants.static_pages import PRIVATE_STATIC_401, PRIVATE_STATIC_404

from .cdn import Cdn
from .proxy import Proxy, Unreachable, to_app
from .static_site import StaticSite
from .visitor import Admission, admit

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

    def __init__(self, hub: Hub, received: Callable[[Received], None], first_port: int = 0) -> None:
        self._hub, self._received, self._first_port = hub, received, first_port
        self._cdn = Cdn(hub.objects, received)
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

    async def open(self) -> None:
        """Open the address of large files."""
        self._cdn.port = await self._listen(0)

    async def listen(self, space: Space) -> None:
        """Open a Space's address."""
        space.port = await self._listen(space.port or self._first_port)
        self._first_port = 0
        space.save_state()
        self._spaces[space.port] = space

    async def end(self) -> None:
        """Close what is left: the address of large files, and the connections to apps."""
        self._listeners.pop(self._cdn.port).close()
        await self.proxy.close()

    async def _listen(self, port: int) -> int:
        assert self.protocol  # noqa: S101
        listener = await asyncio.get_running_loop().create_server(self.protocol, sock=_bind(port))
        port = listener.sockets[0].getsockname()[1]
        self._listeners[port] = listener
        self._addresses.add(port)
        return port

    def close(self, space: Space) -> None:
        """Close a Space's address."""
        self._listeners[space.port].close()
        del self._spaces[space.port], self._listeners[space.port]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a visitor."""
        port = scope["server"][1]
        if port == self._cdn.port:
            await self._cdn(scope, receive, send)
            return
        space = self._spaces.get(port)
        admission = admit(self._hub, space, HTTPConnection(scope)) if space else None
        if space is None or admission is None:
            await _nothing_here()(scope, receive, send)
            return
        try:
            answer = await self._answer(space, scope, receive, admission)
        except ClientDisconnect:
            return
        await answer(scope, receive, _with_cookie(send, admission.cookie) if admission.cookie else send)

    async def _answer(self, space: Space, scope: Scope, receive: Receive, admission: Admission) -> ASGIApp:
        url = HTTPConnection(scope).url
        if space.static and space.meta.visibility == "private":
            if self._hub.variants.on(PRIVATE_STATIC_404, space.id):
                return _nothing_here()
            if self._hub.variants.on(PRIVATE_STATIC_401, space.id):
                return PlainTextResponse("Unauthorized", 401)
        stage, commit, app = space.now.stage, space.now.app, space.workload.app
        if stage == "SLEEPING":
            await self._hub.stages.wake(space)
        if stage not in UP or commit is None:
            return _down(space, stage)
        if space.now.http_status == 200 and space.static:
            site = StaticSite(self._hub, self._cdn, space, commit)
            return await run_sync(site.answer, scope["path"], url.query)  # where an encoded `#` is no fragment
        if not space.static:
            headers = to_app(scope, admission.hidden)
            self._received(Received.of(space.id, scope, headers))
            if space.now.http_status == 200 and app and app.commit == commit:
                try:
                    return await self.proxy.visit(app, scope, receive, headers)
                except Unreachable:
                    return _down(space, stage)
        page = PAGE.format(space=html.escape(space.id), commit=commit)
        # The edge marks what an app answered; a static Space has none.
        reached = {} if space.static else {"x-proxied-host": space.host, "x-proxied-path": url.path}
        return HTMLResponse(page, space.now.http_status, reached)


def _with_cookie(send: Send, cookie: str) -> Send:
    async def send_cookie(message: Message) -> None:
        if message["type"] in ("http.response.start", "websocket.accept"):
            message = {**message, "headers": [*message.get("headers", ()), (b"set-cookie", cookie.encode())]}
        await send(message)

    return send_cookie


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
