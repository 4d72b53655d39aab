"""Files by their address: /{repo}/resolve/{rev}/{path} gives the content, /raw/ what git has (of large files the pointer)."""

import mimetypes
import re
from typing import Any
from urllib.parse import quote

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import open_repo, the_hub
from localhub.refusal import Refusal
from localhub.repos.git import Entry
from localhub.repos.repository import Repo
from localhub.request import known_revision, no_entry
from localhub.xet import xet_headers

XET_FILE_INFO = "application/vnd.xet-fileinfo+json"


async def resolve(request: Request) -> Response:
    """GET and HEAD resolve/{rev}/{path}. A large file is told apart by X-Linked-Size, and X-Xet-Hash if Xet has it."""
    repo, commit, entry = await _find(request)
    name = entry.path.rpartition("/")[2]
    headers = {
        "X-Repo-Commit": commit,
        "ETag": f'"{entry.lfs.sha256 if entry.lfs else entry.oid}"',
        "Accept-Ranges": "bytes",
        "Content-Disposition": f"inline; filename*=UTF-8''{quote(name)}",
    }
    if entry.lfs is None:
        content = await run_sync(repo.git.read, commit, entry.path)
        return _regular(request, content, headers, _media_type(name))
    headers |= {"X-Linked-Size": str(entry.size), "X-Linked-ETag": f'"{entry.lfs.sha256}"'}
    xet = xet_headers(request, repo, commit, entry.lfs.sha256)
    if xet and XET_FILE_INFO in request.headers.get("accept", ""):
        return JSONResponse({"hash": xet["X-Xet-Hash"]}, headers=headers | xet, media_type=XET_FILE_INFO)
    objects = the_hub(request).objects
    if not objects.has(entry.lfs.sha256):  # a pointer that was pushed as an ordinary file
        raise no_entry(commit)
    return FileResponse(objects.path(entry.lfs.sha256), headers=headers | xet, media_type=_media_type(name))


async def raw(request: Request) -> Response:
    """GET and HEAD raw/{rev}/{path}."""
    repo, commit, entry = await _find(request)
    content = await run_sync(repo.git.read, commit, entry.path)
    headers = {"X-Repo-Commit": commit, "ETag": f'"{entry.oid}"', "Accept-Ranges": "bytes"}
    return _regular(request, content, headers, "text/plain; charset=utf-8")


async def _find(request: Request) -> tuple[Repo, str, Entry]:
    repo = open_repo(request)
    commit = await known_revision(request, repo)
    try:
        entry = await run_sync(repo.git.entry, commit, request.path_params["path"])
    except KeyError as error:
        raise no_entry(commit) from error
    if entry.kind != "file":
        raise no_entry(commit)
    return repo, commit, entry


def _regular(request: Request, content: bytes, headers: dict[str, str], media_type: str) -> Response:
    """The content, or the one range of it that was asked for (RFC 9110, 14.1.2)."""
    wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("range", "").strip())
    if wanted is None or not any(wanted.groups()):
        return Response(content, headers=headers, media_type=media_type)
    size = len(content)
    first, last = wanted.groups()
    start = int(first) if first else max(size - int(last), 0)
    end = min(int(last) + 1, size) if first and last else size
    if start >= end:
        raise Refusal(416, "Range Not Satisfiable", headers={"Content-Range": f"bytes */{size}"})
    headers = headers | {"Content-Range": f"bytes {start}-{end - 1}/{size}"}
    return Response(content[start:end], 206, headers, media_type)


def _media_type(name: str) -> str:
    guessed = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return "text/plain; charset=utf-8" if guessed.startswith("text/") else guessed  # pages run at the edge, not here


def _for_each_kind(what: str, endpoint: Any) -> list[BaseRoute]:
    return [
        Route(f"{prefix}/{{owner}}/{{name}}/{what}/{{rev:rev}}/{{path:file}}", endpoint, methods=["GET"])
        for prefix in ("/{kind:kind}", "")
    ]


routes: list[BaseRoute] = [*_for_each_kind("resolve", resolve), *_for_each_kind("raw", raw)]
