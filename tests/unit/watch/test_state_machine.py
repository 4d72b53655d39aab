"""What a stage means: every row of the table of verdicts as a sequence of observations, and the pace of polling."""

from dataclasses import replace

import pytest

from hfspace_action.space import Space
from hfspace_action.watch.poll_interval import Interval
from hfspace_action.watch.state_machine import ERRORS, GRACE, WAKING, Next, Watch

OLD, NEW, OTHER = "a" * 40, "b" * 40, "c" * 40

SPACE = Space(
    id="alice/demo", url="", head=NEW, stage="RUNNING", runtime_sha=None, error_message=None, sdk="docker", host=None,
    visibility="public", hardware=None, requested_hardware=None, sleep_time=None, dev_mode=False,
)  # fmt: skip
RUNNING_OLD = SPACE._replace(head=OLD, runtime_sha=OLD)


def at(stage: str, sha: str | None = None, head: str = NEW, sdk: str = "docker") -> Space:
    return SPACE._replace(stage=stage, runtime_sha=sha, head=head, sdk=sdk)


def watching(before: Space = RUNNING_OLD, *, moved: bool = True, resume: bool = True) -> Watch:
    return Watch(target=NEW, before=before, moved=moved, static=before.sdk == "static", resume=resume, began=0.0)


def last(watch: Watch, *seen: Space, every: float = 5.0) -> Next:
    """What the watch decides on the last of these observations, one each `every` seconds."""
    decisions = [watch.see(space, number * every) for number, space in enumerate(seen, 1)]
    assert all(decision is Next.WAIT for decision in decisions[:-1]), decisions
    return decisions[-1]


def test_running_the_target_is_asked() -> None:
    assert last(watching(), at("RUNNING", OLD), at("RUNNING_BUILDING", OLD), at("RUNNING", NEW)) is Next.PROBE


def test_running_the_old_commit_is_waited_on_for_ever() -> None:
    assert last(watching(), *[at("RUNNING", OLD)] * 100) is Next.WAIT


def test_running_without_sha_after_a_transition_is_asked() -> None:
    assert last(watching(), at("RUNNING_BUILDING"), at("RUNNING")) is Next.PROBE


def test_running_without_sha_and_without_transition_is_unconfirmed_after_the_grace() -> None:
    assert last(watching(), at("RUNNING"), at("RUNNING"), every=GRACE / 2) is Next.UNCONFIRMED


def test_unchanged_and_without_sha_is_unconfirmed_at_once() -> None:
    assert last(watching(SPACE, moved=False), at("RUNNING")) is Next.UNCONFIRMED


def test_static_is_asked_once_its_head_is_the_target() -> None:
    before = RUNNING_OLD._replace(sdk="static", runtime_sha=None)
    assert last(watching(before), at("RUNNING", None, OLD, "static"), at("RUNNING", None, NEW, "static")) is Next.PROBE


@pytest.mark.parametrize("stage", sorted(ERRORS))
def test_error_of_the_target_by_its_sha_fails(stage: str) -> None:
    assert last(watching(), at(stage, NEW)) is Next.FAILED


@pytest.mark.parametrize("stage", sorted(ERRORS))
def test_error_after_a_transition_fails(stage: str) -> None:
    assert last(watching(), at("RUNNING_BUILDING", OLD), at(stage)) is Next.FAILED


def test_error_that_was_there_before_is_given_a_grace() -> None:
    before = RUNNING_OLD._replace(stage="BUILD_ERROR", runtime_sha=None)
    assert last(watching(before), at("BUILD_ERROR"), at("BUILD_ERROR")) is Next.WAIT
    assert last(watching(before), at("BUILD_ERROR"), at("BUILD_ERROR"), every=GRACE / 2) is Next.FAILED


def test_error_of_the_old_app_by_its_sha_is_given_a_grace_even_after_a_transition() -> None:
    seen = [at("RUNNING_BUILDING", OLD), at("RUNTIME_ERROR", OLD)]
    assert last(watching(), *seen) is Next.WAIT
    assert last(watching(), *seen, every=GRACE / 2) is Next.FAILED


def test_deleting_fails_at_once_and_is_not_restarted() -> None:
    assert last(watching(), at("DELETING", OLD)) is Next.FAILED
    assert last(watching(SPACE, moved=False), at("DELETING")) is Next.FAILED


def test_error_of_the_old_build_that_was_under_way_is_not_ours() -> None:
    before = RUNNING_OLD._replace(stage="BUILDING", runtime_sha=None)
    seen = [at("BUILDING"), at("BUILD_ERROR"), at("BUILD_ERROR"), at("BUILDING"), at("RUNNING", NEW)]
    assert last(watching(before), *seen) is Next.PROBE


def test_head_of_another_is_superseded() -> None:
    assert last(watching(), at("RUNNING_BUILDING", OLD), at("RUNNING_BUILDING", OLD, OTHER)) is Next.SUPERSEDED


def test_head_that_still_lags_behind_is_waited_on() -> None:
    assert last(watching(), at("RUNNING", OLD, OLD)) is Next.WAIT


def test_head_that_lags_behind_at_a_commit_that_ours_was_made_on_is_waited_on() -> None:
    watch = replace(watching(), earlier=[OTHER])
    assert last(watch, at("RUNNING", OLD, OTHER), at("RUNNING", OLD, OLD), at("RUNNING", NEW)) is Next.PROBE


def test_sleeping_at_the_target_is_woken() -> None:
    assert last(watching(SPACE, moved=False), at("SLEEPING")) is Next.WAKE


def test_sleeping_at_the_old_commit_is_never_the_target() -> None:
    seen = [at("RUNNING_BUILDING", OLD), at("SLEEPING", OLD)]
    assert last(watching(resume=False), *seen, every=GRACE) is Next.WAIT
    assert last(watching(), *seen, every=GRACE) is Next.RESTART


def test_sleeping_without_sha_right_after_the_commit_may_be_the_old_app() -> None:
    assert last(watching(RUNNING_OLD._replace(runtime_sha=None)), at("SLEEPING")) is Next.WAIT


def test_paused_is_restarted_once_and_then_reported() -> None:
    watch = watching(RUNNING_OLD._replace(stage="PAUSED"))
    assert watch.see(at("PAUSED"), 1) is Next.RESTART
    assert watch.see(at("PAUSED"), 2) is Next.WAIT
    assert watch.see(at("PAUSED"), 1 + GRACE) is Next.PAUSED_AGAIN


def test_stopped_is_woken_as_one_that_sleeps_before_it_is_restarted() -> None:
    watch = watching(RUNNING_OLD._replace(stage="STOPPED"))
    assert watch.see(at("STOPPED"), 1) is Next.WAKE
    assert watch.see(at("STOPPED"), 2) is Next.WAKE
    assert watch.see(at("STOPPED"), 1 + WAKING) is Next.RESTART
    assert watch.see(at("STOPPED"), 2 + WAKING) is Next.WAIT
    assert watch.see(at("STOPPED"), 1 + WAKING + GRACE) is Next.PAUSED_AGAIN


def test_stopped_that_no_request_woke_is_paused_without_resume() -> None:
    watch = watching(RUNNING_OLD._replace(stage="STOPPED"), resume=False)
    assert watch.see(at("STOPPED"), 1) is Next.WAKE
    assert watch.see(at("STOPPED"), 1 + WAKING) is Next.PAUSED


def test_paused_is_reported_at_once_without_resume() -> None:
    assert watching(resume=False).see(at("PAUSED"), 1) is Next.PAUSED


def test_unchanged_tree_in_error_is_restarted_watched_and_judged() -> None:
    watch = watching(at("BUILD_ERROR"), moved=False)
    assert watch.see(at("BUILD_ERROR"), 1) is Next.RESTART
    assert watch.see(at("BUILDING"), 2) is Next.WAIT
    assert watch.see(at("BUILD_ERROR"), 3) is Next.FAILED


def test_unknown_stage_is_waited_on() -> None:
    assert last(watching(), at("DREAMING", OLD)) is Next.WAIT


def simulate(seconds: float, changes: tuple[float, ...] = ()) -> list[float]:
    """The times of the polls of a watch of so many seconds, with stage changes at the given times."""
    interval, now, polls, ahead = Interval(), 0.0, [], list(changes)
    while now < seconds:
        polls.append(now)
        while ahead and ahead[0] <= now:
            ahead.pop(0)
            interval.changed()
        now += interval.next(now)
    return polls


def test_ten_minutes_cost_at_most_60_polls() -> None:
    assert len(simulate(600, (2.0, 480.0, 540.0))) <= 60


def test_never_more_than_60_polls_in_five_minutes() -> None:
    polls = simulate(1800, tuple(float(at) for at in range(0, 1800, 3)))
    assert max(sum(1 for other in polls if at <= other < at + 300) for at in polls) <= 60
