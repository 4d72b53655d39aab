"""May this caller do this? Refuses with the statuses, codes and words of the Hub."""

from typing import TYPE_CHECKING, Literal, cast

from starlette.requests import Request

from localhub.accounts import Identity
from localhub.errors import Refusal

if TYPE_CHECKING:
    from localhub.hub import Hub, Repo

Need = Literal["read", "write"]


def the_hub(request: Request) -> "Hub":
    """The Hub that serves this request."""
    return cast("Hub", request.app.state.hub)


def identity(request: Request) -> Identity | None:
    """Who calls, or None without a token. An unknown token is refused, as the Hub does, even where none is needed."""
    return identify(the_hub(request), request)


def identify(hub: "Hub", request: Request) -> Identity | None:
    """The same for a request to a Space's own address."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if not scheme:
        return None
    who = hub.accounts.identity(token.strip()) if scheme.lower() == "bearer" else None
    if who is None:
        raise Refusal(401, "Invalid credentials in Authorization header")
    return who


def require_identity(request: Request) -> Identity:
    """Who calls; refuses anonymous callers."""
    if (who := identity(request)) is None:
        raise Refusal(401, "Invalid username or password.")
    return who


def not_found(who: Identity | None) -> Refusal:
    """A repository that isn't there, or isn't there for this caller: the answers are the same on purpose.

    The live Hub's 401 carries no code: clients read it as "not found" on https only, so on http the code says it.
    """
    if who is None:
        return Refusal(401, "Invalid username or password.", code="RepoNotFound")
    return Refusal(404, "Repository not found", code="RepoNotFound")


def can_read(hub: "Hub", who: Identity | None, repo: "Repo") -> bool:
    """Public repositories are everybody's; the source of private and protected ones is its namespace's."""
    return repo.meta.visibility == "public" or (who is not None and hub.accounts.role(who.user, repo.owner) is not None)


def can_write(hub: "Hub", who: Identity, repo: "Repo") -> bool:
    """Whether the role (not the token) allows writing; contributors write to what they created themselves."""
    role = hub.accounts.role(who.user, repo.owner)
    return role in ("write", "admin") or (role == "contributor" and repo.meta.creator == who.user.name)


def open_repo(request: Request, need: Need = "read") -> "Repo":
    """The repository that the path names ({kind}, {owner}, {name}; a model where there is no kind), if the caller may.

    `write` covers contents and settings alike: the Hub has no third level for a repository.
    """
    hub = the_hub(request)
    who = identity(request)
    params = request.path_params
    repo = hub.find(params.get("kind", "model"), f"{params['owner']}/{params['name']}")
    if repo is None or not can_read(hub, who, repo):
        raise not_found(who)
    if need == "write":
        require_write(request, repo)
    return repo


def require_write(request: Request, repo: "Repo") -> Identity:
    """Who calls, if they may write to `repo`: first the token, then the role."""
    who = require_identity(request)
    if who.rights != "write":
        raise Refusal(403, "Forbidden: you must use a write token to upload to a repository.")
    if not can_write(the_hub(request), who, repo):
        raise Refusal(403, "Forbidden: pass `create_pr=1` as a query parameter to create a Pull Request.")
    return who
