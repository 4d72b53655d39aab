"""GitHub's API, asked what it shows a token of the repository. Only this module knows PyGithub, which takes long to import."""

import time
from typing import NamedTuple

from github import Auth, Github
from github.GithubException import GithubException

_TIMEOUT = 5  # seconds to connect, and to wait for the answer


class NoAnswer(Exception):
    """GitHub could not be asked, or refused; the text says which, without anything of the token."""


class Repository(NamedTuple):
    """A repository as GitHub shows it to a token. `permissions` are those that it grants there, `scopes` those of a classic
    token; None where GitHub does not say. `seconds` is how long the answer took."""

    name: str
    permissions: tuple[str, ...] | None
    scopes: tuple[str, ...] | None
    seconds: float


def look(api: str, repository: str, token: str) -> Repository:
    """Read a repository (owner/name) through the API at an address. Raises `NoAnswer`."""
    began = time.monotonic()
    try:
        with Github(base_url=api, auth=Auth.Token(token), timeout=_TIMEOUT, retry=None) as client:
            shown, scopes = client.get_repo(repository).raw_data, client.oauth_scopes
    except GithubException as refused:
        raise NoAnswer(f"it refuses to show {repository} to the token (HTTP {refused.status})") from refused
    except (OSError, ValueError, RuntimeError) as error:  # no connection, no JSON, a redirect to elsewhere
        raise NoAnswer(f"it can't be asked ({type(error).__name__})") from error
    if "full_name" not in shown:
        raise NoAnswer("it does not answer as GitHub does")
    granted = shown.get("permissions")
    return Repository(
        shown["full_name"],
        None if granted is None else tuple(name for name, is_granted in granted.items() if is_granted),
        None if scopes is None else tuple(scope for scope in scopes if scope),
        time.monotonic() - began,
    )
