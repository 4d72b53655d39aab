"""`stalled`: what a timeout says of the work that goes on, and the time that it suggests."""

import pytest

from hfspace_action import durations
from hfspace_action.watch.stalled import Stalled
from tests.kit.watch.script import was


@pytest.mark.parametrize(("seconds", "more"), [(2.9, "1m"), (100, "4m"), (1797, "1h"), (1800, "1h"), (5400, "3h")])
def test_a_time_to_try_is_at_least_twice_the_one_given(seconds: float, more: str) -> None:
    assert durations.doubled(seconds) == more
    assert durations.parse(more) >= 2 * seconds


@pytest.mark.parametrize(
    ("stage", "work"), [("BUILDING", "Nothing is broken: the build of commit bbbbbbb goes on"), ("A_NEW_STAGE", "The work of commit bbbbbbb goes on")]
)  # fmt: skip
def test_a_timeout_says_what_goes_on_and_what_to_do(stage: str, work: str) -> None:
    failure = Stalled("alice/demo", was(stage), "b" * 40, 1800, ["#1 FROM scratch"]).failure()

    assert (failure.id, failure.reason) == ("timeout", "This step stopped waiting after 30 min")
    assert f"the stage is {stage}" in failure.detail
    assert work in failure.detail
    assert failure.advice.startswith("Run this job again")
    assert "`timeout: 1h`" in failure.advice


def test_an_app_that_still_starts_gets_more_time() -> None:
    failure = Stalled("alice/demo", was("APP_STARTING"), "b" * 40, 90).failure()

    assert failure.id == "still-starting"
    assert "the start goes on at the Hub" in failure.advice
    assert "`timeout: 3m`" in failure.advice
