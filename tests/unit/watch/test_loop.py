"""The verdict, as scripts: what a Space does second by second, and what the step must make of it, in which time and with
how many polls. The clock is simulated, so half an hour passes at once."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import httpx2
import pytest
from huggingface_hub.errors import HfHubHTTPError

from hfspace_action.errors import Failure
from hfspace_action.result import Result
from hfspace_action.space import Space
from hfspace_action.watch.loop import MISSES, Terms, Verdict, reach
from hfspace_action.watch.poll_interval import Interval
from hfspace_action.watch.state_machine import GRACE, SETTLING, UNSEEN_BUILD, Watch
from tests.kit.world import BEFORE, COMMITS, GONE, LATENCY, Scene, World, fails, scene

MINUTES = 60.0
NO_ROOM = "Scheduling failure: unable to schedule"


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
    return replace(BEFORE, stage=stage, runtime_sha=COMMITS[sha] if sha else None, **more)


AT_TARGET = was("RUNNING", "new", head=COMMITS["new"])
STATIC = was("RUNNING", sdk="static")
BUILD = [scene(0, "RUNNING", "old"), scene(3, "RUNNING_BUILDING", "old")]
SLOW = Interval.LONGEST + 1  # seconds in which a change must be noticed
REFUSED = Failure("forbidden", doing="restart alice/demo", said="You've reached your cpu-basic quota limit")

CASES = [
    # Settings were changed, the files were not
    Case("new settings, started anew", [scene(0, "RUNNING", "new"), scene(3, "RUNNING_APP_STARTING", "new"),
         scene(9, "RUNNING", "new")], "live", 20, 12, before=AT_TARGET, moved=False, settings=True, no_sooner=9),
    Case("new settings, already starting", [scene(0, "APP_STARTING", "new"), scene(5, "RUNNING", "new")], "live", 15, 10,
         before=was("APP_STARTING", "new", head=COMMITS["new"]), moved=False, settings=True),
    Case("new settings, and no start to be seen", [scene(0, "RUNNING", "new")], "live", SETTLING + SLOW, 20, before=AT_TARGET,
         moved=False, settings=True, no_sooner=SETTLING),
    Case("new settings cure an error", [scene(0, "RUNTIME_ERROR", "new"), scene(2, "APP_STARTING", "new"),
         scene(8, "RUNNING", "new")], "live", 20, 12, before=was("RUNTIME_ERROR", "new", head=COMMITS["new"]), moved=False,
         settings=True),
    Case("new settings don't cure an error", [scene(0, "RUNTIME_ERROR", "new"), scene(2, "APP_STARTING", "new"),
         scene(8, "RUNTIME_ERROR", "new")], "failed", 20, 12, "stage-runtime-error",
         before=was("RUNTIME_ERROR", "new", head=COMMITS["new"]), moved=False, settings=True),
    Case("new settings, and the error stays as it is", [scene(0, "RUNTIME_ERROR", "new")], "failed", SETTLING + GRACE + SLOW, 40,
         "stage-runtime-error", before=was("RUNTIME_ERROR", "new", head=COMMITS["new"]), moved=False, settings=True,
         restarts=[False], world={"on_restart": [scene(0, "APP_STARTING"), scene(5, "RUNTIME_ERROR", "new")]}),
    Case("new settings of a paused Space", [scene(0, "PAUSED")], "live", 20, 12, before=was("PAUSED", head=COMMITS["new"]),
         moved=False, settings=True, restarts=[False],
         world={"on_restart": [scene(0, "APP_STARTING"), scene(5, "RUNNING", "new")]}),
    Case("new settings and new files: the old app starts anew first", [scene(0, "RUNNING_APP_STARTING"), scene(3, "RUNNING"),
         scene(5, "RUNNING_BUILDING"), scene(20, "RUNNING")], "live", 30, 15, before=was("RUNNING_APP_STARTING"), settings=True,
         no_sooner=20),
    # It works
    Case("a redeploy", [*BUILD, scene(60, "RUNNING_APP_STARTING", "old"), scene(70, "RUNNING", "new")], "live", 80, 19),
    Case("a first deploy", [scene(0, "BUILDING"), scene(60, "APP_STARTING"), scene(70, "RUNNING", "new")], "live", 80, 19,
         before=was("NO_APP_FILE")),
    Case("a build of ten minutes", [*BUILD, scene(590, "RUNNING_APP_STARTING", "old"), scene(600, "RUNNING", "new")],
         "live", 610, 47),
    Case("a start of ten minutes", [*BUILD, scene(30, "APP_STARTING"), scene(600, "RUNNING", "new")], "live", 621, 49),
    Case("a build of 25 minutes", [*BUILD, scene(1500, "RUNNING", "new")], "live", 1521, 91),
    Case("stale RUNNING for 60 s", [scene(0, "RUNNING", "old"), scene(60, "RUNNING_BUILDING", "old"),
                                    scene(90, "RUNNING", "new")], "live", 111, 23),
    Case("RUNNING the target at once", [scene(0, "RUNNING", "new")], "live", 1, 1),
    Case("stages too short to be seen", [scene(0, "RUNNING", "old"), scene(40, "RUNNING", "new")], "live", 61, 17),
    Case("the head is shown late", [scene(0, "RUNNING", "old", head="old"), *BUILD[1:], scene(9, "RUNNING", "new")],
         "live", 14, 11),
    Case("the app answers 503, then 200", [*BUILD, scene(20, "RUNNING", "new", app="HTTP 503"), scene(60, "RUNNING", "new")],
         "live", 75, 20),
    Case("without a probe the stage is enough", [*BUILD, scene(20, "RUNNING", "new", app="HTTP 503")], "live", 30, 14,
         probe=False),
    Case("flapping before the target runs", [*BUILD, scene(20, "RUNNING", "old"), scene(30, "RUNNING_BUILDING", "old"),
                                             scene(40, "RUNNING", "old"), scene(50, "RUNNING", "new")], "live", 60, 20),
    Case("an unknown stage on the way", [*BUILD, scene(20, "WARMING_UP"), scene(40, "RUNNING", "new")], "live", 55, 18),
    Case("no stage at all on the way", [*BUILD, scene(20, ""), scene(40, "RUNNING", "new")], "live", 55, 18),
    Case("nothing changed, it runs", [scene(0, "RUNNING", "new")], "live", 1, 1, before=AT_TARGET, moved=False),
    Case("nothing changed, it is still being built", [scene(0, "BUILDING"), scene(30, "RUNNING", "new")], "live", 45, 16,
         before=was("BUILDING", head=COMMITS["new"]), moved=False),
    # No commit in the runtime
    Case("no sha, but a build was seen", [scene(0, "RUNNING"), scene(3, "BUILDING"), scene(20, "RUNNING")], "live", 30, 14),
    Case("no sha, and nothing happens", [scene(0, "RUNNING")], "unconfirmed", GRACE + SLOW, 22, "unconfirmed"),
    Case("no sha, and nothing changed", [scene(0, "RUNNING")], "unconfirmed", 1, 1, "unconfirmed",
         before=was("RUNNING", head=COMMITS["new"]), moved=False),
    Case("no sha while the old build goes on", [scene(0, "BUILDING"), scene(20, "RUNNING")], "unconfirmed", GRACE + SLOW, 23,
         "unconfirmed", before=was("BUILDING")),
    Case("the sha appears late, and is the target", [scene(0, "RUNNING"), scene(30, "RUNNING", "new")], "live", 51, 16),
    Case("the sha appears late, and is the old one", [scene(0, "RUNNING"), scene(30, "RUNNING", "old")], "timeout", 90, 21,
         "not-begun", timeout=90),
    # Static
    Case("static: the new page", [scene(0, "RUNNING")], "live", 1, 1, before=STATIC, static=True),
    Case("static: the old page for a while", [scene(0, "RUNNING", app="not yet ours"), scene(20, "RUNNING")], "live", 30, 14,
         before=STATIC, static=True),
    Case("static: the old page for ever", [scene(0, "RUNNING", app="not yet ours")], "unreachable", 60, 19, "unreachable",
         before=STATIC, static=True, timeout=60),
    Case("static: the head is shown late", [scene(0, "RUNNING", head="old"), scene(5, "RUNNING")], "live", 9, 9,
         before=STATIC, static=True),
    Case("static to docker: RUNNING is still the page's", [scene(0, "RUNNING"), scene(20, "BUILDING"), scene(40, "RUNNING")],
         "live", 50, 18, before=STATIC),
    Case("docker to static: RUNNING is still the app's", [scene(0, "RUNNING", "old"), scene(20, "RUNNING")], "live", 30, 14,
         static=True),
    # It fails
    Case("the build fails", [*BUILD, scene(60, "BUILD_ERROR", said="exit code: 1")], "failed", 75, 19, "stage-build-error"),
    Case("the build fails, the old app's sha stays", [*BUILD, scene(60, "BUILD_ERROR", "old")], "failed", 75, 19,
         "stage-build-error"),
    Case("the app crashes", [*BUILD, scene(60, "APP_STARTING"), scene(70, "RUNTIME_ERROR", "new")], "failed", 80, 19,
         "stage-runtime-error"),
    Case("the app crashes while it is asked", [*BUILD, scene(20, "RUNNING", "new", app="HTTP 503"),
                                               scene(40, "RUNTIME_ERROR", "new")], "failed", 55, 18, "stage-runtime-error"),
    Case("the configuration is refused at once", [scene(0, "CONFIG_ERROR")], "failed", 1, 1, "stage-config-error"),
    Case("no app file", [scene(0, "RUNNING", "old"), scene(2, "NO_APP_FILE")], "failed", 5, 6, "stage-no-app-file"),
    Case("BUILD_ERROR of the old build first", [scene(0, "BUILD_ERROR"), scene(50, "BUILDING"), scene(90, "RUNNING", "new")],
         "live", 110, 24, before=was("BUILD_ERROR")),
    Case("BUILD_ERROR of the build that was under way", [scene(0, "BUILDING"), scene(5, "BUILD_ERROR"), scene(20, "BUILDING"),
                                                         scene(60, "RUNNING", "new")], "live", 75, 20,
         before=was("BUILDING")),
    Case("BUILD_ERROR again, seen to be built", [scene(0, "BUILD_ERROR"), scene(5, "BUILDING"), scene(20, "BUILD_ERROR")],
         "failed", 26, 14, "stage-build-error", before=was("BUILD_ERROR")),
    Case("BUILD_ERROR that stays", [scene(0, "BUILD_ERROR")], "failed", GRACE + SLOW, 22, "stage-build-error",
         before=was("BUILD_ERROR")),
    Case("RUNTIME_ERROR of the old app during the build", [*BUILD, scene(10, "RUNTIME_ERROR", "old"),
                                                           scene(30, "RUNNING", "new")], "live", 40, 16),
    Case("the Space is being deleted", [*BUILD, scene(20, "DELETING")], "failed", 30, 14, "stage-deleting"),
    Case("the Space is deleted", [*BUILD, scene(20, GONE)], "failed", 35, 15, "space-gone"),
    Case("the Space is not found now and then", [*BUILD, scene(30, "RUNNING", "new")], "live", 45, 18,
         world=fails("", GONE, "", GONE, "", GONE)),
    # Restarts
    Case("PAUSED is restarted", [scene(0, "PAUSED")], "live", 30, 13, before=was("PAUSED"), restarts=[False],
         world={"on_restart": [scene(0, "APP_STARTING"), scene(15, "RUNNING", "new")]}),
    Case("STOPPED is restarted", [scene(0, "STOPPED")], "live", 40, 16, before=was("STOPPED"), restarts=[False],
         world={"on_restart": [scene(0, "BUILDING"), scene(15, "RUNNING", "new")]}),
    Case("PAUSED again after the restart", [scene(0, "PAUSED")], "paused", 15, 9, "paused-again", before=was("PAUSED"),
         restarts=[False], world={"on_restart": [scene(0, "APP_STARTING"), scene(5, "PAUSED", said="Quota exceeded")]}),
    Case("PAUSED for a while after the restart", [scene(0, "PAUSED")], "live", 40, 14, before=was("PAUSED"), restarts=[False],
         world={"on_restart": [scene(0, "PAUSED"), scene(10, "APP_STARTING"), scene(20, "RUNNING", "new")]}),
    Case("PAUSED long after the commit, and for a while after the restart", [*BUILD, scene(200, "PAUSED")], "live", 270, 32,
         restarts=[False], world={"on_restart": [scene(0, "PAUSED"), scene(10, "APP_STARTING"), scene(40, "RUNNING", "new")]}),
    Case("PAUSED for ever after the restart", [scene(0, "PAUSED")], "paused", GRACE + SLOW, 22, "paused-again",
         before=was("PAUSED"), restarts=[False]),
    Case("PAUSED, and resume is off", [scene(0, "PAUSED")], "paused", 1, 1, "paused", before=was("PAUSED"), resume=False),
    Case("PAUSED, and the restart is refused", [scene(0, "PAUSED")], "paused", 1, 1, "forbidden", before=was("PAUSED"),
         restarts=[False], world={"refused": REFUSED}),
    Case("PAUSED by the quota after the build", [*BUILD, scene(150, "PAUSED", said="Quota exceeded for flavor")], "paused",
         171, 24, "forbidden", restarts=[False], world={"refused": REFUSED}),
    Case("no room, then room", [*BUILD, scene(30, "RUNTIME_ERROR", "new", said=NO_ROOM)], "live", 70, 21, restarts=[False],
         world={"on_restart": [scene(0, "APP_STARTING"), scene(20, "RUNNING", "new")]}),
    Case("no room twice", [*BUILD, scene(30, "RUNTIME_ERROR", "new", said=NO_ROOM)], "failed", 60, 19, "stage-runtime-error",
         restarts=[False], world={"on_restart": [scene(0, "APP_STARTING"), scene(10, "RUNTIME_ERROR", "new", said=NO_ROOM)]}),
    Case("no room, and the restart shows late", [*BUILD, scene(30, "RUNTIME_ERROR", "new", said=NO_ROOM)], "live", 70, 21,
         restarts=[False], world={"on_restart": [scene(0, "RUNTIME_ERROR", "new", said=NO_ROOM), scene(8, "APP_STARTING"),
                                                 scene(20, "RUNNING", "new")]}),
    Case("no room twice, failing faster than it is looked at", [*BUILD, scene(30, "RUNTIME_ERROR", "new", said=NO_ROOM)],
         "failed", 50, 17, "stage-runtime-error", restarts=[False],
         world={"on_restart": [scene(0, "APP_STARTING"), scene(0.5, "RUNTIME_ERROR", "new", said=NO_ROOM)]}),
    Case("no room, and resume is off", [*BUILD, scene(30, "RUNTIME_ERROR", "new", said=NO_ROOM)], "live", 70, 17,
         resume=False, restarts=[False], world={"on_restart": [scene(0, "RUNNING", "new")]}),
    Case("no room, and the restart is refused", [*BUILD, scene(30, "RUNTIME_ERROR", "new", said=NO_ROOM)], "failed", 45, 16,
         "stage-runtime-error", restarts=[False], world={"refused": REFUSED}),
    Case("stuck at its start: one factory reboot", [*BUILD, scene(20, "APP_STARTING")], "live", 516, 48,
         startup=5 * MINUTES, restarts=[True],
         world={"on_restart": [scene(0, "BUILDING"), scene(30, "APP_STARTING"), scene(60, "RUNNING", "new")]}),
    Case("stuck at its start again: no second one", [*BUILD, scene(20, "APP_STARTING")], "timeout", 30 * MINUTES, 112,
         "still-starting", startup=5 * MINUTES, restarts=[True], world={"on_restart": [scene(0, "APP_STARTING")]}),
    Case("stuck at its start, and resume is off", [*BUILD, scene(20, "APP_STARTING")], "timeout", 30 * MINUTES, 107, "still-starting",
         startup=5 * MINUTES, resume=False),
    Case("nothing changed, in error: restarted and live", [scene(0, "RUNTIME_ERROR", "new")], "live", 30, 11,
         before=was("RUNTIME_ERROR", "new", head=COMMITS["new"]), moved=False, restarts=[False],
         world={"on_restart": [scene(0, "APP_STARTING"), scene(10, "RUNNING", "new")]}),
    Case("nothing changed, in error: restarted and failed", [scene(0, "RUNTIME_ERROR", "new")], "failed", 30, 11,
         "stage-runtime-error", before=was("RUNTIME_ERROR", "new", head=COMMITS["new"]), moved=False, restarts=[False],
         world={"on_restart": [scene(0, "APP_STARTING"), scene(10, "RUNTIME_ERROR", "new")]}),
    Case("nothing changed, in error, resume is off", [scene(0, "BUILD_ERROR")], "failed", 1, 1, "stage-build-error",
         before=was("BUILD_ERROR", head=COMMITS["new"]), moved=False, resume=False),
    Case("nothing changed, static in error", [scene(0, "CONFIG_ERROR")], "failed", 1, 1, "stage-config-error",
         before=was("CONFIG_ERROR", head=COMMITS["new"], sdk="static"), moved=False, static=True),
    Case("nothing changed, being deleted: not restarted", [scene(0, "DELETING")], "failed", 1, 1, "stage-deleting",
         before=AT_TARGET, moved=False),
    # Sleep
    Case("SLEEPING is woken by the probe", [scene(0, "SLEEPING", "new", app="HTTP 503")], "live", 30, 11,
         before=was("SLEEPING", "new", head=COMMITS["new"]), moved=False,
         world={"wakes": True, "on_restart": [scene(0, "APP_STARTING"), scene(10, "RUNNING", "new")]}),
    Case("SLEEPING is left alone without a probe", [scene(0, "SLEEPING", "new")], "asleep", 1, 1,
         before=was("SLEEPING", "new", head=COMMITS["new"]), moved=False, probe=False),
    Case("the target falls asleep after its build", [*BUILD, scene(20, "SLEEPING", "new")], "asleep", 30, 14, probe=False),
    Case("SLEEPING at the old commit is not asleep", [scene(0, "SLEEPING", "old"), scene(30, "BUILDING"),
                                                      scene(60, "RUNNING", "new")], "live", 75, 21,
         before=was("SLEEPING", "old"), probe=False),
    Case("the old app falls asleep after the commit", [scene(0, "RUNNING"), scene(5, "SLEEPING")], "timeout", 60, 19, "not-begun",
         before=was("RUNNING"), probe=False, timeout=60),
    Case("SLEEPING for ever although asked", [scene(0, "SLEEPING", "new", app="HTTP 503")], "timeout", 60, 19, "not-woken",
         before=was("SLEEPING", "new", head=COMMITS["new"]), moved=False, timeout=60),
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
    # Others
    Case("another commit takes the place", [*BUILD, scene(20, "RUNNING_BUILDING", "old", head="other")], "superseded", 30, 14,
         "superseded"),
    Case("another commit, while ours runs", [*BUILD, scene(20, "RUNNING", "new", head="other")], "superseded", 30, 14,
         "superseded"),
    # The Hub does not answer
    Case("nine polls fail in a row", [*BUILD, scene(120, "RUNNING", "new")], "live", 141, 22,
         world=fails(*["hub-unwell", "hub-unreachable", "not-a-hub"] * 3)),
    Case("nine polls fail while it runs", [*BUILD, scene(20, "RUNNING", "new")], "live", 160, 23,
         world={**fails(*["hub-unwell"] * 9), "odd_from": 20.0}),
    Case("more polls fail than may in a row", [*BUILD, scene(1200, "RUNNING", "new")], "live", 1221, 80,
         world=fails(*["hub-unwell"] * (MISSES - 1), "", *["hub-unwell"] * (MISSES - 1))),
    Case("the Hub never answers, until the deadline", [*BUILD], "timeout", 90, 21, "hub-unreachable", timeout=90,
         world=fails(*["hub-unreachable"] * MISSES)),
    # Time
    *[Case(f"the deadline in {stage}", [scene(0, "RUNNING", "old"), scene(5, stage, "old")], "timeout", 100, 24, error,
           timeout=100) for stage, error in {"RUNNING": "not-begun", "RUNNING_BUILDING": "timeout", "SLEEPING": "not-begun",
                                             "RUNNING_APP_STARTING": "still-starting", "A_NEW_STAGE": "timeout"}.items()],
    *[Case(f"the deadline in {stage}", [scene(0, stage)], "timeout", 100, 24, error, before=was("NO_APP_FILE"), timeout=100)
      for stage, error in {"BUILDING": "timeout", "APP_STARTING": "still-starting", "NO_APP_FILE": "timeout"}.items()],
    Case("the app answers 503 for ever", [*BUILD, scene(20, "RUNNING", "new", app="HTTP 503")], "unreachable", 100, 22,
         "unreachable", timeout=100),
    Case("the app answers 503, then builds for ever", [*BUILD, scene(20, "RUNNING", "new", app="HTTP 503"),
                                                       scene(40, "RUNNING_BUILDING", "new")], "timeout", 100, 25, "timeout",
         timeout=100),
]  # fmt: skip


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


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_script(case: Case) -> None:
    world, verdict = play(case)

    assert verdict.result == case.result, (verdict, world.now)
    assert (verdict.failure.id if verdict.failure else "") == case.error
    assert (verdict.failure is None) == (Result(case.result).ok), "a result is a success exactly if nothing failed"
    assert world.restarts == list(case.restarts)
    assert case.no_sooner <= world.now <= case.by + 2 * LATENCY, "when it can be said, and not later than it need be"
    assert world.polls <= case.polls, "more polls than it need be"


def test_a_poll_that_will_not_get_better_ends_the_watch() -> None:
    with pytest.raises(Failure) as caught:
        play(Case("", BUILD, "", 0, 0, world=fails("hub-unwell", "token-refused")))

    assert caught.value.id == "token-refused"


def test_too_many_polls_that_fail_in_a_row_end_the_watch() -> None:
    with pytest.raises(Failure) as caught:
        play(Case("", BUILD, "", 0, 0, timeout=60 * MINUTES, world=fails(*["hub-unwell"] * (MISSES + 1))))

    assert caught.value.id == "hub-outage"


def test_poll_that_is_turned_away_is_made_again_when_the_hub_says() -> None:
    world = fails("rate-limited")
    response = httpx2.Response(
        429, headers={"RateLimit": '"api";r=0;t=70'}, request=httpx2.Request("GET", "http://hub")
    )
    world["odd"][0].__cause__ = HfHubHTTPError("429", response=response)

    played, verdict = play(Case("", [scene(0, "RUNNING", "new")], "live", 0, 0, world=world))

    assert verdict.result == "live"
    assert played.polls == 2
    assert 70 <= played.now < 75


def test_unknown_stage_is_named() -> None:
    world, _ = play(Case("", [scene(0, "DREAMING"), scene(9, "RUNNING", "new")], "live", 20, 20))

    assert "DREAMING" in " ".join(world.said)


def test_deadline_names_stage_commit_and_time() -> None:
    _, verdict = play(Case("", [scene(0, "RUNNING_BUILDING", "old")], "timeout", 0, 0, timeout=120))

    assert verdict.failure is not None
    assert all(word in verdict.failure.message for word in ("RUNNING_BUILDING", "aaaaaaa", "bbbbbbb", "2 min"))


def healthy_start(number: int) -> Case:
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
