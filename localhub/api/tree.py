"""Looking at a repository: its trees, single paths and commits."""

from collections.abc import Sequence
from html import escape
from itertools import islice
from typing import Any
from urllib.parse import parse_qs, urlencode

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import open_repo
from localhub.json_files import timestamp
from localhub.repos.git import Commit, Entry
from localhub.repos.repository import Repo
from localhub.request import json_object, known_revision, no_entry, whole_body, whole_number
from localhub.xet import xet_hash

TREE_PAGE, EXPANDED_PAGE, COMMITS_PAGE, MOST_COMMITS = 1000, 50, 50, 1000
"""Entries of a page, as the Hub has them."""


async def tree(request: Request) -> Response:
    """GET tree/{rev}[/{path}]?recursive=&expand=: entries in git's order, folders with their tree ids, by pages."""
    repo = open_repo(request)
    query, path = request.query_params, request.path_params.get("path", "").strip("/")
    recursive, expand = _true(query.get("recursive")), _true(query.get("expand"))
    # A cursor names the commit too, so that all pages are of one tree whatever is pushed meanwhile.
    cursor, _, after = query.get("cursor", "").partition(":")
    commit = cursor or await known_revision(request, repo)
    size = EXPANDED_PAGE if expand else TREE_PAGE

    def page() -> tuple[list[dict[str, Any]], str | None]:
        entries = repo.git.list(commit, path, recursive=recursive, after=after)
        found = list(islice(entries, size))
        more = next(entries, None) is not None
        return describe(request, repo, commit, found, expand=expand), f"{commit}:{found[-1].path}" if more else None

    try:
        answer, following = await run_sync(page)
    except KeyError as error:
        raise no_entry(commit) from error
    return JSONResponse(answer, headers=_link(request, cursor=following) if following else None)


async def paths_info(request: Request) -> Response:
    """POST paths-info/{rev} {paths, expand}, as JSON or as a form: what stands at each path; nothing for the others."""
    repo = open_repo(request)
    if request.headers.get("content-type", "").startswith("application/json"):
        body = await json_object(request)
        paths, expand = [str(path) for path in body.get("paths", [])], bool(body.get("expand"))
    else:
        form = parse_qs((await whole_body(request)).decode())
        paths, expand = form.get("paths", []), _true(form.get("expand", [""])[0])
    commit = await known_revision(request, repo)

    def found() -> list[dict[str, Any]]:
        entries = repo.git.entries(commit, [path.strip("/") for path in paths])
        return describe(request, repo, commit, list(entries.values()), expand=expand)

    return JSONResponse(await run_sync(found))


async def commits(request: Request) -> Response:
    """GET commits/{rev}?p=&limit=: the history, newest first; X-Total-Count says how long it is."""
    repo = open_repo(request)
    revision = await known_revision(request, repo)
    page = whole_number(request, "p", 0)
    size = min(max(whole_number(request, "limit", COMMITS_PAGE), 1), MOST_COMMITS)
    expand = request.query_params.getlist("expand") + request.query_params.getlist("expand[]")
    log = await run_sync(lambda: list(repo.git.log(revision)))
    found = [
        {
            "id": commit.id,
            "title": commit.title,
            "message": commit.message,
            "date": timestamp(commit.date),
            "authors": [{"user": commit.author, "avatar": ""}],
        }
        | (_formatted(commit) if "formatted" in expand else {})
        for commit in log[page * size : (page + 1) * size]
    ]
    more = _link(request, p=str(page + 1)) if (page + 1) * size < len(log) else {}
    return JSONResponse(found, headers={"X-Total-Count": str(len(log))} | more)


def _formatted(commit: Commit) -> dict[str, Any]:
    """Title and message as HTML."""
    message = "".join(f"<p>{escape(line)}</p>" for line in commit.message.splitlines() if line)
    return {"formatted": {"title": escape(commit.title), "message": message}}


def describe(
    request: Request, repo: Repo, commit: str, entries: Sequence[Entry], *, expand: bool = False
) -> list[dict[str, Any]]:
    """Entries as the Hub sends them, with their last commits if `expand`. Blocking."""
    last = repo.git.last_commits(commit, [entry.path for entry in entries]) if expand else {}
    return [_described(request, entry, last.get(entry.path)) for entry in entries]


def _described(request: Request, entry: Entry, last: Commit | None) -> dict[str, Any]:
    answer: dict[str, Any] = {"type": entry.kind, "oid": entry.oid, "size": entry.size, "path": entry.path}
    if entry.lfs:
        answer["lfs"] = {"oid": entry.lfs.sha256, "size": entry.size, "pointerSize": entry.pointer_size}
        if (name := xet_hash(request, entry.lfs.sha256)) is not None:
            answer["xetHash"] = name
    if last:
        answer["lastCommit"] = {"id": last.id, "title": last.title, "date": timestamp(last.date)}
        if entry.kind == "file":
            unscanned = {"status": "unscanned"}
            answer["securityFileStatus"] = unscanned | {"avScan": unscanned, "pickleImportScan": unscanned}
    return answer


def _true(value: str | None) -> bool:
    return value in ("true", "True", "1")


def _link(request: Request, **changed: str) -> dict[str, str]:
    """The Link header of the next page: this request's address with other parameters."""
    address = f"{request.url.scheme}://{request.url.netloc}{request.scope['raw_path'].decode()}"
    return {"Link": f'<{address}?{urlencode(dict(request.query_params) | changed)}>; rel="next"'}


_REPO = "/api/{kind:kind}/{owner}/{name}"
routes: list[BaseRoute] = [
    Route(f"{_REPO}/tree/{{rev:rev}}", tree, methods=["GET"]),
    Route(f"{_REPO}/tree/{{rev:rev}}/{{path:file}}", tree, methods=["GET"]),
    Route(f"{_REPO}/paths-info/{{rev:rev}}", paths_info, methods=["POST"]),
    Route(f"{_REPO}/commits/{{rev:rev}}", commits, methods=["GET"]),
]
