"""A Space's secrets and variables."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import refuse_publisher, the_hub
from localhub.api.repos import check_key
from localhub.refusal import Refusal
from localhub.request import json_object
from localhub.spaces.space import Entry, Space
from localhub.variants.lives import NO_DESCRIPTIONS

from .space import SPACE, open_space


async def secrets(request: Request) -> Response:
    """GET lists names; POST {key, value, description?} and DELETE {key} answer {}, also for a key that isn't there."""
    space = open_space(request, "settings")
    if request.method == "GET":
        listed = _listed(space.settings.secrets, value=False)
        if the_hub(request).variants.on(NO_DESCRIPTIONS, space.id):
            listed = {key: {"updatedAt": entry["updatedAt"]} for key, entry in listed.items()}
        return JSONResponse(listed)
    await _edit(request, space, space.settings.secrets)
    return JSONResponse({})


async def variables(request: Request) -> Response:
    """As secrets, but every answer is the whole map with its values."""
    space = open_space(request, "read" if request.method == "GET" else "settings")
    refuse_publisher(request, space, "look around")
    if request.method != "GET":
        await _edit(request, space, space.settings.variables)
    return JSONResponse(_listed(space.settings.variables, value=True))


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


routes: list[BaseRoute] = [
    Route(f"{SPACE}/secrets", secrets, methods=["GET", "POST", "DELETE"]),
    Route(f"{SPACE}/variables", variables, methods=["GET", "POST", "DELETE"]),
]
