"""The command `rollback`: the files of an earlier release again, in one commit, judged as a deploy is."""

import time

from hfspace_action import text
from hfspace_action.checkout.git import objects
from hfspace_action.commands import status
from hfspace_action.commands.parts import judging
from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.hub.git import Commit, Message
from hfspace_action.publish import rollback as back
from hfspace_action.result import Result
from hfspace_action.space import Space, is_built
from hfspace_action.watch.state_machine import Watch

from . import hold, target
from .listed import Release


def rollback(step: Step) -> None:
    """Bring the files of the release `to` back, wait, and record what came of it. Raises `Failure`."""
    inputs, record = step.inputs, step.record
    with record.phase("plan"):
        hub = step.connect()
        space = status.find(step, hub)
        record.seen(space)
        record.add(sdk=space.sdk, existed=True, created=False)
        release = target.find(hub, space, inputs.to or target.PREVIOUS)
        record.add(release=release.name, source_sha=release.source or None, source_subject=release.subject or None)
        step.runner.info(f"Back to {release.name}: {release}")
    if inputs.dry_run:
        record.add(result=Result.PLANNED, plan=[f"~ files: back to {release.name}"])
        return
    began = time.monotonic()
    with record.phase("publish"):
        build = hub.static_build(space.id) if inputs.wait and is_built(space.sdk, space.card) else None
        commit, moved = _published(step, hub, space, release)
        record.add(commit_sha=commit.sha, commit_url=commit.url, changed=moved)
        if inputs.hold:
            record.note(f"{space.id} is held at {release.name}: deploys to it write nothing. {hold.ENDS}")
    if not inputs.wait:
        record.add(result=Result.PUBLISHED)
        return
    watch = Watch(
        target=commit.sha,
        before=space,
        moved=moved,
        static=space.sdk == "static",
        resume=inputs.resume,
        began=began,
    )
    judging.judge(step, hub, watch, build)


def _published(step: Step, hub: Hub, space: Space, release: Release) -> tuple[Commit, bool]:
    """Move main, and return its commit, and whether it moved: it may hold these files already. Raises `Failure`."""
    head = space.head or hub.git.head(space.id).sha
    try:
        way = back.Way(space.id, head, release.sha, hold=True if step.inputs.hold else None)
        commit = back.roll_back(hub, way, _message(step, release), contents=objects.blobs(step.workspace))
    except Failure as failure:
        if failure.id != "rollback-same":
            raise
        commit = hub.git.commit_page(space.id, head)
        step.runner.info(f"Nothing to publish: main already holds exactly this, at {commit.url}")
        return commit, False
    step.runner.info(f"Rolled back to the files of {text.short(release.sha)}: {commit.url}")
    return commit, True


def _message(step: Step, release: Release) -> Message:
    """Return what the commit says: the release, and who went back to it, but nothing of what was checked out for that."""
    lines = [f"Release: {release.tag}" if release.tag else "", f"Commit: {release.source}" if release.source else ""]
    own = step.source._replace(sha="", subject="").description
    return back.message(release.sha, "\n".join([*filter(None, lines), own]))
