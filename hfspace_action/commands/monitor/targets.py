"""Which Spaces are looked at, each with the inputs that are meant for it."""

from collections.abc import Sequence
from dataclasses import replace

from hfspace_action.inputs.schema import Inputs


def targets(inputs: Inputs) -> Sequence[Inputs]:
    """Return the inputs for each Space that is named. All but the name is the same for all of them."""
    named = {name.lower(): name for name in (inputs.space, *inputs.spaces) if name}
    return [replace(inputs, space=name, spaces=()) for name in named.values()]
