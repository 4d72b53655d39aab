"""The interface between the stages of a Space and what builds it."""

from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Literal, Protocol

from .space import Space, Step

Why = Literal["commit", "restart", "rebuild", "wake"]


@dataclass(frozen=True, slots=True)
class Turn:
    """A Space, the commit it is to run, why, and the commit whose app answers meanwhile."""

    space: Space
    commit: str
    why: Why
    old: str | None


Builder = Callable[[Turn], AsyncIterator[Step]]
"""Yields the steps that a Space goes through, writes its logs, and is cancelled by the Space's next turn."""


class Builders(Protocol):
    """What builds which Space."""

    def open(self) -> None:
        """Make ready, before the first build. Blocking."""

    def of(self, space: Space) -> Builder:
        """What builds this Space."""

    def lasts(self, space: Space) -> bool:
        """Whether what a Space shows is still there after a restart of localhub."""
