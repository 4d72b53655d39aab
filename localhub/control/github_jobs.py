"""The CI systems' side of trusted publishing, for tests: jobs that can prove who they are by id tokens.

POST /_localhub/oidc/jobs               {repository, branch?, workflow?, ref?, event?, provider?} → {url, token}: what a runner gives its job
                                        as ACTIONS_ID_TOKEN_REQUEST_URL and ACTIONS_ID_TOKEN_REQUEST_TOKEN; jobs of another provider
                                        (gitlab, circleci, bitbucket) get their id token the same way
GET  /_localhub/oidc/jobs/{job}/token   what stands behind that URL: ?audience=... → {value: an id token}
GET  /_localhub/oidc/.well-known/jwks   the public key that the tokens are signed with
"""

import secrets

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import the_hub
from localhub.accounts.id_tokens import ALGORITHM, Job
from localhub.accounts.providers import PROVIDERS
from localhub.refusal import Refusal
from localhub.request import json_object

PREFIX = "/_localhub/oidc"


def issuer_of(request: Request, provider: str = "github") -> str:
    """How this localhub calls itself where it stands for a CI system."""
    of_its_own = f"/{provider}" if provider in PROVIDERS else ""
    return f"{request.url.scheme}://{request.url.netloc}{PREFIX}{of_its_own}"


async def start_job(request: Request) -> Response:
    """POST /_localhub/oidc/jobs."""
    body = await json_object(request)
    if "branch" in body:
        body["ref"] = f"refs/heads/{body.pop('branch')}"
    known = {"repository", "ref", "workflow", "event", "provider"}
    if "repository" not in body or body.keys() - known or not all(isinstance(value, str) for value in body.values()):
        raise Refusal(400, f"A job is a mapping of {', '.join(sorted(known | {'branch'}))}, with a repository")
    job, name = Job(**body), secrets.token_hex(8)
    the_hub(request).issuer.jobs[name] = job
    return JSONResponse({"url": f"{issuer_of(request)}/jobs/{name}/token?api-version=2.0", "token": job.token})


async def id_token(request: Request) -> Response:
    """GET /_localhub/oidc/jobs/{job}/token?audience=..."""
    issuer = the_hub(request).issuer
    job = issuer.jobs.get(request.path_params["job"])
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if job is None or scheme.lower() != "bearer" or not secrets.compare_digest(token, job.token):
        raise Refusal(401, "This job may not request an id token")
    audience = request.query_params.get("audience") or f"https://github.com/{job.repository.partition('/')[0]}"
    return JSONResponse({"count": 1, "value": issuer.mint(job, issuer_of(request, job.provider), audience)})


async def keys(request: Request) -> Response:
    """GET /_localhub/oidc/.well-known/jwks."""
    return JSONResponse(the_hub(request).issuer.jwks)


async def configuration(request: Request) -> Response:
    """GET /_localhub/oidc/.well-known/openid-configuration."""
    issuer = issuer_of(request)
    return JSONResponse(
        {
            "issuer": issuer,
            "jwks_uri": f"{issuer}/.well-known/jwks",
            "response_types_supported": ["id_token"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": [ALGORITHM],
        }
    )


routes: list[BaseRoute] = [
    Route(f"{PREFIX}/jobs", start_job, methods=["POST"]),
    Route(f"{PREFIX}/jobs/{{job}}/token", id_token),
    Route(f"{PREFIX}/.well-known/jwks", keys),
    Route(f"{PREFIX}/.well-known/openid-configuration", configuration),
]
