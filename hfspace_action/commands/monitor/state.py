"""The Space as the Hub describes it: its stage, and the commit that runs. No request but for the log of what is broken."""

from datetime import UTC, datetime

from hfspace_action import durations
from hfspace_action.commands.cause import causes, log_end
from hfspace_action.commands.status import running, stage_words, what_is_broken
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.hub.revisions.history import Made
from hfspace_action.inputs.schema import Inputs
from hfspace_action.plan.settings.hardware import FREE, is_zero_gpu
from hfspace_action.space import HALTED, NOT_BUILT, WORKING, Space
from hfspace_action.watch.state_machine import is_blocked

from .findings import Cure, Finding

LONGEST_WORK = 3600.0
"""Seconds after its newest commit for which a Space may still be building or starting. Assumed: the Hub documents 30 minutes for
the start alone, by default."""
_OF_THE_COMMIT = frozenset({"not-head", "dev-mode"})
_PASSING = frozenset({
    "stage-build-error", "stage-runtime-error", "paused", "no-capacity", "hub-fault", "out-of-memory", "index-unreachable",
})  # fmt: skip
"""Failures that a new start may mend. What has its cause in the files would only fail again."""


def stage(hub: Hub, space: Space, inputs: Inputs, newest: Made | None) -> Finding:
    """What the Space does."""
    detail = stage_words(space)
    if is_blocked(space):
        return Finding("stage", False, detail, Failure("blocked", said=space.reason), "shut by the Hub")
    if space.stage in WORKING:
        return _working(space, newest, detail)
    if space.stage == "SLEEPING":
        return _asleep(space, inputs)
    broken = what_is_broken(space)
    if broken is None or broken.id in _OF_THE_COMMIT:
        return Finding("stage", True if space.stage == "RUNNING" else None, detail)
    cause = causes.explained_from_hub(broken, hub, space, log_end.read(hub, space).lines, inputs.path, reached=False)
    return Finding("stage", False, detail, cause, str(space.stage), _cure(space, cause, inputs))


def commit(space: Space) -> Finding:
    """Which commit runs."""
    broken = what_is_broken(space)
    well, words = running(space)
    if broken is None or broken.id not in _OF_THE_COMMIT:
        return Finding("commit that runs", None if well is False else well, words)
    if broken.id == "dev-mode":
        return Finding("commit that runs", False, words, broken, "dev mode")
    return Finding("commit that runs", False, words, broken, "another commit runs", "rebuild")


def _working(space: Space, newest: Made | None, detail: str) -> Finding:
    """A Space that the Hub works on. Nothing says since when; but not since before its newest commit was due to run."""
    age = _age(newest)
    if age is None or age < LONGEST_WORK:
        return Finding("stage", None, f"{detail}; the Hub works on it")
    failure = Failure("stuck", space=space.id, stage=space.stage, age=durations.words(age))
    return Finding("stage", False, detail, failure, f"stuck in {space.stage}", "rebuild")


def _asleep(space: Space, inputs: Inputs) -> Finding:
    """A Space that sleeps, as it should where it has a time after which it does."""
    shared = space.hardware in (None, FREE) or is_zero_gpu(space.hardware)
    never = space.sleep_time in (None, durations.NEVER) and not shared
    if never or (inputs.sleep_time == durations.NEVER and not shared):
        failure = Failure("asleep", space=space.id)
        return Finding("stage", False, "SLEEPING, although it is to sleep never", failure, "SLEEPING", "restart")
    after = f"after {durations.words(space.sleep_time)} idle" if space.sleep_time else "when idle"
    return Finding("stage", True, f"SLEEPING, as it is set to {after}; a visit wakes it")


def _cure(space: Space, cause: Failure, inputs: Inputs) -> Cure | None:
    if cause.id not in _PASSING or space.sdk == "static" or (space.stage in HALTED and not inputs.resume):
        return None
    return "rebuild" if space.stage in NOT_BUILT else "restart"


def _age(newest: Made | None) -> float | None:
    """The seconds since a commit was made; None where that is not known."""
    try:
        made = datetime.fromisoformat(newest.at) if newest else None
    except ValueError:
        return None
    if made is None:
        return None
    return (datetime.now(UTC) - (made if made.tzinfo else made.replace(tzinfo=UTC))).total_seconds()
