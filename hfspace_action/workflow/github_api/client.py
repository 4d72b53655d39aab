"""The connection to GitHub's API: bounded in time, and every way to fail in words of ours."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from github import Auth, Github
from github.GithubException import BadAttributeException, GithubException
from github.Repository import Repository

_TIMEOUT = 5  # seconds to connect, and to wait for the answer


class NoAnswer(Exception):
    """GitHub could not be asked, or refused; the text says which, without anything of the token."""


class NotAllowed(NoAnswer):
    """The token lacks a permission."""


class Access(NamedTuple):
    """What the API is asked with: its address, the repository (owner/name), and a token of it."""

    api: str
    repository: str
    token: str


@contextmanager
def client(access: Access) -> Iterator[Github]:
    """Connect to the API. What goes wrong inside becomes `NoAnswer`, with 403 and where GitHub hides what is there `NotAllowed`."""
    try:
        auth = Auth.Token(access.token)
        with Github(base_url=access.api, auth=auth, timeout=_TIMEOUT, retry=None, per_page=100) as connected:
            yield connected
    except GithubException as refused:
        kind = NotAllowed if refused.status in (401, 403, 404) else NoAnswer
        raise kind(f"HTTP {refused.status}") from refused
    except (OSError, ValueError, RuntimeError) as error:  # no connection, no JSON, a redirect to elsewhere
        raise NoAnswer(f"it can't be asked ({type(error).__name__})") from error
    except (
        BadAttributeException,
        AttributeError,
        KeyError,
        TypeError,
        AssertionError,
    ) as error:  # JSON of another shape
        raise NoAnswer("it does not answer as GitHub does") from error


@contextmanager
def repository(access: Access) -> Iterator[Repository]:
    """Connect to the repository, of which nothing is read yet."""
    with client(access) as connected:
        yield connected.get_repo(access.repository, lazy=True)
