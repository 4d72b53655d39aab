"""Many Spaces in one table, in the log and in the summary: the same facts, a line for each."""

import json
from collections.abc import Iterator, Mapping, Sequence

from hfspace_action import text
from hfspace_action.report.facts import SIGNS, Report
from hfspace_action.report.markdown import Safe, cell, code, escape, fill, join, link, table

from . import tally

_MOST = 5  # lines of a plan in a cell
_LEFT_OUT = ("duration", "plan", "spaces", "matrix", "healthy")


def lines(reports: Sequence[Report]) -> Iterator[str]:
    """Return the log's line for each Space, in the order in which they are declared."""
    for each in reports:
        plan = f" ({_words(each)})" if each.planned_changes else ""
        said = f": {each.failures[0].message}" if each.failures else plan
        yield f"{_sign(each)} {each.space_id}: {tally.word(each)}{said}"


def planned(reports: Sequence[Report]) -> Iterator[str]:
    """Return the log's line for each Space once all are planned."""
    for each in reports:
        yield f"{each.space_id}: {each.failures[0].message if each.failures else _words(each) or 'nothing to change'}"


def markdown(reports: Sequence[Report]) -> Safe:
    """Return the summary's table: what is red first, what did not change last."""
    return table(["", "Space", "Result", "Plan", "Commit"], [_row(each) for each in tally.in_order(reports)])


def document(reports: Sequence[Report], outputs: Sequence[Mapping[str, str]]) -> str:
    """Return JSON with what is known of each Space, by the names of the outputs."""
    shown = [{name: value for name, value in each.items() if value and name not in _LEFT_OUT} for each in outputs]
    return json.dumps([{"space-id": report.space_id, **each} for report, each in zip(reports, shown, strict=True)])


def _row(report: Report) -> list[Safe]:
    app = fill(" · {}", link(Safe("app"), report.app_url)) if report.app_url else Safe("")
    space = fill("{}{}", link(escape(report.space_id), report.space_url), app)
    said = report.failures[0].reason if report.failures else ""
    result = fill("{}: {}", escape(tally.word(report)), cell(said)) if said else escape(tally.word(report))
    plan = join("<br>", [*(code(line) for line in _short(report.planned_changes)), Safe(_restarts(report))])
    commit = link(code(text.short(report.commit_sha)), report.commit_url) if report.commit_sha else Safe("")
    return [Safe(_sign(report)), space, result, plan, commit]


def _sign(report: Report) -> str:
    return (
        SIGNS[None] if report.unfinished or (report.ok and tally.word(report) == tally.UNCHANGED) else SIGNS[report.ok]
    )


def _words(report: Report) -> str:
    """A plan in one line."""
    return "; ".join(filter(None, [*_short(report.planned_changes), _restarts(report)]))


def _restarts(report: Report) -> str:
    return "restarts the app" if report.restarts and report.planned_changes else ""


def _short(changes: Sequence[str]) -> list[str]:
    left = len(changes) - _MOST
    return [*changes[:_MOST], *([f"… and {left} more"] if left > 0 else [])]
