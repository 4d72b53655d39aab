"""What a Space's stage means for the commit that should run: a state machine without a clock, a network or a wish of its
own. Observation in, decision out; `loop.reach` is the loop around it.
"""

import re
from dataclasses import dataclass, field
from enum import Enum, auto

from hfspace_action.space import BUILDING, ERRORS, HALTED, NOT_BUILT, STARTING, WORKING, Space

# How long an error or a missing sha may still be the old build's, in seconds; deploy scripts in the field use 120.
GRACE = 120.0
# How long the Hub may take to begin with the new start that a changed setting causes, in seconds. Assumed, not documented.
SETTLING = 20.0
# The Hub's words when it found no machine to run on.
_NO_ROOM = re.compile(r"scheduling failure|not enough hardware capacity", re.IGNORECASE)


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


@dataclass(kw_only=True)
class Watch:
    """Decides what each observation of a Space means for `target`, the commit that should run.

    `before` is the Space as it was seen before publishing, `moved` whether this step moved main, `static` whether the
    target is a static Space. `began` is the time of publishing on the caller's clock, in seconds; `startup` the seconds
    that the app may take to start (the front matter's startup_duration_timeout). `restarting`: settings were changed for
    which the Hub starts the app again; `before` was seen after that.
    """

    target: str
    before: Space
    moved: bool
    static: bool
    resume: bool
    began: float
    startup: float = 30 * 60
    restarting: bool = False

    _stage: str | None = field(init=False)  # as last seen
    _asked: float = field(init=False)  # when the Hub was last asked for something: by the commit, then by a restart
    _begun: bool = field(default=False, init=False)  # whether the Hub was seen to begin with that
    _restarted: bool = field(default=False, init=False)
    _rebuilt: bool = field(default=False, init=False)
    _starting: float | None = field(default=None, init=False)  # since when the app starts

    def __post_init__(self) -> None:
        self._stage, self._asked = self.before.stage, self.began
        self._begun = self.restarting and not self.moved and self._stage in WORKING

    def see(self, space: Space, now: float) -> Next:
        """Take in one observation at a time `now` (seconds) and decide."""
        if space.head not in (None, self.target, self.before.head):
            return Next.SUPERSEDED
        self.hear(space.stage)
        if self._settling(space, now):
            return Next.WAIT
        if space.stage == "RUNNING":
            return self._running(space, now)
        if space.stage == "SLEEPING":
            return self._sleeping(space)
        if space.stage in HALTED:
            return self._halted(now)
        if space.stage in ERRORS:
            return self._error(space, now)
        if space.stage == "DELETING":
            return Next.FAILED
        return self._working(space, now)

    def hear(self, stage: str | None) -> None:
        """Take in a stage of which nothing else is known, such as the answer to a restart."""
        self._begun = self._begun or self._begins(self._stage, stage)
        self._stage = stage

    def _begins(self, was: str | None, stage: str | None) -> bool:
        """Whether going from one stage to another shows that the Hub has begun with what it was asked for.

        A stage that goes on shows nothing: it may be the old commit's, which was still being built when ours came.
        """
        if self._restarted or not self.moved:
            return stage != was
        if stage in BUILDING:
            return was not in BUILDING
        if stage in STARTING:
            return was not in WORKING
        return stage in NOT_BUILT and stage != was and was not in BUILDING

    def _settling(self, space: Space, now: float) -> bool:
        """Whether this still is the app as it was before its settings changed. (A commit has marks of its own.)"""
        expected = self.restarting and not self.moved and not self._begun and not self._restarted
        return expected and space.stage not in HALTED and now - self._asked < SETTLING

    def _running(self, space: Space, now: float) -> Next:
        if space.runtime_sha:
            return Next.PROBE if space.runtime_sha == self.target else Next.WAIT
        if self.static:
            # The Hub reports no running commit for static Spaces; the page served is compared with ours by the probe.
            return Next.PROBE if space.head == self.target else Next.WAIT
        if self._begun:
            return Next.PROBE
        nothing_expected = not self.moved and not self._restarted
        return Next.UNCONFIRMED if nothing_expected or self._grace_is_over(now) else Next.WAIT

    def _sleeping(self, space: Space) -> Next:
        if space.runtime_sha:
            return Next.WAKE if space.runtime_sha == self.target else Next.WAIT
        return Next.WAKE if self._begun or not self.moved else Next.WAIT

    def _halted(self, now: float) -> Next:
        if self._restarted:
            return Next.PAUSED if self._begun or self._grace_is_over(now) else Next.WAIT
        return self._restart(now) if self.resume else Next.PAUSED

    def _error(self, space: Space, now: float) -> Next:
        if not self._is_ours(space, now):
            return Next.WAIT
        started_anew = self._restarted or (self.restarting and self._begun and not self.moved)
        if started_anew or self.static:
            return Next.FAILED
        # No room on the Hub's machines is nobody's fault and passes: once more, by itself.
        no_room = _NO_ROOM.search(space.error_message or "")
        # A tree that did not change builds nothing anew, so its old error is only worth reporting after a new start.
        return self._restart(now) if no_room or (self.resume and not self.moved) else Next.FAILED

    def _is_ours(self, space: Space, now: float) -> bool:
        """Whether an error is the target's, and not that of the commit, or of the start, that was there before."""
        if self._grace_is_over(now):
            return True
        if not self._restarted and (not self.moved or space.runtime_sha == self.target):
            return True
        of_another = space.stage == "RUNTIME_ERROR" and space.runtime_sha not in (None, self.target)
        return self._begun and not of_another

    def _working(self, space: Space, now: float) -> Next:
        if space.stage not in STARTING:
            self._starting = None
        elif self._starting is None:
            self._starting = now
        elif self.resume and not self._rebuilt and now - self._starting > self.startup + GRACE:
            self._rebuilt, self._starting = True, None
            self._restart(now)
            return Next.REBUILD
        return Next.WAIT

    def _restart(self, now: float) -> Next:
        self._restarted, self._begun, self._asked = True, False, now
        return Next.RESTART

    def _grace_is_over(self, now: float) -> bool:
        return now - self._asked >= GRACE
