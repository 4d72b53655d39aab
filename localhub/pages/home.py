"""GET /: the Spaces of this localhub, for people."""

from pathlib import Path
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route
from starlette.templating import Jinja2Templates

from localhub.access import can_read, identity, the_hub
from localhub.addresses import web_url
from localhub.spaces.space import CHANGING, UP, Space

TEMPLATES = Jinja2Templates(Path(__file__).with_name("templates"))


async def home(request: Request) -> Response:
    """Those that the caller may see: a browser, which has no token, gets the public ones."""
    hub, who = the_hub(request), identity(request)
    all_spaces = hub.spaces()
    shown = sorted((space for space in all_spaces if can_read(hub, who, space)), key=lambda space: space.id.lower())
    spaces = await run_sync(lambda: [_row(request, space) for space in shown])
    return TEMPLATES.TemplateResponse(request, "home.html", {"spaces": spaces, "hidden": len(all_spaces) - len(shown)})


def _row(request: Request, space: Space) -> dict[str, Any]:
    stage, head = space.now.stage, space.git.head()
    data = space.front_matter(head) or {}
    mood = "changing" if stage in CHANGING else "up" if stage in UP else "down"
    return {
        "id": space.id,
        "title": data.get("title") or space.id,
        "emoji": data.get("emoji") or "",
        "sdk": space.settings.sdk,
        "stage": stage,
        "mood": mood,
        "error": space.now.error,
        "head": head,
        "running": None if space.static else space.now.app,
        "app": space.host,
        "api": f"/api/spaces/{space.id}",
        "git": web_url(request, "space", space.id),
    }


routes: list[BaseRoute] = [Route("/", home)]
