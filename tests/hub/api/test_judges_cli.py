"""The official command line, `hf`, unmodified: what people type when they look at a Space or repair it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi

from tests.kit.local import LocalHub

Run = Callable[..., subprocess.CompletedProcess[str]]
Hf = Callable[..., Any]


@pytest.fixture
def run(endpoint: str, tmp_path: Path) -> Run:
    """`run(*arguments)`: hf's exit status and what it printed."""
    command = Path(sys.executable).with_name("hf")
    environment = os.environ | {"HF_ENDPOINT": endpoint, "HF_TOKEN": "hf_alice", "FROM_THE_ENVIRONMENT": "s3cret"}

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [command, *arguments],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def hf(run: Run) -> Hf:
    """`hf(*arguments)`: what a command that succeeds prints as JSON."""

    def hf(*arguments: str) -> Any:
        done = run(*arguments, "--json")
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return hf


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "app/data").mkdir(parents=True)
    (tmp_path / "app/Dockerfile").write_text("FROM scratch\n")
    (tmp_path / "app/data/a.bin").write_bytes(os.urandom(100_000))
    return tmp_path / "app"


@pytest.mark.slow
def test_a_space_from_its_creation_to_its_end(run: Run, hf: Hf, api: HfApi, name: str, folder: Path) -> None:
    created = hf("repos", "create", name, "--type", "space", "--sdk", "docker", "--private", "--env", "GREETING=hello")
    assert created["repo_id"] == name
    assert hf("spaces", "variables", "ls", name)[0]["key"] == "GREETING"

    hf("upload", name, str(folder), ".", "--type", "space", "--commit-message", "By hand")
    hf("spaces", "wait", name, "--timeout", "20s")
    info = hf("spaces", "info", name)
    assert (info["id"], info["private"], info["sdk"]) == (name, True, "docker")
    assert (info["runtime"]["stage"], info["runtime"]["raw"]["sha"]) == ("RUNNING", info["sha"])
    assert {one["rfilename"] for one in info["siblings"]} >= {"Dockerfile", "data/a.bin"}
    assert api.list_repo_commits(name, repo_type="space")[0].title.startswith("By hand")

    hf("repos", "delete", name, "--type", "space", "--yes")
    assert not api.repo_exists(name, repo_type="space")
    assert f"Space '{name}' not found" in run("spaces", "info", name).stderr


def test_secrets_are_added_listed_without_their_values_and_deleted(hf: Hf, api: HfApi, docker: str) -> None:
    hf("spaces", "secrets", "add", docker, "-s", "FROM_THE_ENVIRONMENT", "-s", "OTHER=x")
    listed = hf("spaces", "secrets", "ls", docker)
    assert {one["key"] for one in listed} == {"FROM_THE_ENVIRONMENT", "OTHER"}
    assert "s3cret" not in json.dumps(listed)
    hf("spaces", "secrets", "delete", docker, "OTHER", "--yes")
    assert set(api.get_space_secrets(docker)) == {"FROM_THE_ENVIRONMENT"}


def test_variables_are_added_listed_and_deleted(hf: Hf, api: HfApi, docker: str) -> None:
    hf("spaces", "variables", "add", docker, "-e", "A=1", "-e", "B=2")
    assert {one["key"]: one["value"] for one in hf("spaces", "variables", "ls", docker)} == {"A": "1", "B": "2"}
    hf("spaces", "variables", "delete", docker, "A", "--yes")
    assert {key: one.value for key, one in api.get_space_variables(docker).items()} == {"B": "2"}


def test_settings_change_hardware_and_sleep_time(hf: Hf, api: HfApi, docker: str) -> None:
    hf("spaces", "settings", docker, "--hardware", "cpu-upgrade", "--sleep-time", "300")
    runtime = api.get_space_runtime(docker)
    assert (runtime.requested_hardware, runtime.sleep_time) == ("cpu-upgrade", 300)


@pytest.mark.slow
def test_pause_and_restart_and_what_wait_makes_of_them(
    run: Run, hf: Hf, api: HfApi, docker: str, push: Callable[..., str]
) -> None:
    commit = push(docker, {"Dockerfile": "FROM scratch\n"})
    hf("spaces", "wait", docker, "--timeout", "20s")
    hf("spaces", "pause", docker)
    assert api.get_space_runtime(docker).stage == "PAUSED"
    waited = run("spaces", "wait", docker, "--timeout", "20s")
    assert waited.returncode != 0
    assert "PAUSED" in waited.stderr
    hf("spaces", "restart", docker, "--factory-reboot")
    hf("spaces", "wait", docker, "--timeout", "20s")
    assert api.get_space_runtime(docker).raw["sha"] == commit


def test_logs_of_a_build_that_failed(run: Run, hub: LocalHub, docker: str, push: Callable[..., str]) -> None:
    hub.script(
        docker,
        {"stage": "BUILDING", "build_log": "Step 1\nNo such package\n"},
        {"after": 0.1, "stage": "BUILD_ERROR", "errorMessage": "Job failed with exit code: 1"},
    )
    push(docker, {"Dockerfile": "FROM scratch\n"})
    waited = run("spaces", "wait", docker, "--timeout", "20s")
    assert waited.returncode != 0
    assert "BUILD_ERROR" in waited.stderr
    assert run("spaces", "logs", docker, "--build").stdout.splitlines()[-2:] == ["Step 1", "No such package"]


def test_logs_of_an_app_that_runs_and_then_is_paused(
    run: Run, hub: LocalHub, api: HfApi, docker: str, push: Callable[..., str]
) -> None:
    hub.script(docker, {"stage": "RUNNING", "run_log": "Listening on 7860\n"})
    push(docker, {"Dockerfile": "FROM scratch\n"})
    api.pause_space(docker)  # its log ends, so that hf doesn't wait five seconds for more
    assert "Listening on 7860" in run("spaces", "logs", docker).stdout


@pytest.mark.slow
def test_somebody_elses_space_can_be_read_but_not_changed(run: Run, docker: str) -> None:
    assert run("spaces", "info", docker, "--token", "hf_bob").returncode == 0
    for command in (["pause"], ["restart"], ["settings", "--sleep-time", "300"]):
        refused = run("spaces", command[0], docker, *command[1:], "--token", "hf_bob")
        assert refused.returncode != 0
        assert "403" in refused.stderr
