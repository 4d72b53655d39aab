"""The command `rehearse`: the verdict that a deploy would give, without a token and without the Hub."""

from .step import Step


def rehearse(step: Step) -> None:
    """Rehearse."""
    raise NotImplementedError(step.inputs.command)
