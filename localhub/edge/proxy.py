"""From a visitor to the app behind an address, and back: HTTP streamed both ways, and websockets."""

import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any

import anyio
import httpx2
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocket
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidHandshake, InvalidStatus

from localhub.spaces.workload import App

Headers = list[tuple[bytes, bytes]]
HOP_BY_HOP = frozenset({
    *(b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection"),
    *(b"te", b"trailer", b"transfer-encoding", b"upgrade", b"expect"),
})  # fmt: skip
"""RFC 9110, 7.6.1: for one connection only; and `Expect`, which uvicorn has met by then."""
OURS = frozenset({b"x-proxied-host", b"x-proxied-replica", b"x-proxied-path", b"date", b"x-request-id"})
"""Of an answer: the edge says these, whatever the app does."""
FORWARDED = frozenset({b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto"})
CONNECT = 5.0
"""Seconds to reach an app on the same machine; after that it may think as long as it likes."""
NORMAL, GOING_AWAY = 1000, 1001
NO_STATUS, ABNORMAL = 1005, 1006
"""Codes of closed websockets that stand for the lack of one and are never sent: RFC 6455, 7.4.1."""


class Unreachable(Exception):
    """The app did not take the connection, or closed it without an answer."""


class Proxy:
    """The way to all apps. `drop` breaks a visitor's connection."""

    def __init__(self) -> None:
        limits = httpx2.Limits(max_connections=None, max_keepalive_connections=0)  # a stale one would look like a crash
        timeout = httpx2.Timeout(None, connect=CONNECT)
        self._client = httpx2.AsyncClient(trust_env=False, verify=False, timeout=timeout, limits=limits)
        self.drop: Callable[[Scope], None] = lambda _: None

    async def close(self) -> None:
        """Close the connections to apps."""
        await self._client.aclose()

    async def visit(self, app: App, scope: Scope, receive: Receive, headers: Headers) -> ASGIApp:
        """What the app answers to these headers, begun. Unreachable."""
        app.visited = time.monotonic()
        if scope["type"] == "websocket":
            return await self._websocket(app, scope, headers)
        return await self._http(app, Request(scope, receive), headers)

    async def _http(self, app: App, request: Request, headers: Headers) -> ASGIApp:
        query = request.scope["query_string"]
        path = request.scope["raw_path"] + (b"?" + query if query else b"")
        body = {"content-length", "transfer-encoding"} & set(request.headers)
        sent = httpx2.Request(
            request.method,
            httpx2.URL(scheme="http", host="127.0.0.1", port=app.port, raw_path=path),
            headers=headers,
            content=request.stream() if body else None,
        )
        try:
            answer = await self._client.send(sent, stream=True)
        except httpx2.TransportError as error:
            raise Unreachable(str(error)) from error
        marked = _to_visitor(answer.headers.raw) + _marks(app, request.scope)

        async def relay(scope: Scope, receive: Receive, send: Send) -> None:
            try:
                async with anyio.create_task_group() as group:
                    group.start_soon(_until_gone, receive, group.cancel_scope)
                    await send({"type": "http.response.start", "status": answer.status_code, "headers": marked})
                    try:
                        async for chunk in answer.aiter_raw():
                            app.visited = time.monotonic()
                            await send({"type": "http.response.body", "body": chunk, "more_body": True})
                    except httpx2.TransportError:
                        self.drop(scope)  # so that half an answer isn't taken for a whole one
                    else:
                        await send({"type": "http.response.body"})
                        group.cancel_scope.cancel()
            finally:
                with anyio.CancelScope(shield=True):
                    await answer.aclose()

        return relay

    async def _websocket(self, app: App, scope: Scope, headers: Headers) -> ASGIApp:
        query = scope["query_string"].decode()
        host = next((value.decode() for name, value in scope["headers"] if name == b"host"), "127.0.0.1")
        try:
            upstream = await connect(
                f"ws://{host}{scope['raw_path'].decode()}" + (f"?{query}" if query else ""),
                host="127.0.0.1",
                port=app.port,
                additional_headers=[
                    (name.decode(), value.decode("latin-1"))
                    for name, value in headers
                    if name != b"host" and not name.startswith(b"sec-websocket-")
                ],
                subprotocols=scope["subprotocols"] or None,
                user_agent_header=None,
                compression=None,
                proxy=None,
                open_timeout=None,
                ping_interval=None,
                max_size=None,
            )
        except InvalidStatus as refusal:
            response = refusal.response
            denied = Response(bytes(response.body or b""), response.status_code)
            raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in response.headers.raw_items()]
            denied.raw_headers = _to_visitor(raw) + _marks(app, scope)
            return denied
        except (InvalidHandshake, OSError, EOFError) as error:
            raise Unreachable(str(error)) from error

        async def tunnel(scope: Scope, receive: Receive, send: Send) -> None:
            async with upstream:
                visitor = WebSocket(scope, receive, send)
                await visitor.accept(upstream.subprotocol, _marks(app, scope))
                async with anyio.create_task_group() as group:
                    group.start_soon(_from_visitor, visitor, upstream, app, group.cancel_scope)
                    await _from_app(visitor, upstream)
                    group.cancel_scope.cancel()

        return tunnel


async def _from_app(visitor: WebSocket, upstream: ClientConnection) -> None:
    with suppress(ConnectionClosed):
        while True:
            message = await upstream.recv()
            await (visitor.send_text(message) if isinstance(message, str) else visitor.send_bytes(message))
    await visitor.close(_sendable(upstream.close_code), upstream.close_reason)


async def _from_visitor(visitor: WebSocket, upstream: ClientConnection, app: App, group: anyio.CancelScope) -> None:
    while True:
        message: Any = await visitor.receive()
        app.visited = time.monotonic()
        if message["type"] == "websocket.disconnect":
            await upstream.close(_sendable(message["code"]), message.get("reason") or "")
            group.cancel()
            return
        text = message.get("text")
        await upstream.send(message["bytes"] if text is None else text)


def _sendable(code: int | None) -> int:
    if code is None or code == ABNORMAL:
        return GOING_AWAY
    return NORMAL if code == NO_STATUS else code


async def _until_gone(receive: Receive, group: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    group.cancel()


def to_app(scope: Scope, hidden: Iterable[bytes]) -> Headers:
    """The headers of a visitor as the app sees them, without the hidden ones."""
    without = {*HOP_BY_HOP, *FORWARDED, *hidden}
    headers: Headers = scope["headers"]
    host = dict(headers).get(b"host", b"")
    forwarded = [
        (b"x-forwarded-for", scope["client"][0].encode()),
        (b"x-forwarded-host", host),
        (b"x-forwarded-proto", b"http"),
    ]
    return [item for item in headers if item[0] not in without | _named(headers)] + forwarded


def _to_visitor(headers: Headers) -> Headers:
    headers = [(name.lower(), value) for name, value in headers]
    return [item for item in headers if item[0] not in HOP_BY_HOP | OURS | _named(headers)]


def _named(headers: Headers) -> set[bytes]:
    """The headers that `Connection` names: they too are for one connection only."""
    return {name.strip().lower() for key, value in headers if key == b"connection" for name in value.split(b",")}


def _marks(app: App, scope: Scope) -> Headers:
    """What tells an answer of the app from one of the edge."""
    return [
        (b"x-proxied-host", f"http://127.0.0.1:{app.port}".encode()),
        (b"x-proxied-replica", app.replica.encode()),
        (b"x-proxied-path", scope["raw_path"]),
    ]
