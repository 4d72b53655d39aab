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
from localhub.repos.repository import Repo
from localhub.spaces.space import CHANGING, UP

TEMPLATES = Jinja2Templates(Path(__file__).with_name("templates"))


async def home(request: Request) -> Response:
    """Those that the caller may see: a browser, which has no token, gets the public ones."""
    hub, who = the_hub(request), identity(request)
    all_spaces = hub.repos("space")
    shown = sorted((repo for repo in all_spaces if can_read(hub, who, repo)), key=lambda repo: repo.id.lower())
    spaces = await run_sync(lambda: [_row(request, repo) for repo in shown])
    return TEMPLATES.TemplateResponse(request, "home.html", {"spaces": spaces, "hidden": len(all_spaces) - len(shown)})


def _row(request: Request, repo: Repo) -> dict[str, Any]:
    space = repo.space
    assert space  # noqa: S101
    stage, head = space.now.stage, repo.git.head()
    data = repo.front_matter(head) or {}
    mood = "changing" if stage in CHANGING else "up" if stage in UP else "down"
    return {
        "id": repo.id,
        "title": data.get("title") or repo.id,
        "emoji": data.get("emoji") or "",
        "sdk": space.settings.sdk,
        "stage": stage,
        "mood": mood,
        "error": space.now.error,
        "head": head,
        "running": None if space.static else space.now.app,
        "app": space.host,
        "api": f"/api/spaces/{repo.id}",
        "git": web_url(request, "space", repo.id),
    }


routes: list[BaseRoute] = [Route("/", home)]
