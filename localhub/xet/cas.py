"""The CAS over HTTP.

Facts: https://huggingface.co/docs/xet/api. Not offered are grants to upload a xorb elsewhere (`/v1/xorb-grants`): on 404 clients
send it here.
"""

import json
import re
from collections import deque
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import anyio
from starlette.concurrency import run_in_threadpool
from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from localhub.refusal import Refusal

from . import reconstruction, shard
from .service import PREFIX, Xet, cas_url, the_xet
from .store import Store
from .tokens import Scope, TokenError
from .xorb import MalformedError

_LARGEST_SHARD = 64 << 20


class HashConvertor(Convertor[str]):
    """A Xet hash: 64 lower-case hex digits."""

    regex = "[0-9a-f]{64}"

    def convert(self, value: str) -> str:
        """As it is."""
        return value

    def to_string(self, value: str) -> str:
        """As it is."""
        return value


register_url_convertor("xet", HashConvertor())


def authorised(request: Request, need: Scope) -> Xet:
    """The CAS, if the access token allows what is asked. Refuses with 401 (no valid token) or 403 (a read token)."""
    xet = the_xet(request)
    try:
        scope = xet.tokens.check_access(request.headers.get("authorization", "").removeprefix("Bearer "))
    except TokenError as error:
        raise Refusal(401, f"Invalid Xet access token: {error}") from error
    if need == "write" and scope != "write":
        raise Refusal(403, "This Xet access token is for reading only")
    return xet


async def add_xorb(request: Request) -> Response:
    """`POST /v1/xorbs/{prefix}/{hash}`: a xorb goes to disk as it arrives and is then checked against its hash."""
    store = authorised(request, "write").store
    path = await run_in_threadpool(store.scratch)
    try:
        async with await anyio.open_file(path, "wb") as file:
            async for data in request.stream():
                await file.write(data)
        new = await run_in_threadpool(store.add_xorb, path, request.path_params["hash"])
    except MalformedError as error:
        raise Refusal(400, str(error)) from error
    finally:
        await run_in_threadpool(path.unlink, missing_ok=True)
    return JSONResponse({"was_inserted": new})


async def add_shard(request: Request) -> Response:
    """`POST /v1/shards`: answers when all files of the shard are in."""
    store = authorised(request, "write").store
    files = await _files(request)
    try:
        await run_in_threadpool(deque, store.add_files(files), 0)
    except MalformedError as error:
        raise Refusal(400, str(error)) from error
    return JSONResponse({"result": 1})


async def add_shard_telling(request: Request) -> Response:
    """`POST /v2/shards`: the same, telling as it goes, one JSON object a line; the last one says how it ended."""
    store = authorised(request, "write").store
    return StreamingResponse(_progress(store, await _files(request)), media_type="application/x-ndjson")


async def _files(request: Request) -> list[shard.File]:
    body = bytearray()
    async for data in request.stream():
        body += data
        if len(body) > _LARGEST_SHARD:
            raise Refusal(413, f"A shard has at most {_LARGEST_SHARD} bytes")
    try:
        return await run_in_threadpool(shard.read_files, bytes(body))
    except MalformedError as error:
        raise Refusal(400, str(error)) from error


def _progress(store: Store, files: Sequence[shard.File]) -> Iterator[str]:
    def line(**event: Any) -> str:
        return json.dumps(event) + "\n"

    try:
        for verified in store.add_files(files):
            yield line(type="validating", verified=verified, total=len(files))
    except MalformedError as error:
        yield line(type="error", message=str(error), retryable=False)
    else:
        yield line(type="result")


def who_has(request: Request) -> Response:
    """`GET /v1/chunks/{prefix}/{hash}`: a shard naming xorbs that hold this chunk."""
    answer = authorised(request, "read").store.who_has(request.path_params["hash"])
    if answer is None:
        raise Refusal(404, "No xorb holds this chunk")
    return Response(answer, media_type="application/octet-stream")


def reconstruct(request: Request, version: int) -> Response:
    """`GET /v1/reconstructions/{hash}` and `/v2/`: how to get a file, or the range of it that `Range` asks for."""
    xet = authorised(request, "read")
    start, end = _range(request)
    try:
        found = reconstruction.plan(xet.store, request.path_params["hash"], start, end)
    except reconstruction.RangeError as error:
        raise Refusal(416, str(error)) from error
    if found is None:
        raise Refusal(404, "No such file")

    def address(xorb: str, start: int, end: int) -> str:
        return f"{cas_url(request)}/xorbs/{xorb}?token={xet.tokens.fetch(xorb, start, end)}"

    return JSONResponse(found.v1(address) if version == 1 else found.v2(address))


def _range(request: Request) -> tuple[int, int | None]:
    """The bytes [start, end) asked for."""
    header = request.headers.get("range")
    if header is None:
        return 0, None
    if not (asked := re.fullmatch(r"bytes=(\d+)-(\d*)", header)):
        raise Refusal(400, f"Can't read the range {header}")
    return int(asked[1]), int(asked[2]) + 1 if asked[2] else None


def fetch(request: Request) -> Response:
    """`GET` of an address handed out by a reconstruction: that range of the xorb and nothing else."""
    xet, xorb = the_xet(request), request.path_params["hash"]
    try:
        start, end = xet.tokens.check_fetch(request.query_params.get("token", ""), xorb)
    except TokenError as error:
        raise Refusal(403, f"Invalid address of a xorb: {error}") from error
    if request.headers.get("range") != f"bytes={start}-{end - 1}":
        raise Refusal(403, "This address is for another range")
    return FileResponse(xet.store.xorb_path(xorb), media_type="application/octet-stream")


async def telemetry(request: Request) -> Response:
    """`POST /v1/telemetry`: clients report their speed here; nobody wants to know, and the Hub says 200 then too."""
    async for _ in request.stream():
        continue
    return Response()


routes: list[BaseRoute] = [
    Route("/v1/telemetry", telemetry, methods=["POST"]),
    Route(f"{PREFIX}/v1/xorbs/{{prefix}}/{{hash:xet}}", add_xorb, methods=["POST"]),
    Route(f"{PREFIX}/v1/shards", add_shard, methods=["POST"]),
    Route(f"{PREFIX}/v2/shards", add_shard_telling, methods=["POST"]),
    Route(f"{PREFIX}/v1/chunks/{{prefix}}/{{hash:xet}}", who_has),
    Route(f"{PREFIX}/v1/reconstructions/{{hash:xet}}", partial(reconstruct, version=1)),
    Route(f"{PREFIX}/v2/reconstructions/{{hash:xet}}", partial(reconstruct, version=2)),
    Route(f"{PREFIX}/xorbs/{{hash:xet}}", fetch),
]
