"""Live means it stays live, and whose turn it is where it does not become so: scripts, on a clock that costs no time."""

import random
from collections.abc import Sequence
from typing import Any

import pytest

from hfspace_action.result import Result
from hfspace_action.watch.loop import MISSES
from hfspace_action.watch.state_machine import GRACE, SETTLING, UNSEEN_BUILD
from tests.kit.watch import script
from tests.kit.watch.script import AT_TARGET, BUILD, SLOW, STATIC, check, play, was
from tests.kit.watch.world import COMMITS, Scene, fails, scene


def Case(  # noqa: N802 - reads as the rows of test_loop
    name: str, scenes: Sequence[Scene], result: str, by: float, polls: int, error: str = "", **more: Any
) -> script.Case:
    return script.Case(name, scenes, result=result, by=by, polls=polls, error=error, **more)


CASES = [
    Case("SLEEPING at the old commit, long after ours: asked to start", [scene(0, "SLEEPING", "old")], "live", GRACE + 45, 28,
         before=was("SLEEPING", "old"), restarts=[False],
         world={"on_restart": [scene(0, "BUILDING"), scene(15, "RUNNING", "new")]}),
    Case("STOPPED is woken by a request, as one that sleeps", [scene(0, "STOPPED", "new", app="HTTP 503")], "live", 20, 11,
         before=was("STOPPED", "new", head=COMMITS["new"]), moved=False, resume=False,
         world={"wakes": True, "on_restart": [scene(0, "APP_STARTING"), scene(5, "RUNNING", "new")]}),
    # It must stay live
    Case("it stands: three answers, and as long again", [*BUILD, scene(20, "RUNNING", "new")], "live", 36, 16, healthy=3,
         no_sooner=24),
    Case("it dies 3 s after it was RUNNING", [*BUILD, scene(20, "RUNNING", "new"), scene(23, "RUNTIME_ERROR", "new")], "failed",
         40, 17, "stage-runtime-error", healthy=3),
    *[Case(f"it dies 3 s after it was seen RUNNING, polled from {start}", [*BUILD, scene(start, "RUNNING", "new"),
           scene(start + 3, "RUNTIME_ERROR")], "failed", start + 25, 20, "stage-runtime-error", healthy=3)
      for start in (3.5, 6, 8, 11, 20, 33, 50, 90)],
    Case("it dies without a probe to notice", [scene(0, "RUNNING", "new"), scene(3, "RUNTIME_ERROR", "new")], "failed", 8, 3,
         "stage-runtime-error", healthy=3, probe=False),
    Case("503, 200 for a second, 503", [scene(0, "RUNNING", "new", app="HTTP 503"), scene(20, "RUNNING", "new"),
         scene(21, "RUNNING", "new", app="HTTP 503")], "unreachable", 60, 19, "unreachable", healthy=3, timeout=60),
    Case("200 now and then, never three times", [scene(second, "RUNNING", "new", app="HTTP 200" if second % 4 < 2 else "HTTP 503")
         for second in range(120)], "unreachable", 110, 40, "unreachable", healthy=3, timeout=100),
    Case("one 503 among good answers", [scene(0, "RUNNING", "new"), scene(1, "RUNNING", "new", app="HTTP 503"),
         scene(2, "RUNNING", "new")], "live", 12, 9, healthy=3),
    Case("nothing changed, and it stands since long", [scene(0, "RUNNING", "new")], "live", 3, 1, before=AT_TARGET, moved=False,
         healthy=3, no_sooner=2),
    Case("static: three answers do", [scene(0, "RUNNING")], "live", 3, 1, before=STATIC, static=True, healthy=3, no_sooner=2),
    Case("it soaks", [scene(0, "RUNNING", "new")], "live", 63, 14, healthy=3, soak=60, no_sooner=60),
    Case("it soaks beyond the deadline", [scene(0, "RUNNING", "new")], "live", 63, 14, healthy=3, soak=60, no_sooner=60,
         timeout=20),
    Case("it crashes while it soaks", [scene(0, "RUNNING", "new"), scene(40, "RUNTIME_ERROR", said="Exit code: 1")], "failed", 46,
         12, "stage-runtime-error", healthy=3, soak=60),
    Case("it is paused while it soaks: not restarted", [scene(0, "RUNNING", "new"), scene(40, "PAUSED")], "paused", 46, 12,
         "paused", healthy=3, soak=60),
    Case("it starts once more while it soaks", [scene(0, "RUNNING", "new"), scene(30, "APP_STARTING"), scene(40, "RUNNING", "new")],
         "live", 115, 30, healthy=3, soak=60, no_sooner=100),
    Case("it answers 503 while it soaks, until the deadline", [scene(0, "RUNNING", "new"),
         scene(30, "RUNNING", "new", app="HTTP 503")], "unreachable", 100, 30, "unreachable", healthy=3, soak=60, timeout=100),
    Case("it crashes after it ran, and the Hub names no commit", [scene(0, "RUNNING", "old"), scene(5, "RUNNING", "new"),
         scene(9, "RUNTIME_ERROR")], "failed", 16, 9, "stage-runtime-error", healthy=3),
    Case("it crashes after it ran, unchanged: not restarted", [scene(0, "RUNNING", "new"), scene(30, "RUNTIME_ERROR")], "failed",
         37, 9, "stage-runtime-error", before=AT_TARGET, moved=False, soak=60),
    # An answer that waiting does not change
    Case("an answer that is there to stay", [scene(0, "RUNNING", "new", app="no endpoint", final=Result.UNREACHABLE)],
         "unreachable", 40, 16, "unreachable", no_sooner=20),
    Case("an answer that was the old app's", [scene(0, "RUNNING", "new", app="no endpoint", final=Result.UNREACHABLE),
         scene(10, "RUNNING", "new")], "live", 20, 12),
    Case("a page that the edge shows to nobody", [scene(0, "RUNNING", app="HTTP 404", final=Result.PUBLISHED)], "published", 40,
         16, before=STATIC, static=True, no_sooner=20),
    Case("a page that the edge shows to nobody, until an early deadline", [scene(0, "RUNNING", app="HTTP 404",
         final=Result.PUBLISHED)], "published", 10, 12, before=STATIC, static=True, timeout=10, no_sooner=10),
    Case("an answer that is there to stay, until an early deadline", [scene(0, "RUNNING", "new", app="no endpoint",
         final=Result.UNREACHABLE)], "unreachable", 10, 12, "unreachable", timeout=10, no_sooner=10),
    # Built static Spaces
    Case("static: built, as its stages show", [scene(0, "RUNNING"), scene(3, "RUNNING_BUILDING"), scene(30, "RUNNING")], "live", 40,
         16, before=STATIC, static=True, built=True, no_sooner=30),
    Case("static: built, as its branch shows", [scene(0, "RUNNING")], "live", 30, 14, before=STATIC, static=True, built=True,
         world={"builds": [None, None, None, None, None, "made"]}),
    Case("static: no build to be seen", [scene(0, "RUNNING")], "unconfirmed", UNSEEN_BUILD + SLOW, 55, "unconfirmed", before=STATIC,
         static=True, built=True, no_sooner=UNSEEN_BUILD),
    Case("static: its build fails, RUNNING all the time", [scene(0, "RUNNING"), scene(45, "BUILD_ERROR")], "failed", 160, 25,
         "stage-build-error", before=STATIC, static=True, built=True),
    Case("static: unchanged, nothing is built", [scene(0, "RUNNING")], "live", 1, 1, before=STATIC, static=True, built=True,
         moved=False),
    # Started again by this step
    Case("restarted: the old app for a while", [scene(0, "RUNNING", "new"), scene(4, "APP_STARTING"), scene(9, "RUNNING", "new")],
         "live", 20, 12, before=AT_TARGET, moved=False, restarted=True, no_sooner=9),
    Case("restarted, and no start to be seen", [scene(0, "RUNNING", "new")], "live", SETTLING + SLOW, 20, before=AT_TARGET,
         moved=False, restarted=True, no_sooner=SETTLING),
    Case("restarted: PAUSED for a while", [scene(0, "PAUSED"), scene(5, "APP_STARTING"), scene(9, "RUNNING", "new")], "live", 20,
         12, before=was("PAUSED", head=COMMITS["new"]), moved=False, restarted=True),
    Case("restarted: it crashes", [scene(0, "RUNNING", "new"), scene(2, "APP_STARTING"), scene(9, "RUNTIME_ERROR")], "failed", 20,
         12, "stage-runtime-error", before=AT_TARGET, moved=False, restarted=True),
    Case("restarted: the old error for a while", [scene(0, "RUNTIME_ERROR", "new"), scene(25, "APP_STARTING"),
         scene(35, "RUNNING", "new")], "live", 50, 20, before=was("RUNTIME_ERROR", "new", head=COMMITS["new"]), moved=False,
         restarted=True),
    # Whose turn it is
    Case("a build that is queued", [scene(0, "BUILDING")], "timeout", 100, 24, "build-queued", before=was("NO_APP_FILE"),
         timeout=100, world={"lines": ["===== Build Queued at 2026-11-25 10:00:00 / Commit SHA: bbbbbbb =====", ""]}),
    Case("a build whose log is empty", [scene(0, "BUILDING")], "timeout", 100, 24, "build-queued", before=was("NO_APP_FILE"),
         timeout=100, world={"lines": []}),
    Case("a build that is under way", [scene(0, "BUILDING")], "timeout", 100, 24, "timeout", before=was("NO_APP_FILE"),
         timeout=100, world={"lines": ["===== Build Queued at 2026-11-25 10:00:00 / Commit SHA: bbbbbbb =====", "", "#1 FROM"]}),
    Case("dev mode", [scene(0, "RUNNING", "old", dev=True)], "failed", GRACE + SLOW, 22, "dev-mode"),
    Case("dev mode, and an early deadline", [scene(0, "RUNNING", "old", dev=True)], "timeout", 60, 19, "dev-mode", timeout=60),
    Case("the Hub has shut it", [*BUILD, scene(20, "PAUSED", said="Flagged as abusive")], "paused", 30, 14, "blocked"),
    Case("the Hub has shut it with other words", [*BUILD, scene(20, "RUNTIME_ERROR", said="Blocked by abuse-handler by rule: X")],
         "failed", 30, 14, "blocked"),
    Case("the Hub answers 503 until the deadline", [*BUILD], "timeout", 90, 21, "hub-outage", timeout=90,
         world=fails(*["hub-unwell"] * MISSES)),
    Case("the Hub answers once, then 503 until the deadline", [*BUILD], "timeout", 90, 21, "hub-outage", timeout=90,
         world=fails("", *["hub-unwell"] * MISSES)),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_script(case: script.Case) -> None:
    check(case)


def healthy_start(number: int) -> script.Case:
    """A start that goes well but for one early 503, at another moment and in another rhythm each time."""
    dice = random.Random(number)
    build, up = dice.uniform(1, 600), dice.uniform(0.1, 5)
    bad = build + up + dice.uniform(0, 4)
    scenes = [scene(0, "RUNNING", "old"), scene(1, "RUNNING_BUILDING", "old"), scene(build, "APP_STARTING"),
              scene(build + up, "RUNNING", "new"), scene(bad, "RUNNING", "new", app="HTTP 503"),
              scene(bad + dice.uniform(0.1, 1.5), "RUNNING", "new")]  # fmt: skip
    return Case(f"start {number}", scenes, "live", 0, 0, healthy=3)


def test_200_healthy_starts_with_an_early_503_are_live() -> None:
    ended = [play(healthy_start(number))[1].result for number in range(200)]

    assert ended == [Result.LIVE] * 200


def test_a_healthy_start_takes_five_seconds_longer_at_most() -> None:
    extra = []
    for number in range(100):
        up = random.Random(number).uniform(1, 600)
        scenes = [scene(0, "RUNNING_BUILDING", "old"), scene(up, "RUNNING", "new")]
        took = [play(Case("", scenes, "live", 0, 0, healthy=healthy))[0].now for healthy in (1, 3)]
        extra.append(took[1] - took[0])

    assert max(extra) <= 5
    assert min(extra) >= 4, "it must be seen to stand"
