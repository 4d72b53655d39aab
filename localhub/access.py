"""May this caller do this? Refuses with the statuses, codes and words of the Hub."""

from base64 import b64decode
from typing import Literal, cast

from starlette.requests import HTTPConnection, Request

from .accounts.accounts import Identity, Role
from .accounts.tokens import Permission
from .hub import Hub
from .refusal import Refusal
from .repos.repository import Repo
from .variants.reading import CREATION_LAG, LATE_CREATION
from .variants.rights import PUBLISHER_401, PUBLISHER_403, PUBLISHER_DISCUSSES, PUBLISHER_SETS

Need = Literal["read", "write", "references", "logs", "settings"]
_PERMISSIONS: dict[Need, Permission] = {
    "read": "repo.content.read",
    "write": "repo.content.write",
    "references": "repo.content.write",
    "logs": "repo.write",
    "settings": "repo.write",
}
NO_ACCESS = "Invalid username or password."
Deed = Literal["look around", "discuss", "set"]
"""What a trusted publisher may want beside reading and writing content."""


def the_hub(request: Request) -> Hub:
    """The Hub that serves this request."""
    return cast(Hub, request.app.state.hub)


def identity(request: Request) -> Identity | None:
    """Who calls, or None without a token. An unknown token is refused, as the Hub does, even where none is needed."""
    if "authorization" not in request.headers:
        return None
    if (who := holder(the_hub(request), token_of(request))) is None:
        raise Refusal(401, "Invalid credentials in Authorization header")
    return who


def token_of(request: HTTPConnection, header: str = "authorization") -> str:
    """The token sent along: `Bearer TOKEN`, or as git has it, `Basic` with it as anybody's password. Empty for none."""
    scheme, _, value = request.headers.get(header, "").partition(" ")
    match scheme.lower():
        case "bearer":
            return value.strip()
        case "basic":
            try:
                return b64decode(value, validate=True).decode().partition(":")[2]
            except ValueError:
                return ""
    return ""


def holder(hub: Hub, token: str) -> Identity | None:
    """Whose token this is: an account's, or a trusted publisher's."""
    return hub.accounts.identity(token) or hub.publishers.identity(token)


def require_identity(request: Request) -> Identity:
    """Who calls; refuses anonymous callers."""
    if (who := identity(request)) is None:
        raise Refusal(401, NO_ACCESS)
    return who


def not_found(who: Identity | None) -> Refusal:
    """A repository that isn't there, or isn't there for this caller: the answers are the same on purpose.

    The live Hub's 401 carries no code: clients read it as "not found" on https only, so on http the code says it.
    """
    if who is None:
        return Refusal(401, NO_ACCESS, code="RepoNotFound")
    return Refusal(404, "Repository not found", code="RepoNotFound")


def can_read(hub: Hub, who: Identity | None, repo: Repo) -> bool:
    """Public repositories are everybody's; the source of private and protected ones is its namespace's."""
    if repo.meta.visibility == "public":
        return True
    return who is not None and _role(hub, who, repo) is not None and who.token.allows("repo.content.read", repo.id)


def can_write(hub: Hub, who: Identity, repo: Repo) -> bool:
    """Whether the role (not the token) allows writing; contributors write to what they created themselves."""
    role = _role(hub, who, repo)
    return role in ("write", "admin") or (role == "contributor" and repo.meta.creator == who.user.name)


def token_allows(who: Identity, permission: Permission, repo: Repo) -> bool:
    """Whether the token (not the role) allows this with a repository. A trusted publisher's is for its own only."""
    return who.repository in (None, repo.meta.object_id) and who.token.allows(permission, repo.id)


def open_repo(request: Request, need: Need = "read") -> Repo:
    """The repository that the path names ({kind}, {owner}, {name}; a model where there is no kind), if the caller may.

    `write` is for its contents, `references` for branches and tags, `logs` for those of a Space, `settings` for all else.
    Fine-grained tokens and trusted publishers tell them apart, roles don't.
    """
    params = request.path_params
    return open_other(request, params.get("kind", "model"), f"{params['owner']}/{params['name']}", need)


def open_other(request: Request, kind: str, repo_id: str, need: Need = "read") -> Repo:
    """The same for a repository that the path does not name."""
    hub = the_hub(request)
    who = identity(request)
    repo = hub.find(kind, repo_id)
    if repo is None or not can_read(hub, who, repo) or not_yet(hub, repo):
        raise not_found(who)
    if need != "read":
        require_write(request, repo, need)
    return repo


def require_write(request: Request, repo: Repo, need: Need = "write") -> Identity:
    """Who calls, if they may write to `repo`: first the token, then the role."""
    who = require_identity(request)
    if need not in ("read", "write"):
        refuse_publisher(request, repo, "look around" if need == "logs" else "set")
    if who.token.role == "read":
        raise Refusal(403, "Forbidden: you must use a write token to upload to a repository.")
    if not token_allows(who, _PERMISSIONS[need], repo) or not can_write(the_hub(request), who, repo):
        raise Refusal(403, "Forbidden: pass `create_pr=1` as a query parameter to create a Pull Request.")
    return who


def refuse_publisher(request: Request, repo: Repo, deed: Deed) -> None:
    """Refuse a trusted publisher what its token is not for: all but commits, what leads to them, and reads."""
    who, variants = identity(request), the_hub(request).variants
    if who is None or who.repository is None:
        return
    allowed = variants.on(PUBLISHER_SETS, repo.id) or (deed == "discuss" and variants.on(PUBLISHER_DISCUSSES, repo.id))
    if variants.on(PUBLISHER_401, repo.id) if deed == "look around" else not allowed:
        if variants.on(PUBLISHER_403, repo.id):
            raise Refusal(403, "Forbidden")
        raise Refusal(401, NO_ACCESS, code="RepoNotFound")  # the code that clients infer on https, see `not_found`


def not_yet(hub: Hub, repo: Repo) -> bool:
    """Whether a repository is so new that readers don't see it."""
    return hub.variants.on(LATE_CREATION, repo.id) and hub.recent.is_new(repo, CREATION_LAG)


def _role(hub: Hub, who: Identity, repo: Repo) -> Role | None:
    """What the caller is to a repository. A trusted publisher writes to its one, and is nobody to all others."""
    if who.repository is not None:
        return "write" if repo.meta.object_id == who.repository else None
    return hub.accounts.role(who.user, repo.owner)
