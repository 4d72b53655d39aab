"""References: listing them, branches, tags, and squashing a branch's history."""

from collections.abc import Callable

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import open_repo, require_identity, the_hub
from localhub.refusal import Refusal
from localhub.repos.git import MAIN, Moved
from localhub.repos.repository import Repo
from localhub.request import json_object, resolve, seen, unknown_revision


async def refs(request: Request) -> Response:
    """GET refs[?include_prs=1]."""
    repo, hub = open_repo(request), the_hub(request)

    def below(prefix: str, cut: str) -> list[dict[str, str]]:
        found = repo.git.refs(prefix)
        if MAIN in found:
            found[MAIN] = seen(hub, repo)
        return [{"name": ref.removeprefix(cut), "ref": ref, "targetCommit": sha} for ref, sha in found.items()]

    def answer() -> dict[str, list[dict[str, str]]]:
        found = {
            "branches": below("refs/heads/", "refs/heads/"),
            "converts": below("refs/convert/", "refs/convert/"),
            "tags": below("refs/tags/", "refs/tags/"),
        }
        return found | ({"pullRequests": below("refs/pr/", "")} if request.query_params.get("include_prs") else {})

    return JSONResponse(await run_sync(answer))


async def create_branch(request: Request) -> Response:
    """POST branch/{name} {startingPoint?, emptyBranch?, overwrite?}."""
    repo = open_repo(request, "references")
    who = require_identity(request)
    body, name = await json_object(request), request.path_params["rev"]
    if name.startswith("refs/"):
        raise Refusal(400, f"Invalid reference for a branch: {name}")

    def create() -> None:
        with repo.lock:
            if body.get("emptyBranch"):
                repo.git.create_empty_branch(f"refs/heads/{name}", who.user.name)
                return
            start = resolve(repo, body.get("startingPoint") or "main")
            repo.git.create_ref(f"refs/heads/{name}", start, force=bool(body.get("overwrite")) and name != "main")

    await _made(create)
    return JSONResponse({})


async def delete_branch(request: Request) -> Response:
    """DELETE branch/{name}."""
    repo, name = open_repo(request, "references"), request.path_params["rev"]
    if name == "main":
        raise Refusal(403, f"Cannot delete {MAIN}")
    return await _delete(repo, f"refs/heads/{name}", name)


async def create_tag(request: Request) -> Response:
    """POST tag/{rev} {tag, message?}."""
    repo = open_repo(request, "references")
    who = require_identity(request)
    body = await json_object(request)

    def create() -> None:
        with repo.lock:
            target = resolve(repo, request.path_params["rev"])
            repo.git.tag(str(body.get("tag", "")), target, str(body.get("message") or ""), who.user.name)

    await _made(create)
    return JSONResponse({})


async def delete_tag(request: Request) -> Response:
    """DELETE tag/{name}."""
    repo, name = open_repo(request, "references"), request.path_params["rev"]
    return await _delete(repo, f"refs/tags/{name}", name)


async def super_squash(request: Request) -> Response:
    """POST super-squash/{branch} {message}: the branch's history becomes one commit with the same tree."""
    repo = open_repo(request, "references")
    who = require_identity(request)
    message = str((await json_object(request)).get("message") or "Super-squash branch")

    def squash() -> tuple[str, str, str]:
        with repo.lock:
            ref = repo.git.reference(request.path_params["rev"])
            old = repo.git.resolve(ref)
            return ref, old, repo.git.flatten(ref, message, who.user.name)

    try:
        ref, old, new = await run_sync(squash)
    except KeyError as error:
        raise unknown_revision(request.path_params["rev"]) from error
    except Moved as error:
        raise Refusal(409, "The branch was updated in the meantime. Please try again.") from error
    the_hub(request).moved(repo, ref, old, new)
    return JSONResponse({"commitId": new})


async def _made(create: Callable[[], None]) -> None:
    """Make a reference in a thread, or refuse its name."""
    try:
        await run_sync(create)
    except FileExistsError as error:
        raise Refusal(409, f"Reference {error} already exists") from error
    except ValueError as error:
        raise Refusal(400, f"Invalid reference: {error}") from error


async def _delete(repo: Repo, ref: str, name: str) -> Response:
    def delete() -> None:
        with repo.lock:
            repo.git.delete_ref(ref)

    try:
        await run_sync(delete)
    except KeyError as error:
        raise unknown_revision(name) from error
    return JSONResponse({})


_REPO = "/api/{kind:kind}/{owner}/{name}"
routes: list[BaseRoute] = [
    Route(f"{_REPO}/refs", refs, methods=["GET"]),
    Route(f"{_REPO}/branch/{{rev:rev}}", create_branch, methods=["POST"]),
    Route(f"{_REPO}/branch/{{rev:rev}}", delete_branch, methods=["DELETE"]),
    Route(f"{_REPO}/tag/{{rev:rev}}", create_tag, methods=["POST"]),
    Route(f"{_REPO}/tag/{{rev:rev}}", delete_tag, methods=["DELETE"]),
    Route(f"{_REPO}/super-squash/{{rev:rev}}", super_squash, methods=["POST"]),
]
