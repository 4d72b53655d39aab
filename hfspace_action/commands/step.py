"""What the commands have in common: the Hub that they speak to, the Space that they are about, and what is told of it."""

from dataclasses import replace

from hfspace_action.hub import trusted_publisher
from hfspace_action.hub.api import Hub, Space
from hfspace_action.inputs.schema import Inputs
from hfspace_action.report.record import Record
from hfspace_action.workflow.id_token import Job
from hfspace_action.workflow.runner import Runner


def connect(inputs: Inputs, job: Job | None, runner: Runner) -> tuple[Hub, Inputs]:
    """The Hub, and the inputs with the token that speaks to it: a trusted publisher's `job` gets one here."""
    if job:
        token = trusted_publisher.exchange(job, inputs.endpoint, inputs.space, mask=runner.mask, say=runner.info)
        inputs = replace(inputs, hf_token=token)
    return Hub(inputs.endpoint, inputs.hf_token, say=runner.info), inputs


def full_name(hub: Hub, inputs: Inputs) -> str:
    """The Space as owner/name; without an owner it is the token's."""
    return inputs.space if "/" in inputs.space else f"{hub.account().name}/{inputs.space}"


def tell(record: Record, space: Space) -> None:
    """Note what the Hub says of the Space; what it does not say now stays as it was said before."""
    said = {
        "stage": space.stage,
        "app_url": space.host,
        "hardware": space.hardware,
        "visibility": space.visibility,
    }
    record.tell(
        space_id=space.id,
        space_url=space.url,
        error_message=space.error_message,
        **{name: value for name, value in said.items() if value},
    )
