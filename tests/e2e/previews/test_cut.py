"""A preview whose run is cut short: what GitHub shows of it does not stay as if it were under way."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from tests.e2e.previews.conftest import TOKEN, Stage
from tests.kit.github import GitHub
from tests.kit.step import event
from tests.kit.step.action import Running, Step, begin

FOR_EVER = (
    {"stage": "RUNNING_BUILDING", "build_log": "line 1\n"},
    *({"after": 0.2, "stage": "RUNNING_BUILDING"},) * 600,
)


@contextmanager
def building(stage: Stage, octo: GitHub, github: str = "") -> Iterator[Running]:
    """The step for a pull request's second commit, whose build does not end."""
    pull = octo.open(8, stage.head())
    first = stage.pull(pull)
    assert first.outputs["result"] == "live", first.log
    octo.push(8, stage.commit())
    stage.hub.script(stage.name(8), *FOR_EVER)
    env = event.pull_request(stage.workspace.parent, pull, "synchronize")
    given = {"command": "preview", "space": stage.space, "github-token": TOKEN, "sdk": "static"}
    with begin(stage.workspace, stage.hub.endpoint, given, env=env, github=github or octo.url) as running:
        running.says("Stage: RUNNING_BUILDING")
        yield running


def cancelled(running: Running) -> Step:
    running.signal(signal.SIGTERM)
    return running.end()


def test_a_cancelled_run_is_shown_as_one(stage: Stage, octo: GitHub) -> None:
    with building(stage, octo) as running:
        assert octo.states() == ["in_progress", "success", "in_progress"]
        step = cancelled(running)

    assert (step.outputs["result"], step.outputs["error"]) == ("cancelled", "cancelled"), step.log
    assert octo.states() == ["in_progress", "success", "in_progress", "inactive"]
    assert len(octo.deployments) == 2, "the one that is live is shown on"
    assert "was cancelled" in stage.comment().partition("\n")[2].splitlines()[0]
    assert stage.head()[:7] in stage.comment()


def test_one_that_ran_out_of_time_is_shown_as_one(stage: Stage, octo: GitHub) -> None:
    pull = octo.open(8, stage.head())
    stage.hub.script(stage.name(8), *FOR_EVER)

    step = stage.pull(pull, timeout="3s")

    assert (step.exit_code, step.outputs["result"]) == (1, "timeout"), step.log
    assert octo.states() == ["in_progress", "failure"]
    assert "⏳" in stage.comment()


def test_a_github_that_is_silent_meanwhile_costs_four_seconds_and_is_told(stage: Stage, octo: GitHub) -> None:
    with building(stage, octo) as running, octo.lock:  # without it no request is answered
        step = cancelled(running)

    assert step.outputs["result"] == "cancelled", step.log
    assert "GitHub did not answer in time" in step.summary
    assert "Traceback" not in step.log
