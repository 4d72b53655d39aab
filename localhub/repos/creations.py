"""Creations of repositories, of which the Hub does one at a time for each account."""

from collections.abc import Iterator
from contextlib import contextmanager


class Busy(Exception):
    """Another creation of this account is in progress."""


class Creations:
    """Those in progress. Belongs to the event loop's thread."""

    def __init__(self) -> None:
        self._accounts: set[str] = set()
        self._refused: set[str] = set()

    @contextmanager
    def one(self, account: str, repo_id: str, *, conflict: bool = False) -> Iterator[None]:
        """Hold the account's turn. Busy, if it is taken; with `conflict` also the first time for each repository."""
        if account in self._accounts:
            raise Busy
        if conflict and repo_id.lower() not in self._refused:
            self._refused.add(repo_id.lower())
            raise Busy
        self._accounts.add(account)
        try:
            yield
        finally:
            self._accounts.discard(account)
        self._refused.discard(repo_id.lower())
