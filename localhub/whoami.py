"""Who the caller is, and what the caller may do with a repository."""

from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import open_repo, require_identity, the_hub
from localhub.accounts import account_id

CREATED = "2024-01-01T00:00:00.000Z"


async def whoami(request: Request) -> Response:
    """GET /api/whoami-v2."""
    who = require_identity(request)
    user = who.user
    orgs: list[dict[str, Any]] = [
        {
            "type": "org",
            "id": account_id(org.name),
            "name": org.name,
            "fullname": org.name,
            "isEnterprise": org.plan == "enterprise",
            "plan": org.plan,
            "canPay": org.plan != "free",
            "roleInOrg": org.members[user.name],
        }
        for org in the_hub(request).accounts.orgs
        if user.name in org.members
    ]
    token = {"displayName": f"{user.name}-{who.rights}", "role": who.rights, "createdAt": CREATED}
    return JSONResponse(
        {
            "type": "user",
            "id": account_id(user.name),
            "name": user.name,
            "fullname": user.name,
            "email": f"{user.name}@example.com",
            "emailVerified": True,
            "canPay": user.plan == "pro",
            "isPro": user.plan == "pro",
            "periodEnd": None,
            "orgs": orgs,
            "auth": {"type": "access_token", "accessToken": token},
        }
    )


async def may_read(request: Request) -> Response:
    """GET .../auth-check."""
    open_repo(request)
    return JSONResponse({})


async def may_write(request: Request) -> Response:
    """GET .../auth-check/write."""
    open_repo(request, "write")
    return JSONResponse({})


routes: list[BaseRoute] = [
    Route("/api/whoami-v2", whoami),
    Route("/api/{kind:kind}/{owner}/{name}/auth-check", may_read),
    Route("/api/{kind:kind}/{owner}/{name}/auth-check/write", may_write),
]
