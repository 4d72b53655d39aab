"""The hold of a Space: what a deploy says that leaves it alone, and the command `release`, which ends it."""

from hfspace_action.commands import status
from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.hub.git import Message
from hfspace_action.plan.foreign.drift import is_deploy
from hfspace_action.publish import rollback as back
from hfspace_action.result import Result
from hfspace_action.workflow import run

from . import listed

ENDS = "`command: release` ends the hold."


def leave(step: Step, hub: Hub, space: str) -> None:
    """Record that a deploy left a held Space alone, and what that holds. Raises `Failure`."""
    running = listed.read(hub, space, "main", hub.tags.listed(space)).running
    step.record.add(result=Result.HELD, release=running.name if running else None, changed=False)
    step.record.note(f"{space} is held since a rollback, so this deploy wrote nothing. {ENDS}")


def release(step: Step) -> None:
    """The command `release`: end the hold in one commit, and record whether there was one. Raises `Failure`."""
    hub, record = step.connect(), step.record
    space = status.find(step, hub)
    record.seen(space)
    record.add(sdk=space.sdk, existed=True, created=False)
    if step.inputs.dry_run:
        record.add(result=Result.PLANNED)
        return
    head = space.head or hub.git.head(space.id).sha
    deploys = listed.commits(hub, space.id, head, is_deploy)
    try:
        commit = back.roll_back(hub, back.Way(space.id, head, head, hold=False), _message(step, deploys[-1].sha))
    except Failure as failure:
        if failure.id != "rollback-same":
            raise
        record.add(result=Result.RELEASED, changed=False, why="it was not held")
        return
    record.add(result=Result.RELEASED, changed=True, commit_sha=commit.sha, commit_url=commit.url)
    step.runner.info(f"The hold ended: {commit.url}")


def _message(step: Step, deploy: str) -> Message:
    """Return what the commit says; `deploy` is the one whose files main holds."""
    return Message(f"{run.HOLD_ENDS}{deploy[:12]}", step.source._replace(sha="", subject="").description)
