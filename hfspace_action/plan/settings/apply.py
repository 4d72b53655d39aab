"""Makes settings so on the Hub: in the call that creates a Space, or one by one."""

from collections.abc import Callable

from hfspace_action import durations
from hfspace_action.hub.api import Hub
from hfspace_action.hub.settings import NewSpace
from hfspace_action.space import Space
from hfspace_action.volume import Volume

from . import volumes
from .change import Change


def create(hub: Hub, space: str, sdk: str, wanted: tuple[Change, ...]) -> None:
    """Create a Space that has these settings from its start."""
    single = {change.name: change.becomes for change in wanted if not change.key}
    sleep_time = single.get("sleep-time")
    new = NewSpace(
        sdk=sdk,
        visibility=single.get("visibility"),
        region=single.get("region"),
        resource_group=single.get("resource-group"),
        hardware=single.get("hardware"),
        sleep_time=None if sleep_time is None else durations.parse_sleep_time(sleep_time),
        secrets={change.key: change.secret for change in wanted if change.secret},
        variables={change.key: str(change.becomes) for change in wanted if change.name == "variable"},
        volumes=[change.volume for change in wanted if change.volume],
    )
    hub.create(space, new)


def make(
    hub: Hub,
    space: Space,
    wanted: tuple[Change, ...],
    *,
    done: Callable[[Change], None],
    late: bool = False,
) -> bool:
    """Make the changes on the Hub, in their order, those that are `late` or those that are not; `done` hears of each. `space` is as
    it was before.

    Whether the app starts again for them.
    """
    now = [change for change in wanted if change.late == late]
    sleep_time = next(
        (durations.parse_sleep_time(str(change.becomes)) for change in now if change.name == "sleep-time"), None
    )
    moves = any(change.name == "hardware" for change in now)
    mounts = [change.volume for change in now if change.volume]
    calls, name = hub.settings, space.id
    for change in now:
        match change:
            case Change(name="visibility", becomes=str(visibility)):
                calls.set_visibility(name, visibility)
            case Change(name="hardware", becomes=str(flavor)):
                calls.set_hardware(name, flavor, sleep_time)
            case Change(name="sleep-time", becomes=str(length)) if not moves:  # else it went along
                calls.set_sleep_time(name, durations.parse_sleep_time(length))
            case Change(volume=Volume() as volume):
                if volume is mounts[0]:  # the others go along
                    present = volumes.all_known(calls.volumes(name), space.volumes)
                    calls.set_volumes(name, volumes.merged(name, mounts, present))
            case Change(name="variable", becomes=None):
                calls.delete_variable(name, change.key)
            case Change(name="variable", becomes=str(value)):
                calls.set_variable(name, change.key, value)
            case Change(name="secret", secret=None):
                calls.delete_secret(name, change.key)
            case Change(name="secret", secret=(value, description)):
                calls.set_secret(name, change.key, value, description)
        done(change)
    return any(change.restarts for change in now)
