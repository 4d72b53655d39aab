"""What a commit or a rest does otherwise to a Space."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import HfApi, Volume

from tests.kit import web
from tests.kit.local import LocalHub

from .conftest import Reach, Vary

Push = Callable[..., str]
APP = {"Dockerfile": "FROM scratch"}
BUILT = "---\nsdk: static\napp_build_command: sh make.sh\n---\n"
A_WHILE = 1.5
"""Seconds in which a simulated Space would have built and started."""


def sha(api: HfApi, space: str) -> str | None:
    return api.get_space_runtime(space).raw.get("sha")


def runs(api: HfApi, space: str, commit: str, within: float = 10) -> bool:
    """Whether a commit comes to run in time."""
    deadline = time.monotonic() + within
    while sha(api, space) != commit:
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def test_quiet_static_build(api: HfApi, static: str, push: Push, reach: Reach, vary: Vary, tmp_path: Path) -> None:
    vary("quiet-static-build")
    gate = tmp_path / "gate"
    push(static, {"README.md": BUILT, "make.sh": "echo one > index.html"})
    host = reach("RUNNING")
    deadline = time.monotonic() + 10
    while web.get(host).status_code != 302:
        assert time.monotonic() < deadline
        time.sleep(0.05)
    push(static, {"make.sh": f"until [ -e {gate} ]; do sleep 0.05; done; exit 1"})
    began = time.monotonic()
    while time.monotonic() < began + 0.5:
        assert api.get_space_runtime(static).stage == "RUNNING"
    gate.touch()
    reach("BUILD_ERROR")


@pytest.fixture
def variant(request: pytest.FixtureRequest, vary: Vary) -> str | None:
    """The variant that is on, if any."""
    name: str | None = request.param
    vary(*([name] if name else []))
    return name


@pytest.mark.parametrize("variant", [None, "sleeping-push"], indirect=True)
def test_a_commit_to_a_sleeping_space(
    api: HfApi, hub: LocalHub, docker: str, push: Push, reach: Reach, variant: str | None
) -> None:
    hub.script(docker, {"stage": "SLEEPING"})
    push(docker, APP)
    host = reach("SLEEPING")
    hub.no_script(docker)
    commit = push(docker, {"b": "2"})
    assert runs(api, docker, commit, A_WHILE if variant else 10) == (variant is None)
    if variant:
        assert api.get_space_runtime(docker).stage == "SLEEPING"
        web.get(host)
        assert runs(api, docker, commit)


@pytest.mark.parametrize("variant", [None, "dev-mode-push"], indirect=True)
def test_a_commit_to_a_space_in_dev_mode(api: HfApi, docker: str, push: Push, variant: str | None) -> None:
    assert runs(api, docker, push(docker, APP))
    api.enable_space_dev_mode(docker)
    commit = push(docker, {"b": "2"})
    assert runs(api, docker, commit, A_WHILE if variant else 10) == (variant is None)
    api.restart_space(docker)
    assert runs(api, docker, commit)


@pytest.mark.parametrize("variant", [None, "readme-push"])
def test_a_commit_that_changes_the_readme_alone(
    api: HfApi, docker: str, push: Push, vary: Vary, variant: str | None
) -> None:
    vary(*([variant] if variant else []))
    assert runs(api, docker, push(docker, APP))
    commit = push(docker, {"README.md": "---\nsdk: docker\n---\nOther words\n"})
    assert runs(api, docker, commit, A_WHILE if variant else 10) == (variant is None)
    assert runs(api, docker, push(docker, {"README.md": "---\nsdk: docker\n---\nMore\n", "b": "2"}))


def test_stopped_when_idle(api: HfApi, hub: LocalHub, docker: str, push: Push, reach: Reach, vary: Vary) -> None:
    hub.script(docker, {"stage": "SLEEPING"})
    commit = push(docker, APP)
    reach("SLEEPING")
    vary("stopped-when-idle")
    assert api.get_space_runtime(docker).stage == api.space_info(docker).runtime.stage == "STOPPED"
    web.get(str(api.space_info(docker).host))  # wakes it all the same
    assert runs(api, docker, commit)


def test_flagged(api: HfApi, docker: str, push: Push, reach: Reach, vary: Vary) -> None:
    vary("flagged")
    push(docker, APP)
    reach("PAUSED")
    assert api.restart_space(docker).stage == "PAUSED"
    assert api.get_space_runtime(docker).raw["errorMessage"] == "Flagged as abusive"


def test_build_queued(api: HfApi, docker: str, push: Push, reach: Reach, vary: Vary) -> None:
    vary("build-queued")
    push(docker, APP)
    reach("BUILDING")
    time.sleep(A_WHILE)
    assert api.get_space_runtime(docker).stage == "BUILDING"
    api.pause_space(docker)  # ends the log
    assert [line.strip()[:20] for line in api.fetch_space_logs(docker, build=True) if line.strip()] == [
        "===== Build Queued a"
    ]


def test_no_descriptions(api: HfApi, docker: str, vary: Vary) -> None:
    api.add_space_secret(docker, "KEY", "value", description="What it is for")
    assert api.get_space_secrets(docker)["KEY"].description == "What it is for"
    vary("no-descriptions")
    assert not api.get_space_secrets(docker)["KEY"].description
    assert api.get_space_secrets(docker)["KEY"].updated_at


@pytest.mark.parametrize("variant", [None, "volumes-keep-running"])
def test_volumes_that_change_start_the_app_anew(
    api: HfApi, docker: str, push: Push, vary: Vary, variant: str | None
) -> None:
    assert runs(api, docker, push(docker, APP))
    vary(*([variant] if variant else []))

    api.set_space_volumes(docker, [Volume(type="bucket", source="alice/store", mount_path="/store")])

    assert (api.get_space_runtime(docker).stage == "RUNNING") == (variant is not None)
