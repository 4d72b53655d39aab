"""Scripts of Spaces and what must come of watching them, played on a clock that costs no time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hfspace_action.result import Result
from hfspace_action.space import Space
from hfspace_action.watch.loop import Terms, Verdict, reach
from hfspace_action.watch.poll_interval import Interval
from hfspace_action.watch.state_machine import Watch
from tests.kit.watch.world import BEFORE, COMMITS, LATENCY, Scene, World, scene

MINUTES = 60.0


@dataclass(frozen=True)
class Case:
    """One script and what must come of it. `by` is the second at which the verdict must be there, `polls` how many polls
    it may cost; `error` the id of the failure."""

    name: str
    scenes: Sequence[Scene]
    result: str
    by: float
    polls: int
    error: str = ""
    before: Space = BEFORE
    moved: bool = True
    resume: bool = True
    probe: bool = True
    static: bool = False
    timeout: float = 30 * MINUTES
    startup: float = 30 * MINUTES
    restarts: Sequence[bool] = ()
    no_sooner: float = 0.0  # the second before which there must be none
    healthy: int = 1
    soak: float = 0.0
    built: bool = False  # whether a command builds a static Space
    restarted: bool = False  # whether this step asked for a new start
    settings: bool = False  # whether some were changed for which the Hub starts the app again
    world: dict[str, Any] = field(default_factory=dict)


def was(stage: str, sha: str | None = None, **more: Any) -> Space:
    return BEFORE._replace(stage=stage, runtime_sha=COMMITS[sha] if sha else None, **more)


AT_TARGET = was("RUNNING", "new", head=COMMITS["new"])
STATIC = was("RUNNING", sdk="static")
BUILD = [scene(0, "RUNNING", "old"), scene(3, "RUNNING_BUILDING", "old")]
SLOW = Interval.LONGEST + 1  # seconds in which a change must be noticed


def play(case: Case) -> tuple[World, Verdict]:
    world = World(case.scenes, **case.world)
    watch = Watch(
        target=COMMITS["new"], before=case.before, moved=case.moved, static=case.static, resume=case.resume, began=0.0,
        startup=case.startup, restarting=case.settings, restarted=case.restarted, built=case.built, visited=case.probe,
    )  # fmt: skip
    terms = Terms(case.timeout, world.said.append, lambda _: None, world.wait, world.clock, world.build_log,
                  case.healthy, case.soak)  # fmt: skip
    verdict = reach(world, watch, world if case.probe else None, terms)
    return world, verdict


def check(case: Case) -> None:
    """Play a case, and compare what comes of it."""
    world, verdict = play(case)

    assert verdict.result == case.result, (verdict, world.now)
    assert (verdict.failure.id if verdict.failure else "") == case.error
    assert (verdict.failure is None) == (Result(case.result).ok), "a result is a success exactly if nothing failed"
    assert world.restarts == list(case.restarts)
    assert case.no_sooner <= world.now <= case.by + 2 * LATENCY, "when it can be said, and not later than it need be"
    assert world.polls <= case.polls, "more polls than it need be"
