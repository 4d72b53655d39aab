"""From watching to a verdict: poll the Space, ask the app, restart what has to be restarted, until it can be said whether
the Space runs this commit. What an observation means is `state_machine.Watch`'s to decide.
"""

import time
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple, Protocol

from hfspace_action import durations, text
from hfspace_action.errors import Failure
from hfspace_action.hub.errors import requested_wait
from hfspace_action.result import Result
from hfspace_action.space import HALTED, KNOWN, Space

from .app.outcome import Outcome
from .health import LONGEST_PAUSE, PAUSE, Health
from .poll_interval import Interval
from .stalled import Stalled, outage
from .state_machine import Next, Watch

MISSES = 20  # polls that may fail in a row before the watch gives up
_GONE = 2  # polls in a row that must not find the Space before it counts as gone
_PASSING = frozenset({"hub-unwell", "hub-unreachable", "not-a-hub", "rate-limited", "hub-silent", "answer-endless"})


class Verdict(NamedTuple):
    """How the watch ended: a `Result`, the Space as last seen, and the failure to show if it is one."""

    result: Result
    space: Space | None
    failure: Failure | None = None

    @property
    def undoable(self) -> bool:
        """Whether the version was tried and does not do what it should, so that the one before may."""
        return self.result in (Result.FAILED, Result.UNREACHABLE)


class Observed(Protocol):
    """The Hub, as far as a watch needs it: `hub.api.Hub`."""

    def observe(self, space: str) -> Space | None: ...
    def restart(self, space: str, *, factory: bool = False) -> str | None: ...
    def static_build(self, space: str) -> str | None: ...


class App(Protocol):
    """The app, as far as a watch needs it: `app.probe.Probe`."""

    def answers(self, space: Space) -> Outcome: ...
    def failure(self, after: str) -> Failure | None: ...


class Terms(NamedTuple):
    """On what terms a Space is watched. `say` gets lines for the log, `entered` each new stage, `wait` lets so many seconds
    pass, `build_log` returns what came of that log, None where it can't be read; the watch ends `timeout` seconds after it began, on `clock`, unless the
    app answers well just then. `healthy` and `soak` are those of `Health`; `static_build` the build of a static Space that was
    there before."""

    timeout: float
    say: Callable[[str], None]
    entered: Callable[[Space], None]
    wait: Callable[[float], object]
    clock: Callable[[], float] = time.monotonic
    build_log: Callable[[], Sequence[str] | None] = lambda: None
    healthy: int = 3
    soak: float = 0.0
    static_build: str | None = None


def reach(hub: Observed, watch: Watch, app: App | None, terms: Terms) -> Verdict:
    """Poll until there is a verdict, and return it.

    Raises the `Failure` of a poll that a further one would not cure, or of the last of `MISSES` in a row.
    """
    return _Loop(hub, watch, app, terms).run()


class _Loop:
    """One watch: what was seen last, and how many polls in a row failed (`misses`) or found no Space (`absences`)."""

    def __init__(self, hub: Observed, watch: Watch, app: App | None, terms: Terms) -> None:
        self.hub, self.watch, self.app, self.terms = hub, watch, app, terms
        self.interval = Interval()
        self.health = Health(terms.healthy, terms.soak)
        self.last: Space | None = None
        self.outcome: Outcome | None = None
        self.decision = Next.WAIT
        self.misses = self.absences = 0
        self.miss: Failure | None = None

    def run(self) -> Verdict:
        """Poll until there is a verdict."""
        deadline = self.watch.began + self.terms.timeout
        while True:
            seen, patience = self.poll()
            if seen and (verdict := self.act(seen)):
                return verdict
            if self.absences == _GONE:
                return Verdict(Result.FAILED, self.last, Failure("space-gone", space=self.watch.before.id))
            now = self.terms.clock()
            if now >= deadline and not self.health.standing:
                return self.out_of_time()
            if self.miss and patience > deadline - now and not self.health.standing:
                return Verdict(Result.TIMEOUT, self.last, self.too_long(self.miss, patience, deadline - now))
            self.terms.wait(self.pause(now, patience, deadline))

    def pause(self, now: float, patience: float, deadline: float) -> float:
        """Return the seconds until the next poll, of which `patience` are what the Hub asks for. The last one comes with the deadline,
        and none shortly before it."""
        if not self.health.standing:
            seconds, left = max(self.interval.next(now), patience), deadline - now
            return seconds if seconds <= left - Interval.FIRST else left
        left = self.health.left(now, started_anew=self.watch.started_anew)
        return max(self.interval.next(now, wish=min(left, LONGEST_PAUSE)), patience)

    def too_long(self, miss: Failure, patience: float, left: float) -> Failure:
        """Return the failure of a wait that the Hub asks for and that ends after the deadline."""
        if miss.id == "rate-limited":  # which says itself when to come back
            return miss
        doing, given = f"read the state of {self.watch.before.id}", durations.words(self.terms.timeout)
        wait = durations.words(patience)
        return Failure(
            "wait-too-long", doing=doing, said=miss.message, wait=wait, left=durations.words(left), given=given
        )

    def poll(self) -> tuple[Space | None, float]:
        """Look at the Space once: what was seen, and the seconds that the Hub wants to be left alone."""
        try:
            seen = self.hub.observe(self.watch.before.id)
        except Failure as failure:
            self.misses, self.miss = self.misses + 1, failure
            if failure.id not in _PASSING:
                raise
            if self.misses > MISSES:
                raise outage(self.watch.before.id, failure) from failure
            self.terms.say(f"A poll failed: {failure.message}")
            return None, requested_wait(failure.__cause__) or 0.0
        self.misses, self.miss = 0, None
        self.absences = self.absences + 1 if seen is None else 0
        if seen is None:
            self.interval.changed()
        elif self.last is None or seen.stage != self.last.stage:
            self.interval.changed()
            self.terms.entered(seen)
            if seen.stage not in KNOWN:
                self.terms.say(f"The Hub names a stage that this version does not know: {seen.stage}. Waiting on.")
        return seen, 0.0

    def act(self, space: Space) -> Verdict | None:
        """Do what the state machine asks for; a verdict where that ends the watch."""
        self.last, self.decision = space, self.watch.see(space, self.terms.clock())
        if self.decision is Next.PROBE:
            return self.ask(space)
        if self.health.standing:
            self.health.reset()
            self.terms.say(f"The Space answered well and then left that stage: it is {space.stage}.")
        match self.decision:
            case Next.WAKE:
                if self.app is None:
                    return Verdict(Result.ASLEEP, space)
                self.app.answers(space)
            case Next.FIND_BUILD:
                if self.hub.static_build(space.id) != self.terms.static_build:
                    self.watch.begin()
            case Next.RESTART | Next.REBUILD:
                return self.restart(space, factory=self.decision is Next.REBUILD)
            case Next.WAIT:
                pass
            case _:
                return _ended(self.decision, space, self.watch.target)
        return None

    def ask(self, space: Space) -> Verdict | None:
        """Ask the app until it has answered well often enough, or once badly; a verdict where it has for long enough."""
        if self.app is None and self.watch.static:  # nothing but its page tells what a static Space serves
            return Verdict(Result.PUBLISHED, space)
        while True:
            outcome = self.outcome = self.app.answers(space) if self.app else None
            now = self.terms.clock()
            if outcome is None:
                self.health.take(True, now, count=self.terms.healthy)
            else:
                self.health.take(outcome.good, now, final=outcome.final is not None)
            if outcome and not outcome.good:
                settled = outcome.final if self.health.settled(now) else None
                return self.unanswered(space, settled) if settled else None
            if self.health.answered:
                left = self.health.left(now, started_anew=self.watch.started_anew)
                return None if left else Verdict(Result.LIVE, space)
            self.terms.wait(PAUSE)

    def unanswered(self, space: Space, result: Result) -> Verdict:
        """Return the verdict on an app that does not answer as it should."""
        after = durations.words(self.terms.clock() - self.watch.began)
        return Verdict(result, space, None if result.ok or not self.app else self.app.failure(after))

    def restart(self, space: Space, *, factory: bool) -> Verdict | None:
        """Start the app again; a verdict where the Hub refuses that and nothing else helps."""
        self.terms.say(f"The Space is {space.stage}; {'building it anew' if factory else 'restarting it'}.")
        try:
            self.watch.enter(self.hub.restart(space.id, factory=factory))
        except Failure as refused:
            if space.stage in HALTED:
                return Verdict(Result.PAUSED, space, refused)
            self.terms.say(f"It could not be restarted: {refused.message}")
            return None if factory else _failed(space)
        return None

    def out_of_time(self) -> Verdict:
        """Return the verdict at the deadline."""
        after = durations.words(self.terms.timeout)
        if self.app and self.decision is Next.PROBE and not self.misses:
            final = self.outcome.final if self.outcome else None
            if final and final.ok:  # it can't be asked, so it is not at fault
                return Verdict(final, self.last)
            if failure := self.app.failure(after):
                return Verdict(Result.UNREACHABLE, self.last, failure)
        stalled = Stalled(
            self.watch.before.id, self.last, self.watch.target, self.terms.timeout, self.terms.build_log(),
            self.decision is Next.WAKE, self.misses, self.miss,
        )  # fmt: skip
        return Verdict(Result.TIMEOUT, self.last, stalled.failure())


def _ended(decision: Next, space: Space, target: str) -> Verdict:
    """Return the verdict on a decision that ends a watch."""
    facts: dict[str, Any] = {"space": space.id, "stage": space.stage, "said": space.reason}
    match decision:
        case Next.SUPERSEDED:
            return Verdict(Result.SUPERSEDED, space, Failure("superseded", head=text.short(space.head), **facts))
        case Next.PUT_BACK:
            facts |= {"head": text.short(space.head), "target": text.short(target)}
            return Verdict(Result.SUPERSEDED, space, Failure("put-back", **facts))
        case Next.PAUSED:
            return Verdict(Result.PAUSED, space, Failure("paused", **facts))
        case Next.PAUSED_AGAIN:
            return Verdict(Result.PAUSED, space, Failure("paused-again", **facts))
        case Next.BLOCKED:
            return Verdict(
                Result.PAUSED if space.stage in HALTED else Result.FAILED, space, Failure("blocked", **facts)
            )
        case Next.DEV_MODE:
            return Verdict(Result.FAILED, space, Failure("dev-mode", target=text.short(target), **facts))
        case Next.UNCONFIRMED:
            return Verdict(Result.UNCONFIRMED, space, Failure("unconfirmed", **facts))
    return _failed(space)


def _failed(space: Space) -> Verdict:
    name = f"stage-{(space.stage or '').lower().replace('_', '-')}"
    return Verdict(Result.FAILED, space, Failure(name, space=space.id, said=space.reason))
