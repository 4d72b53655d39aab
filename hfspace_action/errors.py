"""Every failure a user can meet: an id, what happened, when, and what to do about it. The texts are in errors.toml.

Code raises ``Failure("space-name", value=...)``; the facts replace the placeholders of the two texts.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple


class Text(NamedTuple):
    """The two texts of a failure: what happened (with the place and the cause), and what to do next."""

    what: str
    advice: str


class Group(NamedTuple):
    """Failures of one kind: their title in docs/errors.md, when they happen (one sentence), and their texts by id."""

    title: str
    when: str
    texts: dict[str, Text]


class Place(NamedTuple):
    """Where in the checkout a failure belongs: a POSIX path relative to the workspace, and a line from 1 on."""

    file: str
    line: int | None = None


@dataclass(frozen=True)
class Note:
    """Something the user should know that is no failure, and where in the checkout it belongs. `id` never changes."""

    message: str
    place: Place | None = None
    id: str = ""


PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z_]+)\}(?!\})")
"""A fact in a text; `${{ … }}` is none."""


@cache
def groups() -> tuple[Group, ...]:
    """Return the whole register, in the order in which a deploy comes by. A run without a failure never reads it."""
    import tomllib

    written = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    return tuple(
        Group(group["title"], group["when"], {name: Text(**text) for name, text in group["texts"].items()})
        for group in written.values()
    )


@cache
def catalogue() -> dict[str, Text]:
    """Return the texts of all failures by their ids."""
    return {name: text for group in groups() for name, text in group.texts.items()}


@dataclass(eq=False)
class Failure(Exception):
    """One failure, ready to be shown: `id` (stable, the `error` output), `message`, `advice` and perhaps a `place`."""

    id: str
    message: str
    advice: str
    place: Place | None = None

    def __init__(self, id: str, /, *, place: Place | None = None, **facts: object) -> None:  # noqa: A002
        text = catalogue()[id]
        self.id, self.place = id, place
        self.message, self.advice = (PLACEHOLDER.sub(lambda found: str(facts[found[1]]), words) for words in text)
        super().__init__(self.message)


def unforeseen(error: Exception) -> Failure:
    """Return the failure of an error that nobody foresaw: on one line, of bounded length, without a traceback."""
    return Failure("internal", kind=type(error).__name__, detail=" ".join(str(error).split())[:300])
