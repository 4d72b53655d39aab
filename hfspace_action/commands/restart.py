"""The command `restart`: start a Space again, built anew where that is asked for, and judge the new start as a deploy does."""

import time

from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.result import Result
from hfspace_action.space import Space
from hfspace_action.watch.state_machine import Watch

from .parts import judging
from .status import existing
from .step import Step

# Refusals that a trusted publisher's token meets where it may not restart: the Hub takes it for no token at all.
_NOT_A_PUBLISHERS = frozenset({"token-refused", "forbidden", "settings-forbidden", "no-write-access"})


def restart(step: Step) -> None:
    """Restart the Space, wait for the new start, and record what came of it. Raises `Failure`."""
    inputs, record = step.inputs, step.record
    hub = step.connect()
    space = existing(step, hub)
    if space.sdk == "static":
        raise Failure("static-restart", space=space.id)
    doing = "build it anew and start it" if inputs.rebuild else "start it again"
    if inputs.dry_run:
        step.runner.info(f"Would {doing}: {space.id}")
        record.add(result=Result.PLANNED, plan=[f"~ {space.id}: {doing}"])
        return
    began = time.monotonic()
    step.runner.info(f"Asking the Hub to {doing}: {space.id} ({space.stage})")
    before = space._replace(stage=_asked(step, hub, space))
    record.add(changed=False, stage=before.stage)
    if not inputs.wait:
        record.add(result=Result.SEEN)
        return
    watch = Watch(
        target=space.head or "",
        before=before,
        moved=False,
        static=False,
        resume=inputs.resume,
        began=began,
        restarted=True,
    )
    judging.judge(step, hub, watch)


def _asked(step: Step, hub: Hub, space: Space) -> str | None:
    """Ask the Hub for the restart, and return the stage that the Space is in then."""
    try:
        return hub.restart(space.id, factory=step.inputs.rebuild)
    except Failure as refused:
        if step.job and refused.id in _NOT_A_PUBLISHERS:
            raise Failure("publisher-not-enough", doing="restart a Space") from refused
        raise
