"""One repository of GitHub's with its pull requests, comments and deployments, on this machine."""

import itertools
import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from tests.kit.gitrepo import git

from . import objects
from .judge import filled, of_reply, of_request

BOT = "github-actions[bot]"
_NOT_ALLOWED = {"message": "Resource not accessible by integration", "documentation_url": "https://docs.github.com"}


@dataclass
class Pull:
    """A pull request: where its commit comes from and what is on it. `repository` is the one that the branch is in."""

    number: int
    sha: str
    branch: str = "change"
    repository: str = "octo/site"
    state: str = "open"
    labels: set[str] = field(default_factory=set)
    title: str = "A change"
    body: str | None = None
    author: str = ""
    association: str = "NONE"


@dataclass
class GitHub:
    """The stand-in's address, the requests that it got, what is in it, and what it answers to whom.

    `tokens` maps each token to what GitHub tells of it: `permissions` on the repository, `scopes` of a classic token; and in
    `lacks` what a job's `permissions:` left out: "issues" (which comments are), "deployments", "actions"; `labels` is false where it may put none on an issue. The others are turned
    away. `pushes` are the pushes to a repository's branch, `events` those of an issue, `roles` what people are here. `git` is the repository on the disk, where it takes one.
    """

    url: str
    repository: str
    tokens: Mapping[str, Mapping[str, Any]]
    requests: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    pulls: dict[int, Pull] = field(default_factory=dict)
    issues: list[dict[str, Any]] = field(default_factory=list)
    comments: list[dict[str, Any]] = field(default_factory=list)
    deployments: list[dict[str, Any]] = field(default_factory=list)
    statuses: list[dict[str, Any]] = field(default_factory=list)
    events: dict[int, list[dict[str, Any]]] = field(default_factory=dict)
    pushes: list[dict[str, Any]] = field(default_factory=list)
    roles: dict[str, str] = field(default_factory=dict)
    git: Path | None = None
    page: int = 30
    lock: Lock = field(default_factory=Lock)
    ids: Iterator[int] = field(default_factory=lambda: itertools.count(101))

    def open(self, number: int, sha: str, **about: Any) -> Pull:
        """Open a pull request whose branch was pushed at `at`."""
        at = about.pop("at", _now())
        pull = self.pulls[number] = Pull(number, sha, **about)
        self.pushed(pull, at)
        return pull

    def push(self, number: int, sha: str, *, at: str | None = None) -> None:
        """Move the branch of a pull request. Its labels stay, as on GitHub."""
        self.pulls[number].sha = sha
        self.pushed(self.pulls[number], at or _now())

    def pushed(self, pull: Pull, at: str) -> None:
        """Note that a pull request's branch stands at its commit since a moment."""
        about = {"ref": f"refs/heads/{pull.branch}", "after": pull.sha, "timestamp": at, "activity_type": "push"}
        owner = pull.repository.partition("/")[0]
        found = filled("activity", id=next(self.ids), before="0" * 40, actor=_user(owner), **about)
        self.pushes.insert(0, {"repository": pull.repository, "activity": found})

    def label(self, number: int, name: str, actor: str, *, at: str | None = None) -> None:
        """Put a label on a pull request."""
        self.pulls[number].labels.add(name)
        self._event(number, "labeled", name, actor, at)

    def unlabel(self, number: int, name: str, actor: str = BOT, *, at: str | None = None) -> None:
        """Take a label off a pull request."""
        self.pulls[number].labels.discard(name)
        self._event(number, "unlabeled", name, actor, at)

    def _event(self, number: int, kind: str, name: str, actor: str, at: str | None) -> None:
        about = {"event": kind, "created_at": at or _now(), "commit_id": None, "commit_url": None}
        label = {"name": name, "color": "ededed"}
        found = filled("labeled-issue-event", id=next(self.ids), actor=_user(actor), label=label, **about)
        self.events.setdefault(number, []).append(found)

    def states(self, environment: str | None = None) -> list[str]:
        """The states that deployments went through, in their order."""
        return [each["state"] for each in self.statuses if environment in (None, each["environment"])]


@contextmanager
def github(repository: str, tokens: Mapping[str, Mapping[str, Any]]) -> Iterator[GitHub]:
    """Serve `repository` (owner/name) on this machine. AssertionError at the end if GitHub's description fits it not."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            text = self.rfile.read(length)
            body = json.loads(text) if text else None
            with there.lock:
                there.requests.append(f"{self.command} {self.path}")
                try:
                    status, answer, headers = respond(there, self, body)
                except Exception as error:  # noqa: BLE001 - a fault of the stand-in's must fail the test, not look like an outage
                    there.wrong.append(f"{self.command} {self.path}: {error!r}")
                    status, answer, headers = 500, {"message": "Server Error"}, {}
            self.answer(status, answer, headers)

        do_POST = do_PATCH = do_DELETE = do_PUT = do_GET  # noqa: N815

        def answer(self, status: int, body: Any, headers: Mapping[str, str]) -> None:
            content = b"" if body is None else json.dumps(body).encode()
            self.send_response(status)
            for key, value in {"Content-Type": "application/json", **headers}.items():
                self.send_header(key, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: object) -> None:
            """What was asked stands in `requests`."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        there = GitHub(f"http://127.0.0.1:{server.server_port}", repository, tokens)
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield there
        finally:
            server.shutdown()
            thread.join()
    assert there.wrong == [], there.wrong


def respond(there: GitHub, request: BaseHTTPRequestHandler, body: Any) -> tuple[int, Any, Mapping[str, str]]:
    """Answer a request, and have both judged."""
    token = request.headers.get("authorization", "").partition(" ")[2]
    told = there.tokens.get(token)
    if told is None:
        return 401, {"message": "Bad credentials", "status": "401"}, {}
    there.wrong += of_request(request.command, request.path, body)
    path = urlsplit(request.path).path
    query = {name: values[0] for name, values in parse_qs(urlsplit(request.path).query).items()}
    for method, pattern, needs, answer in ROUTES:
        found = re.fullmatch(pattern, path)
        if method == request.command and found:
            if needs in told.get("lacks", ()):
                return 403, _NOT_ALLOWED, {}
            status, reply = answer(Asked(there, query, body, told), *map(unquote, found.groups()))
            headers = {"X-OAuth-Scopes": ", ".join(told["scopes"])} if "scopes" in told else {}
            if method == "GET" and isinstance(reply, list) and "/activity" not in path:
                reply, headers = _paged(there, path, query, reply, headers)
            there.wrong += of_reply(request.command, request.path, status, reply)
            return status, reply, headers
    return 404, {"message": "Not Found", "status": "404"}, {}


@dataclass
class Asked:
    """A request: what it is about, and who makes it."""

    there: GitHub
    query: Mapping[str, str]
    body: Any
    told: Mapping[str, Any]


def _paged(
    there: GitHub, path: str, query: Mapping[str, str], found: list[Any], headers: Mapping[str, str]
) -> tuple[list[Any], dict[str, str]]:
    size, number = int(query.get("per_page", there.page)), int(query.get("page", 1))
    rest = "".join(f"&{name}={value}" for name, value in query.items() if name not in ("page", "per_page"))
    more = len(found) > size * number
    link = f'<{there.url}{path}?per_page={size}&page={number + 1}{rest}>; rel="next"'
    return found[size * (number - 1) : size * number], {**headers, **({"Link": link} if more else {})}


def _repository(asked: Asked, name: str) -> tuple[int, Any]:
    if name != asked.there.repository:
        return 404, {"message": "Not Found", "status": "404"}
    owner, _, short = name.partition("/")
    url = f"{asked.there.url}/repos/{name}"
    known = {"name": short, "full_name": name, "owner": _user(owner), "url": url, "default_branch": "main"}
    permissions = asked.told.get("permissions")
    all_of_them = dict.fromkeys(("admin", "push", "pull"), False)
    granted = {} if permissions is None else {"permissions": all_of_them | permissions}
    return 200, filled("full-repository", **known) | granted


def _author(asked: Asked) -> dict[str, Any]:
    """Who writes, and what they are to the repository."""
    return {
        "user": _user(asked.told.get("login", BOT)),
        "author_association": asked.told.get("association", "NONE"),
    }


def _issues(asked: Asked, _: str) -> tuple[int, Any]:
    state, wanted = asked.query.get("state", "open"), set(filter(None, asked.query.get("labels", "").split(",")))
    found = [
        each
        for each in asked.there.issues
        if state in ("all", each["state"]) and wanted <= {label["name"] for label in each["labels"]}
    ]
    return 200, found[::-1]


def _issue(asked: Asked, repository: str) -> tuple[int, Any]:
    there, number = asked.there, next(asked.there.ids)
    labels = [{"name": name} for name in asked.body.get("labels", ()) if asked.told.get("labels", True)]
    made = filled(
        "issue",
        id=number,
        number=number,
        url=f"{there.url}/repos/{repository}/issues/{number}",
        html_url=f"https://github.com/{repository}/issues/{number}",
        state="open",
        state_reason=None,
        title=asked.body["title"],
        body=asked.body.get("body"),
        labels=labels,
        **_author(asked),
    )
    there.issues.append(made)
    return 201, made


def _change_issue(asked: Asked, _: str, number: str) -> tuple[int, Any]:
    (found,) = [each for each in asked.there.issues if each["number"] == int(number)]
    found |= asked.body
    return 200, found


def _comments(asked: Asked, _: str, number: str) -> tuple[int, Any]:
    return 200, [each for each in asked.there.comments if each["issue_url"].endswith(f"/{number}")]


def _comment(asked: Asked, repository: str, number: str) -> tuple[int, Any]:
    there, identity = asked.there, next(asked.there.ids)
    made = filled(
        "issue-comment",
        id=identity,
        url=f"{there.url}/repos/{repository}/issues/comments/{identity}",
        html_url=f"https://github.com/{repository}/pull/{number}#issuecomment-{identity}",
        issue_url=f"{there.url}/repos/{repository}/issues/{number}",
        body=asked.body["body"],
        **_author(asked),
    )
    there.comments.append(made)
    return 201, made


def _edit(asked: Asked, _: str, identity: str) -> tuple[int, Any]:
    (found,) = [each for each in asked.there.comments if each["id"] == int(identity)]
    found["body"] = asked.body["body"]
    return 200, found


def _remove_comment(asked: Asked, _: str, identity: str) -> tuple[int, Any]:
    asked.there.comments[:] = [each for each in asked.there.comments if each["id"] != int(identity)]
    return 204, None


def _deployments(asked: Asked, _: str) -> tuple[int, Any]:
    wanted = asked.query.get("environment")
    found = [each for each in asked.there.deployments if wanted in (None, each["environment"])]
    return 200, found[::-1]


def _deploy(asked: Asked, repository: str) -> tuple[int, Any]:
    there, identity, body = asked.there, next(asked.there.ids), asked.body
    address = f"{there.url}/repos/{repository}/deployments/{identity}"
    made = filled(
        "deployment",
        id=identity,
        url=address,
        statuses_url=f"{address}/statuses",
        sha=body["ref"] if re.fullmatch(r"[0-9a-f]{40}", body["ref"]) else "0" * 40,
        ref=body["ref"],
        environment=body.get("environment", "production"),
        transient_environment=body.get("transient_environment", False),
        production_environment=body.get("production_environment", False),
    )
    there.deployments.append(made)
    return 201, made


def _state(asked: Asked, _: str, identity: str) -> tuple[int, Any]:
    (found,) = [each for each in asked.there.deployments if each["id"] == int(identity)]
    given = {name: value for name, value in asked.body.items() if name != "auto_inactive"}
    made = filled("deployment-status", **(given | {"environment": found["environment"]}))
    asked.there.statuses.append(made | {"deployment": int(identity)})
    return 201, made


def _remove_deployment(asked: Asked, _: str, identity: str) -> tuple[int, Any]:
    states = [each["state"] for each in asked.there.statuses if each["deployment"] == int(identity)]
    if states[-1:] != ["inactive"]:
        return 422, {"message": "We cannot delete an active deployment unless it is the only one", "errors": []}
    asked.there.deployments[:] = [each for each in asked.there.deployments if each["id"] != int(identity)]
    return 204, None


def _pull(asked: Asked, repository: str, number: str) -> tuple[int, Any]:
    pull = asked.there.pulls.get(int(number))
    if pull is None:
        return 404, {"message": "Not Found", "status": "404"}
    return 200, filled("pull-request", **_pull_facts(asked.there, repository, pull))


def _pulls(asked: Asked, repository: str) -> tuple[int, Any]:
    state, head = asked.query.get("state", "open"), asked.query.get("head")
    found = [
        filled("pull-request-simple", **_pull_facts(asked.there, repository, pull))
        for pull in reversed(asked.there.pulls.values())
        if state in ("all", pull.state) and head in (None, f"{pull.repository.partition('/')[0]}:{pull.branch}")
    ]
    return 200, found


def _new_pull(asked: Asked, repository: str) -> tuple[int, Any]:
    there, body, author = asked.there, asked.body, _author(asked)
    if any(each.state == "open" and each.branch == body["head"] for each in there.pulls.values()):
        return 422, {"message": "Validation Failed", "errors": [{"message": "A pull request already exists"}]}
    assert there.git is not None, "this stand-in has no repository"
    sha = git(there.git, "rev-parse", f"refs/heads/{body['head']}").strip()
    made = Pull(next(there.ids), sha, body["head"], repository, title=body["title"], body=body["body"],
                author=author["user"]["login"], association=author["author_association"])  # fmt: skip
    there.pulls[made.number] = made
    return 201, filled("pull-request", **_pull_facts(there, repository, made))


def _change_pull(asked: Asked, repository: str, number: str) -> tuple[int, Any]:
    pull = asked.there.pulls[int(number)]
    pull.title, pull.body = asked.body.get("title", pull.title), asked.body.get("body", pull.body)
    pull.state = asked.body.get("state", pull.state)
    return 200, filled("pull-request", **_pull_facts(asked.there, repository, pull))


def _pull_facts(there: GitHub, repository: str, pull: Pull) -> dict[str, Any]:
    owner = pull.repository.partition("/")[0]
    labels = [
        {"id": 1, "node_id": "x", "url": "https://api.github.com/x", "name": name, "description": "", "color": "ededed", "default": False}
        for name in sorted(pull.labels)
    ]  # fmt: skip
    head_repository = filled(
        "repository", full_name=pull.repository, owner=_user(owner), name=pull.repository.partition("/")[2]
    )
    base_repository = filled("repository", full_name=repository, owner=_user(repository.partition("/")[0]))
    side = {"label": f"{owner}:{pull.branch}", "user": _user(owner)}
    return {
        "number": pull.number,
        "state": pull.state,
        "title": pull.title,
        "body": pull.body,
        "author_association": pull.association,
        "url": f"{there.url}/repos/{repository}/pulls/{pull.number}",
        "html_url": f"https://github.com/{repository}/pull/{pull.number}",
        "labels": labels,
        "user": _user(pull.author or owner),
        "head": {**side, "sha": pull.sha, "ref": pull.branch, "repo": head_repository},
        "base": {**side, "sha": "b" * 40, "ref": "main", "repo": base_repository},
    }


def _events(asked: Asked, _: str, number: str) -> tuple[int, Any]:
    return 200, asked.there.events.get(int(number), [])


def _unlabel(asked: Asked, _: str, number: str, name: str) -> tuple[int, Any]:
    if name not in asked.there.pulls[int(number)].labels:
        return 404, {"message": "Label does not exist", "status": "404"}
    asked.there.unlabel(int(number), name)
    return 200, []


def _activity(asked: Asked, repository: str) -> tuple[int, Any]:
    ref = asked.query.get("ref")
    found = [each["activity"] for each in asked.there.pushes if each["repository"] == repository]
    return 200, [each for each in found if ref in (None, each["ref"], each["ref"].removeprefix("refs/heads/"))]


def _permission(asked: Asked, _: str, user: str) -> tuple[int, Any]:
    role = asked.there.roles.get(user, "read")
    legacy = {"maintain": "write", "triage": "read"}.get(role, role)
    return 200, filled("repository-collaborator-permission", permission=legacy, role_name=role, user=None)


def _user(login: str) -> dict[str, Any]:
    known: dict[str, Any] = filled("simple-user", login=login, type="Bot" if login.endswith("[bot]") else "User")
    return known


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


_REPOSITORY = r"/repos/([^/]+/[^/]+)"
ROUTES: list[tuple[str, str, str, Callable[..., tuple[int, Any]]]] = [
    ("GET", _REPOSITORY, "", _repository),
    ("GET", f"{_REPOSITORY}/issues", "issues", _issues),
    ("POST", f"{_REPOSITORY}/issues", "issues", _issue),
    ("PATCH", f"{_REPOSITORY}/issues/([0-9]+)", "issues", _change_issue),
    ("GET", f"{_REPOSITORY}/issues/([0-9]+)/comments", "", _comments),
    ("POST", f"{_REPOSITORY}/issues/([0-9]+)/comments", "issues", _comment),
    ("PATCH", f"{_REPOSITORY}/issues/comments/([0-9]+)", "issues", _edit),
    ("DELETE", f"{_REPOSITORY}/issues/comments/([0-9]+)", "issues", _remove_comment),
    ("GET", f"{_REPOSITORY}/deployments", "", _deployments),
    ("POST", f"{_REPOSITORY}/deployments", "deployments", _deploy),
    ("POST", f"{_REPOSITORY}/deployments/([0-9]+)/statuses", "deployments", _state),
    ("DELETE", f"{_REPOSITORY}/deployments/([0-9]+)", "deployments", _remove_deployment),
    ("GET", f"{_REPOSITORY}/pulls", "", _pulls),
    ("GET", f"{_REPOSITORY}/pulls/([0-9]+)", "", _pull),
    ("POST", f"{_REPOSITORY}/pulls", "pulls", _new_pull),
    ("PATCH", f"{_REPOSITORY}/pulls/([0-9]+)", "pulls", _change_pull),
    *objects.routes(_REPOSITORY),
    ("GET", f"{_REPOSITORY}/issues/([0-9]+)/events", "", _events),
    ("DELETE", f"{_REPOSITORY}/issues/([0-9]+)/labels/([^/]+)", "issues", _unlabel),
    ("GET", f"{_REPOSITORY}/activity", "", _activity),
    ("GET", f"{_REPOSITORY}/collaborators/([^/]+)/permission", "", _permission),
]
"""Method, path, the permission without which GitHub refuses, and what answers."""
