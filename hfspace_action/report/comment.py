"""The comment on a pull request: what a reviewer wants to know of its preview, or of what a deploy would change."""

from collections.abc import Callable, Iterator

from hfspace_action.result import Result

from . import blocks
from .facts import Report
from .headline import headline
from .hidden import hidden
from .markdown import Safe, details, fill, join, link, sentences
from .sentences import sentence

_HOURS_A_MONTH = 730


def marker(kind: str, space: str) -> str:
    """Return the line by which a comment of this kind about a Space is known again, which readers don't see."""
    return f"<!-- hf-space-deploy: {kind} of {space} -->"


def of_preview(report: Report, redact: Callable[[str], str]) -> str:
    """Return the comment on a preview: result, commit, the app's address, the plan; where it failed, the cause."""
    shown = hidden(report, redact)
    return _page(shown, _preview(shown))


def of_plan(report: Report, redact: Callable[[str], str]) -> str:
    """Return the comment on a dry run: what a deploy would change, restart, and cost; where it would fail, the cause."""
    shown = hidden(report, redact)
    return _page(shown, _plan(shown))


def of_words(words: str, redact: Callable[[str], str]) -> str:
    """Return a comment of one sentence."""
    return sentences(redact(words)) + "\n"


def _page(shown: Report, body: Iterator[Safe]) -> str:
    return join("\n\n", [blocks.title(shown, headline(shown)), *body]) + "\n"


def _preview(report: Report) -> Iterator[Safe]:
    if report.result.has_app:
        yield blocks.links(report)
    yield from _failures(report)
    yield _commit(report)
    yield from blocks.notes(report)
    plan = join("\n\n", [*blocks.plan(report), blocks.files(report.changes)])
    if plan and report.result is not Result.SKIPPED:
        yield details("Plan", plan)
    yield _footer(report)


def _plan(report: Report) -> Iterator[Safe]:
    yield from _failures(report)
    if report.ok:
        yield sentences(sentence("plan", "shown" if report.planned_changes else "nothing"))
    yield from blocks.plan(report)
    yield join(" ", [_restarts(report), _cost(report)])
    yield blocks.files(report.changes)
    yield from blocks.notes(report)
    yield _commit(report)
    yield _footer(report)


def _failures(report: Report) -> Iterator[Safe]:
    line = headline(report)
    for failure in report.failures[: blocks.MOST]:
        yield blocks.failure(report, failure, line)
    if not report.ok:
        yield from blocks.log(report)


def _restarts(report: Report) -> Safe:
    if not report.planned_changes or report.planned_changes[0].startswith("+ space"):
        return Safe("")
    if report.restarts:
        return Safe("The app starts again for it.")
    return Safe("The app is not started again for it.")


def _cost(report: Report) -> Safe:
    """What the hardware costs from then on, if it were up all the time."""
    if not report.planned_price:
        return Safe("")
    dollars = report.planned_price
    cost = Safe(f"${dollars:.2f} an hour: ${dollars * _HOURS_A_MONTH:.2f} a month, if it never sleeps")
    return fill("The hardware costs {}.", cost)


def _commit(report: Report) -> Safe:
    commits = blocks.commits(report)
    return fill("From {}.", commits) if commits else Safe("")


def _footer(report: Report) -> Safe:
    run = link(Safe("Log of this run"), report.run_url)
    return fill("<sub>{}</sub>", join(" · ", [*blocks.space_now(report), run])) if report.run_url else Safe("")
