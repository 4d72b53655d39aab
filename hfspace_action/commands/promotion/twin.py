"""The Space for staging, which must be live before the other one gets its files."""

from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure, Failures
from hfspace_action.report.facts import Report
from hfspace_action.result import Result

_LIVE = frozenset({Result.LIVE, Result.ASLEEP})


def must_be_live(step: Step, space: str, twin: str, report: Report) -> None:
    """Record that the twin is live, as its own report has it. Raises `Failures` with what keeps it from that; `space` is then as it
    was."""
    step.deadline.again()
    if report.result not in _LIVE or report.failures:
        step.record.add(log_name=report.log_name, log_tail=report.log_tail)
        failed = Failure("twin-not-live", space=space, twin=twin, result=report.result)
        raise Failures([failed, *report.failures])
    step.record.row("twin", True, f"{twin} is {report.result} with the same files, at {report.commit_url}")
    step.runner.info(f"{twin} is {report.result}; now {space}.")
