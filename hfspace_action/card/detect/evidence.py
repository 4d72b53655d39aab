"""Evidence for one kind of Space, and how much it weighs."""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, NamedTuple


class Clue(NamedTuple):
    """One thing that was seen: how many points it gives, and how it is worded behind the file's name."""

    points: int
    words: str = ""


class Candidate(NamedTuple):
    """What the Space may be: the SDK, the file that makes it so, the clues, and what its front matter then needs.

    `kind` is the SDK, or the name of a framework that has none.
    """

    kind: str
    path: str
    clues: Sequence[Clue]
    settings: Mapping[str, Any] = MappingProxyType({})

    @property
    def score(self) -> int:
        """How much speaks for it."""
        return sum(clue.points for clue in self.clues)

    def __str__(self) -> str:
        """The file and what was seen in it: "demo.py, which imports gradio and calls launch()"."""
        words = [clue.words for clue in self.clues if clue.words]
        return f"{self.path}, which {_listed(words)}" if words else self.path


def best(candidates: Iterable[Candidate]) -> list[Candidate]:
    """The candidates with the highest score: one where the evidence decides, several where it does not."""
    ranked = sorted(candidates, key=lambda each: (-each.score, each.path))
    return [each for each in ranked if each.score == ranked[0].score]


def _listed(words: Sequence[str]) -> str:
    return ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else words[0]
