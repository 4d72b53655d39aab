"""The command `deploy` of a step that names no Space: all that spaces.yaml declares, in one run.

Each part is done for all Spaces before the next: they are planned, then those with something to do are published, and while one is
watched the others are built.
"""

from hfspace_action.commands import deploy as one
from hfspace_action.commands.step import Step
from hfspace_action.errors import Failures
from hfspace_action.inputs.spaces import file
from hfspace_action.plan.plan import Plan
from hfspace_action.report.many import table, tally

from .member import Member, inputs, shared

_LEAST = 60.0
"""Seconds that each Space but the first has to be judged in, also where those before it took all the time that the step was given."""


def deploy(step: Step) -> None:
    """Deploy what would change of the Spaces that are declared, and leave a record of each. Raises `Failure` for the file."""
    declared = file.read(step.workspace, step.inputs)
    if len(declared) == 1:
        only = declared[0]
        step.record.add(space_id=only.name)
        if only.failures:
            raise Failures([*only.failures])
        one.deploy(step._replace(inputs=inputs(only)))
        return
    if step.inputs.comment:
        step.record.note(f"The input `comment` has no effect on the Spaces of {file.NAME}.")
    each_step = shared(step)
    members = [Member(each_step, each) for each in declared]
    step.record.members = [each.record for each in members]
    due = _planned(step, members)
    if not step.inputs.dry_run:
        _headed(step, [each for each in due if not each.ended], "publish")
        for number, each in enumerate(due):
            step.deadline.allow(_LEAST if number else 0)
            _headed(step, [each], "watch")
    reports = [each.record.report() for each in members]
    step.record.add(result=tally.result(reports))
    if not step.inputs.dry_run:
        step.record.add(changed=any(each.changed for each in reports), created=any(each.created for each in reports))


def _planned(step: Step, members: list[Member]) -> list[Member]:
    """Plan all, show the plans, and return those with something to do."""
    due = []
    for number, each in enumerate(members, 1):
        step.runner.info(f"[{number}/{len(members)}] plan {each.name}")
        planned = each.go_on()
        if planned and _is_due(step, each, planned):
            due.append(each)
    with step.runner.group(f"All plans: {len(due)} of {len(members)} with something to do"):
        for line in table.planned([each.record.report() for each in members]):
            step.runner.info(line)
    return due


def _is_due(step: Step, member: Member, planned: Plan) -> bool:
    if step.inputs.dry_run:
        member.go_on()
        return bool(member.record.report().planned_changes)
    if member.is_due(planned):
        return True
    member.leave(planned)
    return False


def _headed(step: Step, members: list[Member], part: str) -> None:
    """Do the next part of each deploy that has not come to its end."""
    for each in members:
        if not each.ended:
            step.runner.info(f"{part} {each.name}")
            each.go_on()
