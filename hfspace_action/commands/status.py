"""The command `status`: how a Space stands, as far as the Hub says. It only reads."""

from collections import deque
from collections.abc import Iterator

from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.report.facts import Row
from hfspace_action.report.record import Record
from hfspace_action.result import Result
from hfspace_action.space import ERRORS, HALTED, Space
from hfspace_action.watch.log_stream import Stream
from hfspace_action.watch.logs import about
from hfspace_action.workflow.runner import Runner

from .step import Step

_LINES = 60  # of the log


def status(step: Step) -> None:
    """Record what the Hub says of the Space, and the end of the log that goes with its stage. Raises `Failure`."""
    record, runner = step.record, step.runner
    hub = step.connect()
    name = step.space_name(hub)
    found = hub.space(name)
    if found is None:
        if not step.job:
            hub.account()  # to the Hub's client, what a bad token asks for is missing too
        raise Failure("space-missing", space=name)
    space = hub.describe(found.id)
    record.seen(space)
    record.add(sdk=space.sdk)
    if space.head:
        record.add(commit_sha=space.head, commit_url=hub.git.commit_page(space.id, space.head).url)
    for row in _look(space, record):
        runner.info(str(row))
    if space.sdk != "static":  # which has no log
        _show_log(hub, space, runner, record)
    record.add(result=Result.SEEN)


def _look(space: Space, record: Record) -> Iterator[Row]:
    """A row for each thing that may be well or not."""
    said = " ".join((space.error_message or "").split())
    well = space.stage == "RUNNING" or (False if space.stage in ERRORS | HALTED else None)
    yield record.row("stage", well, f"{space.stage or 'not told'}{f': {said}' if said else ''}")
    yield record.row("commit that runs", *_running(space))
    if space.requested_hardware and space.requested_hardware != space.hardware:
        yield record.row("hardware", None, f"{space.hardware}; {space.requested_hardware} was asked for")


def _running(space: Space) -> tuple[bool | None, str]:
    """Whether the commit that runs is the head of main, and words on it."""
    head = (space.head or "unknown")[:12]
    if space.sdk == "static":
        return None, f"main is at {head}; of a static Space the Hub does not name the commit that is served"
    if space.runtime_sha is None:
        return None, f"main is at {head}; the Hub does not name the commit that runs"
    if space.runtime_sha == space.head:
        return True, f"{head}, the head of main"
    return False, f"{space.runtime_sha[:12]}, while main is at {head}"


def _show_log(hub: Hub, space: Space, runner: Runner, record: Record) -> None:
    """Print and note the end of the log that speaks of the Space's stage."""
    kind = about(space.stage)
    stream = Stream(kind, lambda: hub.follow_log(space.id, build=kind == "build"))
    tail: deque[str] = deque(maxlen=_LINES)
    for lines in stream.rest():
        tail.extend(lines)
    stream.stop()
    if tail:
        with runner.group(f"The end of the {kind} log"):
            runner.foreign(tail)
    elif stream.complaint:
        record.note(f"The {kind} log could not be read: {stream.complaint}")
    record.add(log_name=kind, log_tail=list(tail))
