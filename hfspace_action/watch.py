"""Watches a Space until it can be said whether it runs this commit.

`Watch` is a pure state machine: observation in, decision out. `follow` is the loop around it: it polls, asks the app,
restarts what has to be restarted and ends in a `Verdict`.
"""

import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto

from .errors import Failure
from .hub import Hub, Space
from .hub_errors import is_transient
from .probe import Probe

# Stages in which the Hub is working towards something; source: huggingface_hub's INTERMEDIATE_SPACE_STAGES.
WORKING = frozenset({"BUILDING", "RUNNING_BUILDING", "APP_STARTING", "RUNNING_APP_STARTING"})
ERRORS = frozenset({"BUILD_ERROR", "CONFIG_ERROR", "NO_APP_FILE", "RUNTIME_ERROR", "DELETING"})
HALTED = frozenset({"PAUSED", "STOPPED"})
_STARTING = frozenset({"APP_STARTING", "RUNNING_APP_STARTING"})
KNOWN = WORKING | ERRORS | HALTED | {"RUNNING", "SLEEPING"}

# How long an error or a missing sha may still be the old build's, in seconds; deploy scripts in the field use 120.
GRACE = 120.0
# The Hub's words when it found no machine to run on.
_NO_ROOM = re.compile(r"scheduling failure|not enough hardware capacity", re.IGNORECASE)
# Polls that may fail in a row before the watch gives up.
MISSES = 20


class Next(Enum):
    """What to do about an observation."""

    WAIT = auto()
    PROBE = auto()
    """It runs the target: ask the app."""
    WAKE = auto()
    """It sleeps at the target: a request wakes it."""
    RESTART = auto()
    REBUILD = auto()
    """It hangs at its start: a factory reboot."""
    SUPERSEDED = auto()
    FAILED = auto()
    PAUSED = auto()
    UNCONFIRMED = auto()


@dataclass
class Watch:
    """Decides what each observation of a Space means for `target`, the commit that should run.

    `before` is the Space as it was seen before publishing, `moved` whether this step moved
    main, `began` the time of that on the caller's clock in seconds, `startup` the seconds that the app may take to start
    (the front matter's startup_duration_timeout).
    """

    target: str
    before: Space
    moved: bool
    resume: bool
    began: float
    startup: float = 30 * 60
    transition: bool = False
    restarted: bool = False
    rebuilt: bool = False
    starting: float | None = None

    def see(self, space: Space, now: float) -> Next:
        """Take in one observation at a time `now` (seconds) and decide."""
        if space.head not in (None, self.target, self.before.head):
            return Next.SUPERSEDED
        if self._moves_on(space):
            self.transition = True
        ours = self._ours(space, now)
        if space.stage == "RUNNING":
            return self._running(space, now)
        if space.stage == "SLEEPING":
            return Next.WAKE if ours else Next.WAIT
        if space.stage in HALTED:
            return self._halted(ours)
        if space.stage in ERRORS:
            return self._error(space, ours)
        return self._working(space, now)

    def _moves_on(self, space: Space) -> bool:
        """Whether a stage shows that the Hub has begun with the target: it works, or left the stage it was in. Where it
        was already working before, that may all be the old commit's."""
        was = self.before.stage
        return was not in WORKING and (space.stage in WORKING or space.stage != was)

    def _ours(self, space: Space, now: float) -> bool:
        """Whether a stage speaks of the target, and not of the build that was there before."""
        if space.runtime_sha == self.target or not self.moved:
            return True
        return self.transition or now - self.began >= GRACE

    def _running(self, space: Space, now: float) -> Next:
        if space.sdk == "static":
            # The Hub reports no running commit for static Spaces; the page served is compared with ours by the probe.
            return Next.PROBE if space.head == self.target else Next.WAIT
        if space.runtime_sha:
            return Next.PROBE if space.runtime_sha == self.target else Next.WAIT
        if self.transition:
            return Next.PROBE
        expected_none = not self.moved and not self.restarted
        return Next.UNCONFIRMED if expected_none or now - self.began >= GRACE else Next.WAIT

    def _halted(self, ours: bool) -> Next:
        if self.restarted:
            return Next.PAUSED if ours else Next.WAIT
        if not self.resume:
            return Next.PAUSED
        return self._restart()

    def _error(self, space: Space, ours: bool) -> Next:
        if not ours:
            return Next.WAIT
        # No room on the Hub's machines is nobody's fault and passes: once more, by itself.
        if _NO_ROOM.search(space.error_message or "") and not self.restarted:
            return self._restart()
        # A tree that did not change builds nothing anew, so its old error is only worth reporting after a new start.
        if not self.moved and self.resume and not self.restarted and space.sdk != "static":
            return self._restart()
        return Next.FAILED

    def _working(self, space: Space, now: float) -> Next:
        if space.stage not in _STARTING:
            self.starting = None
        elif self.starting is None:
            self.starting = now
        elif self.resume and not self.rebuilt and now - self.starting > self.startup + GRACE:
            self.rebuilt, self.starting = True, None
            return Next.REBUILD
        return Next.WAIT

    def _restart(self) -> Next:
        self.restarted = True
        self.transition = False
        return Next.RESTART


@dataclass(frozen=True)
class Verdict:
    """How the watch ended: a result of the contract, the Space as last seen, and the failure to show if it is one."""

    result: str
    space: Space | None
    failure: Failure | None = None


class Interval:
    """Seconds between polls: short at first and after each change of stage, then longer, and never more than `LIMIT`
    calls in five minutes, far below the Hub's limit of a free account (1,000)."""

    LIMIT, WINDOW = 60, 300.0
    FIRST, LONGEST, GROWTH, AFTER_CHANGE = 0.5, 15.0, 1.25, 4.0

    def __init__(self) -> None:
        self._seconds = self.FIRST
        self._polls: list[float] = []

    def changed(self) -> None:
        """The stage changed: more may follow soon."""
        self._seconds = min(self._seconds, self.AFTER_CHANGE)

    def next(self, now: float) -> float:
        """How long to wait after a poll made at `now`."""
        self._polls = [at for at in self._polls if now - at < self.WINDOW] + [now]
        seconds, self._seconds = self._seconds, min(self._seconds * self.GROWTH, self.LONGEST)
        if len(self._polls) >= self.LIMIT:
            seconds = max(seconds, self._polls[0] + self.WINDOW - now)
        return seconds


def follow(
    hub: Hub,
    watch: Watch,
    probe: Probe | None,
    *,
    timeout: float,
    say: Callable[[str], None],
    entered: Callable[[str], None],
    wait: Callable[[float], bool],
) -> Verdict:
    """Poll until there is a verdict or `timeout` seconds after `watch.began` (on `time.monotonic`) are over.

    `entered` hears each new stage; `wait` lets so many seconds pass between two polls, and tells whether it printed
    anything meanwhile.
    """
    space_id, deadline = watch.before.id, watch.began + timeout
    interval, misses = Interval(), 0
    last: Space | None = None
    decision = Next.WAIT
    heartbeat = time.monotonic()
    while True:
        seen = None
        try:
            seen = hub.observe(space_id)
            misses = 0
        except Failure as failure:
            misses += 1
            if misses > MISSES or not (failure.__cause__ and is_transient(failure.__cause__)):
                raise
            say(f"The Hub did not answer a poll ({failure.message})")
        else:
            if seen is None:
                return Verdict("failed", last, Failure("space-gone", space=space_id))
        now = time.monotonic()
        if seen:
            if last is None or seen.stage != last.stage:
                interval.changed()
                entered(seen.stage or "unknown")
                if seen.stage not in KNOWN:
                    say(f"The Hub names a stage that this version does not know: {seen.stage}. Waiting on.")
            last = seen
            decision = watch.see(seen, now)
            if verdict := _act(hub, seen, decision, probe, say):
                return verdict
        if now >= deadline:
            return _out_of_time(last, decision, watch.target, probe, timeout)
        if now - heartbeat >= 30:
            heartbeat = now
            say(f"{last.stage if last else 'no answer yet'}, {now - watch.began:.0f} s after publishing")
        if wait(max(0.0, min(interval.next(now), deadline - now))):
            heartbeat = time.monotonic()


def _act(hub: Hub, space: Space, decision: Next, probe: Probe | None, say: Callable[[str], None]) -> Verdict | None:
    """Do what a decision asks for; a verdict where it ends the watch."""
    match decision:
        case Next.PROBE:
            if probe is None or probe.answers(space):
                return Verdict("live", space)
        case Next.WAKE:
            if probe is None:
                return Verdict("asleep", space)
            probe.answers(space)
        case Next.RESTART | Next.REBUILD:
            factory = decision is Next.REBUILD
            say(f"The Space is {space.stage}; {'building it anew' if factory else 'restarting it'}.")
            try:
                hub.restart(space.id, factory=factory)
            except Failure as refused:
                return Verdict("paused" if space.stage in HALTED else "failed", space, refused)
        case Next.SUPERSEDED:
            return Verdict("superseded", space, Failure("superseded", space=space.id, head=str(space.head)[:12]))
        case Next.PAUSED:
            return Verdict("paused", space, Failure("paused", space=space.id, stage=space.stage, said=_said(space)))
        case Next.UNCONFIRMED:
            return Verdict("unconfirmed", space, Failure("unconfirmed", space=space.id))
        case Next.FAILED:
            name = f"stage-{(space.stage or '').lower().replace('_', '-')}"
            return Verdict("failed", space, Failure(name, space=space.id, said=_said(space)))
        case Next.WAIT:
            pass
    return None


def _out_of_time(last: Space | None, decision: Next, target: str, probe: Probe | None, timeout: float) -> Verdict:
    minutes = f"{timeout / 60:.0f} min" if timeout >= 60 else f"{timeout:.0f} s"
    if probe and probe.asked and decision is Next.PROBE:
        return Verdict("unreachable", last, Failure("unreachable", url=probe.url, answer=probe.answer, after=minutes))
    stage = last.stage if last else "unknown"
    running = f" of commit {last.runtime_sha[:12]}" if last and last.runtime_sha else ""
    return Verdict("timeout", last, Failure("timeout", stage=f"{stage}{running}", after=minutes, target=target[:12]))


def _said(space: Space) -> str:
    """The Hub's message on an error stage, on one line and of bounded length; the log has the rest."""
    text = " ".join((space.error_message or "").split())
    return text[:600] if text else "the Hub gives no reason"
