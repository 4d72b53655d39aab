"""How the Hub sends a client to the CAS: token routes, and the headers of LFS batches and of file downloads.

Facts: https://huggingface.co/docs/xet/auth and /docs/xet/file-id; the header names are those that huggingface_hub
(constants.py) and npm @huggingface/hub (src/lib/commit.ts, src/lib/file-download-info.ts) read.
"""

from functools import partial
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import BaseRoute, Route

from localhub.access import open_repo
from localhub.discussion_store import open_to_change
from localhub.repos.repository import Repo
from localhub.request import known_revision

from .service import cas_url, the_xet
from .tokens import Access, Scope


async def give_token(request: Request, scope: Scope) -> JSONResponse:
    """`GET /api/{kind}s/{id}/xet-{read,write}-token/{rev}`: where the CAS is and a token for it."""
    # Who may commit may upload first: also somebody who may only propose changes (create_pr, refs/pr/N).
    repo = open_repo(request) if scope == "read" else open_to_change(request)[0]
    if not request.query_params.get("create_pr"):  # whose reference is not made yet: clients name none, or `None`
        await known_revision(request, repo)
    access = the_xet(request).tokens.access(scope, f"{repo.kind}s/{repo.id}")
    body = {"accessToken": access.token, "exp": access.expires, "casUrl": cas_url(request)}
    return JSONResponse(body, headers=_headers(request, access))


def upload_action(request: Request, repo: Repo, revision: str = "main") -> dict[str, Any]:
    """The `upload` action of an object in an LFS batch answered with `"transfer": "xet"`.

    `href` is where the client gets the next token. The caller must have checked that it may write.
    """
    access = the_xet(request).tokens.access("write", f"{repo.kind}s/{repo.id}")
    return {"href": _token_url(request, repo, "write", revision), "header": _headers(request, access)}


def xet_hash(request: Request, sha256: str) -> str | None:
    """The Xet hash (`xetHash` in listings) of the content with this sha256; None if it did not come by Xet."""
    return the_xet(request).store.xet_hash(sha256)


def xet_headers(request: Request, repo: Repo, commit: str, sha256: str) -> dict[str, str]:
    """What `resolve` adds for a file that can be fetched from the CAS; nothing if it did not come by Xet."""
    name = xet_hash(request, sha256)
    if name is None:
        return {}
    auth = _token_url(request, repo, "read", commit)
    info = f"{cas_url(request)}/v1/reconstructions/{name}"
    return {"X-Xet-Hash": name, "Link": f'<{auth}>; rel="xet-auth", <{info}>; rel="xet-reconstruction-info"'}


def _headers(request: Request, access: Access) -> dict[str, str]:
    return {
        "X-Xet-Cas-Url": cas_url(request),
        "X-Xet-Access-Token": access.token,
        "X-Xet-Token-Expiration": str(access.expires),
    }


def _token_url(request: Request, repo: Repo, scope: Scope, revision: str) -> str:
    owner, name = repo.id.split("/")
    return str(request.url_for(f"xet-{scope}-token", kind=repo.kind, owner=owner, name=name, rev=revision))


routes: list[BaseRoute] = [
    Route(
        f"/api/{{kind:kind}}/{{owner}}/{{name}}/xet-{scope}-token/{{rev:rev}}",
        partial(give_token, scope=scope),
        name=f"xet-{scope}-token",
    )
    for scope in ("read", "write")
]
