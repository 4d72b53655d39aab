"""Routes of discussions and pull requests.

A pull request made by the API starts as a draft, which can't be merged. Its commits live at refs/pr/N. Merging squashes
them into one commit on main, titled as the Hub titles it ("Title (#N)").
"""

from collections.abc import Callable

from anyio.to_thread import run_sync
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import can_write, open_repo, refuse_publisher, the_hub
from localhub.accounts.accounts import Identity
from localhub.addresses import web_url
from localhub.discussion_store import (
    OPEN,
    Discussion,
    Event,
    add_event,
    find,
    load,
    may_discuss,
    new_comment,
    next_number,
    record,
    save,
)
from localhub.hub import Hub
from localhub.refusal import Refusal
from localhub.repos.git import MAIN, Conflict, Moved
from localhub.repos.repository import Repo
from localhub.request import json_object, whole_number
from localhub.variants.contributions import MERGE_COMMIT, NO_REF_DELETION

PAGE = 50
_LISTED = ("num", "title", "author", "repo", "status", "createdAt", "isPullRequest", "pinned")


async def listing(request: Request) -> Response:
    """GET discussions?p=&type=&status=&author=: a page, the newest first."""
    repo = _open_to_read(request)
    query = request.query_params
    kind, status, author = query.get("type", "all"), query.get("status", "all"), query.get("author")
    found = [
        discussion
        for discussion in reversed(load(repo))
        if kind in ("all", "pull_request" if discussion["isPullRequest"] else "discussion")
        and status in ("all", "open" if discussion["status"] in OPEN else "closed")
        and author in (None, discussion["author"]["name"])
    ]
    start = whole_number(request, "p", 0) * PAGE
    page = [
        {key: one[key] for key in _LISTED}
        | {"numComments": sum(event["type"] == "comment" for event in one["events"])}
        | {"numReactionUsers": 0, "topReactions": []}
        for one in found[start : start + PAGE]
    ]
    return JSONResponse({"discussions": page, "count": len(found), "start": start})


async def create(request: Request) -> Response:
    """POST discussions {title, description, pullRequest}: a discussion, or a draft pull request from main's head."""
    repo = open_repo(request, "read")
    who = may_discuss(request, repo)
    body = await json_object(request)
    title, pull_request = str(body.get("title", "")).strip(), body.get("pullRequest") is True
    if not 3 <= len(title) <= 200:
        raise Refusal(400, '"title" must be 3 to 200 characters long')

    def make() -> int:
        with repo.lock:
            num = next_number(repo)
            if pull_request:
                repo.git.create_ref(f"refs/pr/{num}", repo.git.head())
            record(repo, num, who, title, str(body.get("description", "")), pull_request=pull_request)
        return num

    num = await run_sync(make)
    url = web_url(request, repo.kind, repo.id, f"/discussions/{num}")
    return JSONResponse({"num": num, "url": url, "pullRequest": pull_request})


async def details(request: Request) -> Response:
    """GET discussions/{num}[?diff=1]."""
    repo = _open_to_read(request)
    discussion = find(repo, request.path_params["num"])
    if discussion["isPullRequest"]:
        discussion |= await run_sync(_against_main, repo, discussion, bool(request.query_params.get("diff")))
    return JSONResponse(discussion)


def _against_main(repo: Repo, discussion: Discussion, diff: bool) -> Discussion:
    """What merging would bring, or brought."""
    answer = Discussion(filesWithConflicts=[])
    commits = [event["data"]["oid"] for event in discussion["events"] if event["type"] == "commit"]
    tip = repo.git.refs(f"refs/pr/{discussion['num']}").get(f"refs/pr/{discussion['num']}") or next(
        reversed(commits), None
    )
    if tip is None:  # the reference was deleted before anything was committed to it
        return answer
    base = repo.git.merge_base(repo.git.head(), tip)
    if discussion["status"] in OPEN:
        answer["filesWithConflicts"] = list(repo.git.conflicts(repo.git.head(), tip))
    if diff and (patch := repo.git.diff(base, tip)) is not None:
        answer["diff"] = patch
    return answer


async def comment(request: Request) -> Response:
    """POST discussions/{num}/comment {comment}."""
    repo = open_repo(request, "read")
    who = may_discuss(request, repo)
    event = new_comment(who, str((await json_object(request)).get("comment", "")))

    def edit(discussion: Discussion) -> Event:
        discussion["events"].append(event)
        return event

    return JSONResponse({"newMessage": await _edit(request, repo, edit)})


async def title(request: Request) -> Response:
    """POST discussions/{num}/title {title}."""
    repo, who = _open_to_manage(request)
    new = str((await json_object(request)).get("title", "")).strip()

    def edit(discussion: Discussion) -> Event:
        event = add_event(discussion, who, "title-change", {"from": discussion["title"], "to": new})
        discussion["title"] = new
        return event

    return JSONResponse({"newTitle": await _edit(request, repo, edit)})


async def status(request: Request) -> Response:
    """POST discussions/{num}/status {status: open|closed, comment?}: also what makes a draft ready to be merged."""
    repo, who = _open_to_manage(request)
    body = await json_object(request)
    if (new := body.get("status")) not in ("open", "closed"):
        raise Refusal(400, '"status" must be one of [open, closed]')

    def edit(discussion: Discussion) -> Event:
        if discussion["status"] == "merged":
            raise Refusal(400, "This pull request is already merged")
        if body.get("comment"):
            discussion["events"].append(new_comment(who, body["comment"]))
        discussion["status"] = new
        return add_event(discussion, who, "status-change", {"status": new})

    return JSONResponse({"newStatus": await _edit(request, repo, edit)})


async def merge(request: Request) -> Response:
    """POST discussions/{num}/merge {comment?}: main moves once, by one commit."""
    repo = open_repo(request, "write")
    who = may_discuss(request, repo)
    words = (await json_object(request)).get("comment")
    event = await run_sync(_merge, the_hub(request), repo, request.path_params["num"], who, words)
    return JSONResponse({"newStatus": event})


def _merge(hub: Hub, repo: Repo, num: int, who: Identity, words: str | None) -> Event:
    with repo.lock:
        discussion = find(repo, num)
        if not discussion["isPullRequest"]:
            raise Refusal(400, "This discussion is not a pull request")
        if discussion["status"] != "open":
            raise Refusal(400, f"This pull request can't be merged: it is {discussion['status']}")
        head, tip = repo.git.head(), repo.git.resolve(f"refs/pr/{num}")
        commits = [event["data"] for event in discussion["events"] if event["type"] == "commit"]
        body = "\n".join(f"- {commit['subject']} ({commit['oid']})" for commit in commits)
        try:
            message = f"{discussion['title']} (#{num})\n\n{body}".strip()
            squash = not hub.variants.on(MERGE_COMMIT, repo.id)
            new = repo.git.merge(MAIN, [head, tip], message, who.user.name, squash=squash)
        except Conflict as conflict:
            raise Refusal(409, f"This pull request has conflicts: {conflict}") from conflict
        except Moved as moved:
            raise Refusal(409, "The branch was updated in the meantime. Please try again.") from moved
        if words:
            discussion["events"].append(new_comment(who, words))
        event = add_event(discussion, who, "status-change", {"status": "merged"})
        discussion["status"], discussion["changes"]["mergeCommitId"] = "merged", new
        save(repo, discussion)
    hub.moved(repo, MAIN, head, new)
    return event


async def delete_reference(request: Request) -> Response:
    """DELETE discussions/{num}/ref: the commits of a closed or merged pull request need not be kept."""
    repo, _ = _open_to_manage(request)
    if the_hub(request).variants.on(NO_REF_DELETION, repo.id):
        raise HTTPException(404)

    def delete() -> None:
        with repo.lock:
            discussion = find(repo, request.path_params["num"])
            if not discussion["isPullRequest"] or discussion["status"] in OPEN:
                raise Refusal(400, "Only the reference of a closed or merged pull request can be deleted")
            repo.git.delete_ref(f"refs/pr/{discussion['num']}")

    try:
        await run_sync(delete)
    except KeyError as error:
        raise Refusal(404, "The reference of this pull request is already deleted") from error
    return JSONResponse({})


async def _edit(request: Request, repo: Repo, edit: Callable[[Discussion], Event]) -> Event:
    """Change the discussion that `{num}` names; `edit` returns the event to tell the caller."""

    def locked() -> Event:
        with repo.lock:
            discussion = find(repo, request.path_params["num"])
            event = edit(discussion)
            save(repo, discussion)
        return event

    return await run_sync(locked)


def _open_to_read(request: Request) -> Repo:
    repo = open_repo(request, "read")
    refuse_publisher(request, repo, "look around")
    return repo


def _open_to_manage(request: Request) -> tuple[Repo, Identity]:
    """The repository, for its writers and for the author of the discussion."""
    repo = open_repo(request, "read")
    who = may_discuss(request, repo)
    author = find(repo, request.path_params["num"])["author"]["name"]
    if author != who.user.name and not can_write(the_hub(request), who, repo):
        raise Refusal(403, "Forbidden: only the author and those who may write can change a discussion")
    return repo, who


_ONE = "/api/{kind:kind}/{owner}/{name}/discussions/{num:int}"
routes: list[BaseRoute] = [
    Route("/api/{kind:kind}/{owner}/{name}/discussions", listing, methods=["GET"]),
    Route("/api/{kind:kind}/{owner}/{name}/discussions", create, methods=["POST"]),
    Route(_ONE, details, methods=["GET"]),
    Route(f"{_ONE}/comment", comment, methods=["POST"]),
    Route(f"{_ONE}/title", title, methods=["POST"]),
    Route(f"{_ONE}/status", status, methods=["POST"]),
    Route(f"{_ONE}/merge", merge, methods=["POST"]),
    Route(f"{_ONE}/ref", delete_reference, methods=["DELETE"]),
]
