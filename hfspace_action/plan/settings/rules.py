"""Which settings go together: what the Hub would refuse or ignore, told before anything is sent to it.

Sources: https://huggingface.co/docs/hub/spaces-overview, spaces-gpus and spaces-zerogpu.
"""

from collections.abc import Iterator

from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.inputs.meanings import HOURS_A_MONTH
from hfspace_action.inputs.schema import BadInputs, Inputs
from hfspace_action.space import Space

from .hardware import FREE, is_zero_gpu, offer


def check(inputs: Inputs, sdk: str, existing: Space | None) -> None:
    """Raise `BadInputs`, naming everything that a Space of this SDK can't have; `existing` is None where it is created."""
    if found := failures(inputs, sdk, existing):
        raise BadInputs(found)


def against_sdk(inputs: Inputs, sdk: str) -> Iterator[Failure]:
    """What no Space of this SDK can have, whichever it is: known before the Hub is asked."""
    if sdk == "static" and inputs.secrets:
        yield Failure("static-secrets")
    no_hardware = list(hardware_against_sdk(inputs, sdk))
    yield from no_hardware
    if sdk == "static" and inputs.sleep_time is not None and not no_hardware:
        yield Failure("static-hardware", input="sleep-time")
    if sdk == "static" and inputs.volumes:
        yield Failure("static-hardware", input="volumes")
    if sdk == "static" and inputs.rebuild:
        yield Failure("static-hardware", input="rebuild")


def hardware_against_sdk(inputs: Inputs, sdk: str) -> Iterator[Failure]:
    """What no Space of this SDK can run on."""
    hardware = inputs.hardware
    if sdk == "static" and hardware not in (None, FREE):
        yield Failure("static-hardware", input="hardware")
    elif sdk not in ("static", "gradio") and is_zero_gpu(hardware):
        yield Failure("zero-gpu-gradio", hardware=hardware, sdk=sdk)


def failures(inputs: Inputs, sdk: str, existing: Space | None) -> list[Failure]:
    """Return all that a Space of this SDK can't have; `existing` is None where it is created."""
    found = list(against_sdk(inputs, sdk))
    runs_on = inputs.hardware or (existing.requested_hardware if existing else None) or FREE
    if sdk != "static" and inputs.sleep_time is not None and runs_on == FREE:
        found.append(Failure("sleep-time-free"))
    return found


def within_price(hub: Hub, inputs: Inputs, sdk: str, existing: Space | None) -> None:
    """Raise `Failure` where the hardware that the Space is to run on costs more than `max-price`, or nobody knows what."""
    most = inputs.max_price
    runs_on = inputs.hardware or (existing.requested_hardware if existing else None) or FREE
    if most is None or sdk == "static" or runs_on == FREE or is_zero_gpu(runs_on):
        return
    if failure := above(most, *offer(hub, runs_on)):
        raise failure


def above(most: float, name: str, price: float | None) -> Failure | None:
    """Return why hardware at this price, in dollars an hour, is not to cost at `most` so much a month; None where it does not."""
    if price is None:
        return Failure("price-unknown", hardware=name, most=f"{most:.2f}")
    month = price * HOURS_A_MONTH
    if month <= most + 0.005:
        return None
    return Failure("price-above", hardware=name, price=f"{price:.2f}", month=f"{month:.2f}", most=f"{most:.2f}")
