"""What came of many Spaces, counted: a word for each, and one result for all."""

from collections import Counter
from collections.abc import Sequence

from hfspace_action.report.facts import Report
from hfspace_action.report.sentences import count
from hfspace_action.result import Result

UNCHANGED = "unchanged"
_LEAST_SURE = (Result.SEEN, Result.LIVE, Result.ASLEEP, Result.PUBLISHED, Result.PLANNED)
"""Green results: which of two speaks for both is the one further on. `seen` is that of a Space for which there was nothing to do."""


def word(report: Report) -> str:
    """Return what came of one Space, in a word or two."""
    if report.unfinished:
        return "not finished"
    if report.result is Result.SEEN or (report.result is Result.PLANNED and not report.planned_changes):
        return UNCHANGED
    if report.result is Result.PLANNED:
        return "to be deployed"
    if report.result is Result.ERROR:
        return "not known to run" if report.commit_sha else "not deployed"
    return str(report.result).replace("-", " ")


def words(reports: Sequence[Report]) -> str:
    """Return how many Spaces there are and what came of them, what is red first: "20 Spaces: 1 failed, 2 live, 17 unchanged"."""
    counted = Counter(word(each) for each in in_order(reports))
    return f"{count(len(reports), 'Space')}: {', '.join(f'{number:,} {name}' for name, number in counted.items())}"


def in_order(reports: Sequence[Report]) -> list[Report]:
    """Return the reports of Spaces with what is red first and what did not change last."""
    return sorted(reports, key=lambda each: (each.ok, word(each) == UNCHANGED))


def result(reports: Sequence[Report]) -> Result:
    """Return the result of them all: the first red one, otherwise that of the green ones which confirms least."""
    red = next((each.result for each in reports if not each.ok), None)
    known = [each.result for each in reports if each.result in _LEAST_SURE]
    return red or max(known, key=_LEAST_SURE.index, default=Result.SEEN)
