"""Settings of a Space that stand beside its files: visibility, hardware, sleep time, volumes, variables, secrets.

Only what differs is changed, because each change of hardware, volumes, a variable or a secret restarts the app; and before the
files are published, so that one build sees them all. Variables compare by value, secrets by their `fingerprint`.
"""

from collections.abc import Iterator, Mapping

from hfspace_action import durations
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.hub.settings import Secret
from hfspace_action.inputs.schema import Inputs
from hfspace_action.space import Space

from . import hardware, volumes
from .change import NOT_KNOWN, SET, UNKNOWN, Change

_UNSEEN = frozenset({"settings-forbidden", "publisher-may-not"})


def wanted(hub: Hub, inputs: Inputs, name: str, space: Space | None, sdk: str) -> tuple[Change, ...]:
    """What of the wanted settings the Space `name` does not have yet; all of them, where it is to be created (None).

    An input that was not given changes nothing. `sdk` is that of the files. The token of the inputs keys the
    fingerprints of secrets; a trusted publisher has none that lasts. Raises `Failure` for wishes that the Hub can't meet,
    also where it would refuse them to this token.
    """
    found = find(hub, inputs, name, space, sdk)
    if space and found:
        names = ", ".join(f"{change.name} {change.key}".strip() for change in found)
        refuse_publisher(hub, space.id, f"change the settings of {space.id} ({names})")
        if any(change.volume for change in found):
            volumes.merged(space.id, inputs.volumes, space.volumes)  # which says what can't be kept
    return found


def find(hub: Hub, inputs: Inputs, name: str, space: Space | None, sdk: str) -> tuple[Change, ...]:
    """The same, also where the Hub would refuse the changes to this token: to look takes less than to change."""
    return (
        *_visibility(hub, inputs.visibility, name, space),
        *_place(inputs, space),
        *_hardware(hub, inputs, space, sdk),
        *_sleep_time(inputs, space, sdk),
        *_volumes(inputs, space, sdk),
        *_variables_and_secrets(hub, inputs, space),
    )


def refuse_publisher(hub: Hub, space: str, doing: str) -> None:
    """Raise `Failure` if the token is a trusted publisher's and not good for changing a Space's settings. Whether it is, shows
    a question that the Hub answers under the same condition."""
    if not hub.publisher:
        return
    try:
        hub.settings.secrets(space)
    except Failure as refused:
        if refused.id != "publisher-may-not":
            raise
        raise hub.settings.refused(doing, space, refused) from refused


def _visibility(hub: Hub, wanted: str | None, name: str, space: Space | None) -> Iterator[Change]:
    if wanted is None:
        return
    # The short description knows private or not, which leaves open what is protected.
    was = None if space is None else space.visibility or hub.describe(space.id).visibility or NOT_KNOWN
    if was != wanted:
        if wanted == "protected":
            _check_plan(hub, name.partition("/")[0])
        yield Change("visibility", was=was, becomes=wanted)


def _place(inputs: Inputs, space: Space | None) -> Iterator[Change]:
    """What is decided when a Space is created, and never after."""
    if space is None and inputs.region:
        yield Change("region", becomes=inputs.region)
    if space is None and inputs.resource_group:
        yield Change("resource-group", becomes=inputs.resource_group)


def _check_plan(hub: Hub, owner: str) -> None:
    """Refuse protected where the owner is known to have no plan for it; where it can't be told, the Hub decides."""
    try:
        namespace = hub.account().namespace(owner)
    except Failure as refused:
        if refused.id not in ("token-refused", "publisher-may-not"):  # a trusted publisher has no account
            raise
    else:
        if namespace and namespace.plan == "free":
            raise Failure("protected-plan", owner=owner)


def _hardware(hub: Hub, inputs: Inputs, space: Space | None, sdk: str) -> Iterator[Change]:
    wanted = inputs.hardware
    if wanted is None or sdk == "static":
        return
    was = space.requested_hardware if space else None
    if hardware.same(was, wanted):
        return
    name, price = hardware.offer(hub, wanted)
    yield Change("hardware", was=was, becomes=name, price=price, late=_still_static(space))


def _sleep_time(inputs: Inputs, space: Space | None, sdk: str) -> Iterator[Change]:
    wanted = inputs.sleep_time
    if wanted is None or sdk == "static":
        return
    was = None
    if space and space.requested_hardware:  # of one that never sleeps the Hub reports no time at all
        was = durations.compact(durations.NEVER if space.sleep_time is None else space.sleep_time)
    if was != durations.compact(wanted):
        yield Change("sleep-time", was=was, becomes=durations.compact(wanted), late=_still_static(space))


def _volumes(inputs: Inputs, space: Space | None, sdk: str) -> Iterator[Change]:
    if sdk != "static":
        yield from volumes.differences(inputs.volumes, space.volumes if space else (), late=_still_static(space))


def _still_static(space: Space | None) -> bool:
    """Whether a Space that is to run an app has none yet, so that the Hub gives it no hardware."""
    return space is not None and space.sdk == "static"


def _variables_and_secrets(hub: Hub, inputs: Inputs, space: Space | None) -> Iterator[Change]:
    if not (inputs.variables or inputs.secrets or inputs.prune_settings):
        return
    variables = hub.settings.variables(space.id) if space else {}
    secrets, otherwise = dict[str, Secret](), None
    try:
        secrets = hub.settings.secrets(space.id) if space else {}
    except Failure as refused:
        # What can't be seen can still be set; but what is not named can't be removed.
        if refused.id not in _UNSEEN or (inputs.prune_settings and not inputs.dry_run):
            raise
        otherwise = UNKNOWN
    if inputs.prune_settings:
        if otherwise:
            yield Change("secret", was=otherwise)
        for name in sorted(variables.keys() - inputs.variables.keys()):
            yield Change("variable", name, was=variables.pop(name))
        removed = sorted(secrets.keys() - inputs.secrets.keys())
        yield from (Change("secret", name, was=SET) for name in removed)
        secrets = {name: secret for name, secret in secrets.items() if name not in removed}
    for name in sorted((inputs.variables.keys() & secrets.keys()) | (inputs.secrets.keys() & variables.keys())):
        raise Failure("settings-collision", key=name, is_now="secret" if name in secrets else "variable")
    for name, value in inputs.variables.items():
        if variables.get(name) != value:
            yield Change("variable", name, was=variables.get(name), becomes=value)
    yield from _secrets(inputs.secrets, secrets, inputs.hf_token, otherwise)


def _secrets(
    wanted: Mapping[str, str], present: Mapping[str, Secret], key: str, otherwise: str | None
) -> Iterator[Change]:
    if wanted:
        from . import fingerprint  # not before: most deploys name no secret
    for name, value in wanted.items():
        there = present.get(name)
        description = there.description if there else ""
        if there is None or not fingerprint.matches(description, there.updated, value, key):
            described = fingerprint.mark(description, value, key)
            foreign = there is not None and fingerprint.is_foreign(description, there.updated)
            was = SET if there else otherwise
            yield Change("secret", name, was=was, becomes=SET, secret=(value, described), foreign=foreign)
