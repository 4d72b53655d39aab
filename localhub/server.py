"""The server: one uvicorn for the Hub and for all Spaces, which ends cleanly on SIGTERM and SIGINT."""

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from .app import hub_app
from .control.faults import Stamps, Traffic
from .edge.edge import Edge
from .hub import Hub
from .loopback import OwnVisitors, listen


class Server(uvicorn.Server):
    """Serves a Hub on a loopback socket, and its Spaces on theirs."""

    def __init__(
        self, hub: Hub, traffic: Traffic, sock: socket.socket, ready: Callable[[], None], *, first_port: int = 0
    ) -> None:
        """`ready` is called once it serves; `first_port` is that of the first Space, 0 for a free one."""
        protocol: Any = partial(Connection, traffic)
        edge = Edge(hub, traffic.received.append, first_port)
        super().__init__(
            uvicorn.Config(
                both(hub, edge, traffic),
                http=protocol,
                ws="websockets-sansio",
                lifespan="off",
                log_level="warning",
                access_log=False,
                server_header=False,  # apps name their own
                proxy_headers=False,
                date_header=False,
                timeout_graceful_shutdown=3,
                timeout_keep_alive=60,  # clients forget a connection after 5 s, and would meet its end just then
            )
        )
        self._hub, self._edge, self._traffic, self._sock, self._ready = hub, edge, traffic, sock, ready
        self._port = sock.getsockname()[1]
        self._tasks: set[asyncio.Task[None]] = set()

    async def run_until_signal(self) -> None:
        """Serve until SIGTERM or SIGINT."""
        await self.serve([self._sock])

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the Spaces' addresses, then the Hub's, then say so."""
        make = partial(Connection, self._traffic, self.config, self.server_state, {})
        self._edge.protocol = make
        self._edge.proxy.drop = lambda scope: self._traffic.connections[scope["client"], scope["server"]].abort()
        await self._hub.open(self._edge)
        await self._edge.open()  # after the Spaces, which want the ports that they had
        await super().startup(sockets)
        self._traffic.refuse = partial(self._refuse, make)
        self._ready()

    def _refuse(self, make: Callable[[], asyncio.Protocol], seconds: float) -> None:
        """Take no connections to the Hub for so many seconds; those that there are go on."""
        for server in self.servers:
            server.close()
        loop = asyncio.get_running_loop()
        loop.call_later(seconds, lambda: self._tasks.add(loop.create_task(self._listen_again(make))))

    async def _listen_again(self, make: Callable[[], asyncio.Protocol]) -> None:
        if self.should_exit or any(server.is_serving() for server in self.servers):
            return
        again = listen(self._port)
        self.servers.append(
            await asyncio.get_running_loop().create_server(make, sock=again, backlog=self.config.backlog)
        )

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End streams and hanging connections, so that uvicorn has nothing to wait for."""
        self._traffic.close()
        await self._hub.close()
        await self._edge.end()
        await super().shutdown(sockets)

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop on a signal and then return: uvicorn's own way raises it again, so the process would not exit with 0."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        try:
            yield
        finally:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)


class Connection(H11Protocol):
    """A connection that faults can reach: ASGI has no way to drop one without an answer."""

    def __init__(self, traffic: Traffic, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._traffic = traffic

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Register."""
        super().connection_made(transport)
        self._traffic.connections[self.client, self.server] = transport

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """From here on another protocol has the connection."""
        self._traffic.connections.pop((self.client, self.server), None)
        super().handle_websocket_upgrade(event)

    def connection_lost(self, exc: Exception | None) -> None:
        """Unregister."""
        self._traffic.connections.pop((self.client, self.server), None)
        super().connection_lost(exc)


def both(hub: Hub, edge: Edge, traffic: Traffic) -> ASGIApp:
    """The Hub at its own address and the Spaces at theirs, as one ASGI application."""
    to_hub = traffic.watch(hub_app(hub, traffic), traffic.hub, faults=True)
    to_spaces = traffic.watch(edge, traffic.edge, faults=False)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (to_spaces if edge.is_edge(scope) else to_hub)(scope, receive, send)

    return OwnVisitors(Stamps(app))
