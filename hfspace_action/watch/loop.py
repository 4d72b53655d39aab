"""From watching to a verdict: poll the Space, ask the app, restart what has to be restarted, until it can be said whether
the Space runs this commit. What an observation means is `state_machine.Watch`'s to decide.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hfspace_action import durations
from hfspace_action.errors import Failure
from hfspace_action.hub.errors import requested_wait
from hfspace_action.result import Result
from hfspace_action.space import HALTED, KNOWN, Space

from .poll_interval import Interval
from .state_machine import Next, Watch

MISSES = 20  # polls that may fail in a row before the watch gives up
_GONE = 2  # polls in a row that must not find the Space before it counts as gone
_PASSING = frozenset({"hub-unwell", "hub-unreachable", "not-a-hub", "rate-limited"})


@dataclass(frozen=True)
class Verdict:
    """How the watch ended: a `Result`, the Space as last seen, and the failure to show if it is one."""

    result: Result
    space: Space | None
    failure: Failure | None = None


class Observed(Protocol):
    """The Hub, as far as a watch needs it: `hub.api.Hub`."""

    def observe(self, space: str) -> Space | None: ...
    def restart(self, space: str, *, factory: bool = False) -> str | None: ...


class App(Protocol):
    """The app, as far as a watch needs it: `probe.Probe`. `answer` is empty until it was asked."""

    url: str
    answer: str

    def answers(self, space: Space) -> bool: ...


@dataclass(frozen=True)
class Terms:
    """On what terms a Space is watched. `say` gets lines for the log, `entered` each new stage, `wait` lets so many seconds
    pass; the watch ends at the latest `timeout` seconds after it began, on `clock`."""

    timeout: float
    say: Callable[[str], None]
    entered: Callable[[Space], None]
    wait: Callable[[float], object]
    clock: Callable[[], float] = time.monotonic


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
        self.last: Space | None = None
        self.decision = Next.WAIT
        self.misses = self.absences = 0

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
            if now >= deadline:
                return self.out_of_time()
            self.terms.wait(min(max(self.interval.next(now), patience), deadline - now))

    def poll(self) -> tuple[Space | None, float]:
        """Look at the Space once: what was seen, and the seconds that the Hub wants to be left alone."""
        try:
            seen = self.hub.observe(self.watch.before.id)
        except Failure as failure:
            self.misses += 1
            if failure.id not in _PASSING or self.misses > MISSES:
                raise
            self.terms.say(f"A poll failed: {failure.message}")
            return None, requested_wait(failure.__cause__) or 0.0
        self.misses = 0
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
        match self.decision:
            case Next.PROBE:
                if self.app is None:  # nothing but its page tells what a static Space serves
                    return Verdict(Result.PUBLISHED if self.watch.static else Result.LIVE, space)
                return Verdict(Result.LIVE, space) if self.app.answers(space) else None
            case Next.WAKE:
                if self.app is None:
                    return Verdict(Result.ASLEEP, space)
                self.app.answers(space)
            case Next.RESTART | Next.REBUILD:
                return self.restart(space, factory=self.decision is Next.REBUILD)
            case Next.SUPERSEDED:
                return Verdict(
                    Result.SUPERSEDED, space, Failure("superseded", space=space.id, head=str(space.head)[:12])
                )
            case Next.PAUSED:
                return Verdict(
                    Result.PAUSED, space, Failure("paused", space=space.id, stage=space.stage, said=space.reason)
                )
            case Next.UNCONFIRMED:
                return Verdict(Result.UNCONFIRMED, space, Failure("unconfirmed", space=space.id))
            case Next.FAILED:
                return _failed(space)
            case Next.WAIT:
                pass
        return None

    def restart(self, space: Space, *, factory: bool) -> Verdict | None:
        """Start the app again; a verdict where the Hub refuses that and nothing else helps."""
        self.terms.say(f"The Space is {space.stage}; {'building it anew' if factory else 'restarting it'}.")
        try:
            self.watch.hear(self.hub.restart(space.id, factory=factory))
        except Failure as refused:
            if space.stage in HALTED:
                return Verdict(Result.PAUSED, space, refused)
            self.terms.say(f"It could not be restarted: {refused.message}")
            return None if factory else _failed(space)
        return None

    def out_of_time(self) -> Verdict:
        """Return the verdict at the deadline."""
        after, app, last = durations.words(self.terms.timeout), self.app, self.last
        if app and app.url and self.decision is Next.PROBE:
            failure = Failure("unreachable", url=app.url, answer=app.answer, after=after)
            return Verdict(Result.UNREACHABLE, last, failure)
        stage = last.stage if last else "unknown"
        running = f" of commit {last.runtime_sha[:12]}" if last and last.runtime_sha else ""
        target = self.watch.target[:12]
        return Verdict(Result.TIMEOUT, last, Failure("timeout", stage=f"{stage}{running}", after=after, target=target))


def _failed(space: Space) -> Verdict:
    name = f"stage-{(space.stage or '').lower().replace('_', '-')}"
    return Verdict(Result.FAILED, space, Failure(name, space=space.id, said=space.reason))
