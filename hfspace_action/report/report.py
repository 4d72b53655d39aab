"""The end of a run, for everybody: the log, outputs for the steps that follow, annotations, and the job summary for people."""

from collections.abc import Callable, Mapping
from types import MappingProxyType

from hfspace_action.errors import Failure, Place
from hfspace_action.workflow.runner import Runner

from .blocks import MOST
from .facts import Report
from .headline import Headline, headline
from .summary import summary


def publish(report: Report, runner: Runner) -> None:
    """Write the log's last lines, the annotations, the outputs and the job summary."""
    line = headline(report)
    if report.ok or not report.failures:
        runner.verdict(f"{line}." + (f" {report.app_url}" if report.ok and report.app_url else ""), report.ok)
    elif line.result:
        runner.verdict(f"{line.result}:", report.ok)
    for shown in report.excerpt:
        runner.info(f"  {shown}")
    if report.spaces:
        from .many import table  # not before: most runs are about one Space

        for shown in table.lines(report.spaces):
            runner.info(shown)
    annotate(report, runner)
    runner.outputs(outputs(report))
    runner.summary(summary(report, runner.redact))


def outputs(report: Report) -> dict[str, str]:
    """Return the step's outputs. What is not known is empty."""
    known: dict[str, str | bool | None] = {
        "result": report.result,
        "stage": report.stage,
        "space-id": report.space_id,
        "space-url": report.space_url,
        "app-url": report.app_url,
        "commit-sha": report.failed_sha or report.commit_sha,  # the one that holds the deploy, also after a rollback
        "commit-url": report.failed_url or report.commit_url,
        "changed": report.changed,
        "created": report.created,
        "hardware": report.hardware,
        "visibility": report.visibility,
        "plan": report.plan_document,
        "healthy": report.healthy,
        "error": next((failure.id for each in (report, *report.spaces) for failure in each.failures), None),
        "duration": None if report.duration is None else str(round(report.duration)),
        "spaces": _spaces(report),
        "matrix": report.matrix,
        "pull-request": report.pull_request,
        "release": report.release,
        "releases": report.releases,
        "receipt": report.receipt,
    }
    return {name: _word(value) for name, value in known.items()}


def _spaces(report: Report) -> str | None:
    if not report.spaces:
        return None
    from .many import table

    return table.document(report.spaces, [outputs(each) for each in report.spaces])


def _word(value: str | bool | None) -> str:
    return str(value).lower() if isinstance(value, bool) else value or ""


def annotate(report: Report, runner: Runner) -> None:
    """Write an error for each failure, a warning for each note, at their places. A failed run has at least one error."""
    line = headline(report)
    for failure in report.failures[:MOST]:
        _at(failure.place, runner.error, annotation(failure, report.page(failure), report.pages), _title(line))
    if not report.ok and not report.failures and not report.spaces:
        runner.error(f"{line}.")
    for note in report.notes[:MOST]:
        _at(note.place, runner.warning, note.message, None)
    for each in report.spaces:
        if not each.unfinished:
            annotate(each, runner)


def annotation(failure: Failure, page: str | None = None, pages: Mapping[str, str] = MappingProxyType({})) -> str:
    """Return the text of a failure's annotation, which ends with its id, to be searched for. `pages` are those of a `Report`."""
    message = failure.message[:1].upper() + failure.message[1:] if failure.message[:4] == "the " else failure.message
    advice = failure.advice
    for words, address in pages.items():
        advice = advice.replace(words, f"{words} ({address})")
    return "\n".join([message, advice, f"{page} [{failure.id}]" if page else f"[{failure.id}]"])


def _title(line: Headline) -> str | None:
    return line.result or None


def _at(place: Place | None, annotation: Callable[..., None], message: str, title: str | None) -> None:
    annotation(message, title=title, file=place.file if place else None, line=place.line if place else None)
