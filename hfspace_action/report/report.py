"""The end of a run, told three ways: outputs for the steps that follow, annotations, and the job summary for people.

The sentences stand in templates/ and errors.toml. A template can only insert text: `markdown.escape` sees every value first.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from jinja2 import Environment, PackageLoader, StrictUndefined, pass_eval_context, select_autoescape
from jinja2.nodes import EvalContext
from markupsafe import Markup

from hfspace_action import durations, text
from hfspace_action.errors import Place
from hfspace_action.workflow.runner import Runner

from . import markdown, timeline
from .facts import SIGNS, Changes, Report, Row

MOST = 10  # failures, notes, settings shown of each; GitHub shows no more than 10 annotations of a kind either
MOST_PATHS = 20


def publish(report: Report, runner: Runner) -> None:
    """Tell everybody: the log, the annotations, the outputs, the job summary."""
    runner.info(headline(report) + (f" {report.app_url}" if report.ok and report.app_url else ""))
    annotate(report, runner)
    for name, value in outputs(report).items():
        runner.output(name, value)
    runner.summary(summary(report, runner.redact))


def outputs(report: Report) -> dict[str, str]:
    """The step's outputs. What is not known is empty."""
    known: dict[str, str | bool | None] = {
        "result": report.result,
        "stage": report.stage,
        "space-id": report.space_id,
        "space-url": report.space_url,
        "app-url": report.app_url,
        "commit-sha": report.commit_sha,
        "commit-url": report.commit_url,
        "changed": report.changed,
        "created": report.created,
        "hardware": report.hardware,
        "visibility": report.visibility,
        "plan": report.plan_document,
        "healthy": report.healthy,
        "error": report.failures[0].id if report.failures else None,
        "duration": None if report.duration is None else str(round(report.duration)),
    }
    return {name: _word(value) for name, value in known.items()}


def _word(value: str | bool | None) -> str:
    return str(value).lower() if isinstance(value, bool) else value or ""


def annotate(report: Report, runner: Runner) -> None:
    """An error for each failure, a warning for each note, at their places. A failed run has at least one error."""
    title = headline(report)
    for failure in report.failures[:MOST]:
        # The last words are the id, to be searched for.
        more = f"More: {report.page(failure)}" if report.errors_page else f"Error: {failure.id}"
        _at(failure.place, runner.error, f"{failure.message}\n{failure.advice}\n{more}", title)
    if not report.ok and not report.failures:
        runner.error(title)
    for note in report.notes[:MOST]:
        _at(note.place, runner.warning, note.message, None)


def _at(place: Place | None, annotation: Callable[..., None], message: str, title: str | None) -> None:
    annotation(message, title=title, file=place.file if place else None, line=place.line if place else None)


def headline(report: Report) -> str:
    """The run in one plain sentence."""
    return _environment(str).get_template("headline.txt").render(report=report)


def summary(report: Report, redact: Callable[[str], str]) -> str:
    """The job summary in GitHub's Markdown. `redact` hides secrets before escaping could change their spelling."""
    shown = report.failures[:MOST]
    above = {failure.message: failure.id for failure in shown}
    return (
        _environment(redact)
        .get_template("summary.md")
        .render(
            report=report,
            headline=headline(report),
            facts=list(_facts(report)),
            failures=[(_brief(failure.message, report.error_message), failure) for failure in shown],
            changes=_counts(report),
            paths=list(_paths(report.changes)) if report.changes else [],
            rows=[(SIGNS[row.ok], row, _took(row), above.get(row.detail)) for row in report.rows],
            timeline=timeline.chart(
                [replace(phase, name=redact(phase.name)) for phase in report.phases], failed=not report.ok
            ),
            most=MOST,
        )
    )


def _environment(redact: Callable[[str], str]) -> Environment:
    def hidden(function: Callable[..., Markup]) -> Callable[..., Markup]:
        return lambda *values: function(*(value and redact(value) for value in values))

    @pass_eval_context
    def shown(context: EvalContext, value: object) -> object:
        if value is None or isinstance(value, Markup) or not context.autoescape:
            return "" if value is None else value
        return markdown.escape(redact(str(value)))

    environment = Environment(
        loader=PackageLoader("hfspace_action.report"),
        autoescape=select_autoescape(["md"], default=False),
        finalize=shown,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "code": hidden(markdown.code),
        "prose": hidden(markdown.prose),
        "link": hidden(markdown.link),
    }
    environment.filters["place"] = lambda place: markdown.code(
        redact(place.file + (f":{place.line}" if place.line else ""))
    )
    environment.filters["log"] = lambda lines: markdown.log([redact(line) for line in lines])
    return environment


def _brief(message: str, error_message: str | None) -> str:
    """A failure's message with a long error of the Hub's (shown whole elsewhere) reduced to its last line."""
    said = (error_message or "").strip()
    return message.replace(said, said.splitlines()[-1]) if "\n" in said else message


def _facts(report: Report) -> Iterator[tuple[str, str, str | None]]:
    """The rows of the table: name, value, address."""
    rows = (
        ("Space", report.space_id, report.space_url),
        ("Title", report.title, None),
        ("App", report.app_url and report.app_url.removeprefix("https://"), report.app_url),
        ("Commit", report.commit_sha and report.commit_sha[:7], report.commit_url),
        ("Deployed from", report.source_sha and report.source_sha[:7], report.source_url),
        ("Stage", report.stage, None),
        ("SDK", report.sdk, None),
        ("Hardware", report.hardware, None),
        ("Visibility", report.visibility, None),
        ("Time", None if report.duration is None else durations.words(report.duration), None),
    )
    for name, value, url in rows:
        if value:
            yield name, value, url


def _counts(report: Report) -> str:
    """The changes in numbers: "2 added, 1 removed, 40 unchanged; 1.2 kB"."""
    if report.changes is None:
        return ""
    changes = report.changes
    counts = (
        (len(changes.added), "added"),
        (len(changes.changed), "changed"),
        (len(changes.removed), "removed"),
        (changes.unchanged or 0, "unchanged"),
    )
    words = ", ".join(f"{count:,} {what}" for count, what in counts if count)
    if not words:
        return ""
    # What was planned and then not published was not sent either.
    published = report.commit_sha is not None or not changes
    return (
        ("Files: " if published else "Files to publish: ")
        + words
        + (f"; {text.size(changes.bytes)}" if changes.bytes else "")
    )


def _paths(changes: Changes) -> Iterator[str]:
    marked = [
        *(f"+ {path}" for path in changes.added),
        *(f"~ {path}" for path in changes.changed),
        *(f"- {path}" for path in changes.removed),
    ]
    yield from marked[:MOST_PATHS]
    if len(marked) > MOST_PATHS:
        yield f"… and {len(marked) - MOST_PATHS:,} more"


def _took(row: Row) -> str:
    return "" if row.seconds is None else durations.words(row.seconds)
