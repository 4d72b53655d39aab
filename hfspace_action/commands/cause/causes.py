"""Why a Space does not run, from its stage, the Hub's message, its log and its files."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import NamedTuple

from hfspace_action.errors import Failure, Place
from hfspace_action.hub.api import Hub
from hfspace_action.readers.files import Files
from hfspace_action.space import ERRORS, Space
from hfspace_action.watch.log_stream import Kind
from hfspace_action.watch.logs import Seen

from . import space_files
from .space_files import SpaceFiles

# Failures that only say how it looks from outside, so that the log may know more. The others name their cause themselves.
_GENERAL = frozenset({"timeout", "still-starting", "unreachable", "not-reached", "paused", "paused-again"}) | {
    f"stage-{stage.lower().replace('_', '-')}" for stage in ERRORS
}
_NOT_THE_FILES = frozenset({
    "space-gone", "page-stale", "files-stale", "stage-deleting", "dev-mode", "blocked", "no-capacity", "quota-exceeded", "hardware-billing", "hub-fault",
})  # fmt: skip


class Deployed(NamedTuple):
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

    ended = explain.Ended(space.stage, space.error_message, answered=reached)
    cause = explain.explain(ended, log, deployed.files, sdk=deployed.sdk, data=deployed.data)
    if cause is None:
        return failure
    found = cause.failure
    found.place, found.excerpt = deployed.place(*cause.place) if cause.place else failure.place, cause.excerpt
    return found


def explained_from_hub(
    failure: Failure, hub: Hub, space: Space, log: Sequence[str], folder: str, *, reached: bool
) -> Failure:
    """Do the same for a Space of which there is no checkout; `folder` is what was deployed to it. The failure stays as it is
    where the files can't be read."""
    try:
        deployed = of_hub(SpaceFiles(hub, space.id, space.head or "main"), space, folder)
        return explained(failure, space, log, deployed, reached=reached)
    except Failure:
        return failure


def of_hub(files: SpaceFiles, space: Space, folder: str) -> Deployed:
    """Return what a Space was made of as the Hub has it."""
    return Deployed(files, space.sdk or "", files.data, partial(space_files.place, folder))


def early(deployed: Deployed, say: Callable[[str], None]) -> Seen:
    """Return what reads the run log as it comes, and says once what it shows already, while there is time to react."""
    warned = False

    def seen(kind: Kind, lines: Sequence[str]) -> None:
        nonlocal warned
        if kind != "run" or warned:
            return
        from hfspace_action import explain

        if wrong := explain.early(lines, deployed.files, sdk=deployed.sdk, data=deployed.data):
            warned = True
            say(f"As its log has it: {wrong.message} {wrong.advice}")

    return seen


def lies_in_the_files(failure: Failure) -> bool:
    """Return whether other files may help: the Space is there, and neither its owner nor the Hub has to act first."""
    return failure.id not in _NOT_THE_FILES
