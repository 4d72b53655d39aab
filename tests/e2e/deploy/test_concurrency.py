"""Eight steps at once: each ends with the truth about itself, nobody meets a server error, and no commit is lost."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi

from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.step.action import Step, deploy
from tests.kit.step.provoke import SITE

STEPS = 8


def at_once(run: Callable[[int], Step]) -> list[Step]:
    with ThreadPoolExecutor(STEPS) as pool:
        return list(pool.map(run, range(STEPS)))


def page(number: int) -> str:
    return f"<h1>Number {number}</h1>"


def server_errors(hub: LocalHub) -> list[dict[str, Any]]:
    return [request for request in hub.requests() if request["status"] >= 500]


def test_eight_spaces(hub: LocalHub, api: HfApi, space: str, tmp_path: Path) -> None:
    hub.forget()

    def run(number: int) -> Step:
        workspace = repository.create(tmp_path / str(number), {"index.html": page(number)})
        return deploy(workspace, hub.endpoint, {"space": f"{space}-{number}"})

    steps = at_once(run)

    for number, step in enumerate(steps):
        assert step.outputs["result"] == "live", step.log
        assert step.outputs["commit-sha"] == api.space_info(f"{space}-{number}").sha
    assert not server_errors(hub)


def test_one_space(hub: LocalHub, api: HfApi, space: str, tmp_path: Path) -> None:
    api.create_repo(space, repo_type="space", space_sdk="static")
    hub.forget()

    def run(number: int) -> Step:
        workspace = repository.create(tmp_path / str(number), {"index.html": page(number)})
        return deploy(workspace, hub.endpoint, {"space": space})

    steps = at_once(run)

    history = [commit.commit_id for commit in api.list_repo_commits(space, repo_type="space")]
    published = [step.outputs["commit-sha"] for step in steps if step.outputs["changed"] == "true"]
    assert sorted(published) == sorted(history[:-1]), "each commit is one step's, and none is lost"
    for step in steps:
        told = (step.outputs["result"], step.outputs["error"], step.outputs["changed"])
        assert told in {("live", "", "true"), ("superseded", "superseded", "true"), ("error", "head-moved", "")}, (
            step.log
        )
        assert step.exit_code == (0 if told[0] == "live" else 1)
    last = [number for number, step in enumerate(steps) if step.outputs["commit-sha"] == history[0]]
    assert [steps[number].outputs["result"] for number in last] == ["live"]
    held = Path(api.hf_hub_download(space, "index.html", repo_type="space", cache_dir=tmp_path / "cache"))
    assert held.read_text() == page(last[0])
    assert not server_errors(hub)


@pytest.mark.parametrize("path", ["/tree/", "/preupload/main", "/commit/main", "/variables"])
def test_a_space_that_is_deleted_meanwhile(path: str, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    api.create_repo(space, repo_type="space", space_sdk="static")
    repository.create(workspace, SITE)
    gone = {"X-Error-Code": "RepoNotFound"}
    hub.fault(path=f"^/api/spaces/{space}{path}", kind="status", status=404, headers=gone)

    step = deploy(workspace, hub.endpoint, {"space": space, "variables": "A=1"})

    assert (step.exit_code, step.outputs["error"]) == (1, "space-gone"), step.log
    assert "deleted" in step.log
