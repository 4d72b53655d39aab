"""What was made a moment ago, by this step or the one before, which the Hub may not show yet: nothing promises that it can be
read at once.

huggingface_hub's own live tests sleep for it, and its issue 3406 has a stale head.
"""

import time
from collections.abc import Callable

from huggingface_hub.errors import RepositoryNotFoundError, RevisionNotFoundError

CREATION = 30.0
COMMIT = 10.0
"""Seconds for which a Space, and a commit, that the Hub said it made, or named as a head, are looked for again."""
PAUSE = 0.5
"""Seconds between two looks."""


class Recent:
    """The Spaces and commits that the Hub said it made for this step, or named, and when."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._spaces: dict[str, float] = {}
        self._commits: dict[str, float] = {}
        self._seen: set[str] = set()

    def seen(self, space: str) -> None:
        """Take in that a Space is there."""
        self._seen.add(space.lower())

    def is_gone(self, error: BaseException | None, space: str) -> bool:
        """Whether an error says that a Space which was there is there no more."""
        missing = isinstance(error, RepositoryNotFoundError) and error.response.status_code == 404
        return missing and space.lower() in self._seen

    def created(self, space: str) -> None:
        """Take in that a Space was created."""
        self._spaces[space.lower()] = self._clock()

    def deleted(self, space: str) -> None:
        """Take in that a Space is to be deleted, so that it is missed no more."""
        self._spaces.pop(space.lower(), None)
        self._seen.discard(space.lower())

    def committed(self, sha: str) -> None:
        """Take in that a commit was made."""
        self._commits[sha] = self._clock()

    def named(self, sha: str | None) -> None:
        """Take in that the Hub named a commit as a head, whoever made it: its tree may still be an unknown one."""
        if sha:
            self._commits.setdefault(sha, self._clock())

    def is_late(self, error: BaseException | None, space: str) -> bool:
        """Whether an error may only mean that the Hub does not show yet what it made a moment ago."""
        now = self._clock()
        if isinstance(error, RepositoryNotFoundError):
            return now - self._spaces.get(space.lower(), float("-inf")) < CREATION
        if isinstance(error, RevisionNotFoundError):
            return now - max(self._commits.values(), default=float("-inf")) < COMMIT
        return False
