"""Secrets and variables of two Spaces, compared by their names: what was tried with one must not run without it in the other."""

from collections.abc import Iterator

from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.inputs.schema import Inputs
from hfspace_action.space import Space

_UNSEEN = frozenset({"settings-forbidden", "publisher-may-not", "no-write-access", "forbidden"})


def compare(hub: Hub, inputs: Inputs, twin: Space, space: Space | None) -> str | None:
    """Return what to say where the token may not see the names. Raises `Failure` where the twin has a secret or a variable that the
    Space has not, and the inputs do not declare."""
    declared = {*inputs.secrets, *inputs.variables}
    try:
        missing = sorted(name for name in _only(hub, twin, space) if name.partition(" ")[2] not in declared)
    except Failure as refused:
        if refused.id not in _UNSEEN:
            raise
        return f"The names of secrets and variables were not compared: {refused.message}"
    if missing:
        known = space.id if space else "The Space"
        raise Failure("twin-has-more", space=known, twin=twin.id, names=", ".join(missing))
    return None


def _only(hub: Hub, twin: Space, space: Space | None) -> Iterator[str]:
    """Yield what the twin has and the Space has not, with its kind before its name."""
    secrets = hub.settings.secrets(space.id).keys() if space else ()
    variables = hub.settings.variables(space.id).keys() if space else ()
    yield from (f"secret {name}" for name in hub.settings.secrets(twin.id) if name not in secrets)
    yield from (f"variable {name}" for name in hub.settings.variables(twin.id) if name not in variables)
