"""The judgement of a run, and how it is said."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from .listed import Listed, split
from .verdicts import Refused, judge

SHOWN = 30


class Judgement(NamedTuple):
    """What pyhfapi says of a run. Routes are as localhub writes them."""

    judged: Mapping[str, int]
    """Route → how many shapes of it were judged."""
    unknown: Mapping[str, int]
    """The same of the routes that pyhfapi doesn't know."""
    listed: Sequence[Listed]
    """The entries that were needed."""
    refused: Sequence[Refused]
    """What no entry covers."""
    unneeded: Sequence[Listed]
    """The entries that a whole run did not need."""

    @property
    def good(self) -> bool:
        """Whether there is nothing to mend, in localhub or in the list."""
        return not self.refused and not self.unneeded


def judgement(samples: Iterable[Mapping[str, Any]], entries: Sequence[Listed], *, whole: bool) -> Judgement:
    """Judge all samples. An entry that nobody needs counts against a whole run only."""
    judged, unknown, refused = dict[str, int](), dict[str, int](), list[Refused]()
    for sample in samples:
        found, route = judge(sample), f"{sample['method']} {sample['route']}"
        of = unknown if found is None else judged
        of[route] = of.get(route, 0) + 1
        refused += found or ()
    unlisted, needed = split(refused, entries)
    unneeded = [entry for entry in entries if entry not in needed] if whole else []
    once = {one[:4]: one for one in reversed(unlisted)}
    return Judgement(judged, unknown, needed, sorted(once.values(), key=lambda one: one[:4]), unneeded)


def summary(found: Judgement) -> str:
    """One line."""
    return (
        f"{sum(found.judged.values())} shapes of {len(found.judged)} routes judged by pyhfapi, "
        f"{len(found.listed)} listed exceptions, {len(found.refused)} fields refused"
    )


def complaints(found: Judgement) -> Iterator[str]:
    """A line for each thing to mend."""
    for one in found.refused[:SHOWN]:
        yield f"  {one.route}, {one.side}, {one.field}: {one.problem} ({one.said}); {one.test}"
    if len(found.refused) > SHOWN:
        yield f"  and {len(found.refused) - SHOWN} more: make judged"
    for entry in found.unneeded:
        yield f"  no longer needed in listed.toml: {entry.route}, {entry.side}, {entry.field}: {entry.problem}"
