"""Trusted publishing: a CI job's id token against an hour's token for one repository.

POST /oauth/token as https://huggingface.co/docs/hub/trusted-publishers describes it. Publishers are set up in a
repository's settings page on the Hub; here by POST /_localhub/spaces/{owner}/{name}/trusted-publishers
{repository, branch?, workflow?} or {provider, claims of its id tokens}, and DELETE to remove all of them.
"""

import re
from collections.abc import Mapping
from typing import Any

import jwt
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import the_hub
from localhub.accounts.providers import PROVIDERS
from localhub.accounts.publishers import CLAIMS, LIFE, Publisher, load, matches
from localhub.control.github_jobs import issuer_of
from localhub.json_files import write_json
from localhub.refusal import Refusal
from localhub.request import json_object
from localhub.variants.rights import EXCHANGE_BY_STATUS

HUB = "https://huggingface.co"
GRANT = "urn:ietf:params:oauth:grant-type:token-exchange"
ID_TOKEN = "urn:ietf:params:oauth:token-type:id_token"  # noqa: S105 - the name of a kind of token
ACCESS_TOKEN = "urn:ietf:params:oauth:token-type:access_token"  # noqa: S105
_RESOURCE = re.compile(r"(?:(?P<kind>datasets|spaces)/)?(?P<id>[\w.-]+/[\w.-]+)|[\w.-]+")


async def exchange(request: Request) -> Response:
    """POST /oauth/token."""
    body = await json_object(request)
    try:
        token = _exchanged(request, body)
    except Refusal as refusal:
        resource = _RESOURCE.fullmatch(str(body.get("resource")))
        about = (resource and resource["id"]) or ""
        if not the_hub(request).variants.on(EXCHANGE_BY_STATUS, about):
            refusal.status = 400
        raise
    answer = {"access_token": token, "token_type": "bearer", "expires_in": LIFE, "issued_token_type": ACCESS_TOKEN}
    return JSONResponse(answer, headers={"Cache-Control": "no-store"})


def _exchanged(request: Request, body: Mapping[str, Any]) -> str:
    """The access token. A Refusal has the status that tells the reasons apart."""
    asked = {name: body.get(name) for name in ("grant_type", "subject_token_type", "subject_token", "resource")}
    for name, value in asked.items():
        if not isinstance(value, str) or not value:
            raise _refused(422, "invalid_request", f"Missing or malformed parameter: {name}")
    if (asked["grant_type"], asked["subject_token_type"]) != (GRANT, ID_TOKEN):
        raise _refused(422, "invalid_request", "Unsupported grant_type or subject_token_type")
    resource = _RESOURCE.fullmatch(str(asked["resource"]))
    if resource is None:
        raise _refused(422, "invalid_request", "Malformed resource")
    hub, issuers = the_hub(request), [issuer_of(request, each) for each in ("github", *PROVIDERS)]
    own_address = f"{request.url.scheme}://{request.url.netloc}"
    try:
        claims = hub.issuer.verify(str(asked["subject_token"]), issuers, [HUB, own_address])
    except jwt.InvalidTokenError as error:
        raise _refused(401, "invalid_grant") from error
    repo = hub.find((resource["kind"] or "models").removesuffix("s"), resource["id"] or "")
    if repo is None:
        raise _refused(404, "invalid_grant")
    if not any(matches(publisher, claims) for publisher in load(repo)):
        raise _refused(403, "invalid_grant")
    return hub.publishers.token(repo, str(claims["sub"]))


def _refused(status: int, error: str, description: str = "The token exchange was refused") -> Refusal:
    """An OAuth error. Like the Hub's, its words do not tell which check failed."""
    return Refusal(status, description, body={"error": error, "error_description": description})


async def set_up(request: Request) -> Response:
    """POST and DELETE /_localhub/spaces/{owner}/{name}/trusted-publishers."""
    space_id = f"{request.path_params['owner']}/{request.path_params['name']}"
    if (repo := the_hub(request).find("space", space_id)) is None:
        raise Refusal(404, f"There is no Space {space_id}")
    publishers: list[Publisher] = []
    if request.method == "POST":
        body = await json_object(request)
        values = all(isinstance(value, str) and value for value in body.values())
        other = body.get("provider") in PROVIDERS and len(body) > 1
        if not values or (not other and ("repository" not in body or body.keys() - set(CLAIMS))):
            raise Refusal(400, f"A publisher is a mapping of {', '.join(CLAIMS)}, with a repository")
        issuer = {"issuer": issuer_of(request, body["provider"])} if other else {}
        publishers = [*load(repo), {**body, **issuer}]
    write_json(repo.dir / "publishers.json", publishers)
    return JSONResponse(publishers)


routes: list[BaseRoute] = [
    Route("/oauth/token", exchange, methods=["POST"]),
    Route("/_localhub/spaces/{owner}/{name}/trusted-publishers", set_up, methods=["POST", "DELETE"]),
]
