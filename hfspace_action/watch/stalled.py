"""What a Space hangs in when the time is over, and whose turn it is: the Hub's, the owner's, or the app's."""

import re
from collections.abc import Sequence
from typing import Any, NamedTuple

from hfspace_action import durations, text
from hfspace_action.errors import Failure
from hfspace_action.space import BUILDING, STARTING, Space

# All that the build log has of a build that waits for its turn. Source: build logs in public reports.
_QUEUE = re.compile(r"^=+ *Build Queued|^ *$|^ *Commit SHA: ", re.IGNORECASE)


SILENT = 3
"""Polls that must have failed in a row until the deadline before the Hub is to blame, although it answered earlier."""


class Stalled(NamedTuple):
    """A watch at its deadline: the Space `id` as last seen (None: never), the commit that should run, the seconds that it
    was watched for, and the lines of the build log if that could be read. `woken`: its app was requested in order to wake it. `misses`: how many polls failed
    in a row at the end, the last of them by `miss`.
    """

    id: str
    space: Space | None
    target: str
    waited: float
    build_log: Sequence[str] | None = None
    woken: bool = False
    misses: int = 0
    miss: Failure | None = None

    def failure(self) -> Failure:
        """Return the failure that names who has to act."""
        space = self.space
        facts: dict[str, Any] = {
            "space": self.id,
            "after": durations.words(self.waited),
            "target": text.short(self.target),
            "more": durations.doubled(self.waited),
        }
        if self.miss and (space is None or self.misses >= SILENT):
            return outage(self.id, self.miss)
        if space is None:
            return Failure("timeout", stage="unknown", work="The work", **facts)
        runs = space.runtime_sha
        stage = f"{space.stage}{f' of commit {text.short(runs)}' if runs else ''}"
        if space.stage in BUILDING and self.build_log is not None and is_queued(self.build_log):
            return Failure("build-queued", stage=stage, **facts)
        if space.stage in STARTING:
            return Failure("still-starting", stage=stage, **facts)
        if self.woken:
            return Failure("not-woken", stage=stage, **facts)
        if space.stage == "SLEEPING" or (space.stage == "RUNNING" and runs and runs != self.target):
            return Failure("dev-mode" if space.dev_mode else "not-begun", stage=stage, **facts)
        work = "Nothing is broken: the build" if space.stage in BUILDING else "The work"
        return Failure("timeout", stage=stage, work=work, **facts)


def outage(space: str, miss: Failure) -> Failure:
    """Return the failure of polls of which all failed, the last of them by `miss`."""
    return Failure("hub-outage", space=space, said=miss.message) if miss.id == "hub-unwell" else miss


def is_queued(build_log: Sequence[str]) -> bool:
    """Whether a build has not begun, by its log: it is empty, or says that it is queued, and no more."""
    return all(_QUEUE.search(line) for line in build_log)
