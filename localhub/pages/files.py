"""GET /spaces/{owner}/{name}/tree, /blob, /commits and /commit: what is in a Space's repository, for people."""

from collections.abc import Callable
from itertools import islice
from typing import TypeVar

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from localhub.spaces.space import Space

from .view import page, space_of

_MOST = 1000  # files of a folder, or commits
_LARGEST = 200_000  # bytes of a file, or letters of a diff, that a page shows
_SPACE = "/spaces/{owner}/{name}"
T = TypeVar("T")


async def tree(request: Request) -> Response:
    """List a folder."""
    space, rev = space_of(request), request.path_params["rev"]
    path = request.path_params.get("path", "").strip("/")
    entries = await run_sync(lambda: _read(lambda: list(islice(space.git.list(rev, path), _MOST))))
    return page(request, "tree.html", space=space, rev=rev, path=path, entries=entries)


async def blob(request: Request) -> Response:
    """Show a file's text."""
    space, rev, path = space_of(request), request.path_params["rev"], request.path_params["path"]
    entry, content = await run_sync(lambda: _read(lambda: (space.git.entry(rev, path), space.git.read(rev, path))))
    shown = None if b"\0" in content or len(content) > _LARGEST else content.decode("utf-8", "replace")
    return page(request, "blob.html", space=space, rev=rev, path=path, entry=entry, text=shown)


async def commits(request: Request) -> Response:
    """List commits."""
    space, rev = space_of(request), request.path_params["rev"]
    found = await run_sync(lambda: _read(lambda: list(islice(space.git.log(rev), _MOST))))
    return page(request, "commits.html", space=space, rev=rev, commits=found)


async def commit(request: Request) -> Response:
    """Show a commit and what it changed."""
    space = space_of(request)
    found, lines = await run_sync(lambda: _read(lambda: _commit(space, request.path_params["rev"])))
    return page(request, "commit.html", space=space, commit=found, lines=lines)


def _commit(space: Space, rev: str) -> tuple[object, list[str] | None]:
    found = next(space.git.log(rev))
    if not found.parents:
        return found, [f"+ {path}" for path in sorted(space.git.changed(rev))]
    patch = space.git.diff(found.parents[0], found.id)
    return found, None if patch is None or len(patch) > _LARGEST else patch.splitlines()


def _read(read: Callable[[], T]) -> T:
    """Return what is read. Raises 404 for what is not there."""
    try:
        return read()
    except (KeyError, ValueError, StopIteration) as error:
        raise HTTPException(404) from error


routes: list[BaseRoute] = [
    Route(f"{_SPACE}/tree/{{rev:rev}}", tree),
    Route(f"{_SPACE}/tree/{{rev:rev}}/{{path:file}}", tree),
    Route(f"{_SPACE}/blob/{{rev:rev}}/{{path:file}}", blob),
    Route(f"{_SPACE}/commits/{{rev:rev}}", commits),
    Route(f"{_SPACE}/commit/{{rev:rev}}", commit),
]
