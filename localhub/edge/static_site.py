"""The files of a static Space, as its address serves them."""

import mimetypes
from pathlib import PurePosixPath

from starlette.responses import FileResponse, PlainTextResponse, Response

from localhub.repos.git import Entry
from localhub.repos.large_files import Objects
from localhub.spaces.building.checks import app_file
from localhub.spaces.space import Space


def page(space: Space, objects: Objects, commit: str, address: str) -> Response:
    """What stands at `address` (a URL's path, decoded) in a commit. Blocking: call it in a thread."""
    path = "/".join(part for part in PurePosixPath(address).parts if part != "/")
    if not path:
        path = app_file("static", space.front_matter(commit) or {})
    entry = _file(space, commit, path)
    if entry is None:
        return PlainTextResponse("404: not found\n", 404)
    kind, encoding = mimetypes.guess_type(entry.path, strict=False)
    media_type = "application/octet-stream" if kind is None or encoding else kind
    headers = {"ETag": f'"{entry.oid}"'}
    if entry.lfs is not None:
        return FileResponse(objects.path(entry.lfs.sha256), 200, headers, media_type)
    return Response(space.git.read(commit, entry.path), 200, headers, media_type)


def _file(space: Space, commit: str, path: str) -> Entry | None:
    """The file at a path, of a folder its index.html."""
    for candidate in (path, f"{path}/index.html"):
        try:
            entry = space.git.entry(commit, candidate)
        except KeyError:
            continue
        if entry.kind == "file":
            return entry
    return None
