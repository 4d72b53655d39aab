"""GET /: the Spaces of this localhub, for people."""

from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from localhub.access import can_read, identity, the_hub
from localhub.spaces.space import Space

from .view import mood, page


async def home(request: Request) -> Response:
    """Those that the caller may see: a browser, which has no token, gets the public ones."""
    hub, who = the_hub(request), identity(request)
    all_spaces = hub.spaces()
    shown = sorted((space for space in all_spaces if can_read(hub, who, space)), key=lambda space: space.id.lower())
    spaces = await run_sync(lambda: [_row(space) for space in shown])
    return page(request, "home.html", spaces=spaces, hidden=len(all_spaces) - len(shown))


def _row(space: Space) -> dict[str, Any]:
    stage, head = space.now.stage, space.git.head()
    data = space.front_matter(head) or {}
    return {
        "id": space.id,
        "title": data.get("title") or space.id,
        "emoji": data.get("emoji") or "",
        "sdk": space.settings.sdk,
        "stage": stage,
        "mood": mood(stage),
        "error": space.now.error,
        "head": head,
        "running": None if space.static else space.now.app,
        "app": space.host,
    }


routes: list[BaseRoute] = [Route("/", home)]
