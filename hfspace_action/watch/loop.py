"""From watching to a verdict: poll the Space, ask the app, restart what has to be restarted, until it can be said whether
the Space runs this commit. What an observation means is `watch.Watch`'s to decide.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hfspace_action.errors import Failure
from hfspace_action.hub.api import Space
from hfspace_action.hub.errors import requested_wait

from .poll_interval import Interval
from .state_machine import HALTED, KNOWN, Next, Watch

MISSES = 20  # polls that may fail in a row before the watch gives up
_GONE = 2  # polls in a row that must not find the Space before it counts as gone
_PASSING = frozenset({"hub-unwell", "hub-unreachable", "not-a-hub", "rate-limited"})


@dataclass(frozen=True)
class Verdict:
    """How the watch ended: a result of the contract, the Space as last seen, and the failure to show if it is one."""

    result: str
    space: Space | None
    failure: Failure | None = None


class Observed(Protocol):
    """The Hub, as far as a watch needs it: `hub.Hub`."""

    def observe(self, space: str) -> Space | None: ...
    def restart(self, space: str, *, factory: bool = False) -> str | None: ...


class App(Protocol):
    """The app, as far as a watch needs it: `probe.Probe`. `answer` is empty until it was asked."""

    url: str
    answer: str

    def answers(self, space: Space) -> bool: ...


def reach(
    hub: Observed,
    watch: Watch,
    app: App | None,
    *,
    timeout: float,
    say: Callable[[str], None],
    entered: Callable[[Space], None],
    wait: Callable[[float], object],
    clock: Callable[[], float] = time.monotonic,
) -> Verdict:
    """Poll until there is a verdict, at the latest `timeout` seconds after `watch.began` (a time on `clock`).

    `entered` hears of each new stage, `wait` lets so many seconds pass. Raises the `Failure` of a poll that a further
    one would not cure, or of the last of `MISSES` in a row.
    """
    interval, deadline = Interval(), watch.began + timeout
    last: Space | None = None
    decision = Next.WAIT
    misses = gone = 0
    while True:
        patience = 0.0
        try:
            seen = hub.observe(watch.before.id)
        except Failure as failure:
            misses += 1
            if failure.id not in _PASSING or misses > MISSES:
                raise
            say(f"A poll failed: {failure.message}")
            patience = requested_wait(failure.__cause__) or 0.0
        else:
            misses = 0
            if seen is None:
                gone += 1
                interval.changed()
                if gone == _GONE:
                    return Verdict("failed", last, Failure("space-gone", space=watch.before.id))
            else:
                gone = 0
                if last is None or seen.stage != last.stage:
                    interval.changed()
                    entered(seen)
                    if seen.stage not in KNOWN:
                        say(f"The Hub names a stage that this version does not know: {seen.stage}. Waiting on.")
                last, decision = seen, watch.see(seen, clock())
                if verdict := _act(hub, watch, seen, decision, app, say):
                    return verdict
        now = clock()
        if now >= deadline:
            return _out_of_time(last, decision, watch.target, app, timeout)
        wait(min(max(interval.next(now), patience), deadline - now))


def _act(
    hub: Observed, watch: Watch, space: Space, decision: Next, app: App | None, say: Callable[[str], None]
) -> Verdict | None:
    """Do what a decision asks for; a verdict where it ends the watch."""
    match decision:
        case Next.PROBE:
            if app is None:  # nothing but its page tells what a static Space serves
                return Verdict("published" if watch.static else "live", space)
            return Verdict("live", space) if app.answers(space) else None
        case Next.WAKE:
            if app is None:
                return Verdict("asleep", space)
            app.answers(space)
        case Next.RESTART | Next.REBUILD:
            return _restart(hub, watch, space, decision is Next.REBUILD, say)
        case Next.SUPERSEDED:
            return Verdict("superseded", space, Failure("superseded", space=space.id, head=str(space.head)[:12]))
        case Next.PAUSED:
            return Verdict("paused", space, Failure("paused", space=space.id, stage=space.stage, said=said(space)))
        case Next.UNCONFIRMED:
            return Verdict("unconfirmed", space, Failure("unconfirmed", space=space.id))
        case Next.FAILED:
            return _failed(space)
        case Next.WAIT:
            pass
    return None


def _restart(hub: Observed, watch: Watch, space: Space, factory: bool, say: Callable[[str], None]) -> Verdict | None:
    say(f"The Space is {space.stage}; {'building it anew' if factory else 'restarting it'}.")
    try:
        watch.hear(hub.restart(space.id, factory=factory))
    except Failure as refused:
        if space.stage in HALTED:
            return Verdict("paused", space, refused)
        say(f"It could not be restarted: {refused.message}")
        return None if factory else _failed(space)
    return None


def _failed(space: Space) -> Verdict:
    name = f"stage-{(space.stage or '').lower().replace('_', '-')}"
    return Verdict("failed", space, Failure(name, space=space.id, said=said(space)))


def _out_of_time(last: Space | None, decision: Next, target: str, app: App | None, timeout: float) -> Verdict:
    after = f"{timeout / 60:.0f} min" if timeout >= 60 else f"{timeout:.0f} s"
    if app and app.url and decision is Next.PROBE:
        return Verdict("unreachable", last, Failure("unreachable", url=app.url, answer=app.answer, after=after))
    stage = last.stage if last else "unknown"
    running = f" of commit {last.runtime_sha[:12]}" if last and last.runtime_sha else ""
    return Verdict("timeout", last, Failure("timeout", stage=f"{stage}{running}", after=after, target=target[:12]))


def said(space: Space) -> str:
    """The Hub's message on an error stage, on one line and of bounded length; the log has the rest."""
    text = " ".join((space.error_message or "").split())
    return text[:600] if text else "the Hub gives no reason"
