"""Why a Space does not run, from its stage, the Hub's message, its log and its files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from hfspace_action.errors import Failure, Place
from hfspace_action.explain.case import Files
from hfspace_action.hub.api import Hub
from hfspace_action.space import ERRORS, Space

from . import space_files
from .space_files import SpaceFiles

# Failures that only say how it looks from outside, so that the log may know more. The others name their cause themselves.
_GENERAL = frozenset({"timeout", "still-starting", "unreachable", "not-reached", "paused", "paused-again"}) | {
    f"stage-{stage.lower().replace('_', '-')}" for stage in ERRORS
}
_NOT_REACHED = frozenset({"wrong-port", "loopback-only", "never-healthy"})
"""Causes of an app that no request reaches."""
_NOT_THE_FILES = frozenset({
    "space-gone", "stage-deleting", "dev-mode", "blocked", "no-capacity", "quota-exceeded", "hardware-billing", "hub-fault",
})  # fmt: skip


@dataclass(frozen=True)
class Deployed:
    """What a Space was made of: its files, SDK and front matter. `place` says where one of its files is for the reader."""

    files: Files
    sdk: str
    data: Mapping[str, object]
    place: Callable[[str, int | None], Place]


def explained(failure: Failure, space: Space, log: Sequence[str], deployed: Deployed, *, reached: bool) -> Failure:
    """Return the cause of a failure, or the failure itself where none is known. `reached`: the app itself has answered."""
    if failure.id not in _GENERAL:
        return failure
    from hfspace_action import explain  # not before: a deploy that goes well need not load all its rules

    cause = explain.explain(space.stage, space.error_message, log, deployed.files, sdk=deployed.sdk, data=deployed.data)
    if cause is None or (reached and cause.id in _NOT_REACHED):
        return failure
    found = cause.failure
    found.place = deployed.place(*cause.place) if cause.place else failure.place
    return found


def explained_from_hub(
    failure: Failure, hub: Hub, space: Space, log: Sequence[str], folder: str, *, reached: bool
) -> Failure:
    """Do the same for a Space of which there is no checkout; `folder` is what was deployed to it. The failure stays as it is
    where the files can't be read."""
    if not space.head:
        return failure
    files = SpaceFiles(hub, space.id, space.head)
    try:
        deployed = Deployed(files, space.sdk or "", files.data, partial(space_files.place, folder))
        return explained(failure, space, log, deployed, reached=reached)
    except Failure:
        return failure


def lies_in_the_files(failure: Failure) -> bool:
    """Return whether other files may help: the Space is there, and neither its owner nor the Hub has to act first."""
    return failure.id not in _NOT_THE_FILES
