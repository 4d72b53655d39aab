"""GET /api/{kind}s?author=&search=&limit=: the repositories that the caller may see, newest first."""

from contextlib import suppress
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import can_read, identity, not_yet, the_hub
from localhub.hub import Hub
from localhub.refusal import Refusal
from localhub.repos.repository import Repo
from localhub.request import seen, whole_number

from .repo_info import EXPANDABLE, View, ids

LISTED = ("author", "sha", "lastModified", "private", "likes", "tags", "createdAt")


async def listing(request: Request) -> Response:
    """The route."""
    hub, who, query = the_hub(request), identity(request), request.query_params
    author, search = query.get("author", "").lower(), query.get("search", "").lower()
    found = [
        repo
        for repo in hub.repos(request.path_params["kind"])
        if author in ("", repo.owner.lower())
        and search in repo.id.lower()
        and can_read(hub, who, repo)
        and not not_yet(hub, repo)
    ]
    found.sort(key=lambda repo: repo.meta.created_at, reverse=True)
    return JSONResponse(await run_sync(_rows, found[: whole_number(request, "limit", 1000)], hub))


def _rows(repos: list[Repo], hub: Hub) -> list[dict[str, Any]]:
    rows = []
    for repo in repos:
        with suppress(Refusal):  # it is just being made or deleted, and has no main
            rows.append(_row(View(repo, seen(hub, repo), hub.variants)))
    return rows


def _row(view: View) -> dict[str, Any]:
    keys = (*LISTED, "sdk") if view.repo.kind == "space" else (*LISTED, "downloads", "gated")
    return ids(view) | {key: EXPANDABLE[view.repo.kind][key](view) for key in keys}


routes: list[BaseRoute] = [Route("/api/{kind:kind}", listing)]
