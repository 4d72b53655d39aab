"""Which settings go together: what the Hub would refuse or ignore, told before anything is sent to it.

Sources: https://huggingface.co/docs/hub/spaces-overview, spaces-gpus and spaces-zerogpu.
"""

from collections.abc import Iterator

from hfspace_action.errors import Failure
from hfspace_action.inputs.schema import BadInputs, Inputs
from hfspace_action.space import Space

from .settings import ZERO_GPU

FREE = "cpu-basic"


def check(inputs: Inputs, sdk: str, existing: Space | None) -> None:
    """Raise `BadInputs`, naming everything that a Space of this SDK can't have; `existing` is None where it is created."""
    failures = list(_failures(inputs, sdk, existing))
    if failures:
        raise BadInputs(failures)


def _failures(inputs: Inputs, sdk: str, existing: Space | None) -> Iterator[Failure]:
    hardware = inputs.hardware
    if sdk == "static":
        if inputs.secrets:
            yield Failure("static-secrets")
        if hardware not in (None, FREE) or inputs.sleep_time is not None:
            yield Failure("static-hardware", input="sleep-time" if hardware in (None, FREE) else "hardware")
        return
    if hardware == ZERO_GPU and sdk != "gradio":
        yield Failure("zero-gpu-gradio", hardware=hardware, sdk=sdk)
    runs_on = hardware or (existing.requested_hardware if existing else None) or FREE
    if inputs.sleep_time is not None and runs_on == FREE:
        yield Failure("sleep-time-free")
