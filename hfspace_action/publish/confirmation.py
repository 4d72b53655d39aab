"""What was changed, read back: a proxy's page that answers 200 is no change, and a Hub may leave out a part of what it takes."""

from collections.abc import Container, Iterable, Iterator, Sequence

from hfspace_action import durations
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.inputs.schema import Inputs
from hfspace_action.plan.settings import hardware
from hfspace_action.plan.settings.change import Change
from hfspace_action.space import Space

_LOOKS = 20  # at most; with the pauses between them, ten seconds for a Hub that shows its changes late


def confirm(hub: Hub, inputs: Inputs, space: str, changed: Sequence[Change]) -> None:
    """Look until the Hub shows all these changes of a Space. Raises `Failure` if it does not in time, or where it shows now what
    `prune-settings` should have removed."""
    for look in range(_LOOKS if changed else 0):
        if look and not hub.pause():
            break
        missing = list(_missing(hub, inputs, space, changed))
        if not missing:
            return
    if changed:
        raise Failure("settings-not-confirmed", space=space, names=", ".join(missing))


def _missing(hub: Hub, inputs: Inputs, space: str, changed: Sequence[Change]) -> Iterator[str]:
    """Yield what the Hub does not show, by name. A secret shows that it is there, never its value."""
    single = {change.name: change for change in changed if not change.key}
    if single.keys() & {"hardware", "sleep-time", "visibility"}:
        described = hub.describe(space)
        yield from (name for name, change in single.items() if not _holds(change, described))
    if mounts := [change.volume for change in changed if change.volume]:
        there = hub.settings.volumes(space)
        yield from (f"volume {each.place}" for each in mounts if not any(each.same(other) for other in there))
    if keyed := [change for change in changed if change.name == "variable"]:
        variables = hub.settings.variables(space)
        yield from (f"variable {each.key}" for each in keyed if variables.get(each.key) != each.becomes)
        yield from (
            f"variable {name}" for name in _spare(inputs, variables, {*inputs.variables, *(each.key for each in keyed)})
        )
    if keyed := [change for change in changed if change.name == "secret"]:
        secrets = hub.settings.secrets(space)
        yield from (f"secret {each.key}" for each in keyed if (each.key in secrets) != (each.becomes is not None))
        yield from (
            f"secret {name}" for name in _spare(inputs, secrets, {*inputs.secrets, *(each.key for each in keyed)})
        )


def _spare(inputs: Inputs, there: Iterable[str], known: Container[str]) -> list[str]:
    """Return what is there, is not declared and was in no plan to be removed: the Hub did not name it then."""
    return [name for name in there if name not in known] if inputs.prune_settings else []


def _holds(change: Change, space: Space) -> bool:
    """Whether a Space has a setting that it was to get."""
    match change.name:
        case "visibility":
            if space.visibility is None and space.private is not None:
                return space.private or change.becomes != "private"
            return space.visibility == change.becomes
        case "hardware":
            return hardware.same(space.requested_hardware, change.becomes)
        case "sleep-time":
            found = durations.NEVER if space.sleep_time is None else space.sleep_time
            return durations.compact(found) == change.becomes
    return True
