"""The issue about a Space, and its line in an inventory: texts of ours, and of others what can't act."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple

from hfspace_action.commands.step import Step
from hfspace_action.report import comment
from hfspace_action.report.facts import SIGNS, Line
from hfspace_action.report.markdown import Safe, cell, escape, fill, join, link, prose, sentences, strong, table

from .findings import Finding, Seen

_TRIED = re.compile(r"<!-- cures: ([0-9]{1,2}) -->")
_LONGEST_TITLE = 200  # characters; GitHub takes 256


class Page(NamedTuple):
    """An issue's title and body."""

    title: str
    body: str


def marker(name: str) -> str:
    """Return the line by which the issue about a Space is known."""
    return comment.marker("watch", name.lower())


def tried(body: str) -> int:
    """Return how many cures in a row were tried without success, as the issue keeps it."""
    found = _TRIED.search(body)
    return int(found[1]) if found else 0


def page(step: Step, seen: Seen, cures: int, *, healed: str = "") -> Page:
    """Return the issue about a Space as it was found; `healed` is what was done to it."""
    redact = step.runner.redact
    title = f"{seen.name}: {redact(seen.in_short)}" if seen.wrong else f"{seen.name} is well"
    head = f"{marker(seen.name)}\n<!-- cures: {cures} -->"
    return Page(title[:_LONGEST_TITLE], join("\n\n", [Safe(head), *_body(step, seen, redact, healed)]) + "\n")


def _body(step: Step, seen: Seen, redact: Callable[[str], str], healed: str) -> Iterator[Safe]:
    space = link(escape(seen.name), seen.space.url if seen.space else None)
    yield fill("{} {}.", strong(space), Safe("needs attention" if seen.wrong else "is as it should be"))
    yield table(["", "What", "Found"], [_row(each, redact) for each in seen.findings])
    for each in seen.wrong:
        yield _advice(each, redact)
    if healed:
        yield sentences(f"This run has {healed}.")
    run = link(Safe("this run"), step.source.run_url) if step.source.run_url else Safe("a run")
    at = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    yield fill(
        "<sub>Found on {} by {}. The issue is closed once all is well. Closed as *not planned* it stays closed.</sub>",
        Safe(at),
        run,
    )


def _row(finding: Finding, redact: Callable[[str], str]) -> list[Safe]:
    return [Safe(SIGNS[finding.ok]), escape(redact(finding.name)), cell(redact(finding.detail))]


def _advice(finding: Finding, redact: Callable[[str], str]) -> Safe:
    failure = finding.failure
    if failure is None:
        return Safe("")
    told = Safe("") if failure.message.rstrip(".") in finding.detail else sentences(redact(failure.message))
    where = fill("{}:", strong(escape(redact(finding.short[:1].upper() + finding.short[1:]))))
    return fill("{} (`{}`)", join(" ", [where, told, prose(redact(failure.advice))]), Safe(failure.id))


def line(seen: Seen, issue: str) -> Line:
    """Return the line of a Space in an inventory; `issue` is the address of its issue, or empty."""
    space = seen.space
    runs = next((each.ok for each in seen.findings if each.name == "commit that runs"), None)
    head = (space.head or "")[:7] if space else ""
    return Line(
        False if seen.wrong else None if seen.under_way else True,
        seen.name,
        space.url if space else "",
        (space.stage or "not told") if space else "missing",
        head if runs is not False else f"{(space.runtime_sha or '')[:7] if space else ''}, not {head}",
        (space.hardware or "") if space else "",
        "" if seen.price is None else f"${seen.price:.2f}/h",
        (space.visibility or "") if space else "",
        seen.in_short or ("the Hub works on it" if seen.under_way else "well"),
        issue,
    )
