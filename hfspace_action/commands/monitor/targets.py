"""Which Spaces are looked at, each with the inputs that are meant for it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.inputs.schema import Inputs


class Target(NamedTuple):
    """A Space: the inputs for it, and why it can't be looked at."""

    inputs: Inputs
    failures: Sequence[Failure] = ()


def targets(step: Step) -> Sequence[Target]:
    """Return those that the inputs name, for which all but the name is the same; without any those of spaces.yaml, each with what the
    file says of it. Raises `Failure` for the file."""
    inputs = step.inputs
    named = {name.lower(): name for name in (inputs.space, *inputs.spaces) if name}
    if named:
        return [Target(replace(inputs, space=name, spaces=())) for name in named.values()]
    from hfspace_action.inputs.spaces import file  # not before: most workflows name them

    return [Target(each.inputs, each.failures) for each in file.read(step.workspace, inputs)]
