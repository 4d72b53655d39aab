"""The verdict, as scripts: what a Space does second by second, and what the step must make of it, in which time and with
how many polls. The clock is simulated, so half an hour passes at once."""

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
from hfspace_action.watch.state_machine import GRACE, SETTLING, Watch
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
         "timeout", timeout=90),
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
    Case("STOPPED is restarted", [scene(0, "STOPPED")], "live", 30, 13, before=was("STOPPED"), restarts=[False],
         world={"on_restart": [scene(0, "BUILDING"), scene(15, "RUNNING", "new")]}),
    Case("PAUSED again after the restart", [scene(0, "PAUSED")], "paused", 15, 9, "paused", before=was("PAUSED"),
         restarts=[False], world={"on_restart": [scene(0, "APP_STARTING"), scene(5, "PAUSED", said="Quota exceeded")]}),
    Case("PAUSED for a while after the restart", [scene(0, "PAUSED")], "live", 40, 14, before=was("PAUSED"), restarts=[False],
         world={"on_restart": [scene(0, "PAUSED"), scene(10, "APP_STARTING"), scene(20, "RUNNING", "new")]}),
    Case("PAUSED long after the commit, and for a while after the restart", [*BUILD, scene(200, "PAUSED")], "live", 270, 32,
         restarts=[False], world={"on_restart": [scene(0, "PAUSED"), scene(10, "APP_STARTING"), scene(40, "RUNNING", "new")]}),
    Case("PAUSED for ever after the restart", [scene(0, "PAUSED")], "paused", GRACE + SLOW, 22, "paused",
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
         "timeout", startup=5 * MINUTES, restarts=[True], world={"on_restart": [scene(0, "APP_STARTING")]}),
    Case("stuck at its start, and resume is off", [*BUILD, scene(20, "APP_STARTING")], "timeout", 30 * MINUTES, 107, "timeout",
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
    Case("the old app falls asleep after the commit", [scene(0, "RUNNING"), scene(5, "SLEEPING")], "timeout", 60, 19, "timeout",
         before=was("RUNNING"), probe=False, timeout=60),
    Case("SLEEPING for ever although asked", [scene(0, "SLEEPING", "new", app="HTTP 503")], "timeout", 60, 19, "timeout",
         before=was("SLEEPING", "new", head=COMMITS["new"]), moved=False, timeout=60),
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
    Case("the Hub never answers, until the deadline", [*BUILD], "timeout", 90, 21, "timeout", timeout=90,
         world=fails(*["hub-unreachable"] * MISSES)),
    # Time
    *[Case(f"the deadline in {stage}", [scene(0, "RUNNING", "old"), scene(5, stage, "old")], "timeout", 100, 24, "timeout",
           timeout=100) for stage in ("RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING", "SLEEPING", "A_NEW_STAGE")],
    *[Case(f"the deadline in {stage}", [scene(0, stage)], "timeout", 100, 24, "timeout", before=was("NO_APP_FILE"),
           timeout=100) for stage in ("BUILDING", "APP_STARTING", "NO_APP_FILE")],
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
        startup=case.startup, restarting=case.settings,
    )  # fmt: skip
    terms = Terms(case.timeout, world.said.append, lambda _: None, world.wait, world.clock)
    verdict = reach(world, watch, world if case.probe else None, terms)
    return world, verdict


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_script(case: Case) -> None:
    world, verdict = play(case)

    assert verdict.result == case.result, (verdict, world.now)
    assert (verdict.failure.id if verdict.failure else "") == case.error
    assert (verdict.failure is None) == (Result(case.result).ok), "a result is a success exactly if nothing failed"
    assert world.restarts == list(case.restarts)
    assert case.no_sooner <= world.now <= case.by + LATENCY, "when it can be said, and not later than it need be"
    assert world.polls <= case.polls, "more polls than it need be"


def test_a_poll_that_will_not_get_better_ends_the_watch() -> None:
    with pytest.raises(Failure) as caught:
        play(Case("", BUILD, "", 0, 0, world=fails("hub-unwell", "token-refused")))

    assert caught.value.id == "token-refused"


def test_too_many_polls_that_fail_in_a_row_end_the_watch() -> None:
    with pytest.raises(Failure) as caught:
        play(Case("", BUILD, "", 0, 0, timeout=60 * MINUTES, world=fails(*["hub-unwell"] * (MISSES + 1))))

    assert caught.value.id == "hub-unwell"


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
    assert all(
        word in verdict.failure.message for word in ("RUNNING_BUILDING", "aaaaaaaaaaaa", "bbbbbbbbbbbb", "2 min")
    )
