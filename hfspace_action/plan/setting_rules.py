"""Which settings go together: what the Hub would refuse or ignore, told before anything is sent to it.

Sources: https://huggingface.co/docs/hub/spaces-overview, spaces-gpus and spaces-zerogpu.
"""

from collections.abc import Iterator

from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.inputs.schema import HOURS_A_MONTH, BadInputs, Inputs
from hfspace_action.space import Space

from . import settings
from .hardware import FREE, is_zero_gpu


def check(inputs: Inputs, sdk: str, existing: Space | None) -> None:
    """Raise `BadInputs`, naming everything that a Space of this SDK can't have; `existing` is None where it is created."""
    failures = list(_failures(inputs, sdk, existing))
    if failures:
        raise BadInputs(failures)


def against_sdk(inputs: Inputs, sdk: str) -> Iterator[Failure]:
    """What no Space of this SDK can have, whichever it is: known before the Hub is asked."""
    hardware = inputs.hardware
    if sdk == "static":
        if inputs.secrets:
            yield Failure("static-secrets")
        if hardware not in (None, FREE) or inputs.sleep_time is not None:
            yield Failure("static-hardware", input="sleep-time" if hardware in (None, FREE) else "hardware")
        if inputs.rebuild:
            yield Failure("static-hardware", input="rebuild")
    elif is_zero_gpu(hardware) and sdk != "gradio":
        yield Failure("zero-gpu-gradio", hardware=hardware, sdk=sdk)


def _failures(inputs: Inputs, sdk: str, existing: Space | None) -> Iterator[Failure]:
    yield from against_sdk(inputs, sdk)
    if sdk == "static":
        return
    hardware = inputs.hardware
    runs_on = hardware or (existing.requested_hardware if existing else None) or FREE
    if inputs.sleep_time is not None and runs_on == FREE:
        yield Failure("sleep-time-free")


def within_price(hub: Hub, inputs: Inputs, sdk: str, existing: Space | None) -> None:
    """Raise `Failure` where the hardware that the Space is to run on costs more than `max-price`, or nobody knows what."""
    most = inputs.max_price
    runs_on = inputs.hardware or (existing.requested_hardware if existing else None) or FREE
    if most is None or sdk == "static" or runs_on == FREE or is_zero_gpu(runs_on):
        return
    if failure := above(most, *settings.offer(hub, runs_on)):
        raise failure


def above(most: float, name: str, price: float | None) -> Failure | None:
    """Return why hardware at this price, in dollars an hour, is not to cost at `most` so much a month; None where it does not."""
    if price is None:
        return Failure("price-unknown", hardware=name, most=f"{most:.2f}")
    month = price * HOURS_A_MONTH
    if month <= most + 0.005:
        return None
    return Failure("price-above", hardware=name, price=f"{price:.2f}", month=f"{month:.2f}", most=f"{most:.2f}")
