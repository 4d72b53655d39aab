"""Pages of an account that messages lead to: its tokens and settings, and what costs money. All of it only to be read."""

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from localhub.access import the_hub

from .view import page

_STUBS = {
    "/settings": "Accounts are in the file that `--accounts` names; they are read when localhub starts.",
    "/settings/authentication": "Accounts are in the file that `--accounts` names; they are read when localhub starts.",
    "/settings/billing": "An account of `--accounts` says with `canPay` whether it has a payment method. Nothing costs anything here.",
    "/new-space": "A deploy creates its Space; by hand: `hf repos create owner/name --type space --sdk static`.",
    "/pro": "The plan of an account is in the file that `--accounts` names: free, pro, team or enterprise.",
    "/pricing": "Nothing costs anything here. The prices of hardware are those that a client gets from /api/spaces/hardware.",
}


async def tokens(request: Request) -> Response:
    """Name who has tokens, and of which role; what they are is in the accounts file."""
    return page(request, "tokens.html", holders=the_hub(request).accounts.holders)


async def stub(request: Request) -> Response:
    """Say where here is done what the Hub does on this page."""
    return page(request, "stub.html", path=request.url.path, text=_STUBS[request.url.path])


routes: list[BaseRoute] = [Route("/settings/tokens", tokens), *(Route(path, stub) for path in _STUBS)]
