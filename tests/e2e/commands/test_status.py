"""`command: status`: what the Hub says of a Space, and nothing done to it."""

import time
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from tests.kit.local import LocalHub
from tests.kit.step.action import REPOSITORY, Step, deploy
from tests.kit.step.provoke import WORKFLOW


def run(workspace: Path, hub: LocalHub, space: str, *, env: dict[str, str] | None = None, **inputs: str) -> Step:
    workspace.mkdir(exist_ok=True)
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    return deploy(workspace, hub.endpoint, {"command": "status", "space": space, **given}, env=env)


def publish(hub: LocalHub, api: HfApi, space: str, *script: dict[str, Any]) -> str:
    """Commit to a docker Space, made if it is missing, which then goes through these stages; the commit."""
    api.create_repo(space, repo_type="space", space_sdk="docker", exist_ok=True)
    hub.script(space, *script)
    files = [CommitOperationAdd("app.py", script[-1]["stage"].encode())]
    commit = api.create_commit(space, files, repo_type="space", commit_message="App")
    settled(api, space, script[-1]["stage"])
    return commit.oid


def settled(api: HfApi, space: str, stage: str) -> None:
    """Wait until a Space is in a stage."""
    until = time.monotonic() + 10
    while api.get_space_runtime(space).stage != stage:
        assert time.monotonic() < until, f"{space} is not {stage}"
        time.sleep(0.05)


def test_a_space_that_runs_the_head_of_main(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    log = "".join(f"line {number}\n" for number in range(200))
    head = publish(hub, api, space, {"stage": "RUNNING", "run_log": log})
    hub.forget()

    step = run(workspace, hub, space)

    info = api.space_info(space)
    assert (step.exit_code, step.outputs["result"], step.outputs["stage"]) == (0, "seen", "RUNNING"), step.log
    assert (step.outputs["commit-sha"], step.outputs["hardware"]) == (head, "cpu-basic")
    assert (step.outputs["app-url"], step.outputs["visibility"]) == (info.host, "public")
    assert step.outputs["space-url"] == f"{hub.endpoint}/spaces/{space}"
    assert step.outputs["commit-url"] == f"{hub.endpoint}/spaces/{space}/commit/{head}"
    assert f"✓ commit that runs: {head[:12]}, the head of main" in step.log
    assert "The end of the run log" in step.summary
    assert "line 199" in step.summary
    assert "line 150" in step.log
    assert "line 100\n" not in step.log, "only the end of it"
    assert {request["method"] for request in hub.requests()} == {"GET"}, "it only reads"


def test_a_space_that_runs_an_older_commit(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    old = publish(hub, api, space, {"stage": "RUNNING"})
    new = publish(hub, api, space, {"stage": "RUNNING_BUILDING"})

    step = run(workspace, hub, space)

    assert (step.exit_code, step.outputs["stage"]) == (0, "RUNNING_BUILDING"), step.log
    assert step.outputs["commit-sha"] == new
    assert f"✗ commit that runs: {old[:12]}, while main is at {new[:12]}" in step.log
    assert "– stage: RUNNING_BUILDING" in step.log


def test_a_space_that_could_not_be_built(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    error = "Job failed with exit code: 1"
    publish(hub, api, space, {"stage": "BUILD_ERROR", "errorMessage": error, "build_log": "ERROR: no such package\n"})

    step = run(workspace, hub, space)

    assert (step.exit_code, step.outputs["result"], step.outputs["stage"]) == (0, "seen", "BUILD_ERROR"), step.log
    assert f"✗ stage: BUILD_ERROR: {error}" in step.log
    assert "The end of the build log" in step.summary
    assert "ERROR: no such package" in step.summary


def test_a_static_space_has_no_log_and_names_no_running_commit(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    api.create_repo(space, repo_type="space", space_sdk="static", visibility="private")
    hub.forget()

    step = run(workspace, hub, space)

    assert (step.exit_code, step.outputs["result"], step.outputs["visibility"]) == (0, "seen", "private"), step.log
    assert "– commit that runs: main is at" in step.log
    assert not [request["path"] for request in hub.requests() if "/logs/" in request["path"]]


def test_a_log_that_can_not_be_read_is_told(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    publish(hub, api, space, {"stage": "RUNNING", "run_log": "hello\n"})
    hub.fault(path=f"{space}/logs/", kind="status", status=403)

    step = run(workspace, hub, space)
    hub.no_faults()

    assert (step.exit_code, step.outputs["result"]) == (0, "seen"), step.log
    assert "The run log could not be read" in step.log


@pytest.mark.parametrize(
    ("token", "error"),
    [pytest.param("hf_alice", "space-missing", id="no such Space"), pytest.param("hf_unknown", "token-refused", id="bad token")],
)  # fmt: skip
def test_a_space_that_is_not_there(token: str, error: str, hub: LocalHub, space: str, workspace: Path) -> None:
    step = run(workspace, hub, space, hf_token=token)

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "error", error), step.log


def test_a_trusted_publisher_may_look(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    api.create_repo(space, repo_type="space", space_sdk="static", visibility="private")
    hub.trust(space, repository=REPOSITORY, branch="main", workflow="deploy.yml")

    step = run(workspace, hub, space, hf_token="", env={**WORKFLOW, **hub.job(REPOSITORY)})

    assert (step.exit_code, step.outputs["result"]) == (0, "seen"), step.log
