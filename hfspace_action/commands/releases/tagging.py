"""The tag of a deploy that went live, and the end of old ones. Nothing that goes wrong here makes a live deploy red."""

from collections.abc import Mapping
from datetime import UTC, datetime

from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.workflow.run import Source

from . import names

_TRIES = 3
_MOST_PRUNED = 20
"""Old tags that one deploy deletes: the rest goes with the next ones."""


def tag(step: Step, hub: Hub, space: str, sha: str, source: Source) -> None:
    """Name the commit `sha` as a release, record its name, and delete our oldest tags beyond those to keep. What goes wrong is a
    warning."""
    keep = step.inputs.keep_releases
    try:
        there = hub.tags.listed(space)
        name = _made(hub, space, sha, source, there)
        if name is None:
            step.record.note("The Space is live, but its release got no tag: other runs took each name that was tried.")
            return
        step.record.add(release=name)
        step.runner.info(f"Tagged on the Space as {name}, for `command: rollback`")
        for old in names.releases({*there, name})[:-keep][:_MOST_PRUNED]:
            hub.tags.delete(space, old)
    except Failure as failure:
        if failure.id == "publisher-may-not":
            step.runner.info("No tag: a trusted publisher may only commit.")
            return
        step.record.note(
            "The Space is live, but its release could not be tagged, or old tags could not be deleted: "
            f"{failure.message} `keep-releases: 0` does without tags."
        )


def _made(hub: Hub, space: str, sha: str, source: Source, there: Mapping[str, str]) -> str | None:
    """Give the commit a name; where another run has just given it to another commit, the next one, or none at last. Raises `Failure`."""
    now, of = datetime.now(UTC), source.sha if source.exact else ""
    for _ in range(_TRIES):
        name = names.release(now, of, there)
        if hub.tags.create(space, name, sha):
            return name
        there = hub.tags.listed(space)
        if there.get(name) == sha:  # it is ours: the answer was lost
            return name
    return None
