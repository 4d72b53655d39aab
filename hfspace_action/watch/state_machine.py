"""What a Space's stage means for the commit that should run: a state machine without a clock, a network or a wish of its
own. Observation in, decision out; `loop.reach` is the loop around it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum, auto

from hfspace_action.space import BUILDING, ERRORS, HALTED, NOT_BUILT, STARTING, WORKING, Space

# How long an error or a missing sha may still be the old build's, in seconds; deploy scripts in the field use 120.
GRACE = 120.0
# How long the Hub may take to begin with the new start that a changed setting causes, in seconds. Assumed, not documented.
SETTLING = 20.0
# How long the Hub may show main as it was, in seconds. Assumed: its own tests sleep a moment for it.
LATE = 20.0
# How long a request may take to wake a Space that is STOPPED, in seconds. Assumed, not documented.
WAKING = 5.0
# How long the build of a static Space may take where the Hub shows no stage of it, in seconds. Assumed, not documented.
UNSEEN_BUILD = 600.0
# The Hub's words when it found no machine to run on.
_NO_ROOM = re.compile(r"scheduling failure|not enough hardware capacity", re.IGNORECASE)
# Its words when it has shut a Space: no restart helps. Seen in public reports.
_BLOCKED = re.compile(r"flagged as abus|abuse.handler|blocked by abuse", re.IGNORECASE)


def is_blocked(space: Space) -> bool:
    """Whether the Hub has shut a Space, by its message."""
    return bool(_BLOCKED.search(space.error_message or ""))


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
    FIND_BUILD = auto()
    """No stage shows whether a static Space was built: its branch for builds may."""
    SUPERSEDED = auto()
    PUT_BACK = auto()
    """Main is at a commit again at which it was before."""
    FAILED = auto()
    PAUSED = auto()
    PAUSED_AGAIN = auto()
    """It was started again, and did not stay up."""
    BLOCKED = auto()
    """The Hub has shut it."""
    DEV_MODE = auto()
    """It runs what somebody works on, and builds no commit."""
    UNCONFIRMED = auto()


@dataclass(kw_only=True)
class Watch:
    """Decides what each observation of a Space means for `target`, the commit that should run.

    `before` is the Space as it was seen before publishing, `earlier` are the commits of main that publishing passed on its
    way, `moved` whether this step moved main, `static` whether the target is a static Space, `built` whether a command builds that. `resume`: it may be restarted; `visited`: its app is
    requested, which may wake it. `began` is the time of publishing on the caller's clock, in seconds; `startup` the seconds
    that the app may take to start (the front matter's startup_duration_timeout). `restarting`: settings were changed for
    which the Hub starts the app again; `before` was seen after that. `restarted`: this step asked the Hub to start it again.
    """

    target: str
    before: Space
    moved: bool
    static: bool
    resume: bool
    began: float
    built: bool = False
    visited: bool = True
    startup: float = 30 * 60
    restarting: bool = False
    restarted: bool = False
    earlier: Collection[str] = ()

    _stage: str | None = field(init=False)  # as last seen
    _shown: float = field(init=False)  # when main was last seen at the target, or not seen
    _asked: float = field(init=False)  # when the Hub was last asked for something: by the commit, then by a restart
    _begun: bool = field(default=False, init=False)  # whether the Hub was seen to begin with that
    _ran: bool = field(default=False, init=False)  # whether it was seen to run the target
    _restarted: bool = field(default=False, init=False)
    _rebuilt: bool = field(default=False, init=False)
    _starting: float | None = field(default=None, init=False)  # since when the app starts
    _woken: float | None = field(default=None, init=False)  # when it was first requested in order to wake it

    def __post_init__(self) -> None:
        self._stage, self._asked, self._restarted = self.before.stage, self.began, self.restarted
        self._shown = self.began
        self._begun = (self.restarting or self.restarted) and not self.moved and self._stage in WORKING

    @property
    def started_anew(self) -> bool:
        """Whether the app is, as far as is known, one that was started since the watch began: it may still fall."""
        return not self.static and (self.moved or self.restarting or self._restarted or self._begun)

    def see(self, space: Space, now: float) -> Next:
        """Take in one observation at a time `now` (seconds) and decide."""
        # A Hub that shows main late shows one of those from before, not that of somebody else after us.
        if space.head not in (None, self.target, self.before.head, *self.earlier):
            return Next.SUPERSEDED
        if space.head in (None, self.target):
            self._shown = now
        elif now - self._shown >= LATE:
            return Next.PUT_BACK
        self.enter(space.stage)
        if is_blocked(space):
            return Next.BLOCKED
        if self._settling(space, now):
            return Next.WAIT
        if space.stage == "RUNNING":
            return self._running(space, now)
        if space.stage == "SLEEPING":
            return self._sleeping(space, now)
        if space.stage in HALTED:
            return self._halted(space, now)
        if space.stage in ERRORS:
            return self._error(space, now)
        if space.stage == "DELETING":
            return Next.FAILED
        return self._working(space, now)

    def enter(self, stage: str | None) -> None:
        """Take in a stage of which nothing else is known, such as the answer to a restart."""
        self._begun = self._begun or self._begins(self._stage, stage)
        self._stage = stage

    def begin(self) -> None:
        """Take in that the Hub began with what it was asked for, which showed otherwise than by a stage."""
        self._begun = True

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
        """Whether this still is the app as it was before its settings changed, or before it was asked to start again. (A
        commit has marks of its own.)"""
        expected = self.restarted or (self.restarting and not self._restarted)
        waiting = expected and not self.moved and not self._begun
        return waiting and space.stage not in HALTED and now - self._asked < SETTLING

    def _running(self, space: Space, now: float) -> Next:
        decided = self._running_static(space, now) if self.static else self._running_app(space, now)
        self._ran = self._ran or decided is Next.PROBE
        return decided

    def _running_static(self, space: Space, now: float) -> Next:
        # The Hub reports no running commit for static Spaces; the page served is compared with ours by the probe.
        if (space.runtime_sha or space.head) != self.target:
            return Next.WAIT
        if not (self.built and self.moved) or self._begun:
            return Next.PROBE
        # What a command builds can't be compared, and the page may be the old one's until the build is over.
        return Next.FIND_BUILD if now - self._asked < UNSEEN_BUILD else Next.UNCONFIRMED

    def _running_app(self, space: Space, now: float) -> Next:
        if space.runtime_sha == self.target:
            return Next.PROBE
        if space.runtime_sha:
            # A restart would build it, and lose what somebody works on and has not committed.
            return Next.DEV_MODE if space.dev_mode and self._grace_is_over(now) else Next.WAIT
        if self._begun:
            return Next.PROBE
        nothing_expected = not self.moved and not self._restarted
        return Next.UNCONFIRMED if nothing_expected or self._grace_is_over(now) else Next.WAIT

    def _sleeping(self, space: Space, now: float) -> Next:
        ours = space.runtime_sha == self.target if space.runtime_sha else self._begun or not self.moved
        if ours:
            return Next.WAKE
        # A commit should have woken it. It sleeps on, so it is asked to start, once.
        return self._restart(now) if self.resume and not self._restarted and self._grace_is_over(now) else Next.WAIT

    def _halted(self, space: Space, now: float) -> Next:
        if self._ran:
            return Next.PAUSED_AGAIN if self._restarted else Next.PAUSED
        if self._restarted:
            return Next.PAUSED_AGAIN if self._begun or self._grace_is_over(now) else Next.WAIT
        if space.stage == "STOPPED" and self.visited:  # some of the documentation calls sleep so
            self._woken = now if self._woken is None else self._woken
            if now - self._woken < WAKING:
                return Next.WAKE
        return self._restart(now) if self.resume else Next.PAUSED

    def _error(self, space: Space, now: float) -> Next:
        if not self._is_ours(space, now):
            return Next.WAIT
        started_anew = self._restarted or (self.restarting and self._begun and not self.moved)
        if started_anew or self.static:
            return Next.FAILED
        # No room on the Hub's machines is nobody's fault and passes: once more, by itself.
        no_room = _NO_ROOM.search(space.error_message or "")
        # A tree that did not change builds nothing anew, so its old error is only worth reporting after a new start. One
        # that came while it was watched is no old one.
        stale = self.resume and not self.moved and not self._ran
        return self._restart(now) if no_room or stale else Next.FAILED

    def _is_ours(self, space: Space, now: float) -> bool:
        """Whether an error is the target's, and not that of the commit, or of the start, that was there before."""
        if self._grace_is_over(now) or self._ran:
            return True
        if not self._restarted and (not self.moved or space.runtime_sha == self.target):
            return True
        # A new Space has this stage until the Hub has looked at its first commit, and then has it still.
        if space.stage == "NO_APP_FILE" and space.head == self.target and now - self._asked >= SETTLING:
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
        self._restarted, self._begun, self._ran, self._asked = True, False, False, now
        return Next.RESTART

    def _grace_is_over(self, now: float) -> bool:
        return now - self._asked >= GRACE
