"""What passes between client and server: recorded, delayed, and broken on demand."""

import asyncio
import json
import re
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from email.utils import formatdate
from http import HTTPStatus
from itertools import chain, repeat
from typing import Any, Literal, get_args
from uuid import uuid4

from starlette.responses import HTMLResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from localhub.json_files import timestamp

from .mangled import How, mangled
from .received import Received
from .samples import Kept

Kind = Literal[
    "status", "html", "redirect", "refuse", "drop", "drop-after", "cut", "hang", "drip", "endless", "encoding", "mangle"
]
CONTROL = "/_localhub/"
_BLANK = b" " * 65536
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
    after: bool = False
    """For `status` and `html`: what was asked for is done before."""
    bytes: int = 0
    """For `cut`: how much of the true reply's body still arrives before the connection ends."""
    to: str = ""
    """For `redirect`: the server that path and query lead to."""
    how: How | None = None
    """For `mangle`: what becomes of the true reply; `seed` chooses the value."""
    seed: int = 0
    seconds: float = 1.0
    """For `refuse`: how long no connection is taken; for `drip`: between two bytes."""
    skip: int = 0
    """How many requests that match pass before the first that it happens to."""
    times: int | None = None
    """How often it still happens; None is for ever."""

    @classmethod
    def parse(cls, value: Any) -> "Fault":
        """From JSON. ValueError says what is wrong."""
        if not isinstance(value, dict) or set(value) - set(cls.__dataclass_fields__):
            raise ValueError(f"a fault is a mapping of {', '.join(cls.__dataclass_fields__)}; got {value!r}")
        if value.get("kind") not in get_args(Kind):
            raise ValueError(f"kind is one of {', '.join(get_args(Kind))}")
        if (value.get("how") is not None) != (value["kind"] == "mangle") or value.get("how") not in (
            None,
            *get_args(How),
        ):
            raise ValueError(f"how is one of {', '.join(get_args(How))}, for the kind mangle")
        try:
            re.compile(value.get("path", ""))
        except re.error as error:
            raise ValueError(f"path: {error}") from error
        return cls(**value)

    def matches(self, record: Record) -> bool:
        """Whether it happens to this request."""
        address = record.path + (f"?{record.query}" if record.query else "")
        return self.times != 0 and self.method in (None, record.method) and re.search(self.path, address) is not None

    def happens(self, record: Record) -> bool:
        """Whether it happens to this request, which counts as one of those that it skips otherwise."""
        if not self.matches(record):
            return False
        self.skip -= 1
        return self.skip < 0

    def response(self, address: str) -> Response:
        """The answer in place of the true one, for the kinds that have one. `address` is the path and query asked for."""
        if self.kind == "redirect":
            return Response(None, self.status or 302, {**self.headers, "location": self.to + address})
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
        self.refuse: Callable[[float], None] = lambda _seconds: None
        """Lets the Hub take no connection for so many seconds."""
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
        fault = next((fault for fault in self.faults if fault.happens(record)), None)
        if fault is None:
            await app(scope, receive, send)
            return
        record.fault = fault.kind
        if fault.times is not None:
            fault.times -= 1
        connection = (scope["client"], scope["server"])
        match fault.kind:
            case "status" | "html" | "redirect":
                if fault.after:
                    await app(scope, receive, _to_nobody(record))
                address = record.path + (f"?{record.query}" if record.query else "")
                await fault.response(address)(scope, receive, send)
            case "refuse":
                self.refuse(fault.seconds)
                await self._drop(connection, receive)
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
            case "drip" | "endless" | "encoding" | "mangle":
                head, body = await _answer(app, scope, receive)
                await self._send_otherwise(fault, connection, head, body, send)

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

    async def _send_otherwise(self, fault: Fault, connection: object, head: Message, body: bytes, send: Send) -> None:
        """Send a true answer as the fault has it."""
        headers = [(name, value) for name, value in head["headers"] if name != b"content-length"]
        if fault.kind == "encoding":
            headers.append((b"content-encoding", b"gzip"))
        if fault.kind == "mangle" and fault.how:
            body = mangled(body, fault.how, fault.seed)
        if fault.kind != "endless":
            headers.append((b"content-length", str(len(body)).encode()))
        await send({**head, "headers": headers})
        if fault.kind in ("drip", "endless"):
            pieces = (
                (body[at : at + 1] for at in range(len(body)))
                if fault.kind == "drip"
                else chain([body], repeat(_BLANK))
            )
            for piece in pieces:
                if connection not in self.connections:  # `send` says nothing of a client that is gone
                    return
                await send({"type": "http.response.body", "body": piece, "more_body": True})
                await asyncio.sleep(fault.seconds if fault.kind == "drip" else 0)
            body = b""
        await send({"type": "http.response.body", "body": body})

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


async def _answer(app: ASGIApp, scope: Scope, receive: Receive) -> tuple[Message, bytes]:
    """Return the true answer: its head, and its body."""
    messages: list[Message] = []

    async def gather(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, gather)
    head, *parts = messages
    return head, b"".join(part.get("body", b"") for part in parts)


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
