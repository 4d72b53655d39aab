"""Discussions and pull requests as they are kept: in discussions.json, in the shape in which they are sent."""

import secrets
from html import escape
from typing import Any

from starlette.requests import Request

from .access import open_repo, refuse_publisher, require_identity, require_write, the_hub, token_allows
from .accounts.accounts import Identity, account_id, avatar
from .json_files import read_json, timestamp, write_json
from .refusal import Refusal
from .repos.git import MAIN
from .repos.repository import Repo
from .variants.contributions import DISCUSSIONS_DISABLED

OPEN = ("draft", "open")
Discussion = dict[str, Any]
Event = dict[str, Any]


def load(repo: Repo) -> list[Discussion]:
    """All discussions, oldest first."""
    file = repo.dir / "discussions.json"
    return list(read_json(file)) if file.exists() else []


def find(repo: Repo, num: int) -> Discussion:
    """One discussion by its number; refuses an unknown one."""
    for discussion in load(repo):
        if discussion["num"] == num:
            return discussion
    raise Refusal(404, "Discussion not found")


def save(repo: Repo, discussion: Discussion) -> None:
    """Write one discussion, new or changed. The repository's lock must be held."""
    others = [one for one in load(repo) if one["num"] != discussion["num"]]
    write_json(repo.dir / "discussions.json", sorted([*others, discussion], key=lambda one: int(one["num"])))


def next_number(repo: Repo) -> int:
    """The number of the next discussion, its reference free to be made. The repository's lock must be held."""
    num = max((one["num"] for one in load(repo)), default=0) + 1
    if repo.git.refs(f"refs/pr/{num}"):  # of a process that was killed before it could record the pull request
        repo.git.delete_ref(f"refs/pr/{num}")
    return num


def record(repo: Repo, num: int, who: Identity, title: str, description: str, *, pull_request: bool) -> None:
    """Write down a new discussion. The repository's lock must be held."""
    discussion: Discussion = {
        "_id": secrets.token_hex(12),
        "collection": "discussions",
        "num": num,
        "title": title,
        "author": _author(who),
        "repo": {"name": repo.id, "type": repo.kind},
        "status": "draft" if pull_request else "open",
        "createdAt": timestamp(),
        "isPullRequest": pull_request,
        "pinned": False,
        "locked": False,
        "events": [new_comment(who, description)],
    }
    discussion |= {"changes": {"base": MAIN}} if pull_request else {"isReport": False}
    save(repo, discussion)


def record_commit(repo: Repo, num: int, who: Identity, title: str, sha: str) -> None:
    """Note a commit to a pull request. The repository's lock must be held."""
    discussion = find(repo, num)
    add_event(discussion, who, "commit", {"subject": title, "oid": sha})
    save(repo, discussion)


def may_discuss(request: Request, repo: Repo) -> Identity:
    """Who calls, if they may open and comment on discussions: anybody who may read, with a token that may write."""
    who = require_identity(request)
    refuse_publisher(request, repo, "discuss")
    if not token_allows(who, "discussion.write", repo):
        raise Refusal(403, "Forbidden: you must use a write token to open or change a discussion.")
    if repo.meta.discussions_disabled or the_hub(request).variants.on(DISCUSSIONS_DISABLED, repo.id):
        raise Refusal(403, "Discussions are disabled for this repo")
    return who


def open_to_change(request: Request) -> tuple[Repo, Identity]:
    """The repository of a commit and its author: may they write, or is it for a pull request of their own?"""
    repo = open_repo(request, "read")
    rev = str(request.path_params["rev"])
    if request.query_params.get("create_pr"):
        return repo, may_discuss(request, repo)
    number = rev.removeprefix("refs/pr/")
    if number != rev and number.isdigit():
        who = may_discuss(request, repo)
        if find(repo, int(number))["author"]["name"] == who.user.name:
            return repo, who
    return repo, require_write(request, repo)


def _author(who: Identity) -> dict[str, Any]:
    user = who.user
    return {
        "_id": account_id(user.name),
        "avatarUrl": avatar(user.name),
        "name": user.name,
        "fullname": user.name,
        "type": "user",
        "isPro": user.plan == "pro",
        "isHf": False,
        "isHfAdmin": False,
        "isMod": False,
    }


def add_event(discussion: Discussion, who: Identity, kind: str, data: dict[str, Any]) -> Event:
    """Put an event at a discussion's end."""
    event = {"id": secrets.token_hex(12), "type": kind, "createdAt": timestamp(), "author": _author(who), "data": data}
    discussion["events"].append(event)
    return event


def new_comment(who: Identity, text: str) -> Event:
    """A comment, as an event that stands nowhere yet."""
    latest = {"raw": text, "html": f"<p>{escape(text)}</p>", "updatedAt": timestamp(), "author": _author(who)}
    data = {
        "edited": False,
        "hidden": False,
        "latest": latest,
        "numEdits": 0,
        "history": [],
        "editors": [who.user.name],
        "editorAvatarUrls": [avatar(who.user.name)],
        "reactions": [],
        "isReport": False,
    }
    return add_event({"events": []}, who, "comment", data)
