"""`command: restart`: the Space is started again, built anew where that is asked for, and the new start is judged."""

import time
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.step.action import REPOSITORY, Step, deploy
from tests.kit.step.provoke import WORKFLOW

DOCKER = {
    "README.md": "---\nsdk: docker\n---\n",
    "Dockerfile": "FROM scratch\nEXPOSE 7860\n",
    "app.py": "import flask\n",
}
RUN_LOG = "Traceback (most recent call last):\n  File \"/app/app.py\", line 1, in <module>\n    import flask\n" \
          "ModuleNotFoundError: No module named 'flask'\n"  # fmt: skip
STARTS = [{"stage": "APP_STARTING"}, {"after": 0.7, "stage": "RUNNING", "sha": "new"}]


@pytest.fixture
def running(hub: LocalHub, api: HfApi, space: str) -> str:
    """A docker Space that runs."""
    hub.script(space, {"stage": "RUNNING"}, on_restart=STARTS)
    api.create_repo(space, repo_type="space", space_sdk="docker")
    added = [CommitOperationAdd(path, text.encode()) for path, text in DOCKER.items()]
    api.create_commit(space, added, repo_type="space", commit_message="App")
    settled(api, space, "RUNNING")
    hub.forget()
    return space


def settled(api: HfApi, space: str, stage: str) -> None:
    until = time.monotonic() + 10
    while api.get_space_runtime(space).stage != stage:
        assert time.monotonic() < until, f"{space} is not {stage}"
        time.sleep(0.05)


def run(workspace: Path, hub: LocalHub, space: str, *, env: dict[str, str] | None = None, **inputs: str) -> Step:
    workspace.mkdir(exist_ok=True)
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    return deploy(workspace, hub.endpoint, {"command": "restart", "space": space, **given}, env=env)


def restarts(hub: LocalHub, space: str) -> list[str]:
    """The requests for a restart."""
    return [str(each) for each in hub.requests() if f"{space}/restart" in each["path"]]


def test_the_new_start_is_waited_for(hub: LocalHub, api: HfApi, running: str, workspace: Path) -> None:
    head = api.space_info(running).sha

    step = run(workspace, hub, running)

    assert (step.exit_code, step.outputs["result"], step.outputs["stage"]) == (0, "live", "RUNNING"), step.log
    assert (step.outputs["commit-sha"], step.outputs["changed"]) == (head, "false")
    assert "Stage: APP_STARTING" in step.log
    assert f"{running} was started again and is live" in step.summary.replace("&#45;", "-")
    assert len(restarts(hub, running)) == 1
    assert api.space_info(running).sha == head, "main stays where it is"


def test_a_start_that_fails_is_explained(hub: LocalHub, running: str, workspace: Path) -> None:
    hub.script(running, {"stage": "RUNNING"},
               on_restart=[{"stage": "APP_STARTING"}, {"after": 0.7, "stage": "RUNTIME_ERROR", "run_log": RUN_LOG}])  # fmt: skip

    step = run(workspace, hub, running)

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "failed", "module-missing"), step.log
    assert "file=app.py,line=1" in step.log
    assert len(restarts(hub, running)) == 1, "once"


def test_a_paused_space_is_started(hub: LocalHub, api: HfApi, running: str, workspace: Path) -> None:
    api.pause_space(running)

    step = run(workspace, hub, running)

    assert (step.exit_code, step.outputs["result"]) == (0, "live"), step.log


def test_not_waited_for(hub: LocalHub, running: str, workspace: Path) -> None:
    step = run(workspace, hub, running, wait="false")

    assert (step.exit_code, step.outputs["result"]) == (0, "seen"), step.log
    assert len(restarts(hub, running)) == 1


def test_a_dry_run_asks_for_nothing(hub: LocalHub, running: str, workspace: Path) -> None:
    step = run(workspace, hub, running, dry_run="true", rebuild="true")

    assert (step.exit_code, step.outputs["result"]) == (0, "planned"), step.log
    assert "Would build it anew and start it" in step.log
    assert restarts(hub, running) == []


def test_a_static_space_can_not_be_restarted(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    api.create_repo(space, repo_type="space", space_sdk="static")

    step = run(workspace, hub, space)

    assert (step.exit_code, step.outputs["error"]) == (1, "static-restart"), step.log


def test_a_space_that_is_not_there(hub: LocalHub, space: str, workspace: Path) -> None:
    step = run(workspace, hub, space)

    assert (step.exit_code, step.outputs["error"]) == (1, "space-missing"), step.log


def test_a_refused_restart_of_a_trusted_publisher_is_named(hub: LocalHub, running: str, workspace: Path) -> None:
    hub.trust(running, repository=REPOSITORY, branch="main", workflow="deploy.yml")
    hub.fault(method="POST", path=f"{running}/restart", kind="status", status=401,
              body={"error": "Invalid username or password."})  # fmt: skip

    step = run(workspace, hub, running, hf_token="", env={**WORKFLOW, **hub.job(REPOSITORY)})
    hub.no_faults()

    assert (step.exit_code, step.outputs["error"]) == (1, "publisher-may-not"), step.log


@pytest.mark.parametrize(("rebuild", "anew"), [("true", True), ("false", False), ("never", False)])
def test_rebuild_leaves_the_cache_aside(rebuild: str, anew: bool, hub: LocalHub, running: str, workspace: Path) -> None:
    step = run(workspace, hub, running, rebuild=rebuild)

    assert (step.exit_code, step.outputs["result"]) == (0, "live"), step.log
    assert ("build it anew" in step.log) is anew
    assert ["factory=true" in request for request in restarts(hub, running)] == [anew]


@pytest.mark.parametrize(("rebuild", "times"), [("always", 1), ("never", 0), ("", 0)])
def test_deploy_of_an_unchanged_tree_builds_anew_where_that_is_asked_for(
    rebuild: str, times: int, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    repository.create(workspace, DOCKER)
    assert deploy(workspace, hub.endpoint, {"space": space}).outputs["result"] == "live"
    hub.script(space, {"stage": "RUNNING"}, on_restart=STARTS)
    hub.forget()

    step = deploy(workspace, hub.endpoint, {"space": space, "rebuild": rebuild})

    assert (step.exit_code, step.outputs["result"], step.outputs["changed"]) == (0, "live", "false"), step.log
    assert len(restarts(hub, space)) == times
    assert ("Stage: APP_STARTING" in step.log) is bool(times), "the new start is waited for"


def test_deploy_of_a_changed_tree_is_built_once(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, DOCKER)
    deploy(workspace, hub.endpoint, {"space": space})
    repository.commit(workspace, "Second", {"app.py": "print(2)\n"})
    hub.forget()

    step = deploy(workspace, hub.endpoint, {"space": space, "rebuild": "always"})

    assert step.outputs["result"] == "live", step.log
    assert restarts(hub, space) == []


def test_a_static_space_is_not_rebuilt(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, {"index.html": "<h1>Tides</h1>\n"})

    step = deploy(workspace, hub.endpoint, {"space": space, "rebuild": "always"})

    assert (step.exit_code, step.outputs["error"]) == (1, "static-hardware"), step.log
