"""The command `delete`: a Space that is not needed any more, gone for good, and seen to be gone."""

import time

from hfspace_action import durations
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.inputs.schema import Inputs
from hfspace_action.plan.plan import Entry
from hfspace_action.result import Result
from hfspace_action.space import Space
from hfspace_action.watch.poll_interval import Interval

from .step import Step

PATIENCE = 60.0
"""Seconds that the Hub gets to let a Space disappear."""


def delete(step: Step) -> None:
    """Delete the Space that both `space` and `confirm` name. One that is not there is no error. Raises `Failure`."""
    inputs, record = step.inputs, step.record
    if step.job:
        raise Failure("publisher-not-enough", doing="delete a Space")
    hub = step.connect()
    name = step.space_name(hub)
    space = hub.space(name)
    if space is None:
        _confirm((inputs.confirm or "").lower() == name.lower(), inputs, name)
        _refuse_foreign(hub, name)
        record.add(result=Result.DELETED, changed=False, space_id=name)
        return
    space = hub.describe(space.id)
    record.seen(space)
    record.add(sdk=space.sdk, commit_sha=space.head)
    _confirm(inputs.confirm == space.id, inputs, space.id)
    hub.check_write_access(space.id)
    if inputs.dry_run:
        planned = str(Entry("delete", "space", space.id))
        step.runner.info(planned)
        record.add(result=Result.PLANNED, plan=[planned])
        return
    step.runner.info(f"Deleting {space.id}: {_portrait(space)}.")
    remove(hub, space.id)
    record.add(result=Result.DELETED, changed=True, space_url=None, app_url=None)  # which lead nowhere now
    record.row("was deleted", True, _portrait(space))


def remove(hub: Hub, space: str) -> bool:
    """Delete a Space and see that it is gone within `PATIENCE`; whether it was there. Raises `Failure`."""
    if hub.space(space) is None:
        return False
    hub.delete(space)
    began, interval = time.monotonic(), Interval()
    until = began + min(PATIENCE, hub.deadline.left)
    while left := hub.space(space):
        now = time.monotonic()
        if now >= until:
            raise Failure("not-deleted", space=space, stage=left.stage, after=durations.words(now - began))
        time.sleep(min(interval.next(now), until - now))
    return True


def _confirm(confirmed: bool, inputs: Inputs, space: str) -> None:
    if not confirmed:
        written = f"'{inputs.confirm}'" if inputs.confirm else "nothing"
        raise Failure("not-confirmed", space=space, written=written)


def _refuse_foreign(hub: Hub, space: str) -> None:
    """A Space that the Hub does not show may still be there if it is another's: then nothing can be said of it."""
    account = hub.account()
    if not account.may_create(space.partition("/")[0]):  # whoever may create there, sees what is there
        why = account.why_no_write(space)._asdict()
        raise Failure("no-write-access", space=space, **why, said="the Hub shows it no such Space")


def _portrait(space: Space) -> str:
    """What there was, in a few words."""
    head = f"commit {space.head[:12]}" if space.head else "no commit known"
    return ", ".join(word for word in (space.visibility, space.sdk, f"stage {space.stage}", head) if word)
