"""Names of hardware: what the Hub offers decides, and ZeroGPU has two names.

Sources: the Hub's OpenAPI description lists `zerogpu` beside `zero-a10g`; huggingface_hub 2.4's `create_repo` says what needs a
plan, and what a payment method.
"""

from collections.abc import Collection

from hfspace_action import text
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub

FREE = "cpu-basic"
ZERO_GPU = ("zero-a10g", "zerogpu")
"""Hardware that is shared between Gradio Spaces; it has no price by the hour and so may be missing in the Hub's list."""


def is_zero_gpu(name: str | None) -> bool:
    """Whether a name is one of ZeroGPU's."""
    return name in ZERO_GPU


def same(one: str | None, other: str | None) -> bool:
    """Whether two names are of the same hardware."""
    return one == other or (is_zero_gpu(one) and is_zero_gpu(other))


def needs_plan(name: str | None) -> bool:
    """Whether a Space on this hardware needs a paid plan. What is paid by the hour needs a payment method only."""
    return name in (None, FREE) or is_zero_gpu(name)


def offered_name(wanted: str, offered: Collection[str]) -> str | None:
    """Return the name under which the Hub knows the wanted hardware; None if it offers none such."""
    if wanted in offered or not is_zero_gpu(wanted):
        return wanted if wanted in offered else None
    return next((name for name in ZERO_GPU if name in offered), wanted)


def offer(hub: Hub, wanted: str) -> tuple[str, float | None]:
    """Return the Hub's name for hardware, and what it costs in dollars an hour; None where the Hub names no price.

    Raises `Failure` if it offers none such."""
    offered = hub.settings.offered_hardware()
    name = offered_name(wanted, offered)
    if name is None:
        known = [*offered, ZERO_GPU[0]]
        similar = text.did_you_mean(wanted, known)
        raise Failure("hardware-unknown", hardware=wanted, offered=", ".join(known), similar=similar)
    return name, offered.get(name)
