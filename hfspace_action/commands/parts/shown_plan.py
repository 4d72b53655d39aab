"""A plan in the log and in the record, before anything of it is done."""

import json
from contextlib import nullcontext

from hfspace_action.commands.step import Step
from hfspace_action.plan.hold import Held
from hfspace_action.plan.plan import Plan
from hfspace_action.report.facts import Changes
from hfspace_action.report.sentences import count


def show(step: Step, planned: Plan) -> None:
    """Record the plan, and print it: in a group, unless it is all that there is to see."""
    lines = list(planned.lines())
    step.record.add(
        changes=_changes(planned),
        plan=lines,
        plan_document=json.dumps(planned.document(step.runner.redact)),
        restarts=any(entry.restarts for entry in planned.entries()),
    )
    title = f"Plan for {planned.space}: {_in_short(planned)}"
    with nullcontext() if step.inputs.dry_run else step.runner.group(title):
        for line in lines:
            step.runner.info(line)


def stop_at_hold(step: Step, planned: Plan, doing: str) -> None:
    """Raise `Held` where the Space is held; where nothing is done anyway, note what `doing` it would come to."""
    if not planned.difference.held:
        return
    if not step.inputs.dry_run:
        raise Held(planned.space)
    step.record.note(f"The Space is held since a rollback: {doing} would write nothing.")


def _in_short(planned: Plan) -> str:
    entries = list(planned.entries())
    restart = ", restarts the app" if any(entry.restarts for entry in entries) else ""
    return f"{count(len(entries), 'change')}{restart}" if entries else "nothing to change"


def _changes(planned: Plan) -> Changes:
    difference = planned.difference
    return Changes(
        added=[file.path for file in difference.added],
        changed=[file.path for file in difference.changed],
        removed=[loss.path for loss in planned.losses] or difference.removed,
        unchanged=difference.unchanged,
        bytes=sum(file.size for file in difference.files),
    )
