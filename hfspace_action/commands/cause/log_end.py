"""The end of the log that speaks of the stage that a Space is in."""

from collections import deque
from typing import NamedTuple

from hfspace_action.hub.api import Hub
from hfspace_action.space import NOT_BUILT, Space
from hfspace_action.watch.log_stream import Kind, Stream
from hfspace_action.watch.logs import about

_TAIL = 400  # lines, to find a cause in


class LogEnd(NamedTuple):
    """Which log it is, its last lines, and why it could not be read, if it could not."""

    kind: Kind
    lines: list[str]
    complaint: str = ""


def read(hub: Hub, space: Space) -> LogEnd:
    """Read the log to its end, or until it falls silent. A static Space has none but that of its build."""
    kind = about(space.stage)
    if space.sdk == "static" and space.stage not in NOT_BUILT:
        return LogEnd(kind, [])
    stream = Stream(kind, lambda: hub.follow_log(space.id, build=kind == "build"))
    tail: deque[str] = deque(maxlen=_TAIL)
    for lines in stream.rest():
        tail.extend(lines)
    stream.stop()
    return LogEnd(kind, list(tail), stream.complaint)
