"""The judgement of a Space that was not made of this checkout: its files are read from the Hub."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from hfspace_action import durations
from hfspace_action.commands.cause import causes
from hfspace_action.commands.cause.space_files import SpaceFiles
from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.file import Entry
from hfspace_action.hub.api import Hub
from hfspace_action.watch.app.probe import Probe
from hfspace_action.watch.logs import Logs
from hfspace_action.watch.loop import Verdict
from hfspace_action.watch.state_machine import Watch

from . import watching


class Judged(NamedTuple):
    """What came of a Space: the verdict, the cause where it does not run, and its logs."""

    verdict: Verdict
    failure: Failure | None
    logs: Logs


def judge(
    step: Step, hub: Hub, watched: Watch, static_build: str | None = None, *, listed: Mapping[str, Entry] | None = None
) -> Judged:
    """Watch a Space as a deploy does, and record what came of it, with the cause where it does not run. `listed` are its files, where
    they are known. Raises `Failure`."""
    space = watched.before
    files = SpaceFiles(hub, space.id, watched.target or "main", listed)
    data = files.data
    deployed = causes.of_hub(files, space, step.inputs.path)

    def say(words: str) -> None:
        logs.say(words)

    logs = Logs(hub, step.runner, space.id, seen=causes.early(deployed, say))
    asked = watching.asked(step.inputs, data)
    app = Probe(hub, asked, say=logs.say) if asked else None
    watch = replace(
        watched,
        visited=app is not None,
        built=watched.static and bool(data.get("app_build_command")),
        startup=durations.parse(str(data.get("startup_duration_timeout") or "")) or Watch.startup,
    )
    ended = watching.watch(step, hub, logs, watch, app, static_build=static_build)
    watching.record_answers(step, app)
    step.record.add(result=ended.result)
    failure = ended.failure
    if failure:
        failure = _explain(step, hub, logs, ended, failure, reached=app is not None and app.reached)
    return Judged(ended, failure, logs)


def _explain(step: Step, hub: Hub, logs: Logs, ended: Verdict, failure: Failure, *, reached: bool) -> Failure:
    """Record the end of the log, and the cause of the failure as far as it shows; return that."""
    space = ended.space
    name, tail = logs.tail(space.stage if space else None, over=ended.undoable)
    step.record.add(log_name=name, log_tail=tail)
    if space:
        failure = causes.explained_from_hub(failure, hub, space, tail, step.inputs.path, reached=reached)
    step.record.fail(failure)
    return failure
