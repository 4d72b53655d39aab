"""What a rule is given, and what it answers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple, Self

from hfspace_action import text
from hfspace_action.errors import Failure, Place
from hfspace_action.readers.files import Files

from . import log

_TOLD = 300  # characters of a fact from a log


class Cause(NamedTuple):
    """Why a Space does not run: a `Failure` of its own (its place is a path in the Space), and the lines that show it."""

    failure: Failure
    excerpt: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        """The stable name of the cause, one of the catalogue."""
        return self.failure.id

    @property
    def message(self) -> str:
        """What happened."""
        return self.failure.message

    @property
    def advice(self) -> str:
        """What to do about it."""
        return self.failure.advice

    @property
    def place(self) -> Place | None:
        """Where: a path in the Space, and a line."""
        return self.failure.place


class Found(tuple[int, re.Match[str]]):
    """A line of the log that matches: its index, and the match."""

    @property
    def at(self) -> int:
        """The line's index."""
        return self[0]

    def __str__(self) -> str:
        return self[1][0].strip()

    def group(self, name: int | str = 1) -> str:
        """A group of the match; empty where it took no part."""
        return self[1][name] or ""


class Case(NamedTuple):
    """A Space that does not run. `lines` are the clean ones of the Hub's message and, after them, of the log."""

    stage: str
    message: str
    lines: Sequence[str]
    files: Files
    sdk: str
    data: Mapping[str, object]
    answered: bool = False
    """Whether the app itself answered a request, so that its port and its address are right."""

    @classmethod
    def of(cls, space: "Ended", lines: Sequence[str], files: Files, sdk: str, data: Mapping[str, object]) -> Self:
        """The case, its lines made clean."""
        message = log.clean((space.message or "").split("\n"))
        known = [*message, *log.clean(lines)]
        return cls(space.stage or "", "\n".join(message), known, files, sdk, data, space.answered)

    @property
    def building(self) -> bool:
        """Whether the stage is one of the build."""
        return "BUILD" in self.stage

    def every(self, pattern: re.Pattern[str]) -> Iterator[Found]:
        """The lines in which `pattern` is found, from the last to the first."""
        return (
            Found((at, match)) for at in range(len(self.lines) - 1, -1, -1) if (match := pattern.search(self.lines[at]))
        )

    def last(self, *patterns: re.Pattern[str]) -> Found | None:
        """The last line in which the first of the patterns is found that is found at all."""
        return next((found for pattern in patterns for found in self.every(pattern)), None)

    def cause(
        self,
        id: str,  # noqa: A002
        place: Place | None,
        start: int,
        stop: int | None = None,
        *,
        hint: str = "",
        **facts: object,
    ) -> Cause:
        """A cause that the lines from `start` to before `stop` (one line, if None) show. `hint` is a sentence of ours that
        follows one of the texts; the facts are from others."""
        told = {name: text.cut(" ".join(str(fact).split()), _TOLD) for name, fact in facts.items()}
        told |= {"said": told["said"].rstrip(".")} if "said" in told else {}
        shown = [line for line in self.lines[start : start + 1 if stop is None else stop] if not log.is_noise(line)]
        return Cause(Failure(id, place=place, hint=hint and f" {hint}", **told), log.excerpt(shown))


class Ended(NamedTuple):
    """How a Space stands that does not run: the Hub's stage and message, and whether its app answered a request."""

    stage: str | None
    message: str | None
    answered: bool = False


Rule = Callable[[Case], Cause | None]
