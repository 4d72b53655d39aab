"""The Space that files are to go to: as it is there, or as it is to be created."""

from hfspace_action.commands.step import Step
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.space import Space


def found(step: Step, hub: Hub, name: str) -> tuple[Step, Space | None]:
    """Return the Space (owner/name), or None where this step is to create it, and the step with what was decided then. Raises
    `Failure` where it is not to be created."""
    inputs, record = step.inputs, step.record
    existing = hub.space(name, region=inputs.region is not None)
    if existing:
        record.seen(existing)
        record.add(existed=True)
        if inputs.region:
            from hfspace_action.plan.settings import new_space  # not before: hardly any step names one

            record.notes(*new_space.elsewhere(inputs, existing))
    elif step.job:
        raise Failure("publisher-creates-nothing", space=name)
    else:
        from hfspace_action.plan.settings import new_space  # not before: a Space is new once

        inputs, decided = new_space.decided(hub, inputs, name, step.source.visibility)
        step = step._replace(inputs=inputs)
        step.runner.info(str(decided))
    return step, existing
