"""The blocks that a job summary is made of. Each is a function from facts to Markdown, empty where there is nothing to show."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote

import hfspace_action
from hfspace_action import durations, text
from hfspace_action.errors import Failure, Place
from hfspace_action.result import Result
from hfspace_action.space import BUILDING, SERVING, STARTING

from .facts import SIGNS, Changes, Line, Phase, Report, Row
from .headline import Headline
from .markdown import (
    MOST_LOG_LINES,
    Safe,
    cell,
    code,
    details,
    escape,
    fence,
    fill,
    inline,
    join,
    link,
    prose,
    sentences,
    strong,
    table,
)
from .sentences import count

MOST = 10  # failures, notes, settings shown of each; GitHub shows no more than 10 annotations of a kind either
MOST_PATHS = 20
OPEN_PATHS = 10  # files that need no unfolding
_SHORTEST_PHASE = 0.1  # seconds
_DOT = " · "
_SETTING = re.compile(r". (?:visibility|hardware|sleep-time|variable|secret)\b")  # a line of the plan about one


def title(report: Report, line: Headline) -> Safe:
    """Return the headline with its sign."""
    return fill("### {} {}", Safe(sign(report)), sentences(str(line)))


def sign(report: Report) -> str:
    """Return the sign of the result: what is broken is red, also where the step that looked at it is green."""
    if report.result is Result.ROLLED_BACK:
        return "↩️"
    if report.result is Result.PLANNED:
        return "📋"
    if report.result is Result.TIMEOUT:
        return "⏳"
    return "✅" if report.ok and not report.broken else "❌"


def links(report: Report) -> Safe:
    """Return where to go from here: the app, if there is one that answers, the Space, what changed."""
    runs = report.result.has_app or report.stage in SERVING
    app = strong(link(Safe("Open the app"), report.app_url)) if report.app_url and runs else Safe("")
    space = link(Safe("Space"), report.space_url) if report.space_url else Safe("")
    changed = link(Safe("what changed"), report.commit_url) if report.commit_url and report.changed else Safe("")
    edits = link(Safe("edits to merge"), report.pull_request) if report.pull_request else Safe("")
    return join(_DOT, [app, space, changed, edits])


def commits(report: Report) -> Safe:
    """Return the commit on GitHub, with its subject, and the one on the Space that was made of it, each by its name."""
    made = _on_the_hub(report.commit_sha, report.commit_url)
    source = _source(report)
    made = fill("the Space's {}", made) if made else made
    return fill("{} as {}", source, made) if made and source else source or made


def _source(report: Report) -> Safe:
    return _in_repository(report, report.source_sha, report.source_subject, report.source_url)


def _in_repository(report: Report, sha: str | None, subject: str | None, url: str | None) -> Safe:
    """A commit of the repository that is deployed, with the first line of its message."""
    if not sha:
        return Safe("")
    named = join(" ", [code(text.short(sha)), escape(text.cut(subject, 72)) if subject else Safe("")])
    return fill("{}'s {}", escape(report.source_name), link(named, url))


def _on_the_hub(sha: str | None, url: str | None) -> Safe:
    return link(code(text.short(sha)), url) if sha else Safe("")


def running(report: Report) -> Safe:
    """Return what a Space runs after a success, and how its app answered."""
    what = commits(report)
    if not what:
        return Safe("")
    verb = {Result.LIVE: "It runs", Result.ASLEEP: "It holds", Result.PUBLISHED: "It holds"}.get(report.result, "From")
    return join(" ", [fill("{} {}.", Safe(verb), what), _answered(report)])


def _answered(report: Report) -> Safe:
    """What became of the app: a start that the changes took, and its answer."""
    done = [Safe("restarted")] if report.restarts and report.result is Result.LIVE else []
    done += [fill("answered with {}", escape(report.answer))] if report.answer else []
    return fill("The app {}.", join(" and ", done)) if done else Safe("")


def _took(report: Report) -> Safe:
    """How long the step took, and its parts."""
    if report.duration is None:
        return Safe("")
    return fill("took {}{}", inline(durations.words(report.duration)), times(report.phases))


def times(phases: Sequence[Phase]) -> Safe:
    """Return how long the parts of a run took, on one line."""
    seconds: dict[str, float] = {}
    for phase in phases:
        name = "build" if phase.name in BUILDING else "start" if phase.name in STARTING else phase.name
        if name.islower():
            seconds[name] = seconds.get(name, 0) + phase.end - phase.start
    shown = [
        fill("{} {}", escape(name), inline(durations.words(took)))
        for name, took in seconds.items()
        if took >= _SHORTEST_PHASE
    ]
    return fill(" ({})", join(", ", shown)) if len(shown) > 1 else Safe("")


def space_now(report: Report) -> Iterator[Safe]:
    """Return what kind of Space it is: who sees it, on what it runs and for how much, what it is."""
    if report.visibility:
        yield escape(report.visibility)
    if report.hardware:
        cost = price(report.price, report.sleep_time)
        yield fill("{} ({})", escape(report.hardware), cost) if cost else escape(report.hardware)
    if report.sdk:
        yield escape(report.sdk)


def price(dollars: float | None, sleep_time: int | None) -> Safe:
    """Return what hardware costs, where it costs something, and when it stops to cost."""
    if not dollars:
        return Safe("")
    sleeps = {None: "", durations.NEVER: ", never sleeps"}.get(sleep_time)
    sleeps = f", sleeps after {durations.words(sleep_time)}" if sleeps is None and sleep_time else sleeps or ""
    return Safe(f"${dollars:.2f} an hour{sleeps}")


def footer(report: Report) -> Safe:
    """Return the last line of a success."""
    version = Safe(f"hf-space-deploy {hfspace_action.__version__}")
    return fill("<sub>{}</sub>", join(_DOT, [*space_now(report), _took(report), version]))


def facts(report: Report) -> Safe:
    """Return the one line of facts of a failure or a look."""
    commit = commits(report) if report.result is not Result.ROLLED_BACK else Safe("")  # which begins with them
    if commit and not report.source_sha:
        commit = fill("The Space's {}", _on_the_hub(report.commit_sha, report.commit_url))
    now = [*space_now(report)]
    return join(_DOT, [commit, _stage(report), *now]) if commit or now or report.space_url else Safe("")


def _stage(report: Report) -> Safe:
    """The stage and the time, which a deploy took to get there; before it published, the stage is none of its doing."""
    took = Safe("") if report.duration is None else inline(durations.words(report.duration))
    if not report.stage or not took:
        return escape(report.stage) if report.stage else fill("took {}", took) if took else took
    stage = escape(report.stage)
    if report.command not in ("deploy", "promote") or report.result is Result.PLANNED:
        return fill("{} · took {}", stage, took)
    return fill("{} after {}" if report.commit_sha else "the Space is {} · took {}", stage, took)


def rolled_back(report: Report) -> Iterator[Safe]:
    """Return what runs again after a rollback, and what failed."""
    again = _in_repository(report, report.restored_sha, report.restored_subject, report.restored_url)
    runs = again or fill("The Space's {}", _on_the_hub(report.commit_sha, report.commit_url))
    failed = _source(report) or fill("The Space's {}", _on_the_hub(report.failed_sha, report.failed_url))
    yield fill("{} runs again. {} failed.", runs, failed)


def failure(report: Report, shown: Failure, line: Headline) -> Safe:
    """Return where, why and what to do; what the headline says is not said again."""
    said = Safe("") if line.failure is shown else strong(fill("{}.", sentences(shown.reason)))
    where = place(report, shown.place)
    at = fill("{}: {}", where, said) if where and said else fill("{}:", where) if where else said
    name = fill("({})", link(escape(shown.id), report.page(shown)))
    advice = prose(shown.advice, report.pages)
    first = join(" ", [at, sentences(shown.detail), advice])
    return fill("{}\n\n{}", first, name) if "\n" in advice else fill("{} {}", first, name)


def inputs(report: Report) -> Safe:
    """Return several inputs that can't be used, which the headline says, each in a line."""
    shown = report.failures[:MOST]
    files = {failure.place.file if failure.place else "" for failure in shown}
    only = Place(files.pop()) if len(files) == 1 and "" not in files else None
    lines = [fill("In {}:\n", place(report, only))] if only else []
    for failure in shown:
        where = place(report, failure.place, named=only is None)
        what = sentences(failure.reason.removeprefix("The input ").replace(" can't be used", "", 1))
        lines.append(fill("- {}**{}.** {}", fill("{}: ", where) if where else where, what, prose(failure.advice)))
    name = fill("({})", link(escape(shown[0].id), report.page(shown[0])))
    return fill("{}\n\n{}", join("\n", lines), name)


def place(report: Report, where: Place | None, *, named: bool = True) -> Safe:
    """Return a file, unless it is named already, and its line, leading to the commit on GitHub."""
    if where is None:
        return Safe("")
    url = (
        f"{report.source_files}/{quote(where.file, errors='replace')}"
        + (f"{report.source_line}{where.line}" if where.line else "")
        if report.source_files
        else None
    )
    line = Safe(f" line {where.line}") if where.line else Safe("")
    return link(fill("{}{}", code(where.file), line) if named else inline(line.strip()), url)


def log(report: Report) -> Iterator[Safe]:
    """Return the lines that show the cause, and the log's end, folded where the cause is known."""
    if report.excerpt:
        yield fence(report.excerpt)
    if report.log_tail:
        lines = report.log_tail[-MOST_LOG_LINES:]
        name = report.log_name.capitalize()
        yield details(f"{name} log, last {count(len(lines), 'line')}", fence(lines), is_open=not report.excerpt)
    said = (report.error_message or "").strip()
    if "\n" in said and not report.excerpt:
        yield details("The Hub's message", fence(text.lines(said)), is_open=not report.log_tail)


def plan(report: Report) -> Iterator[Safe]:
    """Return the plan as a difference, in two parts where only one of them was done."""
    if report.result in (Result.ERROR, Result.CANCELLED) and report.undone:
        yield fill("Done:\n\n{}", diff(report.done))
        yield fill("Not done; the next run goes on from here:\n\n{}", diff(report.undone))
    elif report.result is Result.ROLLED_BACK:
        stays = [line for line in report.planned_changes if _SETTING.match(line)]
        gone = [line for line in report.planned_changes if line not in stays]
        yield fill("Tried, then undone:\n\n{}", diff(gone)) if gone else Safe("")
        yield fill("Changed, and not undone:\n\n{}", diff(stays)) if stays else Safe("")
    elif report.planned_changes:
        label = "Not done:\n\n{}" if report.result in (Result.ERROR, Result.CANCELLED) else "{}"
        yield fill(label, diff(report.planned_changes))


def diff(lines: Sequence[str]) -> Safe:
    """Return lines that begin with +, ~ or - as GitHub colours them."""
    return fence([f"! {line[2:]}" if line.startswith("~ ") else line for line in lines], "diff")


def files(changes: Changes | None) -> Safe:
    """Return the files that change, each with its sign."""
    if not changes:
        return Safe("")
    marked = [
        *(f"+ {path}" for path in changes.added),
        *(f"~ {path}" for path in changes.changed),
        *(f"- {path}" for path in changes.removed),
    ]
    left = len(marked) - MOST_PATHS
    shown = marked[:MOST_PATHS] + ([f"… and {left:,} more"] if left > 0 else [])
    size = f", {text.size(changes.bytes)}" if changes.bytes else ""
    return details(f"{count(len(marked), 'file')}{size}", diff(shown), is_open=len(marked) <= OPEN_PATHS)


def rows(report: Report) -> Safe:
    """Return what was checked or tried, as a table. A failure that is shown above is only named."""
    if report.inventory:
        return inventory(report.inventory)
    if not report.rows or report.answer:
        return Safe("")
    if report.command == "check":
        return _checked(report)
    return _table(report.rows, report)


def _checked(report: Report) -> Safe:
    """The rows that somebody has to look at, and the others folded."""
    urgent = [row for row in report.rows if row.ok is False or row.warns]
    others = [row for row in report.rows if row not in urgent]
    passed = sum(row.ok is True for row in others)
    title = f"{passed} passed, {len(others) - passed} did not apply"
    folded = details(title, _table(others, report)) if others else Safe("")
    return join("\n\n", [_table(urgent, report) if urgent else Safe(""), folded])


def _table(shown: Sequence[Row], report: Report) -> Safe:
    return table(["", "What", "Result"], [_row(row, report) for row in shown])


def inventory(lines: Sequence[Line]) -> Safe:
    """Return several Spaces that were looked at, as a table."""
    head = ["", "Space", "Stage", "Commit", "Hardware", "Price", "Visibility", "Found"]
    return table(head, [_line(line) for line in lines])


def _line(line: Line) -> list[Safe]:
    issue = link(Safe("issue"), line.issue) if line.issue else Safe("")
    facts = [escape(each) for each in (line.stage, line.commit, line.hardware, line.price, line.visibility)]
    return [Safe(SIGNS[line.ok]), link(escape(line.space), line.url), *facts, join(" · ", [cell(line.found), issue])]


def _row(row: Row, report: Report) -> list[Safe]:
    took = fill(" ({})", inline(durations.words(row.seconds))) if row.seconds is not None else Safe("")
    shown = report.failures[:MOST] if row.ok is False else ()
    above = next((each.id for each in shown if row.detail and row.detail in each.message), None)
    said = " ".join((report.error_message or "").split())
    detail = row.detail.removesuffix(f": {said}") if said else row.detail  # which the headline has
    words = fill("see above: {}", escape(above)) if above else join("<br>", [cell(detail), cell(row.advice)])
    return [escape(row.sign), fill("{}{}", escape(row.name), took), words]


def remarks(report: Report) -> Iterator[Safe]:
    """Return what there is to know of the choice of files."""
    yield from map(prose, report.remarks)


def notes(report: Report) -> Iterator[Safe]:
    """Return what else the user should know."""
    told = [row.detail for row in report.rows if row.ok is False and row.detail]
    for note in [each for each in report.notes if not any(map(each.message.startswith, told))][:MOST]:
        where = place(report, note.place)
        yield fill("⚠️ {}{}", fill("{}: ", where) if where else Safe(""), prose(note.message))
