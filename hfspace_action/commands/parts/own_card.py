"""What the Space's own front matter has: kept where the repository's README has none, named where it goes."""

from collections.abc import Callable, Mapping
from typing import Any

from hfspace_action.card.card import Card
from hfspace_action.errors import Note
from hfspace_action.hub.api import Hub
from hfspace_action.space import Space


def kept(hub: Hub, existing: Space | None, made: Card, complete: Callable[[str], Card]) -> Card:
    """Return the card with what the Space has. `complete` makes it anew from the Space's README, which is asked for only where
    the Hub's description of the Space shows that something would be lost. Raises `Failure`."""
    if existing is None or made.has_front_matter or not _differs(existing.card, made.data):
        return made
    text = hub.git.read_card(existing.id, existing.head or "main", made.readme.path)
    return made if text is None else complete(text)


def lost(existing: Space | None, made: Card) -> Note | None:
    """Return which keys of the Space's front matter disappear, if any do."""
    gone = [key for key in (existing.card if existing else {}) if key not in made.data]
    if not gone:
        return None
    listed = ", ".join(f"`{key}`" for key in gone)
    return Note(
        f"The front matter on the Space has keys that README.md has not, and they go: {listed}. "
        "To keep one, write it into README.md or into the input `front-matter`.",
        id="front-matter-lost",
    )


def _differs(own: Mapping[str, Any], wanted: Mapping[str, Any]) -> bool:
    """Whether the Space has a key that the wanted card lacks, or has with another value."""
    return any(key not in wanted or wanted[key] != value for key, value in own.items())
