"""The Git LFS protocol: how large files get into the store and out of it.

https://github.com/git-lfs/git-lfs/blob/main/docs/api/batch.md, with two transfers of the Hub's own: `multipart` (its
parts are in the action's headers) and `xet` (the headers carry access to the CAS).
"""

import hashlib
import math
import os
import re
import secrets
from pathlib import Path
from typing import Any

from anyio import open_file
from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import open_repo, the_hub
from localhub.addresses import web_url
from localhub.refusal import Refusal
from localhub.repos.repository import Repo
from localhub.request import json_object
from localhub.xet import upload_action

PART = 16 * 1024 * 1024
"""Bytes of one part of a multipart upload; larger files are sent in parts to clients that can."""
MEDIA_TYPE = "application/vnd.git-lfs+json"
SHA256 = re.compile("[0-9a-f]{64}")
TICKET = re.compile("[0-9a-f]{32}")


async def batch(request: Request) -> Response:
    """POST {repo}.git/info/lfs/objects/batch: what to do for each object."""
    body = await json_object(request)
    upload = body.get("operation") == "upload"
    repo = open_repo(request, "write" if upload else "read")
    offered = body.get("transfers") or ["basic"]
    transfer = "basic"
    if upload and "xet" in offered:
        transfer = "xet"
    elif upload and "multipart" in offered:
        transfer = "multipart"
    rev = (body.get("ref") or {}).get("name", "main")
    try:
        asked = [(str(one["oid"]), int(one["size"])) for one in body["objects"]]
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal(422, '"objects" must be an array of objects with "oid" and "size"') from error
    answers = [_answer(request, repo, rev, oid, size, transfer if upload else None) for oid, size in asked]
    return JSONResponse({"transfer": transfer, "objects": answers, "hash_algo": "sha256"}, media_type=MEDIA_TYPE)


def _answer(request: Request, repo: Repo, rev: str, oid: str, size: int, transfer: str | None) -> dict[str, Any]:
    """For one object: where to get it (no `transfer`), or where to put it by `transfer` unless it is there."""
    store = the_hub(request).objects
    answer: dict[str, Any] = {"oid": oid, "size": size, "authenticated": True}
    if not SHA256.fullmatch(oid) or size < 0:
        return answer | {"error": {"code": 422, "message": "Invalid object id or size"}}
    here = web_url(request, repo.kind, repo.id, ".git/info/lfs")
    with_rights = {"Authorization": request.headers["authorization"]} if "authorization" in request.headers else {}
    if transfer is None:
        if not store.has(oid):
            return answer | {"error": {"code": 404, "message": "Object does not exist"}}
        return answer | {"actions": {"download": {"href": f"{here}/objects/{oid}", "header": with_rights}}}
    if store.has(oid):
        return answer
    target = f"{request.url.scheme}://{request.url.netloc}/lfs-storage/{oid}"
    send: dict[str, Any] = {"href": target}
    if transfer == "xet":
        return answer | {"actions": {"upload": upload_action(request, repo, rev)}}
    if transfer == "multipart" and size > PART:
        ticket = secrets.token_hex(16)
        parts = {str(n): f"{target}/{ticket}/{n}" for n in range(1, math.ceil(size / PART) + 1)}
        send = {"href": f"{target}/{ticket}", "header": {"chunk_size": str(PART)} | parts}
    return answer | {"actions": {"upload": send, "verify": {"href": f"{here}/objects/verify", "header": with_rights}}}


async def verify(request: Request) -> Response:
    """POST {repo}.git/info/lfs/objects/verify: whether an upload arrived."""
    open_repo(request, "write")
    body = await json_object(request)
    store, oid = the_hub(request).objects, str(body.get("oid"))
    if not SHA256.fullmatch(oid) or not store.has(oid):
        raise Refusal(404, "Object does not exist")
    if store.size(oid) != body.get("size"):
        raise Refusal(422, "Size of the object does not match")
    return JSONResponse({}, media_type=MEDIA_TYPE)


async def download(request: Request) -> Response:
    """GET {repo}.git/info/lfs/objects/{oid}: the content."""
    open_repo(request, "read")
    store, oid = the_hub(request).objects, request.path_params["oid"]
    if not SHA256.fullmatch(oid) or not store.has(oid):
        raise Refusal(404, "Object does not exist")
    return FileResponse(store.path(oid))


async def put_object(request: Request) -> Response:
    """PUT /lfs-storage/{oid}: the content in one go. Needs no signature: only those very bytes are accepted."""
    store, oid = the_hub(request).objects, request.path_params["oid"]
    file, digest = store.incoming(), hashlib.sha256()
    try:
        async with await open_file(file, "wb") as out:
            async for chunk in request.stream():
                digest.update(chunk)
                await out.write(chunk)
        _must_be(oid, digest.hexdigest())
        store.adopt(file, oid)
    finally:
        file.unlink(missing_ok=True)
    return Response(headers={"ETag": f'"{oid}"'})


async def put_part(request: Request) -> Response:
    """PUT /lfs-storage/{oid}/{ticket}/{part}: one part, in any order."""
    file = _incoming(request)
    offset, digest = max(request.path_params["part"] - 1, 0) * PART, hashlib.md5(usedforsecurity=False)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        async for chunk in request.stream():
            digest.update(chunk)
            await run_sync(os.pwrite, descriptor, chunk, offset)
            offset += len(chunk)
    finally:
        os.close(descriptor)
    return Response(headers={"ETag": f'"{digest.hexdigest()}"'})


async def complete(request: Request) -> Response:
    """POST /lfs-storage/{oid}/{ticket}: all parts are there."""
    store, oid = the_hub(request).objects, request.path_params["oid"]
    file = _incoming(request)
    if not file.exists():
        if store.has(oid):  # said twice, because the first answer was lost
            return JSONResponse({}, media_type=MEDIA_TYPE)
        raise Refusal(404, "No such upload")

    def check_and_adopt() -> None:
        with file.open("rb") as content:
            _must_be(oid, hashlib.file_digest(content, "sha256").hexdigest())
        store.adopt(file, oid)

    await run_sync(check_and_adopt)
    return JSONResponse({}, media_type=MEDIA_TYPE)


def _incoming(request: Request) -> Path:
    """The file that the parts of a multipart upload make up."""
    if not TICKET.fullmatch(request.path_params["ticket"]):
        raise Refusal(404, "No such upload")
    return the_hub(request).objects.incoming(request.path_params["ticket"])


def _must_be(oid: str, found: str) -> None:
    if found != oid:
        raise Refusal(400, f"The uploaded bytes have the sha256 {found}, not {oid}")


def _for_each_kind(tail: str, endpoint: Any, method: str) -> list[BaseRoute]:
    return [
        Route(f"{prefix}/{{owner}}/{{name}}.git/info/lfs/{tail}", endpoint, methods=[method])
        for prefix in ("/{kind:kind}", "")
    ]


routes: list[BaseRoute] = [
    *_for_each_kind("objects/batch", batch, "POST"),
    *_for_each_kind("objects/verify", verify, "POST"),
    *_for_each_kind("objects/{oid}", download, "GET"),
    Route("/lfs-storage/{oid}", put_object, methods=["PUT"]),
    Route("/lfs-storage/{oid}/{ticket}/{part:int}", put_part, methods=["PUT"]),
    Route("/lfs-storage/{oid}/{ticket}", complete, methods=["POST"]),
]
