"""The job summary: what happened and why, then what to do, then the facts. Made for a phone."""

from collections.abc import Callable, Iterator

from hfspace_action.result import Result

from . import blocks
from .aftermath import now
from .facts import Report
from .headline import Headline, headline
from .hidden import hidden
from .markdown import Safe, escape, join, sentences, strong
from .sentences import sentence


def summary(report: Report, redact: Callable[[str], str]) -> str:
    """Return the job summary in GitHub's Markdown. `redact` hides secrets before anything is cut or escaped."""
    shown = hidden(report, redact)
    line = headline(shown)
    body = _many(shown, line) if shown.spaces else _one(shown, line)
    return join("\n\n", [blocks.title(shown, line), *body]) + "\n"


def _one(report: Report, line: Headline) -> Iterator[Safe]:
    return _success(report) if report.result.has_app else _others(report, line)


def _many(report: Report, line: Headline) -> Iterator[Safe]:
    """Many Spaces: what ended the run for all of them, the table, and each that failed as if it were the only one."""
    from .many import table  # not before: most runs are about one Space

    for failure in report.failures[: blocks.MOST]:
        yield blocks.failure(report, failure, line)
    yield table.markdown(report.spaces)
    yield from blocks.notes(report)
    for each in report.spaces:
        if not each.ok and not each.unfinished:
            own = headline(each)
            yield join("\n\n", [blocks.title(each, own), *_others(each, own)])
        elif each.notes:
            yield join("\n\n", [strong(escape(each.space_id)), *blocks.notes(each)])


def _success(report: Report) -> Iterator[Safe]:
    """A Space that does what it should: where it is, what runs, what changed."""
    yield blocks.links(report)
    yield blocks.running(report)
    yield from blocks.remarks(report)
    yield from blocks.notes(report)
    yield from blocks.plan(report)
    yield blocks.files(report.changes if report.changed else None)
    yield blocks.rows(report)
    yield blocks.footer(report)


def _aim(report: Report) -> Safe:
    """What a dry run or a check did, and how a plan is carried out."""
    if report.result in (Result.HEALTHY, Result.UNHEALTHY):
        return sentences(sentence("plan", "check"))
    if report.result is not Result.PLANNED:
        return Safe("")
    return sentences(sentence("plan", "apply" if report.planned_changes else "nothing"))


def _others(report: Report, line: Headline) -> Iterator[Safe]:
    """What failed, or was only looked at or planned: why, what to do, what is there now."""
    yield _aim(report)
    yield blocks.links(report)
    if report.result is Result.ROLLED_BACK:
        yield from blocks.rolled_back(report)
    if report.failures and line.failure is None and all(each.id == "input-invalid" for each in report.failures):
        yield blocks.inputs(report)
    else:
        for failure in report.failures[: blocks.MOST]:
            yield blocks.failure(report, failure, line)
    yield sentences(now(report))
    if report.result is Result.SEEN or not report.ok:
        yield from blocks.log(report)
    yield from blocks.remarks(report)
    yield from blocks.notes(report)
    yield blocks.rows(report)
    yield from blocks.plan(report)
    if report.result is Result.PLANNED:
        yield blocks.files(report.changes)
    yield blocks.facts(report)
