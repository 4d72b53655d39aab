"""A repository as GitHub shows it to a token."""

import time
from typing import NamedTuple

from github.GithubException import GithubException

from .client import Access, NoAnswer, client


class Repository(NamedTuple):
    """A repository as GitHub shows it to a token. `permissions` are those that it grants there, `scopes` those of a classic
    token; None where GitHub does not say. `seconds` is how long the answer took."""

    name: str
    permissions: tuple[str, ...] | None
    scopes: tuple[str, ...] | None
    seconds: float


def look(access: Access) -> Repository:
    """Read the repository. Raises `NoAnswer`."""
    began = time.monotonic()
    with client(access) as connected:
        try:
            shown, scopes = connected.get_repo(access.repository).raw_data, connected.oauth_scopes
        except GithubException as refused:
            raise NoAnswer(f"it refuses to show {access.repository} to the token (HTTP {refused.status})") from refused
    if "full_name" not in shown:
        raise NoAnswer("it does not answer as GitHub does")
    granted = shown.get("permissions")
    return Repository(
        shown["full_name"],
        None if granted is None else tuple(name for name, is_granted in granted.items() if is_granted),
        None if scopes is None else tuple(scope for scope in scopes if scope),
        time.monotonic() - began,
    )
