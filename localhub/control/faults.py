"""What passes between client and server: recorded, delayed, and broken on demand."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from typing import Any, Literal, get_args
from uuid import uuid4

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from localhub.json_files import timestamp

from .received import Received
from .samples import Kept

Kind = Literal["status", "drop", "drop-after", "cut", "hang", "html"]
CONTROL = "/_localhub/"
HTML = "<html><head><title>{title}</title></head><body><center><h1>{title}</h1></center><hr>nginx</body></html>\n"


@dataclass
class Record:
    """One request. Bytes are those of the bodies, as far as they went; `status` and `ms` are None until there is one."""

    method: str
    path: str
    query: str
    at: str = field(default_factory=timestamp)
    status: int | None = None
    request_bytes: int = 0
    response_bytes: int = 0
    ms: float | None = None
    fault: str | None = None


@dataclass
class Fault:
    """What goes wrong for requests that match. `path` is a regular expression, searched in the path and query."""

    kind: Kind
    method: str | None = None
    path: str = ""
    status: int | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    bytes: int = 0
    """For `cut`: how much of the true reply's body still arrives before the connection ends."""
    times: int | None = None
    """How often it still happens; None is for ever."""

    @classmethod
    def parse(cls, value: Any) -> "Fault":
        """From JSON. ValueError says what is wrong."""
        if not isinstance(value, dict) or set(value) - set(cls.__dataclass_fields__):
            raise ValueError(f"a fault is a mapping of {', '.join(cls.__dataclass_fields__)}; got {value!r}")
        if value.get("kind") not in get_args(Kind):
            raise ValueError(f"kind is one of {', '.join(get_args(Kind))}")
        try:
            re.compile(value.get("path", ""))
        except re.error as error:
            raise ValueError(f"path: {error}") from error
        return cls(**value)

    def matches(self, record: Record) -> bool:
        """Whether it happens to this request."""
        address = record.path + (f"?{record.query}" if record.query else "")
        return self.times != 0 and self.method in (None, record.method) and re.search(self.path, address) is not None

    def response(self) -> Response:
        """The answer in place of the true one, for the kinds that have one."""
        if self.kind == "html":
            status = HTTPStatus(self.status or 502)
            return HTMLResponse(self.body or HTML.format(title=f"{status} {status.phrase}"), status, self.headers)
        status = HTTPStatus(self.status or 500)
        if isinstance(self.body, str):
            return Response(self.body, status, self.headers, "text/plain")
        body = json.dumps({"error": status.phrase} if self.body is None else self.body)
        return Response(body, status, self.headers, "application/json")


class Traffic:
    """The requests so far, the faults to come, and the open connections."""

    def __init__(self, latency: float = 0.0) -> None:
        self.latency = latency
        """Seconds that each request to the Hub waits before it is looked at."""
        self.hub: list[Record] = []
        self.edge: list[Record] = []
        self.received: list[Received] = []
        """What reached the apps behind the edge."""
        self.kept = Kept()
        """A sample of each shape of what localhub itself was asked and answered."""
        self.faults: list[Fault] = []
        self.connections: dict[object, asyncio.Transport] = {}
        self._hanging: set[object] = set()

    def watch(self, app: ASGIApp, records: list[Record], *, faults: bool) -> ASGIApp:
        """`app` with its requests recorded and, if asked for, delayed and broken."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            path = scope.get("raw_path", b"").decode("ascii")
            if scope["type"] != "http" or path.startswith(CONTROL):
                await app(scope, receive, send)
                return
            record = Record(scope["method"], path, scope["query_string"].decode("ascii"))
            records.append(record)
            started = time.monotonic()
            receive, send = _counting(record, receive, send)
            try:
                if faults:
                    await asyncio.sleep(self.latency)
                    await self._pass(record, app, scope, receive, send)
                else:
                    await app(scope, receive, send)
            finally:
                record.ms = round((time.monotonic() - started) * 1000, 1)

        return watched

    async def _pass(self, record: Record, app: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        fault = next((fault for fault in self.faults if fault.matches(record)), None)
        if fault is None:
            await app(scope, receive, send)
            return
        record.fault = fault.kind
        if fault.times is not None:
            fault.times -= 1
        connection = (scope["client"], scope["server"])
        match fault.kind:
            case "status" | "html":
                await fault.response()(scope, receive, send)
            case "hang":
                self._hanging.add(connection)
                await _until_gone(receive)
                self._hanging.discard(connection)
            case "drop":
                await self._drop(connection, receive)
            case "cut":
                await app(scope, receive, self._cutting(connection, fault.bytes, send))
            case "drop-after":
                await app(scope, receive, _to_nobody(record))
                await self._drop(connection, receive)

    def _cutting(self, connection: object, left: int, send: Send) -> Send:
        async def cut_send(message: Message) -> None:
            nonlocal left
            body = message.get("body", b"")
            if len(body) <= left:
                left -= len(body)
                await send(message)
                return
            await send({**message, "body": body[:left], "more_body": True})
            self.connections[connection].close()

        return cut_send

    async def _drop(self, connection: object, receive: Receive) -> None:
        self.connections[connection].abort()
        await _until_gone(receive)  # so that the server knows the client is gone and doesn't answer for us

    def close(self) -> None:
        """End the connections that hang."""
        for connection in self._hanging:
            self.connections[connection].abort()


class Stamps:
    """ASGI middleware: X-Request-Id on every reply, as the Hub has it, and the Date.

    uvicorn's own Date is renewed once a second at best, and by it `fetch_space_logs` decides which lines are too new.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        request_id = f"Root=1-{uuid4()}".encode()

        async def stamped(message: Message) -> None:
            if message["type"] == "http.response.start":
                date = formatdate(usegmt=True).encode()
                message["headers"] = [*message["headers"], (b"x-request-id", request_id), (b"date", date)]
            await send(message)

        await self.app(scope, receive, stamped)


def _counting(record: Record, receive: Receive, send: Send) -> tuple[Receive, Send]:
    async def counted_receive() -> Message:
        message = await receive()
        record.request_bytes += len(message.get("body", b""))
        return message

    return counted_receive, _noting(record, send)


def _noting(record: Record, send: Callable[[Message], Awaitable[None]]) -> Send:
    async def noted_send(message: Message) -> None:
        if message["type"] == "http.response.start":
            record.status = message["status"]
        await send(message)
        record.response_bytes += len(message.get("body", b""))

    return noted_send


def _to_nobody(record: Record) -> Send:
    async def nobody(message: Message) -> None:
        if message["type"] == "http.response.start":
            record.status = message["status"]

    return nobody


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
