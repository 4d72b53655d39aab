"""Repositories come, change hands and settings, and go."""

import re
from dataclasses import asdict
from typing import Any, get_args

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import can_read, not_found, open_repo, require_identity, require_write, the_hub
from localhub.accounts import quota
from localhub.accounts.accounts import Identity
from localhub.addresses import KINDS, web_url
from localhub.hub import Hub
from localhub.push import preupload
from localhub.refusal import Refusal
from localhub.repos import card
from localhub.repos.creations import Busy
from localhub.repos.hardware import FREE, ZEROGPU, ZEROGPU_ALIAS
from localhub.repos.repository import Meta, Region, Repo, Visibility
from localhub.request import json_object
from localhub.spaces import volumes
from localhub.spaces.space import Entry, Settings, Space
from localhub.variants.contributions import CREATION_CONFLICT

NAME = re.compile(r"(?!.*(--|\.\.))(?!.*\.git$)[\w][\w.-]{0,95}(?<![-.])", re.ASCII)
BUSY = "Cannot create repo: another conflicting operation is in progress"
"""huggingface_hub reads these words, and repeats."""
KEY = re.compile(r"[a-zA-Z][_a-zA-Z0-9]*")


async def create(request: Request) -> Response:
    """POST /api/repos/create."""
    hub, who, body = the_hub(request), require_identity(request), await json_object(request)
    kind, visibility = body.get("type") or "model", _visibility(body) or "public"
    owner = _namespace(hub, who, kind, body.get("organization") or who.user.name)
    name = body.get("name")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise Refusal(400, f"Invalid repo name: {owner}/{name}")
    meta = Meta(f"{owner}/{name}", who.user.name, visibility)
    meta.region, meta.resource_group = _place(hub, owner, body)
    settings = _space_settings(body) if kind == "space" else None
    _check_visibility(hub, kind, owner, visibility)
    if settings:
        if not hub.plan_covers(meta.id, settings):
            raise Refusal(402, quota.NO_PLAN)
        quota.check_hardware(hub.accounts, owner, settings.hardware)
        hub.meter.check(who, "creations")  # before it is known whether the Space exists, as on the Hub
    files = {".gitattributes": preupload.FIRST_GITATTRIBUTES.encode()}
    if settings:
        files["README.md"] = card.first_readme(name, settings.sdk).encode()
    record = {"settings": asdict(settings)} if settings else None
    try:
        with hub.creations.one(who.user.name, meta.id, conflict=hub.variants.on(CREATION_CONFLICT, meta.id)):
            repo = await run_sync(hub.create, kind, meta, files, record)
    except Busy as error:
        raise Refusal(409, BUSY) from error
    except FileExistsError as error:
        taken = web_url(request, kind, meta.id)
        message = f"You already created this {kind} repo"
        raise Refusal(409, message, body={"error": message, "url": taken}) from error
    if isinstance(repo, Space):
        hub.meter.count(who, "creations")
        await hub.open_space(repo)
    return JSONResponse({"url": web_url(request, kind, repo.id), "name": repo.id, "id": repo.meta.object_id})


async def delete(request: Request) -> Response:
    """DELETE /api/repos/delete."""
    hub, who, body = the_hub(request), require_identity(request), await json_object(request)
    repo_id = f"{body.get('organization') or who.user.name}/{body.get('name')}"
    repo = _own(request, who, body.get("type") or "model", repo_id)
    if isinstance(repo, Space):
        hub.close_space(repo)
    await run_sync(hub.delete, repo)
    return PlainTextResponse("OK")


async def move(request: Request) -> Response:
    """POST /api/repos/move."""
    hub, who, body = the_hub(request), require_identity(request), await json_object(request)
    kind, target = body.get("type") or "model", str(body.get("toRepo"))
    repo = _own(request, who, kind, str(body.get("fromRepo")))
    owner, _, name = target.partition("/")
    if not NAME.fullmatch(name):
        raise Refusal(400, f"Invalid repo name: {target}")
    owner = _namespace(hub, who, kind, owner)
    try:
        await run_sync(hub.move, repo, f"{owner}/{name}")
    except FileExistsError as error:
        raise Refusal(409, f"A {kind} repository called {target} already exists") from error
    return JSONResponse({})


async def change_settings(request: Request) -> Response:
    """PUT .../settings: visibility, gated, discussionsDisabled."""
    repo, body = open_repo(request, "settings"), await json_object(request)
    visibility = _visibility(body)
    if visibility:
        _check_visibility(the_hub(request), repo.kind, repo.owner, visibility)
        repo.meta.visibility = visibility
    repo.meta.gated = body.get("gated", repo.meta.gated)
    repo.meta.discussions_disabled = bool(body.get("discussionsDisabled", repo.meta.discussions_disabled))
    repo.save_meta()
    return JSONResponse({"visibility": repo.meta.visibility, "gated": repo.meta.gated})


def check_key(key: Any) -> str:
    """The name of a secret or variable, if the Hub would take it."""
    if not isinstance(key, str) or not KEY.fullmatch(key):
        raise Refusal(400, f'"key" with value "{key}" fails to match the required pattern: /^{KEY.pattern}$/')
    return key


def check_hardware(flavor: Any, sdk: str) -> str:
    """A hardware flavor, if there is one of that name for this SDK; the wording about ZeroGPU is assumed."""
    if flavor not in card.HARDWARE:
        raise Refusal(400, f'"flavor" must be one of [{", ".join(card.HARDWARE)}]')
    if flavor not in (ZEROGPU, ZEROGPU_ALIAS):
        return str(flavor)
    if sdk != "gradio":
        raise Refusal(400, "ZeroGPU is for Gradio Spaces only")
    return ZEROGPU


def entries(values: Any) -> dict[str, Entry]:
    """Secrets or variables as a request lists them: [{key, value, description?}]."""
    return {check_key(one.get("key")): Entry(str(one.get("value", "")), one.get("description")) for one in values or []}


def _own(request: Request, who: Identity, kind: str, repo_id: str) -> Repo:
    """The repository to delete or move, if the caller may do that. A trusted publisher may not."""
    hub = the_hub(request)
    repo = hub.find(kind, repo_id)
    if who.repository is not None:
        raise Refusal(401, "Invalid username or password.")
    if repo is None or not can_read(hub, who, repo):
        raise not_found(who)
    require_write(request, repo, "settings")
    return repo


def _namespace(hub: Hub, who: Identity, kind: str, name: str) -> str:
    """The namespace, spelt as it is, if the caller may create repositories there."""
    if kind not in KINDS:
        raise Refusal(400, f'"type" must be one of [{", ".join(KINDS)}]')
    if who.repository is not None:
        raise Refusal(401, "Invalid username or password.")
    account, role = hub.accounts.namespace(name), hub.accounts.role(who.user, name)
    if account is None or role in (None, "read") or not who.token.allows("repo.write", name):
        raise Refusal(403, f'You don\'t have the rights to create a {kind} under the namespace "{name}"')
    return account.name


def _visibility(body: dict[str, Any]) -> Visibility | None:
    """What a request asks for: `visibility`, or `private` as older clients say it."""
    if "visibility" not in body:
        return None if body.get("private") is None else "private" if body["private"] else "public"
    if body["visibility"] not in get_args(Visibility):
        raise Refusal(400, f'"visibility" must be one of [{", ".join(get_args(Visibility))}]')
    wanted: Visibility = body["visibility"]
    return wanted


def _check_visibility(hub: Hub, kind: str, owner: str, visibility: Visibility) -> None:
    """What a namespace's plan allows: https://huggingface.co/docs/hub/spaces-overview."""
    if visibility == "protected" and kind != "space":
        raise Refusal(400, "Only Spaces can be protected")
    if visibility == "protected" and not hub.accounts.paid(owner):
        raise Refusal(402, "Protected Spaces require a PRO subscription. Subscribe at https://huggingface.co/pro")


def _place(hub: Hub, owner: str, body: dict[str, Any]) -> tuple[Region, str | None]:
    """Where a repository is stored, and its resource group. The plans are those that huggingface_hub's `create_repo` names; status
    and words of the refusals are assumed."""
    region, group = body.get("region"), body.get("resourceGroupId")
    if region not in (None, *get_args(Region)):
        raise Refusal(400, f'"region" must be one of [{", ".join(get_args(Region))}]')
    account = hub.accounts.namespace(owner)
    plan = account.plan if account else "free"
    if region is not None and plan not in ("team", "enterprise"):
        raise Refusal(402, "Storage Regions require a Team or Enterprise plan")
    if group is not None and plan != "enterprise":
        raise Refusal(403, "Resource groups are only available for Enterprise organizations")
    return region or "us", group


def _space_settings(body: dict[str, Any]) -> Settings:
    if body.get("sdk") not in card.SDKS:
        raise Refusal(400, f'"sdk" must be one of [{", ".join(card.SDKS)}]')
    return Settings(
        body["sdk"],
        check_hardware(body.get("hardware") or FREE, body["sdk"]),
        body.get("sleepTimeSeconds"),
        secrets=entries(body.get("secrets")),
        variables=entries(body.get("variables")),
        volumes=volumes.parse(body.get("volumes"), static=body["sdk"] == "static"),
    )


routes: list[BaseRoute] = [
    Route("/api/repos/create", create, methods=["POST"]),
    Route("/api/repos/delete", delete, methods=["DELETE"]),
    Route("/api/repos/move", move, methods=["POST"]),
    Route("/api/{kind:kind}/{owner}/{name}/settings", change_settings, methods=["PUT"]),
]
