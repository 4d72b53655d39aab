"""The Starlette application: every module's routes, and what surrounds each request."""

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp

from localhub import (
    browse,
    commits,
    control,
    discussions,
    download,
    githttp,
    github,
    hardware,
    home,
    info,
    lfs,
    oauth,
    preupload,
    ratelimits,
    refs,
    repos,
    spaces,
    validate,
    whoami,
    xet,
)
from localhub.errors import Refusal, on_disconnect, on_http_exception, on_refusal
from localhub.faults import Traffic
from localhub.hub import Hub
from localhub.paths import KeepEncodedSlashes
from localhub.ratelimits import RateLimits

MODULES = (
    home,
    whoami,
    control,
    ratelimits,
    github,
    oauth,
    repos,
    validate,
    hardware,
    spaces,
    info,
    preupload,
    lfs,
    xet,
    commits,
    discussions,
    refs,
    browse,
    download,
    githttp,
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
