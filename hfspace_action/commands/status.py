"""The command `status`: how a Space stands, as far as the Hub says, and why where it is broken. It only reads."""

from collections.abc import Iterator, Sequence

from hfspace_action import text
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.report.facts import Row
from hfspace_action.report.record import Record
from hfspace_action.result import Result
from hfspace_action.space import ERRORS, HALTED, Space
from hfspace_action.workflow.runner import Runner

from .cause import causes, log_end
from .cause.log_end import LogEnd
from .step import Step

_LINES = 60  # of the log, to show


def status(step: Step) -> None:
    """Record what the Hub says of the Space, the end of the log that goes with its stage, and whether it runs the head of its
    main. Raises `Failure`."""
    record, runner = step.record, step.runner
    hub = step.connect()
    space = existing(step, hub)
    for row in _look(space, record):
        runner.info(str(row))
    lines = _show_log(log_end.read(hub, space), runner, record)
    broken = what_is_broken(space)
    if broken is None:
        record.add(result=Result.SEEN)
        return
    broken = causes.explained_from_hub(broken, hub, space, lines, step.inputs.path, reached=False)
    if step.inputs.fail_on == "never":
        record.row("cause", False, broken.message, advice=broken.advice)
        record.note(f"{broken.message} {broken.advice}", broken.place)
        record.add(result=Result.SEEN)
        return
    record.fail(broken)
    record.add(result=Result.BROKEN)


def find(step: Step, hub: Hub) -> Space:
    """Return the Space. Raises `Failure` where there is none."""
    name = step.space_name(hub)
    found = hub.space(name)
    if found is None:
        if hub.token and not step.job:
            hub.account()  # to the Hub's client, what a bad token asks for is missing too
        raise Failure("space-missing", space=name)
    return found


def existing(step: Step, hub: Hub) -> Space:
    """Return the Space with its address, and record it. Raises `Failure` where there is none."""
    space = hub.describe(find(step, hub).id)
    step.record.seen(space)
    step.record.add(sdk=space.sdk)
    if space.head:
        step.record.add(commit_sha=space.head, commit_url=hub.git.commit_page(space.id, space.head).url)
    return space


def what_is_broken(space: Space) -> Failure | None:
    """Return why a Space does not run the head of its main; None where it does, is about to, or that is not known."""
    if space.stage in ERRORS or space.stage == "DELETING":
        return Failure(f"stage-{space.stage.lower().replace('_', '-')}", space=space.id, said=space.reason)
    if space.stage in HALTED:
        return Failure("paused", space=space.id, stage=space.stage, said=space.reason)
    if space.stage in ("RUNNING", "SLEEPING") and space.runtime_sha not in (None, space.head):
        runs, head = text.short(space.runtime_sha), text.short(space.head)
        if space.dev_mode:
            return Failure("dev-mode", space=space.id, stage=space.stage, target=head)
        return Failure("not-head", space=space.id, stage=space.stage, runs=runs, head=head)
    return None


def _look(space: Space, record: Record) -> Iterator[Row]:
    """A row for each thing that may be well or not."""
    well = space.stage == "RUNNING" or (False if space.stage in ERRORS | HALTED else None)
    yield record.row("stage", well, stage_words(space))
    yield record.row("commit that runs", *running(space))
    if space.requested_hardware and space.requested_hardware != space.hardware:
        yield record.row("hardware", None, f"{space.hardware}; {space.requested_hardware} was asked for")


def stage_words(space: Space) -> str:
    """Return the stage, and on the same line what the Hub says of it."""
    said = " ".join((space.error_message or "").split())
    return f"{space.stage or 'not told'}{f': {said}' if said else ''}"


def running(space: Space) -> tuple[bool | None, str]:
    """Return whether the commit that runs is the head of main, and words on it."""
    head = (space.head or "unknown")[:12]
    if space.sdk == "static":
        return None, f"main is at {head}; of a static Space the Hub does not name the commit that is served"
    if space.runtime_sha is None:
        return None, f"main is at {head}; the Hub does not name the commit that runs"
    if space.runtime_sha == space.head:
        return True, f"{head}, the head of main"
    return False, f"{space.runtime_sha[:12]}, while main is at {head}"


def _show_log(end: LogEnd, runner: Runner, record: Record) -> Sequence[str]:
    """Print and record the end of the log that speaks of the Space's stage; what of it is of use for finding a cause."""
    if end.lines:
        with runner.group(f"The end of the {end.kind} log"):
            runner.foreign(end.lines[-_LINES:])
    elif end.complaint:
        record.note(f"The {end.kind} log could not be read: {end.complaint}")
    record.add(log_name=end.kind, log_tail=end.lines[-_LINES:])
    return end.lines
