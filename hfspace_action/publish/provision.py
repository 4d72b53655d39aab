"""A Space made ready for its files: created with its settings, or changed where they differ. What is done is noted line by line,
so that a refusal half way can be told.
"""

from collections.abc import Callable

from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.inputs.schema import Inputs
from hfspace_action.plan.plan import Plan
from hfspace_action.plan.settings import apply, differences
from hfspace_action.report.record import Record
from hfspace_action.space import Space

from . import confirmation


def ready(hub: Hub, inputs: Inputs, planned: Plan, record: Record) -> tuple[Space, bool]:
    """Create the Space if it is missing, change its settings if they differ; the Space as it is before publishing, and
    whether its app starts again for a setting. Raises `Failure`, before anything is changed where the token may not."""
    did = noting(record, planned)
    left = planned.settings
    space = planned.existing
    if space:
        if planned.settings or not planned.difference:
            hub.check_write_access(space.id)  # otherwise the commit tells
        record.add(created=False)
    else:
        apply.create(hub, planned.space, planned.sdk, planned.settings)
        record.add(created=True)
        space = _created(hub, inputs, planned, record)
        did("space", planned.space)
        # What was said yes to is looked at once more: the answer may have been lost, or a part of it left out.
        left = differences.wanted(hub, inputs, planned.space, space, planned.sdk)
        for change in planned.settings:
            if not any((change.name, change.key) == (other.name, other.key) for other in left):
                did(change.name, change.key)
    restarting = apply.make(hub, space, left, done=lambda change: did(change.name, change.key))
    if left:
        confirmation.confirm(hub, inputs, space.id, [change for change in left if not change.late])
        space = hub.space(space.id) or space
        record.seen(space)
    return space, restarting and planned.sdk != "static"


def finish(hub: Hub, inputs: Inputs, planned: Plan, space: Space, record: Record) -> None:
    """Change the settings that the Hub takes only once the files are published. Raises `Failure`."""
    did = noting(record, planned)
    did("files")
    apply.make(hub, space, planned.settings, done=lambda change: did(change.name, change.key), late=True)
    confirmation.confirm(hub, inputs, space.id, [change for change in planned.settings if change.late])


def _created(hub: Hub, inputs: Inputs, planned: Plan, record: Record) -> Space:
    created = hub.space(planned.space, region=inputs.region is not None)
    if created is None:
        raise Failure("not-created", space=planned.space)
    record.seen(created)
    if inputs.region:
        from hfspace_action.plan.settings import new_space  # not before: hardly any step names one

        record.notes(*new_space.elsewhere(inputs, created))
    return created


def noting(record: Record, planned: Plan) -> Callable[..., None]:
    """A function that notes as done what the plan has of a kind and, perhaps, a name."""

    def did(what: str, name: str = "") -> None:
        for entry in planned.entries():
            if (entry.what, entry.name or "") == (what, name):
                record.did(str(entry))

    return did
