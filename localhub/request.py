"""What a request says, checked: its revision and its JSON body, or the Hub's refusal."""

import json
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request

from .access import the_hub
from .hub import Hub
from .loopback import LARGEST_BODY
from .refusal import Refusal
from .repos.git import MAIN
from .repos.repository import Repo
from .variants.reading import HEAD_LAG, LATE_TREE, STALE_HEAD, TREE_LAG


async def known_revision(request: Request, repo: Repo) -> str:
    """The commit that `{rev}` in the path stands for (main, if there is none) to somebody who reads."""
    return await run_sync(seen, the_hub(request), repo, request.path_params.get("rev", "main"))


def seen(hub: Hub, repo: Repo, rev: str = "main") -> str:
    """The commit that a revision stands for to somebody who reads. Blocking."""
    if rev in ("main", "HEAD", MAIN) and hub.variants.on(STALE_HEAD, repo.id):
        return hub.recent.head_before(repo, HEAD_LAG) or resolve(repo, rev)
    if hub.variants.on(LATE_TREE, repo.id) and hub.recent.has_commit(repo, rev, TREE_LAG):
        raise unknown_revision(rev)
    return resolve(repo, rev)


def resolve(repo: Repo, rev: str) -> str:
    """The commit that a revision stands for to somebody who writes. Blocking."""
    try:
        return repo.git.resolve(rev)
    except KeyError as error:
        raise unknown_revision(rev) from error


def unknown_revision(rev: str) -> Refusal:
    """No branch, tag or commit has that name."""
    return Refusal(404, f"Invalid rev id: {rev}", code="RevisionNotFound")


def no_entry(commit: str) -> Refusal:
    """Nothing stands there in that commit; clients remember it for the commit."""
    return Refusal(404, "Entry not found", code="EntryNotFound", headers={"X-Repo-Commit": commit})


async def whole_body(request: Request) -> bytes:
    """Return the body of a request, of bounded length."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > LARGEST_BODY:
            raise Refusal(413, "The request's body is too large")
    return bytes(body)


async def json_object(request: Request) -> dict[str, Any]:
    """The body as a JSON object; an empty body is an empty object."""
    try:
        body = json.loads(await whole_body(request) or b"{}")
    except ValueError as error:
        raise Refusal(400, "Invalid JSON in the request's body") from error
    if not isinstance(body, dict):
        raise Refusal(400, "The request's body must be a JSON object")
    return body


def whole_number(request: Request, name: str, default: int) -> int:
    """A parameter of the query that counts something."""
    value = request.query_params.get(name, str(default))
    if not value.isdecimal():
        raise Refusal(400, f'"{name}" must be a number')
    return int(value)
