"""What the Hub says about a repository: GET /api/{kind}s/{owner}/{name}[/revision/{rev}]."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import open_repo, the_hub
from localhub.json_files import timestamp
from localhub.refusal import Refusal
from localhub.repos.git import Entry
from localhub.repos.repository import Repo
from localhub.request import known_revision
from localhub.spaces.space import Space
from localhub.variants import Switches
from localhub.variants.reading import NO_VISIBILITY, PROTECTED_IS_PRIVATE


@dataclass(frozen=True, slots=True)
class View:
    """A repository at a commit; `blobs`: with the sizes and ids of its files."""

    repo: Repo
    commit: str
    variants: Switches
    blobs: bool = False

    @property
    def space(self) -> Space:
        """The repository, where it is a Space."""
        assert isinstance(self.repo, Space)  # noqa: S101
        return self.repo

    def private(self) -> bool:
        """Whether the Hub calls the repository private."""
        as_private = self.variants.on(PROTECTED_IS_PRIVATE, self.repo.id)
        return self.repo.meta.visibility in (("private", "protected") if as_private else ("private",))

    def card(self) -> dict[str, Any]:
        """The README's front matter."""
        return self.repo.front_matter(self.commit) or {}

    def files(self) -> list[Entry]:
        """All files."""
        return [entry for entry in self.repo.git.list(self.commit, recursive=True) if entry.kind == "file"]

    def siblings(self) -> list[dict[str, Any]]:
        """All files as the Hub lists them."""
        if self.blobs:
            return [_sibling(entry) for entry in self.files()]
        return [{"rfilename": path} for path in self.repo.git.files(self.commit)]

    def tags(self) -> list[str]:
        """The card's tags and those that the Hub adds."""
        sdk = [self.repo.settings.sdk] if isinstance(self.repo, Space) else []
        return [*sdk, *self.listed("tags"), f"region:{self.repo.meta.region}"]

    def group(self) -> dict[str, str] | None:
        """The resource group, of which the id alone is known here."""
        group = self.repo.meta.resource_group
        return None if group is None else {"id": group, "name": group}

    def listed(self, key: str) -> list[str]:
        """A list in the card."""
        value = self.card().get(key)
        return value if isinstance(value, list) else []


ALL: dict[str, Callable[[View], Any]] = {
    "author": lambda view: view.repo.owner,
    "cardData": View.card,
    "createdAt": lambda view: view.repo.meta.created_at,
    "disabled": lambda _: False,
    "lastModified": lambda view: timestamp(view.repo.git.commit_of(view.commit).date),
    "likes": lambda _: 0,
    "private": View.private,
    "resourceGroup": lambda view: view.group(),
    "sha": lambda view: view.commit,
    "siblings": View.siblings,
    "tags": View.tags,
    "trendingScore": lambda _: 0,
    "usedStorage": lambda view: sum(entry.size for entry in view.files()),
    "xetEnabled": lambda _: True,
}
FILES_ONLY: dict[str, Callable[[View], Any]] = {
    "downloads": lambda _: 0,
    "downloadsAllTime": lambda _: 0,
    "gated": lambda view: view.repo.meta.gated,
}
SPACE: dict[str, Callable[[View], Any]] = {
    "datasets": lambda view: view.listed("datasets"),
    "models": lambda view: view.listed("models"),
    "region": lambda view: view.repo.meta.region,
    "runtime": lambda view: view.space.runtime(),
    "sdk": lambda view: view.space.settings.sdk,
    "subdomain": lambda view: view.space.subdomain,
}
EXPANDABLE = {"model": ALL | FILES_ONLY, "dataset": ALL | FILES_ONLY, "space": ALL | SPACE}
"""What `expand` may ask for: huggingface_hub's Expand*Property_T as far as it exists here, and `xetEnabled` (recorded)."""
UNASKED = {
    "model": ("author", "sha", "lastModified", "private", "disabled", "gated", "likes", "downloads", "tags", "createdAt"),
    "space": ("author", "sha", "lastModified", "private", "disabled", "gated", "likes", "tags", "createdAt", "sdk", "subdomain",
              "models", "datasets", "runtime"),
}  # fmt: skip


async def info(request: Request) -> Response:
    """All about a repository, or only what `expand` names."""
    repo = open_repo(request)
    view = View(
        repo,
        await known_revision(request, repo),
        the_hub(request).variants,
        blobs=request.query_params.get("blobs", "").lower() == "true",
    )
    asked = request.query_params.getlist("expand") + request.query_params.getlist("expand[]")
    return JSONResponse(await run_sync(_some if asked else _full, view, asked))


def _some(view: View, asked: list[str]) -> dict[str, Any]:
    known = EXPANDABLE[view.repo.kind]
    if any(key not in known for key in asked):
        raise Refusal(400, f'"expand" must be one of [{", ".join(known)}]')
    return ids(view) | {key: known[key](view) for key in asked}


def _full(view: View, _: list[str]) -> dict[str, Any]:
    repo = view.repo
    known = EXPANDABLE[repo.kind] | {"gated": FILES_ONLY["gated"]}
    about = ids(view) | {key: known[key](view) for key in UNASKED.get(repo.kind, UNASKED["model"])}
    about["siblings"] = view.siblings()
    if not view.variants.on(NO_VISIBILITY, repo.id):
        about["visibility"] = repo.meta.visibility
    if data := view.card():
        about["cardData"] = data
    if isinstance(repo, Space):
        about["host"] = repo.host
    return about


def ids(view: View) -> dict[str, Any]:
    """What every description begins with."""
    return {"_id": view.repo.meta.object_id, "id": view.repo.id}


def _sibling(entry: Entry) -> dict[str, Any]:
    lfs = entry.lfs and {"sha256": entry.lfs.sha256, "size": entry.lfs.size, "pointerSize": entry.pointer_size}
    return {"rfilename": entry.path, "blobId": entry.oid, "size": entry.size} | ({"lfs": lfs} if lfs else {})


routes: list[BaseRoute] = [
    Route("/api/{kind:kind}/{owner}/{name}", info),
    Route("/api/{kind:kind}/{owner}/{name}/revision/{rev:rev}", info),
]
