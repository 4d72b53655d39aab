"""The routes of Spaces: runtime, hardware, restart and pause, secrets and variables, logs."""

from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from localhub.access import can_read, identity, open_repo, the_hub
from localhub.accounts import quota
from localhub.refusal import Refusal
from localhub.repos.hardware import FREE
from localhub.request import json_object, whole_number
from localhub.spaces.space import Entry, Space

from .repo_info import EXPANDABLE, View
from .repos import check_hardware, check_key

SPACE = "/api/spaces/{owner}/{name}"
LISTED = ("author", "sha", "lastModified", "private", "likes", "tags", "createdAt", "sdk")


def _space(request: Request, *, write: bool = True) -> Space:
    request.path_params["kind"] = "space"
    repo = open_repo(request, "settings" if write else "read")
    assert isinstance(repo, Space)  # noqa: S101
    return repo


async def list_spaces(request: Request) -> Response:
    """GET /api/spaces[?author=&search=&limit=]: the Spaces that the caller may see, newest first."""
    hub, who, query = the_hub(request), identity(request), request.query_params
    author, search = query.get("author", "").lower(), query.get("search", "").lower()
    found = [
        repo
        for repo in hub.spaces()
        if author in ("", repo.owner.lower()) and search in repo.id.lower() and can_read(hub, who, repo)
    ]
    found.sort(key=lambda repo: repo.meta.created_at, reverse=True)
    return JSONResponse(await run_sync(_listing, found[: whole_number(request, "limit", 1000)]))


def _listing(repos: list[Space]) -> list[dict[str, Any]]:
    views = [View(repo, repo.git.head()) for repo in repos]
    return [{"id": view.repo.id} | {key: EXPANDABLE["space"][key](view) for key in LISTED} for view in views]


async def runtime(request: Request) -> Response:
    """GET .../runtime."""
    return JSONResponse(_space(request, write=False).runtime())


async def host(request: Request) -> Response:
    """GET .../host."""
    return JSONResponse({"host": _space(request, write=False).host})


async def hardware(request: Request) -> Response:
    """POST .../hardware {flavor, sleepTimeSeconds?}: the app starts again on it."""
    space, body = _space(request), await json_object(request)
    _not_static(space, "hardware")
    flavor = check_hardware(body.get("flavor"))
    quota.check_hardware(the_hub(request).accounts, space.owner, flavor)
    changed = flavor != space.settings.hardware
    space.settings.hardware = flavor
    if "sleepTimeSeconds" in body:
        space.settings.sleep_seconds = _seconds(body["sleepTimeSeconds"])
    space.save_state()
    if changed:
        await the_hub(request).stages.changed(space)
    return JSONResponse(space.runtime())


async def sleep_time(request: Request) -> Response:
    """POST .../sleeptime {seconds}: -1 is never; free hardware always sleeps after 48 hours."""
    space, body = _space(request), await json_object(request)
    _not_static(space, "a sleep time")
    space.settings.sleep_seconds = _seconds(body.get("seconds"))
    if space.settings.hardware == FREE:
        space.settings.sleep_seconds = None
    space.save_state()
    return JSONResponse(space.runtime())


async def restart(request: Request) -> Response:
    """POST .../restart[?factory=true]."""
    space = _space(request)
    if space.static:
        raise Refusal(400, "Static Spaces can't be restarted")
    if the_hub(request).over_quota(space):
        raise Refusal(403, quota.NO_RESTART)
    await the_hub(request).stages.restart(space, factory=request.query_params.get("factory") == "true")
    return JSONResponse(space.runtime())


async def pause(request: Request) -> Response:
    """POST .../pause."""
    space = _space(request)
    if space.static:
        raise Refusal(400, "Static Spaces can't be paused")
    the_hub(request).stages.pause(space)
    return JSONResponse(space.runtime())


async def dev_mode(request: Request) -> Response:
    """POST .../dev-mode {enabled}: kept and reported, without effect on builds."""
    space, body = _space(request), await json_object(request)
    _not_static(space, "dev mode")
    space.settings.dev_mode = bool(body.get("enabled"))
    space.save_state()
    return JSONResponse(space.runtime())


async def volumes(request: Request) -> Response:
    """PUT .../volumes {volumes} replaces all, DELETE removes all: kept and reported, not mounted."""
    space = _space(request)
    _not_static(space, "volumes")
    given = (await json_object(request)).get("volumes") if request.method == "PUT" else []
    space.settings.volumes = given or []
    space.save_state()
    return JSONResponse(space.runtime())


async def secrets(request: Request) -> Response:
    """GET lists names; POST {key, value, description?} and DELETE {key} answer {}, also for a key that isn't there."""
    space = _space(request)
    if request.method == "GET":
        return JSONResponse(_listed(space.settings.secrets, value=False))
    await _edit(request, space, space.settings.secrets)
    return JSONResponse({})


async def variables(request: Request) -> Response:
    """As secrets, but every answer is the whole map with its values."""
    space = _space(request, write=request.method != "GET")
    if request.method != "GET":
        await _edit(request, space, space.settings.variables)
    return JSONResponse(_listed(space.settings.variables, value=True))


async def logs(request: Request) -> Response:
    """GET .../logs/build and .../logs/run: the log from its start, then what follows."""
    space = _space(request)
    log = space.build_log if request.path_params["log"] == "build" else space.run_log
    return StreamingResponse(log.stream(), media_type="text/event-stream", headers={"Cache-Control": "no-cache"})


async def _edit(request: Request, space: Space, entries: dict[str, Entry]) -> None:
    body = await json_object(request)
    key = check_key(body.get("key"))
    if request.method == "DELETE":
        changed = entries.pop(key, None) is not None
    else:
        value: Any = body.get("value")
        if not isinstance(value, str):
            raise Refusal(400, '"value" must be a string')
        entries[key] = Entry(value, body.get("description") or (entries[key].description if key in entries else None))
        changed = True
    space.save_state()
    if changed:
        await the_hub(request).stages.changed(space)


def _listed(entries: dict[str, Entry], *, value: bool) -> dict[str, Any]:
    return {key: entry.public(value=value) for key, entry in entries.items()}


def _seconds(value: Any) -> int | None:
    if not isinstance(value, int) or value < -1:
        raise Refusal(400, '"seconds" must be a number greater than or equal to -1')
    return None if value == -1 else value


def _not_static(space: Space, what: str) -> None:
    if space.static:
        raise Refusal(400, f"Static Spaces don't have {what}")


routes: list[BaseRoute] = [
    Route("/api/spaces", list_spaces),
    Route(f"{SPACE}/runtime", runtime),
    Route(f"{SPACE}/host", host),
    Route(f"{SPACE}/hardware", hardware, methods=["POST"]),
    Route(f"{SPACE}/sleeptime", sleep_time, methods=["POST"]),
    Route(f"{SPACE}/restart", restart, methods=["POST"]),
    Route(f"{SPACE}/pause", pause, methods=["POST"]),
    Route(f"{SPACE}/dev-mode", dev_mode, methods=["POST"]),
    Route(f"{SPACE}/volumes", volumes, methods=["PUT", "DELETE"]),
    Route(f"{SPACE}/secrets", secrets, methods=["GET", "POST", "DELETE"]),
    Route(f"{SPACE}/variables", variables, methods=["GET", "POST", "DELETE"]),
    Route(f"{SPACE}/logs/{{log}}", logs),
]
