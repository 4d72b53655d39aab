"""Variants switched at run time: which of the Hub's possible answers a test wants.

GET    /_localhub/variants     all, with where they are on: [{name, what, evidence, on: [prefix, …]}]
PUT    /_localhub/variants     {"on": [name, …], "for": "alice/demo"}: these and no others, for all repositories whose id
                               begins so; without `for`, for all
DELETE /_localhub/variants     all off, or with ?for=… those for a prefix
"""

from dataclasses import asdict

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import the_hub
from localhub.refusal import Refusal
from localhub.request import json_object
from localhub.variants import ALL


async def list_variants(request: Request) -> Response:
    """The route."""
    switches = the_hub(request).variants
    return JSONResponse([asdict(one) | {"on": list(switches.prefixes(one))} for one in ALL.values()])


async def set_variants(request: Request) -> Response:
    """The route."""
    body = await json_object(request)
    names, prefix = body.get("on"), body.get("for", "")
    if body.keys() - {"on", "for"} or not isinstance(names, list) or not isinstance(prefix, str):
        raise Refusal(400, 'Expected {"on": [names], "for": "the beginning of ids"}')
    try:
        the_hub(request).variants.set(map(str, names), prefix)
    except ValueError as error:
        raise Refusal(400, str(error)) from error
    return JSONResponse({})


async def clear_variants(request: Request) -> Response:
    """The route."""
    switches, prefix = the_hub(request).variants, request.query_params.get("for")
    if prefix is None:
        switches.clear()
    else:
        switches.set([], prefix)
    return JSONResponse({})


ADDRESS = "/_localhub/variants"
routes: list[BaseRoute] = [
    Route(ADDRESS, list_variants),
    Route(ADDRESS, set_variants, methods=["PUT"]),
    Route(ADDRESS, clear_variants, methods=["DELETE"]),
]
