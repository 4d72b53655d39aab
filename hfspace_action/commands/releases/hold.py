"""The hold: while the Space has this tag, no deploy writes to it. A tag stays whatever is committed by hand meanwhile."""

from hfspace_action.commands.parts.guard import Held
from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.result import Result
from hfspace_action.space import Space

from . import listed
from .target import existing

TAG = "hf-space-deploy-hold"
ENDS = "`command: release` ends the hold."


def refuse(hub: Hub, space: str) -> None:
    """Raise `Held` where the Space is held. One request, made only where something is about to be written."""
    if TAG in hub.tags.listed(space):
        raise Held


def leave(step: Step, hub: Hub, space: Space) -> None:
    """Record that a deploy left a held Space alone, and what that holds. Raises `Failure`."""
    running = listed.read(hub, space.id, space.head or "main", hub.tags.listed(space.id)).running
    step.record.add(result=Result.HELD, release=running.name if running else None)
    step.record.note(f"{space.id} is held since a rollback, so this deploy wrote nothing. {ENDS}")


def begin(hub: Hub, space: str, head: str) -> None:
    """Hold the Space, before anything else is done: from now on no deploy comes in between. Raises `Failure`."""
    try:
        hub.tags.create(space, TAG, head)
    except Failure as refused:
        if refused.id == "publisher-may-not":
            raise Failure("publisher-not-enough", doing="hold a Space") from refused
        raise


def release(step: Step) -> None:
    """The command `release`: end the hold, and record whether there was one. It moves nothing. Raises `Failure`."""
    hub = step.connect()
    space = existing(step, hub)
    if step.inputs.dry_run:
        step.record.add(result=Result.PLANNED)
        return
    try:
        ended = hub.tags.delete(space.id, TAG)
    except Failure as refused:
        if refused.id == "publisher-may-not":
            raise Failure("publisher-not-enough", doing="end the hold of a Space") from refused
        raise
    step.record.add(result=Result.RELEASED, changed=False)
    step.record.add(why=None if ended else "it was not held")
