"""Who the caller is, and what the caller may do with a repository."""

from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import Need, open_repo, refuse_publisher, require_identity, the_hub
from localhub.accounts.accounts import Identity, Org, account_id, avatar
from localhub.addresses import KINDS
from localhub.hub import Hub
from localhub.refusal import Refusal
from localhub.variants.rights import NO_AUTH_CHECK

CREATED = "2024-01-01T00:00:00.000Z"


async def whoami(request: Request) -> Response:
    """GET /api/whoami-v2."""
    who, hub = require_identity(request), the_hub(request)
    if who.repository is not None:  # what the live Hub says of a trusted publisher is not known
        raise Refusal(401, "Invalid username or password.")
    user = who.user
    if who.token.role == "app":
        return JSONResponse(_app(who))
    orgs: list[dict[str, Any]] = [
        {
            "type": "org",
            "id": account_id(org.name),
            "name": org.name,
            "fullname": org.name,
            "avatarUrl": avatar(org.name),
            "isEnterprise": org.plan == "enterprise",
            "plan": org.plan,
            "canPay": org.can_pay,
            "roleInOrg": org.members[user.name],
        }
        for org in hub.accounts.orgs
        if user.name in org.members
    ]
    return JSONResponse(
        {
            "type": "user",
            "id": account_id(user.name),
            "name": user.name,
            "fullname": user.name,
            "avatarUrl": avatar(user.name),
            "email": f"{user.name}@example.com",
            "emailVerified": True,
            "canPay": user.can_pay,
            "isPro": user.plan == "pro",
            "periodEnd": None,
            "orgs": orgs,
            "auth": {"type": "access_token", "accessToken": _access_token(hub, who)},
        }
    )


async def may_read(request: Request) -> Response:
    """GET .../auth-check."""
    return _may(request, "read")


async def may_write(request: Request) -> Response:
    """GET .../auth-check/write."""
    return _may(request, "write")


def _may(request: Request, need: Need) -> Response:
    repo = open_repo(request, need)
    if the_hub(request).variants.on(NO_AUTH_CHECK, repo.id):
        raise HTTPException(404)
    refuse_publisher(request, repo, "look around")
    return JSONResponse({})


def _app(who: Identity) -> dict[str, Any]:
    """An application's token: no e-mail address, no plan, no organisations. The fields are npm @huggingface/hub's."""
    return {
        "type": "app",
        "id": account_id(f"app {who.user.name}"),
        "name": f"{who.user.name}-app",
        "scope": {"entities": [who.user.name], "role": "write"},
        "auth": {"type": "app_token"},
    }


def _access_token(hub: Hub, who: Identity) -> dict[str, Any]:
    role = who.token.role
    about: dict[str, Any] = {"displayName": f"{who.user.name}-{role}", "role": role, "createdAt": CREATED}
    if role == "fineGrained":
        scoped = [
            {"entity": _entity(hub, scope.entity), "permissions": sorted(scope.permissions)}
            for scope in who.token.scoped
        ]
        about["fineGrained"] = {"canReadGatedRepos": False, "global": [], "scoped": scoped}
    return about


def _entity(hub: Hub, name: str) -> dict[str, str]:
    """What a scope is about: a namespace, or a repository (a Space, if there is none of that name yet)."""
    if "/" not in name:
        kind = "org" if isinstance(hub.accounts.namespace(name), Org) else "user"
        return {"_id": account_id(name), "type": kind, "name": name}
    kind = next((kind for kind in KINDS if hub.find(kind, name)), "space")
    repo = hub.find(kind, name)
    return {"_id": repo.meta.object_id if repo else account_id(name), "type": kind, "name": name}


routes: list[BaseRoute] = [
    Route("/api/whoami-v2", whoami),
    Route("/api/{kind:kind}/{owner}/{name}/auth-check", may_read),
    Route("/api/{kind:kind}/{owner}/{name}/auth-check/write", may_write),
]
