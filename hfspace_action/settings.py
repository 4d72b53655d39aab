"""Settings of a Space that stand beside its files: visibility, hardware, sleep time, secrets, variables.

Only what differs is changed, because each change of hardware, a secret or a variable restarts the app; and before the
files are published, so that one start serves both. Secrets can't be read back, so those given are set each time.
"""

from dataclasses import dataclass, field

from .hub import Hub, Space
from .inputs import Inputs


@dataclass(frozen=True)
class Change:
    """One setting that is to change. `was` is None where the Hub does not tell; a secret's value is never shown."""

    name: str
    key: str
    was: str | None
    becomes: str = field(repr=False)

    def __str__(self) -> str:
        label = f"{self.name} {self.key}".strip()
        if self.name == "secret":
            return f"{label}: set"
        return f"{label}: {self.was if self.was is not None else 'not set'} → {self.becomes}"


def changes(hub: Hub, inputs: Inputs, space: Space) -> tuple[Change, ...]:
    """What of the wanted settings an existing Space does not have yet. An input that was not given changes nothing."""
    found: list[Change] = []
    if inputs.visibility and inputs.visibility != space.visibility:
        found.append(Change("visibility", "", space.visibility, inputs.visibility))
    if inputs.hardware and inputs.hardware != space.requested_hardware:
        found.append(Change("hardware", "", space.requested_hardware, inputs.hardware))
    if inputs.sleep_time is not None and inputs.sleep_time != space.sleep_time:
        was = None if space.sleep_time is None else str(space.sleep_time)
        found.append(Change("sleep time", "", was, str(inputs.sleep_time)))
    present = hub.variables(space.id) if inputs.variables else {}
    found += [
        Change("variable", key, present.get(key), value)
        for key, value in inputs.variables.items()
        if present.get(key) != value
    ]
    found += [Change("secret", key, None, value) for key, value in inputs.secrets.items()]
    return tuple(found)


def apply(hub: Hub, space: str, wanted: tuple[Change, ...]) -> None:
    """Make the changes on the Hub, in their order."""
    for change in wanted:
        match change.name:
            case "visibility":
                hub.set_visibility(space, change.becomes)
            case "hardware":
                hub.set_hardware(space, change.becomes)
            case "sleep time":
                hub.set_sleep_time(space, int(change.becomes))
            case "variable":
                hub.set_variable(space, change.key, change.becomes)
            case "secret":
                hub.set_secret(space, change.key, change.becomes)
