"""The Starlette application: every module's routes, and what surrounds each request."""

import re

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp

from . import xet
from .access import can_read, holder, not_found, the_hub, token_of
from .addresses import KeepEncodedSlashes
from .api import (
    discussions,
    download,
    listing,
    rate_limit_headers,
    refs,
    repo_info,
    repos,
    token_exchange,
    tree,
    validate,
    whoami,
)
from .api.rate_limit_headers import RateLimits
from .api.spaces import hardware, logs, runtime, settings, token
from .control import github_jobs, routes, variants
from .control.faults import Traffic
from .control.samples import Sampling
from .hub import Hub
from .pages import account, files, home, space, view
from .push import commits, duplicate, http, lfs, preupload
from .refusal import Refusal, on_disconnect, on_refusal

MODULES = (
    home,
    space,
    files,
    account,
    whoami,
    routes,
    variants,
    rate_limit_headers,
    github_jobs,
    token_exchange,
    repos,
    validate,
    listing,
    hardware,
    runtime,
    settings,
    logs,
    token,
    repo_info,
    preupload,
    duplicate,
    lfs,
    xet,
    commits,
    discussions,
    refs,
    tree,
    download,
    http,
)


MESSAGES = {404: "Sorry, we can't find the page you are looking for.", 405: "Method not allowed"}
OF_REPOSITORY = re.compile(
    r"/api/(models|datasets|spaces)/([^/]+(?:/[^/]+)?)|/(?:(datasets|spaces)/)?([^/]+)/(?:resolve|raw)/"
)


def hub_app(hub: Hub, traffic: Traffic) -> ASGIApp:
    """The Hub's API and pages (not the Spaces' own, see edge.py)."""
    app = Starlette(
        routes=[route for module in MODULES for route in module.routes],
        middleware=[
            Middleware(KeepEncodedSlashes),
            Middleware(RateLimits, hub.meter),
            Middleware(Sampling, traffic.kept),
        ],
        exception_handlers={Refusal: on_refusal, HTTPException: on_http_exception, ClientDisconnect: on_disconnect},
    )
    app.state.hub = hub
    app.state.traffic = traffic
    app.state.xet = xet.Xet(hub.data / "xet", hub.objects)
    return app


async def on_http_exception(request: Request, error: Exception) -> Response:
    """What Starlette itself refuses (no such route, no such method), in the Hub's shape."""
    assert isinstance(error, HTTPException)  # noqa: S101 - how Starlette types its handlers
    if error.status_code == 404 and (about := OF_REPOSITORY.match(request.url.path)):
        hub = the_hub(request)
        kind, name = about[1] or about[3] or "models", about[2] or about[4]
        repo, who = hub.find(kind.removesuffix("s"), name), holder(hub, token_of(request))
        if repo is None or not can_read(hub, who, repo):
            return not_found(who).response()  # as of an id without an owner, which no route knows
    if error.status_code == 404 and "text/html" in request.headers.get("accept", ""):
        return view.missing(request)
    message = MESSAGES.get(error.status_code, str(error.detail))
    return Refusal(error.status_code, message, headers=error.headers).response()
