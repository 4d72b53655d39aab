"""Never a false success, and no output that the Hub did not say."""

from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi

from tests.kit import repository
from tests.kit.gitrepo import git
from tests.kit.local import LocalHub
from tests.kit.step.action import Step, begin, deploy

APP = {
    "Dockerfile": "FROM python:3.13-slim\nCOPY app.py .\nEXPOSE 8080\nCMD python app.py\n",
    "app.py": "print('v1')\n",
}
CHANGED = {"app.py": "print('v2')\n"}


def run(workspace: Path, hub: LocalHub, space: str, **inputs: str) -> Step:
    return deploy(workspace, hub.endpoint, {"space": space, **inputs})


@pytest.mark.parametrize(
    ("script", "result"),
    [
        pytest.param([{"stage": "RUNNING", "sha": "old"}], "timeout", id="RUNNING belongs to the old commit"),
        pytest.param([{"stage": "BUILDING"}], "timeout", id="BUILDING for ever"),
        pytest.param([{"stage": "RUNNING_BUILDING"}], "timeout", id="RUNNING_BUILDING for ever"),
        pytest.param([{"stage": "RUNNING", "sha": "none"}], "timeout", id="RUNNING without a commit"),
        pytest.param([{"stage": "RUNNING", "sha": "new", "http_status": 503}], "unreachable", id="the app answers 503"),
        pytest.param([{"stage": "RUNTIME_ERROR", "sha": "new"}], "failed", id="the app crashes"),
        pytest.param([{"stage": "SOMETHING_NEW", "sha": "new"}], "timeout", id="a stage nobody knows"),
    ],
)
def test_redeploy_is_no_success_when(
    script: list[dict[str, Any]], result: str, hub: LocalHub, space: str, workspace: Path
) -> None:
    repository.create(workspace, APP)
    hub.script(space, {"stage": "RUNNING"})
    first = run(workspace, hub, space)
    assert first.outputs["result"] == "live", first.log
    repository.commit(workspace, "Second", CHANGED)
    hub.script(space, *script)

    step = run(workspace, hub, space, timeout="3s")

    assert (step.exit_code, step.outputs["result"]) == (1, result), step.log
    assert step.outputs["stage"] == script[-1]["stage"]
    assert step.outputs["error"]
    assert "::error" in step.log
    assert step.summary


def test_first_deploy_without_a_commit_in_the_runtime_is_no_success_unless_a_start_was_seen(
    hub: LocalHub, space: str, workspace: Path
) -> None:
    repository.create(workspace, APP)
    hub.script(space, {"stage": "BUILDING"}, {"after": 1, "stage": "BUILD_ERROR", "errorMessage": "exit code: 1"})

    step = run(workspace, hub, space)

    assert (step.exit_code, step.outputs["result"]) == (1, "failed"), step.log
    assert "exit code: 1" in step.log


def test_nothing_changed_is_still_judged_by_the_state_of_the_space(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, APP)
    hub.script(space, {"stage": "RUNNING"})
    first = run(workspace, hub, space)
    hub.script(space, {"stage": "RUNTIME_ERROR", "sha": "new", "errorMessage": "Exit code: 1. Reason: crashed"})
    repository.commit(workspace, "Second", CHANGED)
    second = run(workspace, hub, space)

    third = run(workspace, hub, space, resume="false")

    assert [step.outputs["result"] for step in (first, second, third)] == ["live", "failed", "failed"], third.log
    assert third.outputs["changed"] == "false"
    assert third.exit_code == 1


def test_outputs_are_what_the_hub_says(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    repository.create(workspace, APP)
    hub.script(space, {"stage": "PAUSED", "host": "https://somewhere-else.hf.space"})

    step = run(workspace, hub, space, resume="false", hardware="cpu-basic", visibility="private")

    info = api.space_info(space)
    assert step.outputs["stage"] == "PAUSED"
    assert step.outputs["app-url"] == info.host == "https://somewhere-else.hf.space"
    assert (step.outputs["space-id"], step.outputs["space-url"]) == (space, f"{hub.endpoint}/spaces/{space}")
    assert step.outputs["commit-sha"] == info.sha
    assert step.outputs["commit-url"] == f"{hub.endpoint}/spaces/{space}/commit/{info.sha}"
    assert (step.outputs["created"], step.outputs["changed"]) == ("true", "true")
    assert step.outputs["visibility"] == "private"
    assert (step.outputs["result"], step.exit_code) == ("paused", 1)
    assert int(step.outputs["duration"]) >= 0


@pytest.mark.slow
def test_a_main_that_is_put_back_is_not_waited_for(hub: LocalHub, space: str, workspace: Path) -> None:
    """The commit of before is not one of somebody else's, and may be shown late for a while, not for ever."""
    repository.create(workspace, APP)
    hub.script(space, {"stage": "RUNNING"})
    first = run(workspace, hub, space).outputs["commit-sha"]
    repository.commit(workspace, "Second", CHANGED)
    hub.script(space, {"stage": "RUNNING_BUILDING", "sha": "old"})
    since = len(hub.requests())
    with begin(workspace, hub.endpoint, {"space": space, "timeout": "5m"}) as running:
        hub.polled(space, since=since)
        origin = f"{hub.endpoint.replace('://', '://any:hf_alice@')}/spaces/{space}"
        git(workspace, "fetch", "--quiet", origin, first)
        git(workspace, "push", "--quiet", "--force", origin, f"{first}:refs/heads/main")
        step = running.end()

    assert (step.outputs["result"], step.outputs["error"]) == ("superseded", "put-back"), step.log
    assert first[:7] in step.log
