"""The run in one sentence: its result, and the reason where it failed."""

import re
from typing import NamedTuple

from hfspace_action import text
from hfspace_action.errors import Failure, groups
from hfspace_action.result import Result
from hfspace_action.space import ERRORS, HALTED

from .facts import Report
from .sentences import count, exists, sentence

_STAGES = {
    "BUILD_ERROR": "failed-build",
    "RUNTIME_ERROR": "failed-start",
    "CONFIG_ERROR": "failed-config",
    "NO_APP_FILE": "failed-no-app",
}
_WORK = {
    "deploy": "deploy to",
    "check": "check of",
    "verify": "verification of",
    "selftest": "self-test for",
    "status": "status check of",
    "history": "list of the releases of",
    "rollback": "rollback of",
    "release": "release of",
    "promote": "promotion to",
    "watch": "watch over",
    "delete": "deletion of",
    "migrate": "migration to",
    "preview": "deploy to",
    "sweep": "sweep of the previews of",
    "rehearse": "rehearsal of",
}
_DEPLOYS = ("deploy", "promote", "preview")
# Words at a sentence's beginning that are capital only there.
_FIRST = re.compile(
    r"(?:An?|The|There|This|These|Its?|No|Nothing|Something|Some|Files?|Others?|Another|After|Symbolic|Somebody|What)\b"
)


class Headline(NamedTuple):
    """The result, and where it needs one the reason, as texts like those of errors.toml. `failure` is the one that gave the
    reason, so that nobody repeats it."""

    result: str
    reason: str = ""
    failure: Failure | None = None

    def __str__(self) -> str:
        """Return both in one sentence without its end."""
        return f"{self.result}: {self.reason}" if self.reason and self.result else self.reason or self.result


def headline(report: Report) -> Headline:
    """Return the headline of a report."""
    result = sentence("headlines", _name(report), **_facts(report))
    result = result[:1].upper() + result[1:] if report.space_id is None else result
    if not report.failures:
        return Headline(result, as_clause(report.why) if report.why else _own_reason(report))
    if len(report.failures) > 1 and report.result in (Result.ERROR, Result.UNHEALTHY):
        return _of_several(result, report)
    failure = report.failures[0]
    if report.space_id and failure.reason.startswith(f"{report.space_id} "):  # it is a whole headline
        rolled_back = report.result is Result.ROLLED_BACK
        return Headline(result if rolled_back else "", failure.reason, failure)
    return Headline(result, as_clause(failure.reason), failure)


def as_clause(reason: str) -> str:
    """Return a sentence as it is written after a colon."""
    return reason[:1].lower() + reason[1:] if _FIRST.match(reason) else reason


def _name(report: Report) -> str:
    """Return the name of the headline that a report has."""
    if report.inventory and report.result in (Result.SEEN, Result.BROKEN, Result.HEALED):
        return "watched-broken" if report.broken else f"watched-{report.result}"
    if report.spaces:
        return "many"
    if report.matrix is not None:
        return "matrix"
    match report.result:
        case Result.LIVE if report.command == "restart":
            return "live-restart"
        case Result.LIVE | Result.PUBLISHED if report.command == "rollback":
            return f"{report.result}-rollback"
        case Result.LIVE if report.created:
            return "live-new"
        case Result.LIVE | Result.PUBLISHED if report.changed is False:
            return f"{report.result}-unchanged"
        case Result.HEALTHY if report.idle:
            return "healthy-idle"
        case Result.PLANNED:
            return _planned(report)
        case Result.FAILED:
            return _STAGES.get(report.stage or "", "failed")
        case Result.SEEN if report.releases is not None:
            return "history" if report.rows else "history-none"
        case Result.SEEN | Result.BROKEN:
            return _seen(report)
        case Result.SWEPT if not report.changed:
            return "swept-nothing"
        case Result.DELETED if report.changed is False:
            return "deleted-missing"
        case Result.MIGRATED if not report.changed:
            return "migrated-dry" if report.rows else "migrated-nothing"
        case Result.ERROR:
            return _error(report)
        case Result.TIMEOUT if (
            report.command not in ("deploy", "promote", "rollback", "restart") or not report.commit_sha
        ):
            return _error(report)
    return str(report.result)


def _planned(report: Report) -> str:
    if report.command == "delete":
        return "planned-delete"
    if report.command in ("sweep", "rollback", "release"):
        return f"planned-{report.command}"
    changes = report.planned_changes
    if not changes:
        return "planned-nothing"
    if changes[0].startswith("+ space"):
        return "planned-new"
    return "planned-restart" if report.restarts else "planned"


def _seen(report: Report) -> str:
    if report.stage in ERRORS:
        return "seen-broken"
    if report.stage in HALTED:
        return "seen-halted"
    if report.stage in ("RUNNING", "SLEEPING") and report.running_sha and report.commit_sha:
        return "seen-running" if report.running_sha == report.commit_sha else "seen-older"
    return "seen-broken" if report.result is Result.BROKEN else "seen"


def _error(report: Report) -> str:
    if report.command in _DEPLOYS and report.commit_sha:
        return "error-deploy-published"
    if report.unsettled:
        return "error-deploy-unsettled"
    if report.command in _DEPLOYS and report.done:
        return "error-deploy-partly"
    if report.command == "selftest" and _failed_step(report):
        return "error-selftest-step"
    named = f"error-{report.command}"
    if report.space_id is None and report.command != "selftest":
        return f"{named}-unnamed" if exists("headlines", f"{named}-unnamed") else "error-unnamed"
    return named if exists("headlines", named) else "error"


def _failed_step(report: Report) -> str:
    return next((row.name for row in report.rows if row.ok is False), "")


def _facts(report: Report) -> dict[str, str]:
    return {
        "space": report.space_id or "the Space",
        "stage": report.stage or "in a stage that is not known",
        "halted": report.stage.lower() if report.stage in HALTED else "paused",
        "commit": text.short(report.commit_sha),
        "running": text.short(report.running_sha),
        "changes": count(len(report.planned_changes), "change"),
        "work": _WORK.get(report.command, f"{report.command} of"),
        "step": _failed_step(report),
        "tally": _tally(report),
        "due": str(sum(row.ok is True for row in report.rows)),
        "declared": count(len(report.rows), "Space"),
        "release": report.release or "a version that is not known",
        "released": count(sum(row.ok is True for row in report.rows), "release"),
        "rewritten": count(len(report.rows), "workflow"),
        "spaces": count(len(report.inventory), "Space"),
        "unwell": str(sum(line.ok is False for line in report.inventory)),
        "swept": count(sum(row.ok is True for row in report.rows), "preview"),
    }


def _tally(report: Report) -> str:
    if not report.spaces:
        return ""
    from .many import tally  # not before: most runs are about one Space

    return tally.words(report.spaces)


def _own_reason(report: Report) -> str:
    """Return the reason of a state that no failure explains: what the Hub reports."""
    said = (report.error_message or "").strip()
    if report.ok and not report.broken:
        return ""
    return text.lines(said)[-1].strip() if said else ""


def _of_several(result: str, report: Report) -> Headline:
    inputs = next(group.texts for group in groups() if "input-invalid" in group.texts)
    number = len(report.failures)
    if all(failure.id in inputs for failure in report.failures):
        return Headline(result, sentence("reasons", "inputs", inputs=count(number, "input")))
    return Headline(sentence("reasons", "several", result=result, reasons=count(number, "reason")))
