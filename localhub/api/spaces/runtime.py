"""What a Space runs on and where it is in its life: runtime, hardware, sleep time, restart, pause, dev mode, volumes."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import the_hub
from localhub.accounts import quota
from localhub.api.repos import check_hardware
from localhub.refusal import Refusal
from localhub.repos.hardware import FREE
from localhub.request import json_object
from localhub.spaces.space import Space
from localhub.spaces.volumes import parse
from localhub.variants.lives import VOLUMES_KEEP_RUNNING

from .space import SPACE, open_space


async def runtime(request: Request) -> Response:
    """GET .../runtime."""
    return JSONResponse(open_space(request, "read").runtime())


async def host(request: Request) -> Response:
    """GET .../host."""
    return JSONResponse({"host": open_space(request, "read").host})


async def hardware(request: Request) -> Response:
    """POST .../hardware {flavor, sleepTimeSeconds?}: the app starts again on it."""
    space, body = open_space(request, "settings"), await json_object(request)
    _not_static(space, "hardware")
    flavor = check_hardware(body.get("flavor"), space.settings.sdk)
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
    space, body = open_space(request, "settings"), await json_object(request)
    _not_static(space, "a sleep time")
    space.settings.sleep_seconds = _seconds(body.get("seconds"))
    if space.settings.hardware == FREE:
        space.settings.sleep_seconds = None
    space.save_state()
    return JSONResponse(space.runtime())


async def restart(request: Request) -> Response:
    """POST .../restart[?factory=true]."""
    space = open_space(request, "settings")
    if space.static:
        raise Refusal(400, "Static Spaces can't be restarted")
    if the_hub(request).over_quota(space):
        raise Refusal(403, quota.NO_RESTART)
    await the_hub(request).stages.restart(space, factory=request.query_params.get("factory") == "true")
    return JSONResponse(space.runtime())


async def pause(request: Request) -> Response:
    """POST .../pause."""
    space = open_space(request, "settings")
    if space.static:
        raise Refusal(400, "Static Spaces can't be paused")
    the_hub(request).stages.pause(space)
    return JSONResponse(space.runtime())


async def dev_mode(request: Request) -> Response:
    """POST .../dev-mode {enabled}: kept and reported, without effect on builds."""
    space, body = open_space(request, "settings"), await json_object(request)
    _not_static(space, "dev mode")
    space.settings.dev_mode = bool(body.get("enabled"))
    space.save_state()
    return JSONResponse(space.runtime())


async def volumes(request: Request) -> Response:
    """PUT .../volumes {volumes} replaces all, DELETE removes all: the app starts again. Kept and reported, not mounted."""
    space = open_space(request, "settings")
    _not_static(space, "volumes")
    wanted: list[dict[str, Any]] = []
    if request.method == "PUT":
        wanted = parse((await json_object(request)).get("volumes"), static=False)
        if not wanted:
            raise Refusal(400, '"volumes" must contain at least 1 items')
    changed = wanted != space.settings.volumes
    space.settings.volumes = wanted
    space.save_state()
    if changed and not the_hub(request).variants.on(VOLUMES_KEEP_RUNNING, space.id):
        await the_hub(request).stages.changed(space)
    return JSONResponse(space.runtime())


def _seconds(value: Any) -> int | None:
    if not isinstance(value, int) or value < -1:
        raise Refusal(400, '"seconds" must be a number greater than or equal to -1')
    return None if value == -1 else value


def _not_static(space: Space, what: str) -> None:
    if space.static:
        raise Refusal(400, f"Static Spaces don't have {what}")


routes: list[BaseRoute] = [
    Route(f"{SPACE}/runtime", runtime),
    Route(f"{SPACE}/host", host),
    Route(f"{SPACE}/hardware", hardware, methods=["POST"]),
    Route(f"{SPACE}/sleeptime", sleep_time, methods=["POST"]),
    Route(f"{SPACE}/restart", restart, methods=["POST"]),
    Route(f"{SPACE}/pause", pause, methods=["POST"]),
    Route(f"{SPACE}/dev-mode", dev_mode, methods=["POST"]),
    Route(f"{SPACE}/volumes", volumes, methods=["PUT", "DELETE"]),
]
