"""The input `keep`, for files that live on the Space only: where it contradicts the checkout, and where it does nothing."""

from collections.abc import Iterator

from hfspace_action import text
from hfspace_action.errors import Failure, Note
from hfspace_action.inputs.patterns import hints
from hfspace_action.inputs.patterns.match import Patterns
from hfspace_action.plan.tree import Difference, Folder

_SHOWN = 5


def refuse_conflicts(keep: Patterns, wanted: Folder) -> None:
    """Raise `Failure` keep-conflict if a pattern names a file that the deploy writes: README.md, for one."""
    named = [pattern for pattern in keep.patterns if pattern.literal and not pattern.negated]
    if named:
        for file in wanted:
            if any(pattern.matches(file.path, folder=False) for pattern in named):
                raise Failure("keep-conflict", path=file.path)


def notes(keep: Patterns, difference: Difference) -> Iterator[Note]:
    """Yield what to know about patterns that did nothing, and about files that are changed though they match."""
    overwritten = [file.path for file in difference.changed if keep(file.path)]
    if overwritten:
        shown = text.listed(overwritten, _SHOWN)
        yield Note(
            f"`keep` is for what only the Space has. These are in the checkout too, and are overwritten: {shown}.",
            id="keep-overwritten",
        )
    yield from hints.unused("keep", keep, (), where=" that only the Space has")
