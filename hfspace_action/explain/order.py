"""The rules in the order in which they are asked: what is certain before what is likely, the particular before the general."""

from collections.abc import Mapping, Sequence

from hfspace_action.readers.files import Files

from .case import Case, Cause, Ended, Rule
from .rules import docker, network, node, pip, python, scripts, server, sources, space, system, uv

RULES: tuple[Rule, ...] = (
    *space.CERTAIN,
    system.out_of_memory,
    system.disk_full,
    *network.RULES,
    *sources.RULES,
    *pip.RULES,
    *uv.RULES,
    *pip.LATE,
    system.apt,
    docker.dockerfile_invalid,
    docker.copy_missing,
    docker.base_image_missing,
    *scripts.RULES,
    *server.RULES,
    system.start_command,
    system.app_file_missing,
    *python.RULES,
    *node.RULES,
    system.permission_denied,
    docker.step_failed,
    *space.LIKELY,
)


def explain(ended: Ended, lines: Sequence[str], files: Files, *, sdk: str, data: Mapping[str, object]) -> Cause | None:
    """The cause of a failure, or None where no rule knows it.

    `lines` are those of the build log for a stage of the build and of the run log for one of the app, as they came.
    `files` are those in the Space, with the README as it is in the repository, so that places point there: a place's path
    is one of `files`. `data` is the front matter of the Space's README.
    """
    case = Case.of(ended, lines, files, sdk, data)
    return next((cause for rule in RULES if (cause := rule(case))), None)
