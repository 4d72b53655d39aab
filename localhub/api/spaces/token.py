"""GET /api/spaces/{owner}/{name}/jwt?expiration=…: a token that opens this Space's address, as `?__sign=`.

The OpenAPI description names the route and its parameters. `expiration` is a moment, as clients write it (ISO 8601); the
answer's `token` is what gradio's JavaScript client reads. `encrypted`, `write` and the others change nothing here.
"""

from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import the_hub
from localhub.refusal import Refusal
from localhub.variants.credentials import NO_JWT

from .space import SPACE, open_space


async def token(request: Request) -> Response:
    """The route: for everybody who may read the Space."""
    space, hub = open_space(request, "read"), the_hub(request)
    if hub.variants.on(NO_JWT, space.id):
        raise HTTPException(404)
    return JSONResponse({"token": hub.space_tokens.token(space, _moment(request.query_params.get("expiration")))})


def _moment(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text.replace(" ", "+"))  # a `+` that was not encoded arrives as a space
    except ValueError as error:
        raise Refusal(400, '"expiration" must be a valid date') from error
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


routes: list[BaseRoute] = [Route(f"{SPACE}/jwt", token)]
