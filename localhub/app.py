"""The Starlette application: every module's routes, and what surrounds each request."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp

from . import xet
from .addresses import KeepEncodedSlashes
from .api import (
    discussions,
    download,
    hardware,
    rate_limit_headers,
    refs,
    repo_info,
    repos,
    spaces,
    token_exchange,
    tree,
    validate,
    whoami,
)
from .api.rate_limit_headers import RateLimits
from .control import github_jobs, routes
from .control.faults import Traffic
from .hub import Hub
from .pages import home
from .push import commits, http, lfs, preupload
from .refusal import Refusal, on_disconnect, on_http_exception, on_refusal

MODULES = (
    home,
    whoami,
    routes,
    rate_limit_headers,
    github_jobs,
    token_exchange,
    repos,
    validate,
    hardware,
    spaces,
    repo_info,
    preupload,
    lfs,
    xet,
    commits,
    discussions,
    refs,
    tree,
    download,
    http,
)


def hub_app(hub: Hub, traffic: Traffic) -> ASGIApp:
    """The Hub's API and pages (not the Spaces' own, see edge.py)."""
    app = Starlette(
        routes=[route for module in MODULES for route in module.routes],
        middleware=[Middleware(KeepEncodedSlashes), Middleware(RateLimits, hub.meter)],
        exception_handlers={Refusal: on_refusal, HTTPException: on_http_exception, ClientDisconnect: on_disconnect},
    )
    app.state.hub = hub
    app.state.traffic = traffic
    app.state.xet = xet.Xet(hub.data / "xet", hub.objects)
    return app
