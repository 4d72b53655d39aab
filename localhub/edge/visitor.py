"""Who may see a private Space, and what of that the app gets to see.

huggingface/hf-mcp-server pull 249 and gradio pull 11700: the Spaces' proxy reads `X-HF-Authorization` and removes it;
`Authorization` opens a private Space too, and is passed on. `?__sign=` with a token of `/jwt` is how gradio's JavaScript
client and the Hub's own pages come in; the cookie that follows is known from one project.
"""

from dataclasses import dataclass
from functools import partial

from starlette.requests import HTTPConnection

from localhub.access import can_read, holder, token_of
from localhub.hub import Hub
from localhub.spaces.space import Space
from localhub.variants.credentials import AUTHORIZATION_ONLY, AUTHORIZATION_REMOVED, NO_JWT, NO_SIGN_COOKIE

FOR_THE_EDGE = "x-hf-authorization"
SIGN, COOKIE = "__sign", "spaces-jwt"


@dataclass(frozen=True, slots=True)
class Admission:
    """A visitor who may come in: the headers that the app is not to see, and the cookie for the next visit."""

    hidden: frozenset[bytes]
    cookie: str | None = None


def admit(hub: Hub, space: Space, visitor: HTTPConnection) -> Admission | None:
    """Let a visitor in, or not."""
    on = partial(hub.variants.on, repo_id=space.id)
    if space.meta.visibility != "private":
        return Admission(frozenset({FOR_THE_EDGE.encode()}))
    hidden = {FOR_THE_EDGE.encode()} | ({b"authorization"} if on(AUTHORIZATION_REMOVED) else set())
    headers = ["authorization"] if on(AUTHORIZATION_ONLY) else [FOR_THE_EDGE, "authorization"]
    tokens = [token for header in headers if (token := token_of(visitor, header))]
    if any((who := holder(hub, token)) and can_read(hub, who, space) for token in tokens):
        return Admission(frozenset(hidden))
    if on(NO_JWT):
        return None
    sign = visitor.query_params.get(SIGN, "")
    if hub.space_tokens.opens(sign, space):
        return Admission(frozenset(hidden), None if on(NO_SIGN_COOKIE) else f"{COOKIE}={sign}; Path=/; HttpOnly")
    return Admission(frozenset(hidden)) if hub.space_tokens.opens(visitor.cookies.get(COOKIE, ""), space) else None
