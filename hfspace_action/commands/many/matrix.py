"""The command `matrix`: which Spaces of spaces.yaml a workflow has to deploy, for a job of GitHub's each. It changes nothing."""

import json

from hfspace_action.commands.step import Step
from hfspace_action.inputs.spaces import file
from hfspace_action.inputs.spaces.file import Declared
from hfspace_action.result import Result

from .member import Member, shared


def matrix(step: Step) -> None:
    """Record the matrix of the Spaces for which a deploy has something to do, and of those for which that can't be known here: it
    is never wrong to deploy one too many. Raises `Failure` for the file."""
    declared = file.read(step.workspace, step.inputs)
    is_known = bool(step.inputs.hf_token or step.job)
    asked = shared(step) if is_known else step
    chosen = [each for each in declared if not is_known or _is_chosen(asked, each)]
    for each in declared if not is_known else ():
        _row(step, each, True, "to deploy: without a token it can't be compared")
    entries = [{"space": each.name, "path": each.inputs.path} for each in chosen]
    step.record.add(result=Result.PLANNED, matrix=json.dumps({"include": entries}, separators=(",", ":")))


def _is_chosen(step: Step, each: Declared) -> bool:
    """Decide about one Space, and leave a row that says why."""
    if each.failures:
        return _row(step, each, True, f"to deploy: it can't be compared here. {each.failures[0].message}")
    member = Member(step, each)
    planned = member.go_on()
    report = member.record.report()
    if planned is None:
        return _row(step, each, True, f"to deploy: it could not be planned. {report.failures[0].message}")
    if not member.is_due(planned):
        return _row(step, each, None, "left out: nothing changes, and it runs")
    changes = "; ".join(report.planned_changes) or f"its stage is {report.stage}"
    return _row(step, each, True, f"to deploy: {changes}")


def _row(step: Step, each: Declared, ok: bool | None, detail: str) -> bool:
    step.runner.info(str(step.record.row(each.name, ok, detail)))
    return bool(ok)
