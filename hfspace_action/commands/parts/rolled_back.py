"""Back to what ran before, after a deploy whose version does not run."""

import time
from collections.abc import Collection
from dataclasses import replace
from typing import NamedTuple

from hfspace_action import text
from hfspace_action.commands.cause import causes
from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.hub.git import Commit
from hfspace_action.publish import rollback
from hfspace_action.result import Result
from hfspace_action.space import Space
from hfspace_action.watch.app.probe import Probe
from hfspace_action.watch.logs import Logs
from hfspace_action.watch.loop import Verdict
from hfspace_action.watch.state_machine import Watch
from hfspace_action.workflow import run

from . import watching


class Undone(NamedTuple):
    """A version that does not run: its commit, those that main passed on the way to it, and the Space as it was before the deploy
    and as it was seen last. `settings`: whether the deploy changed some, which stay."""

    commit: Commit
    earlier: Collection[str]
    existing: Space | None
    seen: Space | None
    settings: bool


def where_asked(step: Step, hub: Hub, logs: Logs, ended: Verdict, failure: Failure, undone: Undone) -> None:
    """Go back where the inputs say so, and other files may help against the failure of a watch that has ended. Raises `Failure`."""
    if step.inputs.on_failure == "rollback" and ended.undoable and causes.lies_in_the_files(failure):
        roll_back(step, hub, logs, undone)


def roll_back(step: Step, hub: Hub, logs: Logs, undone: Undone) -> None:
    """Bring back what ran before and wait until it runs; the step fails all the same. Raises `Failure`."""
    record, deployed = step.record, undone.commit.sha
    before, to = rollback.target(undone.existing, deployed)
    step.deadline.again()
    with record.phase("roll back"):
        earlier = {to, *undone.earlier, *filter(None, [before.head])}
        way = rollback.Way(before.id, deployed, to)
        commit = rollback.roll_back(hub, way, rollback.message(to, step.source.description), earlier)
    logs.say(f"Rolled back to the files of {text.short(to)}: {commit.url}")
    watch = Watch(
        target=commit.sha,
        before=(undone.seen or before)._replace(head=deployed),
        earlier=earlier,
        moved=True,
        static=before.sdk == "static",
        resume=step.inputs.resume,
        began=time.monotonic(),
    )
    asked = watching.asked(replace(step.inputs, checks=()), {})  # which are those of the version that failed
    app = Probe(hub, asked, say=logs.say) if asked else None
    ended = watching.watch(step, hub, logs, watch, app)
    if ended.failure:
        record.fail(ended.failure)
        return
    record.add(
        result=Result.ROLLED_BACK,
        commit_sha=commit.sha,
        commit_url=commit.url,
        failed_sha=deployed,
        failed_url=undone.commit.url,
    )
    _record_source(step, hub, before.id, to)
    if undone.settings:
        record.note("Settings stay as this run declared them; only the files went back.")


def _record_source(step: Step, hub: Hub, space: str, sha: str) -> None:
    """Record what the commit `sha` of the Space was deployed from, where that was a commit of this very repository."""
    try:
        found = hub.history.until(space, sha, lambda _: True, 1)
    except Failure as failure:
        step.runner.info(f"What commit {sha[:7]} was deployed from is not known: {failure.message}")
        return
    for made in found:
        source = step.source._replace(sha=run.deployed_commit(made.title), exact=True)
        if source.sha and made.title == source.title:  # which names the repository too
            subject = run.line_of(made.message, "Subject")
            step.record.add(
                restored_sha=source.sha,
                restored_url=source.commit_url or None,
                restored_subject=step.runner.redact(subject) if subject else None,
            )
