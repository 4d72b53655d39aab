"""The verdict, as scripts: what a Space does second by second, and what the step must make of it, in which time and with
how many polls. The clock is simulated, so half an hour passes at once."""

import httpx2
import pytest
from huggingface_hub.errors import HfHubHTTPError

from hfspace_action.errors import Failure
from hfspace_action.watch.loop import MISSES
from hfspace_action.watch.poll_interval import Interval
from hfspace_action.watch.state_machine import GRACE, SETTLING
from tests.kit.watch.script import AT_TARGET, BUILD, MINUTES, SLOW, STATIC, Case, check, play, was
from tests.kit.watch.world import COMMITS, GONE, fails, scene

NO_ROOM = "Scheduling failure: unable to schedule"
REFUSED = Failure("forbidden", doing="restart alice/demo", said="You've reached your cpu-basic quota limit")

CASES = [
    # Settings were changed, the files were not
    Case("new settings, started anew",
         [scene(0, "RUNNING", "new"), scene(3, "RUNNING_APP_STARTING", "new"), scene(9, "RUNNING", "new")], result="live",
         by=20, polls=12, before=AT_TARGET, moved=False, settings=True, no_sooner=9),
    Case("new settings, already starting", [scene(0, "APP_STARTING", "new"), scene(5, "RUNNING", "new")], result="live",
         by=15, polls=10, before=was("APP_STARTING", "new", head=COMMITS["new"]), moved=False, settings=True),
    Case("new settings, and no start to be seen", [scene(0, "RUNNING", "new")], result="live", by=SETTLING + SLOW,
         polls=20, before=AT_TARGET, moved=False, settings=True, no_sooner=SETTLING),
    Case("new settings cure an error",
         [scene(0, "RUNTIME_ERROR", "new"), scene(2, "APP_STARTING", "new"), scene(8, "RUNNING", "new")], result="live",
         by=20, polls=12, before=was("RUNTIME_ERROR", "new", head=COMMITS["new"]), moved=False, settings=True),
    Case("new settings don't cure an error",
         [scene(0, "RUNTIME_ERROR", "new"), scene(2, "APP_STARTING", "new"), scene(8, "RUNTIME_ERROR", "new")],
         result="failed", by=20, polls=12, error="stage-runtime-error",
         before=was("RUNTIME_ERROR", "new", head=COMMITS["new"]), moved=False, settings=True),
    Case("new settings, and the error stays as it is", [scene(0, "RUNTIME_ERROR", "new")], result="failed",
         by=SETTLING + GRACE + SLOW, polls=40, error="stage-runtime-error",
         before=was("RUNTIME_ERROR", "new", head=COMMITS["new"]), moved=False, settings=True, restarts=[False],
         world={"on_restart": [scene(0, "APP_STARTING"), scene(5, "RUNTIME_ERROR", "new")]}),
    Case("new settings of a paused Space", [scene(0, "PAUSED")], result="live", by=20, polls=12,
         before=was("PAUSED", head=COMMITS["new"]), moved=False, settings=True, restarts=[False],
         world={"on_restart": [scene(0, "APP_STARTING"), scene(5, "RUNNING", "new")]}),
    Case("new settings and new files: the old app starts anew first",
         [scene(0, "RUNNING_APP_STARTING"), scene(3, "RUNNING"), scene(5, "RUNNING_BUILDING"), scene(20, "RUNNING")],
         result="live", by=30, polls=15, before=was("RUNNING_APP_STARTING"), settings=True, no_sooner=20),
    # It works
    Case("a redeploy", [*BUILD, scene(60, "RUNNING_APP_STARTING", "old"), scene(70, "RUNNING", "new")], result="live",
         by=80, polls=19),
    Case("a first deploy", [scene(0, "BUILDING"), scene(60, "APP_STARTING"), scene(70, "RUNNING", "new")], result="live",
         by=80, polls=19, before=was("NO_APP_FILE")),
    Case("a build of ten minutes", [*BUILD, scene(590, "RUNNING_APP_STARTING", "old"), scene(600, "RUNNING", "new")],
         result="live", by=610, polls=47),
    Case("a start of ten minutes", [*BUILD, scene(30, "APP_STARTING"), scene(600, "RUNNING", "new")], result="live",
         by=621, polls=49),
    Case("a build of 25 minutes", [*BUILD, scene(1500, "RUNNING", "new")], result="live", by=1521, polls=91),
    Case("stale RUNNING for 60 s",
         [scene(0, "RUNNING", "old"), scene(60, "RUNNING_BUILDING", "old"), scene(90, "RUNNING", "new")], result="live",
         by=111, polls=23),
    Case("RUNNING the target at once", [scene(0, "RUNNING", "new")], result="live", by=1, polls=1),
    Case("stages too short to be seen", [scene(0, "RUNNING", "old"), scene(40, "RUNNING", "new")], result="live", by=61,
         polls=17),
    Case("the head is shown late", [scene(0, "RUNNING", "old", head="old"), *BUILD[1:], scene(9, "RUNNING", "new")],
         result="live", by=14, polls=11),
    Case("the app answers 503, then 200",
         [*BUILD, scene(20, "RUNNING", "new", app="HTTP 503"), scene(60, "RUNNING", "new")], result="live", by=75,
         polls=20),
    Case("without a probe the stage is enough", [*BUILD, scene(20, "RUNNING", "new", app="HTTP 503")], result="live",
         by=30, polls=14, probe=False),
    Case("flapping before the target runs",
         [*BUILD, scene(20, "RUNNING", "old"), scene(30, "RUNNING_BUILDING", "old"), scene(40, "RUNNING", "old"),
          scene(50, "RUNNING", "new")],
         result="live", by=60, polls=20),
    Case("an unknown stage on the way", [*BUILD, scene(20, "WARMING_UP"), scene(40, "RUNNING", "new")], result="live",
         by=55, polls=18),
    Case("no stage at all on the way", [*BUILD, scene(20, ""), scene(40, "RUNNING", "new")], result="live", by=55,
         polls=18),
    Case("nothing changed, it runs", [scene(0, "RUNNING", "new")], result="live", by=1, polls=1, before=AT_TARGET,
         moved=False),
    Case("nothing changed, it is still being built", [scene(0, "BUILDING"), scene(30, "RUNNING", "new")], result="live",
         by=45, polls=16, before=was("BUILDING", head=COMMITS["new"]), moved=False),
    # No commit in the runtime
    Case("no sha, but a build was seen", [scene(0, "RUNNING"), scene(3, "BUILDING"), scene(20, "RUNNING")], result="live",
         by=30, polls=14),
    Case("no sha, and nothing happens", [scene(0, "RUNNING")], result="unconfirmed", by=GRACE + SLOW, polls=22,
         error="unconfirmed"),
    Case("no sha, and nothing changed", [scene(0, "RUNNING")], result="unconfirmed", by=1, polls=1, error="unconfirmed",
         before=was("RUNNING", head=COMMITS["new"]), moved=False),
    Case("no sha while the old build goes on", [scene(0, "BUILDING"), scene(20, "RUNNING")], result="unconfirmed",
         by=GRACE + SLOW, polls=23, error="unconfirmed", before=was("BUILDING")),
    Case("the sha appears late, and is the target", [scene(0, "RUNNING"), scene(30, "RUNNING", "new")], result="live",
         by=51, polls=16),
    Case("the sha appears late, and is the old one", [scene(0, "RUNNING"), scene(30, "RUNNING", "old")], result="timeout",
         by=90, polls=21, error="not-begun", timeout=90),
    # Static
    Case("static: the new page", [scene(0, "RUNNING")], result="live", by=1, polls=1, before=STATIC, static=True),
    Case("static: the old page for a while", [scene(0, "RUNNING", app="not yet ours"), scene(20, "RUNNING")],
         result="live", by=30, polls=14, before=STATIC, static=True),
    Case("static: the old page for ever", [scene(0, "RUNNING", app="not yet ours")], result="unreachable", by=60,
         polls=19, error="unreachable", before=STATIC, static=True, timeout=60),
    Case("static: the head is shown late", [scene(0, "RUNNING", head="old"), scene(5, "RUNNING")], result="live", by=9,
         polls=9, before=STATIC, static=True),
    Case("static to docker: RUNNING is still the page's",
         [scene(0, "RUNNING"), scene(20, "BUILDING"), scene(40, "RUNNING")], result="live", by=50, polls=18,
         before=STATIC),
    Case("docker to static: RUNNING is still the app's", [scene(0, "RUNNING", "old"), scene(20, "RUNNING")],
         result="live", by=30, polls=14, static=True),
    # It fails
    Case("the build fails", [*BUILD, scene(60, "BUILD_ERROR", said="exit code: 1")], result="failed", by=75, polls=19,
         error="stage-build-error"),
    Case("the build fails, the old app's sha stays", [*BUILD, scene(60, "BUILD_ERROR", "old")], result="failed", by=75,
         polls=19, error="stage-build-error"),
    Case("the app crashes", [*BUILD, scene(60, "APP_STARTING"), scene(70, "RUNTIME_ERROR", "new")], result="failed",
         by=80, polls=19, error="stage-runtime-error"),
    Case("the app crashes while it is asked",
         [*BUILD, scene(20, "RUNNING", "new", app="HTTP 503"), scene(40, "RUNTIME_ERROR", "new")], result="failed", by=55,
         polls=18, error="stage-runtime-error"),
    Case("the configuration is refused at once", [scene(0, "CONFIG_ERROR")], result="failed", by=1, polls=1,
         error="stage-config-error"),
    Case("no app file", [scene(0, "RUNNING", "old"), scene(2, "NO_APP_FILE")], result="failed", by=5, polls=6,
         error="stage-no-app-file"),
    Case("no app file in a first deploy", [scene(0, "NO_APP_FILE")], result="failed", by=25, polls=13,
         error="stage-no-app-file", before=was("NO_APP_FILE")),
    Case("a first deploy that the Hub begins late with", [scene(0, "NO_APP_FILE"), scene(15, "BUILDING"), scene(40, "RUNNING", "new")],
         result="live", by=60, polls=20, before=was("NO_APP_FILE")),
    Case("a first deploy whose head is shown late", [scene(0, "NO_APP_FILE", head="old"), scene(17, "BUILDING"), scene(40, "RUNNING", "new")],
         result="live", by=60, polls=20, before=was("NO_APP_FILE")),
    Case("BUILD_ERROR of the old build first",
         [scene(0, "BUILD_ERROR"), scene(50, "BUILDING"), scene(90, "RUNNING", "new")], result="live", by=110, polls=24,
         before=was("BUILD_ERROR")),
    Case("BUILD_ERROR of the build that was under way",
         [scene(0, "BUILDING"), scene(5, "BUILD_ERROR"), scene(20, "BUILDING"), scene(60, "RUNNING", "new")],
         result="live", by=75, polls=20, before=was("BUILDING")),
    Case("BUILD_ERROR again, seen to be built", [scene(0, "BUILD_ERROR"), scene(5, "BUILDING"), scene(20, "BUILD_ERROR")],
         result="failed", by=26, polls=14, error="stage-build-error", before=was("BUILD_ERROR")),
    Case("BUILD_ERROR that stays", [scene(0, "BUILD_ERROR")], result="failed", by=GRACE + SLOW, polls=22,
         error="stage-build-error", before=was("BUILD_ERROR")),
    Case("RUNTIME_ERROR of the old app during the build",
         [*BUILD, scene(10, "RUNTIME_ERROR", "old"), scene(30, "RUNNING", "new")], result="live", by=40, polls=16),
    Case("the Space is being deleted", [*BUILD, scene(20, "DELETING")], result="failed", by=30, polls=14,
         error="stage-deleting"),
    Case("the Space is deleted", [*BUILD, scene(20, GONE)], result="failed", by=35, polls=15, error="space-gone"),
    Case("the Space is not found now and then", [*BUILD, scene(30, "RUNNING", "new")], result="live", by=45, polls=18,
         world=fails("", GONE, "", GONE, "", GONE)),
    # Restarts
    Case("PAUSED is restarted", [scene(0, "PAUSED")], result="live", by=30, polls=13, before=was("PAUSED"),
         restarts=[False], world={"on_restart": [scene(0, "APP_STARTING"), scene(15, "RUNNING", "new")]}),
    Case("STOPPED is restarted", [scene(0, "STOPPED")], result="live", by=40, polls=16, before=was("STOPPED"),
         restarts=[False], world={"on_restart": [scene(0, "BUILDING"), scene(15, "RUNNING", "new")]}),
    Case("PAUSED again after the restart", [scene(0, "PAUSED")], result="paused", by=15, polls=9, error="paused-again",
         before=was("PAUSED"), restarts=[False],
         world={"on_restart": [scene(0, "APP_STARTING"), scene(5, "PAUSED", said="Quota exceeded")]}),
    Case("PAUSED for a while after the restart", [scene(0, "PAUSED")], result="live", by=40, polls=14,
         before=was("PAUSED"), restarts=[False],
         world={"on_restart": [scene(0, "PAUSED"), scene(10, "APP_STARTING"), scene(20, "RUNNING", "new")]}),
    Case("PAUSED long after the commit, and for a while after the restart", [*BUILD, scene(200, "PAUSED")], result="live",
         by=270, polls=32, restarts=[False],
         world={"on_restart": [scene(0, "PAUSED"), scene(10, "APP_STARTING"), scene(40, "RUNNING", "new")]}),
    Case("PAUSED for ever after the restart", [scene(0, "PAUSED")], result="paused", by=GRACE + SLOW, polls=22,
         error="paused-again", before=was("PAUSED"), restarts=[False]),
    Case("PAUSED, and resume is off", [scene(0, "PAUSED")], result="paused", by=1, polls=1, error="paused",
         before=was("PAUSED"), resume=False),
    Case("PAUSED, and the restart is refused", [scene(0, "PAUSED")], result="paused", by=1, polls=1, error="forbidden",
         before=was("PAUSED"), restarts=[False], world={"refused": REFUSED}),
    Case("PAUSED by the quota after the build", [*BUILD, scene(150, "PAUSED", said="Quota exceeded for flavor")],
         result="paused", by=171, polls=24, error="forbidden", restarts=[False], world={"refused": REFUSED}),
    Case("no room, then room", [*BUILD, scene(30, "RUNTIME_ERROR", "new", said=NO_ROOM)], result="live", by=70, polls=21,
         restarts=[False], world={"on_restart": [scene(0, "APP_STARTING"), scene(20, "RUNNING", "new")]}),
    Case("no room twice", [*BUILD, scene(30, "RUNTIME_ERROR", "new", said=NO_ROOM)], result="failed", by=60, polls=19,
         error="stage-runtime-error", restarts=[False],
         world={"on_restart": [scene(0, "APP_STARTING"), scene(10, "RUNTIME_ERROR", "new", said=NO_ROOM)]}),
    Case("no room, and the restart shows late", [*BUILD, scene(30, "RUNTIME_ERROR", "new", said=NO_ROOM)], result="live",
         by=70, polls=21, restarts=[False],
         world={"on_restart": [scene(0, "RUNTIME_ERROR", "new", said=NO_ROOM), scene(8, "APP_STARTING"),
                               scene(20, "RUNNING", "new")]}),
    Case("no room twice, failing faster than it is looked at", [*BUILD, scene(30, "RUNTIME_ERROR", "new", said=NO_ROOM)],
         result="failed", by=50, polls=17, error="stage-runtime-error", restarts=[False],
         world={"on_restart": [scene(0, "APP_STARTING"), scene(0.5, "RUNTIME_ERROR", "new", said=NO_ROOM)]}),
    Case("no room, and resume is off", [*BUILD, scene(30, "RUNTIME_ERROR", "new", said=NO_ROOM)], result="live", by=70,
         polls=17, resume=False, restarts=[False], world={"on_restart": [scene(0, "RUNNING", "new")]}),
    Case("no room, and the restart is refused", [*BUILD, scene(30, "RUNTIME_ERROR", "new", said=NO_ROOM)],
         result="failed", by=45, polls=16, error="stage-runtime-error", restarts=[False], world={"refused": REFUSED}),
    Case("stuck at its start: one factory reboot", [*BUILD, scene(20, "APP_STARTING")], result="live", by=516, polls=48,
         startup=5 * MINUTES, restarts=[True],
         world={"on_restart": [scene(0, "BUILDING"), scene(30, "APP_STARTING"), scene(60, "RUNNING", "new")]}),
    Case("stuck at its start again: no second one", [*BUILD, scene(20, "APP_STARTING")], result="timeout",
         by=30 * MINUTES, polls=112, error="still-starting", startup=5 * MINUTES, restarts=[True],
         world={"on_restart": [scene(0, "APP_STARTING")]}),
    Case("stuck at its start, and resume is off", [*BUILD, scene(20, "APP_STARTING")], result="timeout", by=30 * MINUTES,
         polls=107, error="still-starting", startup=5 * MINUTES, resume=False),
    Case("nothing changed, in error: restarted and live", [scene(0, "RUNTIME_ERROR", "new")], result="live", by=30,
         polls=11, before=was("RUNTIME_ERROR", "new", head=COMMITS["new"]), moved=False, restarts=[False],
         world={"on_restart": [scene(0, "APP_STARTING"), scene(10, "RUNNING", "new")]}),
    Case("nothing changed, in error: restarted and failed", [scene(0, "RUNTIME_ERROR", "new")], result="failed", by=30,
         polls=11, error="stage-runtime-error", before=was("RUNTIME_ERROR", "new", head=COMMITS["new"]), moved=False,
         restarts=[False], world={"on_restart": [scene(0, "APP_STARTING"), scene(10, "RUNTIME_ERROR", "new")]}),
    Case("nothing changed, in error, resume is off", [scene(0, "BUILD_ERROR")], result="failed", by=1, polls=1,
         error="stage-build-error", before=was("BUILD_ERROR", head=COMMITS["new"]), moved=False, resume=False),
    Case("nothing changed, static in error", [scene(0, "CONFIG_ERROR")], result="failed", by=1, polls=1,
         error="stage-config-error", before=was("CONFIG_ERROR", head=COMMITS["new"], sdk="static"), moved=False,
         static=True),
    Case("nothing changed, being deleted: not restarted", [scene(0, "DELETING")], result="failed", by=1, polls=1,
         error="stage-deleting", before=AT_TARGET, moved=False),
    # Sleep
    Case("SLEEPING is woken by the probe", [scene(0, "SLEEPING", "new", app="HTTP 503")], result="live", by=30, polls=11,
         before=was("SLEEPING", "new", head=COMMITS["new"]), moved=False,
         world={"wakes": True, "on_restart": [scene(0, "APP_STARTING"), scene(10, "RUNNING", "new")]}),
    Case("SLEEPING is left alone without a probe", [scene(0, "SLEEPING", "new")], result="asleep", by=1, polls=1,
         before=was("SLEEPING", "new", head=COMMITS["new"]), moved=False, probe=False),
    Case("the target falls asleep after its build", [*BUILD, scene(20, "SLEEPING", "new")], result="asleep", by=30,
         polls=14, probe=False),
    Case("SLEEPING at the old commit is not asleep",
         [scene(0, "SLEEPING", "old"), scene(30, "BUILDING"), scene(60, "RUNNING", "new")], result="live", by=75,
         polls=21, before=was("SLEEPING", "old"), probe=False),
    Case("the old app falls asleep after the commit", [scene(0, "RUNNING"), scene(5, "SLEEPING")], result="timeout",
         by=60, polls=19, error="not-begun", before=was("RUNNING"), probe=False, timeout=60),
    Case("SLEEPING for ever although asked", [scene(0, "SLEEPING", "new", app="HTTP 503")], result="timeout", by=60,
         polls=19, error="not-woken", before=was("SLEEPING", "new", head=COMMITS["new"]), moved=False, timeout=60),
    # Others
    Case("another commit takes the place", [*BUILD, scene(20, "RUNNING_BUILDING", "old", head="other")],
         result="superseded", by=30, polls=14, error="superseded"),
    Case("main is put back, as far as it is ever seen", [scene(0, "RUNNING", "old", head="old")], result="superseded", by=40,
         polls=16, error="put-back"),
    Case("main is put back after a while", [*BUILD, scene(60, "RUNNING", "old", head="old")], result="superseded", by=100,
         polls=22, error="put-back"),
    Case("main is shown as it was, by another server", [*BUILD, scene(20, "RUNNING_BUILDING", "old", head="old"),
         scene(35, "RUNNING_BUILDING", "old"), scene(60, "RUNNING", "new")], result="live", by=80, polls=20),
    Case("another commit, while ours runs", [*BUILD, scene(20, "RUNNING", "new", head="other")], result="superseded",
         by=30, polls=14, error="superseded"),
    # The Hub does not answer
    Case("nine polls fail in a row", [*BUILD, scene(120, "RUNNING", "new")], result="live", by=141, polls=22,
         world=fails(*["hub-unwell", "hub-unreachable", "not-a-hub"] * 3)),
    Case("nine polls fail while it runs", [*BUILD, scene(20, "RUNNING", "new")], result="live", by=160, polls=23,
         world={**fails(*["hub-unwell"] * 9), "odd_from": 20.0}),
    Case("more polls fail than may in a row", [*BUILD, scene(1200, "RUNNING", "new")], result="live", by=1221, polls=80,
         world=fails(*["hub-unwell"] * (MISSES - 1), "", *["hub-unwell"] * (MISSES - 1))),
    Case("the Hub never answers, until the deadline", [*BUILD], result="timeout", by=90, polls=21, error="hub-unreachable",
         timeout=90, world=fails(*["hub-unreachable"] * MISSES)),
    # Time
    *[Case(f"the deadline in {stage}", [scene(0, "RUNNING", "old"), scene(5, stage, "old")], result="timeout", by=100,
           polls=24, error=error, timeout=100)
      for stage, error in {"RUNNING": "not-begun", "RUNNING_BUILDING": "timeout", "SLEEPING": "not-begun",
                           "RUNNING_APP_STARTING": "still-starting", "A_NEW_STAGE": "timeout"}.items()],
    *[Case(f"the deadline in {stage}", [scene(0, stage)], result="timeout", by=100, polls=24, error=error,
           before=was("NO_APP_FILE"), timeout=100)
      for stage, error in {"BUILDING": "timeout", "APP_STARTING": "still-starting"}.items()],
    Case("the app answers 503 for ever", [*BUILD, scene(20, "RUNNING", "new", app="HTTP 503")], result="unreachable",
         by=100, polls=22, error="unreachable", timeout=100),
    Case("the app answers 503, then builds for ever",
         [*BUILD, scene(20, "RUNNING", "new", app="HTTP 503"), scene(40, "RUNNING_BUILDING", "new")], result="timeout",
         by=100, polls=25, error="timeout", timeout=100),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_script(case: Case) -> None:
    check(case)


def test_a_poll_that_will_not_get_better_ends_the_watch() -> None:
    with pytest.raises(Failure) as caught:
        play(Case("", BUILD, result="", by=0, polls=0, world=fails("hub-unwell", "token-refused")))

    assert caught.value.id == "token-refused"


def test_too_many_polls_that_fail_in_a_row_end_the_watch() -> None:
    with pytest.raises(Failure) as caught:
        play(
            Case("", BUILD, result="", by=0, polls=0, timeout=60 * MINUTES, world=fails(*["hub-unwell"] * (MISSES + 1)))
        )

    assert caught.value.id == "hub-outage"


def test_poll_that_is_turned_away_is_made_again_when_the_hub_says() -> None:
    world = fails("rate-limited")
    response = httpx2.Response(
        429, headers={"RateLimit": '"api";r=0;t=70'}, request=httpx2.Request("GET", "http://hub")
    )
    world["odd"][0].__cause__ = HfHubHTTPError("429", response=response)

    played, verdict = play(Case("", [scene(0, "RUNNING", "new")], result="live", by=0, polls=0, world=world))

    assert verdict.result == "live"
    assert played.polls == 2
    assert 70 <= played.now < 75


def test_unknown_stage_is_named() -> None:
    world, _ = play(Case("", [scene(0, "DREAMING"), scene(9, "RUNNING", "new")], result="live", by=20, polls=20))

    assert "DREAMING" in " ".join(world.said)


@pytest.mark.parametrize("timeout", range(2, 60))
def test_the_last_look_comes_with_the_deadline_and_none_shortly_before_it(timeout: int) -> None:
    world, verdict = play(Case("", [scene(0, "BUILDING")], result="timeout", by=0, polls=0, timeout=timeout))

    assert verdict.result == "timeout"
    assert timeout <= world.now <= timeout + 1
    assert min(world.waits) >= Interval.FIRST


def test_deadline_names_stage_commit_and_time() -> None:
    _, verdict = play(Case("", [scene(0, "RUNNING_BUILDING", "old")], result="timeout", by=0, polls=0, timeout=120))

    assert verdict.failure is not None
    assert all(word in verdict.failure.message for word in ("RUNNING_BUILDING", "aaaaaaa", "bbbbbbb", "2 min"))
