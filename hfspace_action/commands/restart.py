"""The command `restart`: start a Space again, built anew where that is asked for, and judge the new start as a deploy does."""

import time
from dataclasses import replace

from hfspace_action import durations
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.result import Result
from hfspace_action.space import Space
from hfspace_action.watch.app.probe import Probe
from hfspace_action.watch.logs import Logs
from hfspace_action.watch.loop import Verdict
from hfspace_action.watch.state_machine import Watch

from .parts import causes, watching
from .parts.space_files import SpaceFiles
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
    before = replace(space, stage=_asked(step, hub, space))
    record.add(changed=False, stage=before.stage)
    if not inputs.wait:
        record.add(result=Result.SEEN)
        return
    files = SpaceFiles(hub, space.id, space.head or "main")
    data = files.data
    deployed = causes.of_hub(files, space, inputs.path)

    def say(words: str) -> None:
        logs.say(words)

    logs = Logs(hub, step.runner, space.id, seen=causes.early(deployed, say))
    asked = watching.asked(inputs, data)
    app = Probe(hub, asked, say=logs.say) if asked else None
    watch = Watch(
        target=space.head or "",
        before=before,
        moved=False,
        static=False,
        resume=inputs.resume,
        began=began,
        visited=app is not None,
        startup=durations.parse(str(data.get("startup_duration_timeout") or "")) or Watch.startup,
        restarted=True,
    )
    ended = watching.watch(step, hub, logs, watch, app)
    watching.record_answers(step, app)
    record.add(result=ended.result)
    if ended.failure:
        _explain(step, hub, logs, ended, reached=app is not None and app.reached)


def _asked(step: Step, hub: Hub, space: Space) -> str | None:
    """Ask the Hub for the restart, and return the stage that the Space is in then."""
    try:
        return hub.restart(space.id, factory=step.inputs.rebuild)
    except Failure as refused:
        if step.job and refused.id in _NOT_A_PUBLISHERS:
            raise Failure("publisher-not-enough", doing="restart a Space") from refused
        raise


def _explain(step: Step, hub: Hub, logs: Logs, ended: Verdict, *, reached: bool) -> None:
    """Record the end of the log, and the cause of the failure as far as it shows."""
    failure, space = ended.failure, ended.space
    assert failure  # noqa: S101 - for the type checker
    name, tail = logs.tail(space.stage if space else None, over=ended.result in (Result.FAILED, Result.UNREACHABLE))
    step.record.add(log_name=name, log_tail=tail)
    if space:
        failure = causes.explained_from_hub(failure, hub, space, tail, step.inputs.path, reached=reached)
    step.record.fail(failure)
