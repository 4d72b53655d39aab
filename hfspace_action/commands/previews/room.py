"""How many previews there may be: the oldest idle one is paused for a new one, or the new one is not made."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import NamedTuple

from hfspace_action.hub.api import Hub
from hfspace_action.report.sentences import count
from hfspace_action.space import HALTED, WORKING, Space

from . import found
from .found import CREATIONS_A_DAY, Preview
from .trust import NotMade

LATER = "a commit after that makes the preview"
_ANCIENT = datetime.min.replace(tzinfo=UTC)


class Running(NamedTuple):
    """A preview and the state of its Space."""

    preview: Preview
    space: Space

    @property
    def is_idle(self) -> bool:
        """Whether it may be paused: it is no static Space, which the Hub does not pause, and nobody works on it."""
        return self.space.sdk != "static" and self.space.stage not in WORKING


class Room:
    """The previews of the Space `base` for a repository, of which at most `most` may be up at once."""

    def __init__(self, hub: Hub, base: str, repository: str, most: int) -> None:
        self._hub, self._base, self._repository, self._most = hub, base, repository, most

    def make(self, name: str, existing: Space | None, paused: Callable[[Preview], None]) -> None:
        """Make room for the preview `name`, and call `paused` for each one that was paused for it. Raises `NotMade`."""
        if existing and existing.stage not in HALTED:
            return
        ours = self._previews()
        if existing is None and (today := found.created_today(ours)) >= CREATIONS_A_DAY:
            raise NotMade(
                f"{count(today, 'preview')} were created in the last 24 hours, and the Hub allows an account {CREATIONS_A_DAY} "
                f"new Spaces a day; {LATER}"
            )
        others = [each for each in self._up(ours) if each.preview.space.id.lower() != name.lower()]
        for each in to_pause(others, self._most):
            self._hub.halt(each.preview.space.id)
            paused(each.preview)

    def refuse_too_many(self, name: str) -> None:
        """Raise `NotMade` if other runs created previews at the same time, and this one is beyond the number."""
        up = [each.preview for each in self._up(self._previews())]
        up.sort(key=lambda each: (each.space.created or _ANCIENT, each.space.id))
        if name.lower() in [each.space.id.lower() for each in up[self._most :]]:
            raise NotMade(_full(self._most))

    def _previews(self) -> list[Preview]:
        listed = self._hub.listed(self._base.partition("/")[0])
        return list(found.previews(self._hub, listed, self._base, self._repository))

    def _up(self, previews: list[Preview]) -> list[Running]:
        """Those that are not paused or stopped."""
        looked = [(each, self._hub.space(each.space.id)) for each in previews]
        return [Running(each, space) for each, space in looked if space and space.stage not in HALTED]


def to_pause(others: Sequence[Running], most: int) -> list[Running]:
    """Return which of the others are to be paused, so that one more makes no more than `most`: the oldest idle ones. Raises
    `NotMade` where that is not enough."""
    surplus = len(others) + 1 - most
    if surplus <= 0:
        return []
    idle = sorted((each for each in others if each.is_idle), key=lambda each: each.preview.latest or _ANCIENT)
    if len(idle) < surplus:
        raise NotMade(_full(most))
    return idle[:surplus]


def _full(most: int) -> str:
    return (
        f"there are {count(most, 'preview')} already, as many as `max-previews` allows, and none of them can be paused; "
        "close a pull request, or raise `max-previews`"
    )
