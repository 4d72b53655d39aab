"""What visitors of the Space get after a failure, as far as it is known."""

from hfspace_action import text
from hfspace_action.result import Result
from hfspace_action.space import BUILDING, SERVING, STARTING

from .facts import Report
from .sentences import sentence

_TOLD_BY_HEADLINE = frozenset({Result.ROLLED_BACK, Result.UNHEALTHY})


def now(report: Report) -> str:
    """Return the sentence; empty where the step succeeded, where the headline says it, or where nothing is known."""
    if report.ok or report.command != "deploy" or report.result in _TOLD_BY_HEADLINE:
        return ""
    name = _untouched(report) if report.commit_sha is None else _published(report)
    return name and sentence("now", name, stage=report.stage or "", running=text.short(report.running_sha))


def _untouched(report: Report) -> str:
    """The name of the sentence for a Space whose files this step did not change."""
    if report.done or report.unsettled:  # what was done is listed
        return ""
    if not report.existed:
        return "nothing-sent"
    return "still" if report.stage in SERVING else "still-stage" if report.stage else "nothing-sent"


def _published(report: Report) -> str:
    if report.stage in SERVING:
        if report.running_sha is None:
            return "unknown-version"
        return "new" if report.running_sha == report.commit_sha else "previous"
    if report.stage in BUILDING | STARTING:
        return "unfinished"
    if not report.stage:
        return ""
    return "nothing" if report.existed else "first"
