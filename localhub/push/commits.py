"""POST /api/{kind}s/{id}/commit/{rev}: a stream of JSON lines becomes one commit.

The lines are read as they come and their files written as blobs at once, so the memory needed is that of the longest
line. Nothing is visible before the reference moves, in one step, at the end.
"""

import json
from binascii import a2b_base64
from collections.abc import AsyncIterator, Sequence
from typing import Any

from anyio.to_thread import run_sync
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub import discussion_store
from localhub.access import the_hub
from localhub.accounts import leaks, quota
from localhub.accounts.accounts import Identity
from localhub.addresses import web_url
from localhub.hub import Hub
from localhub.refusal import Refusal
from localhub.repos import card
from localhub.repos.git import Moved
from localhub.repos.pointer import Pointer
from localhub.repos.repository import Repo
from localhub.repos.tree_edits import Changes, Removed
from localhub.request import no_entry, resolve, unknown_revision

from .lfs import SHA256
from .preupload import LARGEST_REGULAR, text_at, track

BATCH = 1024 * 1024
"""Bytes of lines to collect before a thread works on them."""
STALE = "The branch was updated since you opened this page. Please refresh and try again."


class Draft:
    """A commit in the making."""

    def __init__(self, hub: Hub, repo: Repo) -> None:
        self.title = self.description = ""
        self.parent: str | None = None
        self.changes = Changes()
        self._hub = hub
        self._repo = repo
        self._lines = 0
        self._missing: list[str] = []
        self._large: list[str] = []
        self._sizes: dict[str, int] = {}
        self._leaks: list[tuple[str, str]] = []
        self._gitattributes: str | None = None

    def take(self, lines: Sequence[bytes]) -> None:
        """Go through lines of the request. Blocking."""
        for line in filter(None, lines):
            self._lines += 1
            try:
                item = json.loads(line)
                self._take(item["key"], item["value"])
            except (KeyError, TypeError, ValueError) as error:
                raise Refusal(400, f"Line {self._lines} of the commit is malformed: {error!r}") from error

    def complete(self, ref: str, parent: str) -> None:
        """Once all lines are there: refuse what can't be committed, and send large files to LFS by .gitattributes."""
        if not self.title:
            raise Refusal(400, '"summary" is not allowed to be empty')
        if self._missing:
            files = "".join(f"\n  - {path}" for path in self._missing)
            raise Refusal(400, f"LFS pointer pointed to a file that does not exist. Offending file(s):{files}")
        if self._leaks:
            raise leaks.refusal(ref, self._leaks)
        quota.check_storage(self._hub.meter, self._repo, self._sizes)
        before = self._gitattributes
        if before is None:
            before = text_at(self._repo.git, parent, ".gitattributes")
        if (after := track(before, self._large)) != before:
            self._put(".gitattributes", after.encode())

    def _take(self, key: str, value: dict[str, Any]) -> None:
        if (key == "header") != (self._lines == 1):
            raise ValueError("the header, and nothing else, comes first")
        if key == "header":
            self.title, self.description = value["summary"].strip(), (value.get("description") or "").strip()
            self.parent = value.get("parentCommit")
            return
        path = value["path"].removesuffix("/")
        if not _is_inside(path):
            raise Refusal(422, f"Invalid path: {path}")
        match key:
            case "file":
                content = value["content"]
                base64 = value.get("encoding") == "base64"
                self._regular(path, a2b_base64(content, strict_mode=True) if base64 else content.encode())
            case "lfsFile":
                self._stored(path, value["oid"])
            case "deletedFile":
                self.changes.remove(path)
            case "deletedFolder":
                self.changes.remove(path.rstrip("/"), Removed.FOLDER)
            case _:
                raise ValueError(f"unknown operation {key}")

    def _regular(self, path: str, content: bytes) -> None:
        if len(content) > LARGEST_REGULAR:
            raise Refusal(400, f"Your push was rejected because it contains files larger than 10 MiB: {path}")
        self._leaks += [(path, token) for token in self._hub.accounts.tokens_in(content)]
        if path == ".gitattributes":
            self._gitattributes = content.decode("utf-8", "replace")
        if path == "README.md":
            errors, _ = card.check(content.decode("utf-8", "replace"), self._repo.kind)
            if errors:
                raise Refusal(400, "Invalid metadata in README.md." + "".join(f"\n- {error}" for error in errors))
        self._put(path, content)

    def _stored(self, path: str, oid: str) -> None:
        if not SHA256.fullmatch(oid) or not self._hub.objects.has(oid):
            self._missing.append(path)
            return
        self._large.append(path)
        # The size is the store's: clients that copy a file leave it out.
        self._sizes[oid] = self._hub.objects.size(oid)
        self._put(path, bytes(Pointer(oid, self._sizes[oid])))

    def _put(self, path: str, content: bytes) -> None:
        self.changes.put(path, self._repo.git.write(content))


async def commit(request: Request) -> Response:
    """The route."""
    repo, who = discussion_store.open_to_change(request)
    the_hub(request).meter.check(who, "commits")
    the_hub(request).meter.count(who, "commits")
    draft = Draft(the_hub(request), repo)
    async for lines in _batches(request.stream()):
        await run_sync(draft.take, lines)
    rev, pull_request = request.path_params["rev"], bool(request.query_params.get("create_pr"))
    sha, num = await run_sync(_publish, the_hub(request), repo, who, draft, rev, pull_request)
    answer = {
        "success": True,
        "commitOid": sha,
        "commitUrl": web_url(request, repo.kind, repo.id, f"/commit/{sha}"),
        "hookOutput": "",
    }
    if pull_request:
        answer["pullRequestUrl"] = web_url(request, repo.kind, repo.id, f"/discussions/{num}")
    return JSONResponse(answer)


def _publish(hub: Hub, repo: Repo, who: Identity, draft: Draft, rev: str, pull_request: bool) -> tuple[str, int | None]:
    """Move the branch (or a new pull request) to the draft's commit: its id, and the pull request's number."""
    with repo.lock:
        if pull_request:
            num: int | None = discussion_store.next_number(repo)
            base, _ = _target(repo, rev)  # a branch: huggingface_hub's live tests see a commit's id refused
            ref, parent = f"refs/pr/{num}", resolve(repo, draft.parent or base)
        else:
            ref, num = _target(repo, rev)
            parent = repo.git.resolve(ref)
            if draft.parent and not parent.startswith(draft.parent):
                raise Refusal(412, STALE)
        draft.complete(ref, parent)
        message = f"{draft.title}\n\n{draft.description}".strip()
        try:
            sha = repo.git.commit(ref, parent, draft.changes, message, who.user.name, new_ref=pull_request)
        except KeyError as error:
            raise no_entry(parent) from error
        except Moved as error:
            raise Refusal(412, STALE) from error
        if num is not None:
            if pull_request:
                discussion_store.record(repo, num, who, draft.title, draft.description, pull_request=True)
            discussion_store.record_commit(repo, num, who, draft.title, sha)
    hub.moved(repo, ref, parent, sha)
    return sha, num


def _target(repo: Repo, rev: str) -> tuple[str, int | None]:
    """The reference that a commit to `rev` moves, and the number of the pull request that it is."""
    try:
        ref = repo.git.reference(rev)
    except KeyError as error:
        raise unknown_revision(rev) from error
    if not ref.startswith("refs/pr/"):
        return ref, None
    num = int(ref.removeprefix("refs/pr/"))
    if (status := discussion_store.find(repo, num)["status"]) not in ("draft", "open"):
        raise Refusal(403, f"Forbidden: this pull request is {status}")
    return ref, num


def _is_inside(path: str) -> bool:
    """Whether a path stays inside the repository, also where backslashes separate; so in huggingface_hub's live tests."""
    parts = path.replace("\\", "/").split("/")
    leads_out = any(part in (".", "..") or part.lower() == ".git" or "\0" in part for part in parts)
    return not leads_out and "" not in path.split("/")  # a backslash at the end of a name is only odd


async def _batches(stream: AsyncIterator[bytes]) -> AsyncIterator[list[bytes]]:
    """The complete lines of a stream, about a megabyte at a time."""
    lines: list[bytes] = []
    begun: list[bytes] = []
    held = 0
    async for chunk in stream:
        first, *others = chunk.split(b"\n")
        begun.append(first)
        for piece in others:
            lines.append(b"".join(begun))
            begun = [piece]
        held += len(chunk)
        if held >= BATCH:
            yield lines
            lines, held = [], 0
    yield [*lines, b"".join(begun)]


routes: list[BaseRoute] = [Route("/api/{kind:kind}/{owner}/{name}/commit/{rev:rev}", commit, methods=["POST"])]
