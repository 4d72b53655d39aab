"""The rate limits of limits.py at work on each API request, and the handle that tests shrink them with.

PUT /_localhub/limits/{account} with some of {api, commits, creations, storage} sets other limits for an account, or for
`anonymous`, and starts its counters anew; DELETE brings the plan's back.
"""

import math
import time

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from localhub.access import holder, the_hub, token_of
from localhub.accounts.limits import ANONYMOUS, WINDOWS, Meter
from localhub.refusal import Refusal
from localhub.request import json_object


class RateLimits:
    """ASGI middleware: counts requests to the API, says in each answer how many are left, and refuses one too many."""

    def __init__(self, app: ASGIApp, meter: Meter) -> None:
        self.app = app
        self._meter = meter

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        account = _account(request)
        limit = self._meter.of(account).api
        if limit == math.inf:
            await self.app(scope, receive, send)
            return
        window = self._meter.window(account, "api")
        window.used += 1
        seconds = math.ceil(window.ends - time.monotonic())
        told = {
            "RateLimit": f'"api";r={max(limit - window.used, 0):g};t={seconds}',
            "RateLimit-Policy": f'"fixed window";"api";q={limit:g};w={WINDOWS["api"]}',
        }

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(told)
            await send(message)

        app = self.app if window.used <= limit else Refusal(429, _too_many(request, account, limit)).response()
        await app(scope, receive, telling)


def _account(request: Request) -> str:
    """Whom a request counts for: a token's owner, or all the strangers of this machine together."""
    who = holder(the_hub(request), token_of(request))
    return who.user.name if who else ANONYMOUS


def _too_many(request: Request, account: str, limit: float) -> str:
    if account == ANONYMOUS:
        address = request.client.host if request.client else "unknown"
        return (
            f"We had to rate limit your IP ({address}). To continue using our service, create a HF account or login to "
            "your existing account, and make sure you pass a HF_TOKEN if you're using the API."
        )
    return (
        f"We had to rate limit you, you hit the quota of {limit:g} api requests per 5 minutes period. Upgrade to a PRO "
        "user or Team/Enterprise organization account (https://hf.co/pricing) to get higher limits. "
        "See https://huggingface.co/docs/hub/rate-limits"
    )


async def set_limits(request: Request) -> Response:
    """PUT and DELETE /_localhub/limits/{account}."""
    meter, account = the_hub(request).meter, request.path_params["account"]
    given = await json_object(request) if request.method == "PUT" else None
    if not all(isinstance(value, int) and value >= 0 for value in (given or {}).values()):
        raise Refusal(400, "A limit is a whole number")
    try:
        meter.own(account, given)
    except TypeError as error:
        raise Refusal(400, str(error)) from error
    return JSONResponse({})


routes: list[BaseRoute] = [Route("/_localhub/limits/{account}", set_limits, methods=["PUT", "DELETE"])]
