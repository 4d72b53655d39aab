"""Names of hardware: what the Hub offers decides, and ZeroGPU has two names.

Sources: the Hub's OpenAPI description lists `zerogpu` beside `zero-a10g`; huggingface_hub 2.4's `create_repo` says what needs a
plan, and what a payment method.
"""

from collections.abc import Collection

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
