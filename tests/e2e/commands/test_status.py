"""`command: status`: what the Hub says of a Space, and nothing done to it."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from tests.kit.local import LocalHub, until
from tests.kit.step.action import REPOSITORY, Step, deploy
from tests.kit.step.provoke import WORKFLOW


def run(workspace: Path, hub: LocalHub, space: str, *, env: dict[str, str] | None = None, **inputs: str) -> Step:
    workspace.mkdir(exist_ok=True)
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    return deploy(workspace, hub.endpoint, {"command": "status", "space": space, **given}, env=env)


_numbers = count(1)


def publish(hub: LocalHub, api: HfApi, space: str, *script: dict[str, Any]) -> str:
    """Commit to a docker Space, made if it is missing, which then goes through these stages; the commit."""
    api.create_repo(space, repo_type="space", space_sdk="docker", exist_ok=True)
    hub.script(space, *script)
    files = [CommitOperationAdd("app.py", f"{next(_numbers)}".encode())]
    commit = api.create_commit(space, files, repo_type="space", commit_message="App")
    settled(api, space, script[-1]["stage"])
    return commit.oid


def add(api: HfApi, space: str, files: dict[str, str]) -> None:
    """Commit files to a Space."""
    added = [CommitOperationAdd(path, text.encode()) for path, text in files.items()]
    api.create_commit(space, added, repo_type="space", commit_message="Files")


def settled(api: HfApi, space: str, stage: str) -> None:
    """Wait until a Space is in a stage."""
    until(lambda: api.get_space_runtime(space).stage == stage, f"{space} is not {stage}")


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
    assert "Run log, last " in step.summary
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


def test_a_space_that_could_not_be_built_is_explained_and_red(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    api.create_repo(space, repo_type="space", space_sdk="docker")
    add(api, space, {"README.md": "---\nsdk: docker\n---\n", "requirements.txt": "requests\nflask==99.0\n"})
    log = (
        "ERROR: Could not find a version that satisfies the requirement flask==99.0 (from versions: 2.0.0, 3.0.0)\n"
        "ERROR: No matching distribution found for flask==99.0\n"
    )
    error = "Job failed with exit code: 1. Reason: cache miss: [7/9] RUN pip install"
    publish(hub, api, space, {"stage": "BUILD_ERROR", "errorMessage": error, "build_log": log})
    hub.forget()

    step = run(workspace, hub, space)

    assert (step.exit_code, step.outputs["result"], step.outputs["stage"]) == (1, "broken", "BUILD_ERROR"), step.log
    assert step.outputs["error"] == "requirement-not-found"
    assert "file=requirements.txt,line=2" in step.log
    assert f"✗ stage: BUILD_ERROR: {error}" in step.log
    assert "Build log" in step.summary
    assert "ERROR: No matching distribution" in step.summary
    assert {request["method"] for request in hub.requests()} <= {"GET", "HEAD"}, "it only reads"


def test_both_commits_are_named_where_the_older_one_runs(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    old = publish(hub, api, space, {"stage": "RUNNING"})
    new = publish(hub, api, space, {"stage": "RUNNING", "sha": "old"})

    step = run(workspace, hub, space)

    assert step.outputs["error"] == "not-head", step.log
    assert f"{space} is RUNNING with commit {old[:7]}, while the head of its main is {new[:7]}" in step.log


def test_places_are_those_of_the_repository(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    api.create_repo(space, repo_type="space", space_sdk="docker")
    add(api, space, {"README.md": "---\nsdk: docker\n---\n", "app.py": "import flask\n"})
    log = 'Traceback (most recent call last):\n  File "/app/app.py", line 1, in <module>\n    import flask\n' \
          "ModuleNotFoundError: No module named 'flask'\n"  # fmt: skip
    hub.script(space, {"stage": "RUNTIME_ERROR", "errorMessage": "Exit code: 1. Reason: ", "run_log": log})
    add(api, space, {"other.txt": "x"})
    settled(api, space, "RUNTIME_ERROR")

    step = run(workspace, hub, space, path="web")

    assert (step.exit_code, step.outputs["error"]) == (1, "module-missing"), step.log
    assert "file=web/app.py,line=1" in step.log


def test_a_broken_space_is_green_where_that_is_asked_for(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    publish(hub, api, space, {"stage": "BUILD_ERROR", "errorMessage": "Job failed with exit code: 1"})

    step = run(workspace, hub, space, fail_on="never")

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (0, "seen", ""), step.log
    assert "✗ stage: BUILD_ERROR" in step.log
    assert "is broken: Job failed with exit code: 1" in step.summary


@pytest.mark.parametrize(
    ("script", "error"),
    [
        ({"stage": "RUNNING", "sha": "old"}, "not-head"),
        ({"stage": "SLEEPING", "sha": "old"}, "not-head"),
        ({"stage": "PAUSED"}, "paused"),
        ({"stage": "STOPPED"}, "paused"),
        ({"stage": "RUNNING", "sha": "new"}, ""),
        ({"stage": "SLEEPING", "sha": "new"}, ""),
        ({"stage": "BUILDING"}, ""),
        ({"stage": "RUNNING", "sha": "none"}, ""),
    ],
    ids=lambda value: f"{value['stage']} {value.get('sha', '')}" if isinstance(value, dict) else None,
)
def test_red_is_what_does_not_run_its_head(
    script: dict[str, Any], error: str, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    publish(hub, api, space, {"stage": "RUNNING"})
    publish(hub, api, space, script)

    step = run(workspace, hub, space)

    assert (step.outputs["error"], step.exit_code) == (error, 1 if error else 0), step.log
    assert step.outputs["result"] == ("broken" if error else "seen")


def test_a_static_space_has_no_log_and_names_no_running_commit(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    api.create_repo(space, repo_type="space", space_sdk="static", visibility="private")
    add(api, space, {"index.html": "<h1>Tides</h1>"})
    settled(api, space, "RUNNING")
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
    add(api, space, {"index.html": "<h1>Tides</h1>"})
    settled(api, space, "RUNNING")
    hub.trust(space, repository=REPOSITORY, branch="main", workflow="deploy.yml")

    step = run(workspace, hub, space, hf_token="", env={**WORKFLOW, **hub.job(REPOSITORY)})

    assert (step.exit_code, step.outputs["result"]) == (0, "seen"), step.log
