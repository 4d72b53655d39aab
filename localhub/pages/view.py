"""What all pages share: their templates, and the Space that an address names."""

import re
from pathlib import Path
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.templating import Jinja2Templates

from localhub.access import can_read, identity, the_hub
from localhub.spaces.space import CHANGING, UP, Space

_TEMPLATES = Jinja2Templates(Path(__file__).with_name("templates"))
_ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|.)?")


def page(request: Request, template: str, **facts: Any) -> Response:
    """Return a page. Whatever a repository or an app says is escaped by the template."""
    return _TEMPLATES.TemplateResponse(request, template, facts)


def missing(request: Request) -> Response:
    """Return the page for an address where there is nothing, or nothing for the caller."""
    text = "There is nothing at this address, or only for those who have a token: a browser has none here."
    return _TEMPLATES.TemplateResponse(request, "stub.html", {"path": request.url.path, "text": text}, 404)


def space_of(request: Request) -> Space:
    """Return the Space that an address names. Raises 404 also for one that the caller may not see: a browser has no token."""
    hub = the_hub(request)
    space = hub.find("space", f"{request.path_params['owner']}/{request.path_params['name']}")
    if not isinstance(space, Space) or not can_read(hub, identity(request), space):
        raise HTTPException(404)
    return space


def mood(stage: str) -> str:
    """Return how a stage is coloured."""
    return "changing" if stage in CHANGING else "up" if stage in UP else "down"


def plain(text: str) -> str:
    """Return a log's text without colours and other terminal sequences."""
    return _ESCAPE.sub("", text)
