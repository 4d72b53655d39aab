"""/_localhub/: what a test may ask of its Hub. Neither recorded nor broken by faults.

GET    /_localhub/requests     the requests to the Hub in the order they arrived (see faults.Record)
GET    /_localhub/visits       the same for the requests to Spaces' own addresses
GET    /_localhub/received     what reached the apps behind these addresses: headers and query (see received.Received);
                               ?to=alice/demo for one Space's, ?to=cdn for the host of large files
DELETE /_localhub/requests     forget all three
GET    /_localhub/samples      {samples, left_out}: one exchange of each shape since the start (see samples.Sample)
POST   /_localhub/faults       add a fault (see faults.Fault), or a list of them; the first that matches happens
GET    /_localhub/faults       those that are left
DELETE /_localhub/faults       remove all
POST   /_localhub/spaces/{owner}/{name}/script      set a script (see scripts.py); the Space need not exist yet
DELETE /_localhub/spaces/{owner}/{name}/script      remove it: the Space goes on by itself from the next commit on
POST   /_localhub/spaces/{owner}/{name}/domains     add a custom domain: {domain, stage}; by default one that leads to the Space
DELETE /_localhub/spaces/{owner}/{name}/domains     remove its custom domains
"""

import json
from dataclasses import asdict
from typing import cast

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from localhub.access import the_hub
from localhub.refusal import Refusal
from localhub.request import whole_body
from localhub.spaces.scripts import Script
from localhub.spaces.space import Space

from .faults import Fault, Traffic

SCRIPT = "/_localhub/spaces/{owner}/{name}/script"
DOMAINS = "/_localhub/spaces/{owner}/{name}/domains"
STAGES = ("READY", "PENDING", "EXPIRED_CHALLENGE")


def _traffic(request: Request) -> Traffic:
    return cast(Traffic, request.app.state.traffic)


async def list_requests(request: Request) -> Response:
    """Requests to the Hub."""
    return JSONResponse([vars(record) for record in _traffic(request).hub])


async def list_visits(request: Request) -> Response:
    """Requests to the Spaces."""
    return JSONResponse([vars(record) for record in _traffic(request).edge])


async def list_received(request: Request) -> Response:
    """Requests as the apps saw them."""
    to = request.query_params.get("to")
    return JSONResponse([asdict(one) for one in _traffic(request).received if to in (None, one.to)])


async def list_samples(request: Request) -> Response:
    """One of each shape of request and answer."""
    kept = _traffic(request).kept
    return JSONResponse({"samples": [sample._asdict() for sample in kept.samples.values()], "left_out": kept.left_out})


async def forget_requests(request: Request) -> Response:
    """Start counting anew."""
    _traffic(request).hub.clear()
    _traffic(request).edge.clear()
    _traffic(request).received.clear()
    return JSONResponse({})


async def list_faults(request: Request) -> Response:
    """Faults that can still happen."""
    return JSONResponse([asdict(fault) for fault in _traffic(request).faults if fault.times != 0])


async def add_faults(request: Request) -> Response:
    """One fault, or several."""
    try:
        given = json.loads(await whole_body(request))
        _traffic(request).faults += [Fault.parse(value) for value in (given if isinstance(given, list) else [given])]
    except ValueError as error:
        raise Refusal(400, str(error)) from error
    return JSONResponse({})


async def remove_faults(request: Request) -> Response:
    """Nothing goes wrong any more."""
    _traffic(request).faults.clear()
    return JSONResponse({})


async def set_script(request: Request) -> Response:
    """Write a Space's future."""
    try:
        the_hub(request).stages.scripts[_space_id(request)] = Script.parse(json.loads(await whole_body(request)))
    except (ValueError, TypeError) as error:
        raise Refusal(400, str(error)) from error
    return JSONResponse({})


async def remove_script(request: Request) -> Response:
    """Let it go on by itself."""
    the_hub(request).stages.scripts.pop(_space_id(request), None)
    return JSONResponse({})


async def add_domain(request: Request) -> Response:
    """Do what the Hub's page of a Space's settings does. On this machine `localhost` is another name of a Space's address."""
    space, given = _space(request), json.loads(await whole_body(request) or b"{}")
    domain, stage = given.get("domain") or f"localhost:{space.port}", given.get("stage", STAGES[0])
    if stage not in STAGES:
        raise Refusal(400, f"stage is one of {', '.join(STAGES)}")
    space.domains.append({"domain": domain, "stage": stage, "isCustom": True})
    space.save_state()
    return JSONResponse({"domain": domain})


async def remove_domains(request: Request) -> Response:
    """Leave the Space its own address."""
    space = _space(request)
    space.domains.clear()
    space.save_state()
    return JSONResponse({})


def _space(request: Request) -> Space:
    space = the_hub(request).find("space", _space_id(request))
    if not isinstance(space, Space):
        raise Refusal(404, "There is no such Space")
    return space


def _space_id(request: Request) -> str:
    return f"{request.path_params['owner']}/{request.path_params['name']}".lower()


routes = [
    Route("/_localhub/requests", list_requests),
    Route("/_localhub/requests", forget_requests, methods=["DELETE"]),
    Route("/_localhub/visits", list_visits),
    Route("/_localhub/received", list_received),
    Route("/_localhub/samples", list_samples),
    Route("/_localhub/faults", list_faults),
    Route("/_localhub/faults", add_faults, methods=["POST"]),
    Route("/_localhub/faults", remove_faults, methods=["DELETE"]),
    Route(SCRIPT, set_script, methods=["POST"]),
    Route(SCRIPT, remove_script, methods=["DELETE"]),
    Route(DOMAINS, add_domain, methods=["POST"]),
    Route(DOMAINS, remove_domains, methods=["DELETE"]),
]
