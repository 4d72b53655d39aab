"""The Space against what the workflow declares: settings, price; and against what was deployed: edits by hand."""

from collections.abc import Iterator
from typing import NamedTuple

from hfspace_action import durations
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.inputs.schema import VISIBILITIES, Inputs
from hfspace_action.plan.foreign import since as foreign
from hfspace_action.plan.foreign.since import Since
from hfspace_action.plan.plan import shown_value as shown
from hfspace_action.plan.settings import differences, rules
from hfspace_action.plan.settings.change import NOT_KNOWN, UNKNOWN, Change
from hfspace_action.plan.settings.hardware import FREE, is_zero_gpu, offer
from hfspace_action.space import Space

from .findings import EDITS, Finding

_NOT_TOLD = frozenset({"settings-forbidden", "publisher-may-not", "forbidden"})


class Price(NamedTuple):
    """What the hardware of a Space costs, in dollars an hour; None where it costs nothing, or nobody says what."""

    dollars: float | None
    finding: Finding | None


def edits(hub: Hub, space: Space, inputs: Inputs, since: Since) -> Finding:
    """What others have changed since the last deploy."""
    if since.deploy is None:
        return Finding(EDITS, True, "not looked for: no commit of main is a deploy of this action")
    drift = foreign.edits(hub, space.id, since, inputs.keep)
    if not drift:
        others = "others have committed since the last deploy, and changed none of its files"
        return Finding(EDITS, True, others if since.theirs else "none since the last deploy")
    if inputs.on_drift == "keep":
        return Finding(EDITS, None, f"{drift}; `on-drift: keep` wants them kept")
    return Finding(EDITS, False, str(drift), Failure("edited", space=space.id, edits=drift), "edited by hand")


def of_settings(hub: Hub, space: Space, inputs: Inputs) -> Iterator[Finding]:
    """Each declared setting that the Space has otherwise; what is not declared is not looked at."""
    try:
        changes = differences.find(hub, inputs, space.id, space, space.sdk or "")
    except Failure as refused:
        if refused.id not in _NOT_TOLD:
            raise
        yield Finding("settings", None, refused.message)
        return
    yield from (_setting(space, change) for change in changes)
    if not changes and _declares(inputs):
        yield Finding("settings", True, "as declared")


def widens(was: str | None, becomes: str | None) -> bool:
    """Whether a visibility would show a Space to more people than it is shown to now. That is for a person to do."""
    if was not in VISIBILITIES or becomes not in VISIBILITIES:
        return False
    return VISIBILITIES.index(becomes) < VISIBILITIES.index(was)


def price(hub: Hub, space: Space, most: float | None) -> Price:
    """What the Space costs, and whether that is more than `most` dollars a month."""
    hardware = space.hardware
    if hardware in (None, FREE) or is_zero_gpu(hardware) or space.sdk == "static":
        return Price(None, None)
    try:
        name, dollars = offer(hub, str(hardware))
    except Failure as unknown:
        if unknown.id != "hardware-unknown":
            raise
        name, dollars = str(hardware), None
    sleeps = "never sleeps" if space.sleep_time in (None, durations.NEVER) else ""
    sleeps = sleeps or f"sleeps after {durations.words(space.sleep_time or 0)}"
    detail = (
        f"{name}, {'at a price that the Hub does not name' if dollars is None else f'${dollars:.2f} an hour'}, {sleeps}"
    )
    failure = None if most is None else rules.above(most, name, dollars)
    if failure:
        return Price(dollars, Finding("price", False, detail, failure, "costs more than max-price"))
    return Price(dollars, Finding("price", True if dollars is not None else None, detail))


def _setting(space: Space, change: Change) -> Finding:
    name = f"{change.name} {change.key}".strip()
    unclear = change.name == "visibility" and change.was == NOT_KNOWN and change.becomes != "public"
    if change.was == UNKNOWN or unclear:
        return Finding(name, None, "whether it is as declared can't be told with this token")
    if change.name == "secret" and change.was == change.becomes and not change.foreign:
        return Finding(name, None, "is set; by a deploy with another token, or to another value")
    short, differs = _difference(change)
    failure = Failure("setting-differs", space=space.id, setting=name, differs=differs)
    shows_more = change.name == "visibility" and widens(change.was, change.becomes)
    return Finding(name, False, differs, failure, f"{name} {short}", None if shows_more else "redeploy")


def _difference(change: Change) -> tuple[str, str]:
    """How a setting differs, in two words and in a clause."""
    if change.becomes is None:
        return "undeclared", "is set, and not declared"
    if change.was is None:
        return (
            "missing",
            "is missing" if change.name == "secret" else f"is missing; declared is {shown(change.becomes)}",
        )
    if change.name == "secret":
        return "differs", "was set by others than a deploy"
    return "differs", f"is {shown(change.was)}; declared is {shown(change.becomes)}"


def _declares(inputs: Inputs) -> bool:
    given = (inputs.visibility, inputs.hardware, inputs.sleep_time)
    return any(each is not None for each in given) or bool(
        inputs.volumes or inputs.variables or inputs.secrets or inputs.prune_settings
    )
