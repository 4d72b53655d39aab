"""What a rule is given, and what it answers."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Protocol, Self

from hfspace_action import text
from hfspace_action.errors import Failure, Place
from hfspace_action.file import File

from . import log

_LARGEST = 1 << 20  # bytes of a file that are looked at
_TOLD = 300  # characters of a fact from a log


@dataclass(frozen=True)
class Cause:
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


class Files(Protocol):
    """The files that were deployed, by their paths in the Space."""

    @property
    def paths(self) -> AbstractSet[str]:
        """All paths."""

    def text(self, path: str) -> str | None:
        """The text of one, or None where there is no such file."""


@dataclass(frozen=True)
class Deployed:
    """`Files` from those that the action publishes."""

    files: Mapping[str, File]

    @property
    def paths(self) -> AbstractSet[str]:
        """All paths."""
        return self.files.keys()

    def text(self, path: str) -> str | None:
        """The text of one (its first MiB), or None where there is no such file."""
        found = self.files.get(path)
        return found.read(_LARGEST).decode("utf-8", "replace") if found else None


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


@dataclass(frozen=True)
class Case:
    """A Space that does not run. `lines` are the clean ones of the Hub's message and, after them, of the log."""

    stage: str
    message: str
    lines: Sequence[str]
    files: Files
    sdk: str
    data: Mapping[str, object]

    @classmethod
    def of(
        cls,
        stage: str | None,
        message: str | None,
        lines: Sequence[str],
        files: Files,
        sdk: str,
        data: Mapping[str, object],
    ) -> Self:
        """The case, its lines made clean."""
        said = log.clean((message or "").split("\n"))
        return cls(stage or "", "\n".join(said), [*said, *log.clean(lines)], files, sdk, data)

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

    def cause(self, id: str, place: Place | None, start: int, stop: int | None = None, **facts: object) -> Cause:  # noqa: A002
        """A cause that the lines from `start` to before `stop` (one line, if None) show."""
        told = {name: text.cut(" ".join(str(fact).split()).rstrip("."), _TOLD) for name, fact in facts.items()}
        shown = [line for line in self.lines[start : start + 1 if stop is None else stop] if not log.is_noise(line)]
        return Cause(Failure(id, place=place, **told), log.excerpt(shown))


Rule = Callable[[Case], Cause | None]
