"""Every failure a user can meet: an id, what happened, when, and what to do about it. The texts are in errors.toml.

Code raises ``Failure("space-name", value=...)``; the facts replace the placeholders of the two texts.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import NamedTuple

from .text import beginning


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


class Note(NamedTuple):
    """Something the user should know that is no failure, and where in the checkout it belongs. `id` never changes."""

    message: str
    place: Place | None = None
    id: str = ""


PLACEHOLDER = re.compile(r"(?<!\{)\{([a-z_]+)\}(?!\})")
"""A fact in a text; `${{ … }}` is none."""

_LONGEST = 300  # characters of what an error of ours says
_TWICE = re.compile(r"(?<!\.)\.\.(?!\.)(?=\s|\Z)")
_END = re.compile(r"\.\s+(?=[A-Z`'{])")  # of the first sentence of a text


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
    """One failure, ready to be shown: `id` (stable, the `error` output), `message`, `advice` and perhaps a `place`.

    `reason` is the message's first sentence without its end, which a headline takes, and `detail` the others. `excerpt` are the
    lines of a log that show it.
    """

    id: str
    message: str
    reason: str
    detail: str
    advice: str
    place: Place | None = None
    excerpt: tuple[str, ...] = ()

    def __init__(self, id: str, /, *, place: Place | None = None, **facts: object) -> None:  # noqa: A002
        text = catalogue()[id]
        first, *rest = _END.split(text.what, maxsplit=1)
        texts = (text.what, first, "".join(rest), text.advice)
        self.id, self.place = id, place
        self.message, reason, self.detail, self.advice = (_filled(words, facts) for words in texts)
        self.reason, self.detail = reason.removesuffix("."), self.detail.strip()
        super().__init__(self.message)


class Failures(Exception):
    """Several failures that are known at once; `failures` has each of them."""

    def __init__(self, failures: list[Failure]) -> None:
        super().__init__("; ".join(failure.message for failure in failures))
        self.failures = failures


def _filled(words: str, facts: Mapping[str, object]) -> str:
    """Return a text with its facts; one that is a sentence itself does not end twice."""
    filled = PLACEHOLDER.sub(lambda found: str(facts[found[1]]), words)
    return _TWICE.sub(".", filled)


def unforeseen(error: Exception) -> Failure:
    """Return the failure of an error that nobody foresaw: on one line, of bounded length, without a traceback."""
    return Failure("internal", kind=type(error).__name__, detail=beginning(" ".join(str(error).split()), _LONGEST))
