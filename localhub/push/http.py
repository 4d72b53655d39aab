"""git over HTTP: clone, fetch and push at the address of a repository's page, by git's own `http-backend`.

https://git-scm.com/docs/http-protocol and https://git-scm.com/docs/git-http-backend. What a client sends goes to a
file first, so that a slow one keeps nobody waiting; what a clone gets is passed on as git makes it.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from functools import wraps
from http import HTTPStatus
from pathlib import Path
from typing import IO

from anyio import EndOfStream, TemporaryFile, open_process
from anyio.abc import Process
from anyio.streams.buffered import BufferedByteReceiveStream
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from localhub.access import Need, open_repo, require_write, the_hub
from localhub.refusal import Refusal
from localhub.repos.repository import Repo

from . import receive

Endpoint = Callable[[Request], Awaitable[Response]]

NEEDS: Mapping[str, Need] = {"git-upload-pack": "read", "git-receive-pack": "write"}
SETTINGS = {
    "core.hooksPath": str(Path(__file__).parent / "hooks"),
    "receive.fsckObjects": "true",
    "receive.autogc": "false",
    "pack.window": "0",  # nothing travels far here: speed before size
    "pack.compression": "1",
}
BACKEND = ("git", *(part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")), "http-backend")
LOGIN = {"WWW-Authenticate": 'Basic realm="Authentication required", charset="UTF-8"'}
LONGEST_HEAD = 16 * 1024
"""Bytes of the headers that http-backend writes."""


def plainly(endpoint: Endpoint) -> Endpoint:
    """Refuse as git understands it: it shows plain text behind `remote:`, and asks for a token if it is told to."""

    @wraps(endpoint)
    async def told(request: Request) -> Response:
        try:
            return await endpoint(request)
        except Refusal as refusal:
            headers = refusal.headers | (LOGIN if refusal.status == HTTPStatus.UNAUTHORIZED else {})
            return PlainTextResponse(f"{refusal.message}\n", refusal.status, headers)

    return told


@plainly
async def advertise(request: Request) -> Response:
    """GET info/refs?service=: which references there are. Who may not push learns it here, before sending anything."""
    service = request.query_params.get("service", "")
    if service not in NEEDS:
        raise Refusal(403, "Only git's smart protocol is served here")
    repo = open_repo(request, NEEDS[service])
    return await _passed_on(request, repo, "info/refs")


@plainly
async def upload_pack(request: Request) -> Response:
    """POST git-upload-pack: what a clone or a fetch lacks."""
    return await _passed_on(request, open_repo(request), "git-upload-pack")


@plainly
async def receive_pack(request: Request) -> Response:
    """POST git-receive-pack: a push."""
    repo = open_repo(request)
    who = require_write(request, repo)
    async with _body(request) as body:
        push = receive.Push(the_hub(request), repo, who, BACKEND, _environment(request, repo, "git-receive-pack"))
        output = await run_sync(push.receive, body)
    head, _, answer = output.partition(b"\r\n\r\n")
    status, headers = _parse(head)
    return Response(answer, status, headers)


class Backend(Response):
    """What a running http-backend answers, passed on as it comes; it ends with the connection if that ends first."""

    def __init__(self, process: Process) -> None:
        self._process = process

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it."""
        async with self._process as process:
            assert process.stdout  # noqa: S101 - a pipe, because nothing else was asked for
            output = BufferedByteReceiveStream(process.stdout)
            status, headers = _parse(await output.receive_until(b"\r\n\r\n", LONGEST_HEAD))
            await StreamingResponse(_rest(output), status, headers)(scope, receive, send)


async def _passed_on(request: Request, repo: Repo, what: str) -> Response:
    async with _body(request) as body:
        return Backend(await open_process(BACKEND, stdin=body, stderr=None, env=_environment(request, repo, what)))


async def _rest(output: BufferedByteReceiveStream) -> AsyncIterator[bytes]:
    while True:
        try:
            chunk = await output.receive()
        except EndOfStream:
            return
        yield chunk


@asynccontextmanager
async def _body(request: Request) -> AsyncIterator[IO[bytes]]:
    """What the client sent, as a file for a process to read."""
    async with TemporaryFile() as file:
        async for chunk in request.stream():
            await file.write(chunk)
        await file.seek(0)
        yield file.wrapped


def _environment(request: Request, repo: Repo, what: str) -> dict[str, str]:
    """A CGI request (RFC 3875) for git as it comes: whatever the user's own git is told to do does not count here."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return outside | {
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_HTTP_EXPORT_ALL": "1",
        "GIT_PROTOCOL": request.headers.get("git-protocol", ""),
        "PATH_TRANSLATED": f"{repo.git.path}/{what}",
        "REQUEST_METHOD": request.method,
        "QUERY_STRING": request.url.query,
        "CONTENT_TYPE": request.headers.get("content-type", ""),
        "HTTP_CONTENT_ENCODING": request.headers.get("content-encoding", ""),
    }


def _parse(head: bytes) -> tuple[int, dict[str, str]]:
    """Status and headers of a CGI answer (RFC 3875, 6.2)."""
    headers = dict(line.split(": ", 1) for line in head.decode("latin-1").split("\r\n") if line)
    return int(headers.pop("Status", "200").split()[0]), headers


def _for_each_kind(tail: str, endpoint: Endpoint, method: str) -> list[BaseRoute]:
    return [
        Route(f"{prefix}/{{owner}}/{{name}}{suffix}/{tail}", endpoint, methods=[method])
        for prefix in ("/{kind:kind}", "")
        for suffix in (".git", "")
    ]


routes: list[BaseRoute] = [
    *_for_each_kind("info/refs", advertise, "GET"),
    *_for_each_kind("git-upload-pack", upload_pack, "POST"),
    *_for_each_kind("git-receive-pack", receive_pack, "POST"),
]
