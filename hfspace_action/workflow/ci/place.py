"""What a place is: where a deploy runs, as its environment describes it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, NamedTuple, TextIO

from hfspace_action.workflow.id_token import Job
from hfspace_action.workflow.run import Source

if TYPE_CHECKING:
    from .dialect import Dialect

Environment = Mapping[str, str]


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
    dialect: Callable[[Environment, TextIO], "Dialect"]
    files: Files
    missing: str = ""
    proof: str = "an id token"
