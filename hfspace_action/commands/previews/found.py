"""The previews that are on the Hub: those of one Space for one repository, each with its mark."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.hub.listing import Listed

from . import names
from .names import Mark

CREATIONS_A_DAY = 20
"""Spaces that an account may create in 24 hours. Source: the Hub's answer to the 21st (reference in docs/decisions.md)."""
_NOT_SHOWN = frozenset({"forbidden", "settings-forbidden", "no-write-access", "hub-refused", "publisher-may-not"})


class Preview(NamedTuple):
    """A preview that is ours."""

    space: Listed
    mark: Mark

    @property
    def latest(self) -> datetime | None:
        """When it was last deployed to, as far as the Hub says."""
        return self.space.modified or self.space.created


def read_mark(hub: Hub, space: str) -> Mark | None:
    """Return a Space's mark; None where it has none, or where the token may not see it."""
    try:
        return names.read(hub.settings.variables(space).get(names.MARK))
    except Failure as refused:
        if refused.id in _NOT_SHOWN:  # somebody else's, or just gone
            return None
        raise


def previews(hub: Hub, listed: list[Listed], base: str, repository: str) -> Iterator[Preview]:
    """Yield those of the listed Spaces that are previews of the Space `base` (owner/name) for this repository."""
    for each in listed:
        number = names.number(each.id)
        if number is None or each.id.lower() != names.preview(base, number).lower():
            continue
        mark = read_mark(hub, each.id)
        if mark and names.why_foreign(each.id, mark, Mark(repository, number), base) is None:
            yield Preview(each, mark)


def created_today(previews: Iterable[Preview], now: datetime | None = None) -> int:
    """Return how many of the previews were created in the last 24 hours. Those that are deleted already are not seen."""
    since = (now or datetime.now(UTC)) - timedelta(hours=24)
    return sum(each.space.created is not None and each.space.created > since for each in previews)
