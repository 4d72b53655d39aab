"""What happened to repositories a moment ago, for a Hub whose readers see it late."""

import time
from collections import deque
from dataclasses import dataclass, field
from weakref import WeakKeyDictionary

from .repository import Repo

KEPT = 10.0
"""Seconds."""


@dataclass
class _Moments:
    created: float = float("-inf")
    heads: deque[tuple[float, str]] = field(default_factory=deque)
    """When main moved, and from where."""
    commits: deque[tuple[float, str]] = field(default_factory=deque)


class Recent:
    """The last seconds of all repositories, as long as the process lives. Its methods may be called from any thread."""

    def __init__(self) -> None:
        self._moments: WeakKeyDictionary[Repo, _Moments] = WeakKeyDictionary()

    def created(self, repo: Repo) -> None:
        """A repository was made."""
        self._of(repo).created = time.monotonic()

    def moved(self, repo: Repo, old: str) -> None:
        """Main moved away from a commit."""
        _add(self._of(repo).heads, old)

    def committed(self, repo: Repo, commit: str) -> None:
        """A commit was made."""
        _add(self._of(repo).commits, commit)

    def is_new(self, repo: Repo, seconds: float) -> bool:
        """Whether a repository was made within the last seconds."""
        return time.monotonic() - self._of(repo).created < seconds

    def head_before(self, repo: Repo, seconds: float) -> str | None:
        """Where main was so long ago, if it has moved since."""
        return next((old for when, old in self._of(repo).heads if time.monotonic() - when < seconds), None)

    def has_commit(self, repo: Repo, commit: str, seconds: float) -> bool:
        """Whether a commit was made within the last seconds."""
        return any(made == commit and time.monotonic() - when < seconds for when, made in self._of(repo).commits)

    def _of(self, repo: Repo) -> _Moments:
        return self._moments.setdefault(repo, _Moments())


def _add(moments: deque[tuple[float, str]], commit: str) -> None:
    now = time.monotonic()
    moments.append((now, commit))
    while now - moments[0][0] > KEPT:
        moments.popleft()
