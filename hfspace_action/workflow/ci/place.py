"""What a place is: where a deploy runs, as its environment describes it."""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple, Protocol, TextIO

from hfspace_action.workflow.id_token import Job
from hfspace_action.workflow.run import Source

Environment = Mapping[str, str]


class Dialect(Protocol):
    """How a place shows a log. Text comes redacted and printable, on one line unless it is said otherwise; what is returned are
    the lines to print."""

    def ours(self, line: str) -> str:
        """Show a line of ours, which may quote others."""
        ...

    def verdict(self, line: str, good: bool) -> str:
        """Show the line of ours that says how it ended."""
        ...

    def foreign(self, line: str) -> str:
        """Show a line that others wrote."""
        ...

    def fence(self, token: str) -> tuple[Iterable[str], Iterable[str]]:
        """Enclose text that others wrote: what is printed before and after it. `token` can't be guessed."""
        ...

    def mask(self, secret: str) -> Iterable[str]:
        """Ask the place to hide a line; nothing where that would show it."""
        ...

    def debug(self, message: str) -> Iterable[str]:
        """Show text for those who look for a fault, with several lines."""
        ...

    def group(self, title: str) -> Iterable[str]:
        """Begin a group."""
        ...

    def end_group(self) -> Iterable[str]:
        """End it."""
        ...

    def annotation(self, kind: str, message: str, properties: Mapping[str, str]) -> Iterable[str]:
        """Show an `error` or a `warning`, with several lines; its properties are title, file and line, as far as known."""
        ...


class Files(NamedTuple):
    """The variables that name the files for outputs and summary, and how an output is spelled there. `made`: they begin empty
    with each run, and are made if they are missing; otherwise they are the runner's, which makes them and is added to."""

    outputs: str
    summary: str
    spelled: Callable[[str, str], str]
    made: bool


class Place(NamedTuple):
    """Where a deploy runs.

    `name` is how people call it. `missing` is the failure of a run without a token; empty where the reason is looked for in
    GitHub's workflows. `proof` is what a job has that can prove who it is, in a word.
    """

    name: str
    source: Callable[[Environment], Source]
    id_token: Callable[[Environment], Job | None]
    dialect: Callable[[Environment, TextIO], Dialect]
    files: Files
    missing: str = ""
    proof: str = "an id token"
