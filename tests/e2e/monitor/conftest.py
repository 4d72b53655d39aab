"""Spaces as a deploy leaves them, what happens to them, and the command that looks at them."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from hfspace_action.plan.settings.fingerprint import mark
from tests.kit.github import GitHub, github
from tests.kit.local import LocalHub, until
from tests.kit.step.action import REPOSITORY, Step, deploy

_numbers = count(1)
TOKEN = "ghs_job"
SECRET = "k3y-of-a-test"
DEPLOY = f"Deploy {REPOSITORY}@abc1234"
DECLARED = {
    "variables": "GREETING=hello",
    "secrets": f"API_KEY={SECRET}",
    "visibility": "public",
    "hardware": "cpu-upgrade",
    "sleep-time": "1h",
}


@pytest.fixture
def octo() -> Iterator[GitHub]:
    """GitHub, judged by its own description."""
    tokens = {TOKEN: {}, "ghs_poor": {"lacks": ("issues",)}, "ghs_unlabelled": {"labels": False}}
    with github(REPOSITORY, tokens) as octo:
        yield octo


@dataclass
class Watched:
    """A repository on GitHub, and the Spaces that its scheduled workflow looks at."""

    hub: LocalHub
    api: HfApi
    octo: GitHub
    workspace: Path

    def run(self, space: str = "", **inputs: str) -> Step:
        """Look at a Space, or at `spaces`."""
        self.workspace.mkdir(exist_ok=True)
        given = {"command": "watch", "space": space, "github-token": TOKEN}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        return deploy(self.workspace, self.hub.endpoint, given, github=self.octo.url)

    def deployed(self, space: str, *script: dict[str, Any], on_restart: tuple[dict[str, Any], ...] = ()) -> str:
        """Make a Space with the settings that are declared, as a deploy of ours would, which goes through these stages."""
        self.api.create_repo(
            space,
            repo_type="space",
            space_sdk="docker",
            space_hardware="cpu-upgrade",
            space_sleep_time=3600,
            space_variables=[{"key": "GREETING", "value": "hello"}],
            space_secrets=[{"key": "API_KEY", "value": SECRET, "description": mark("", SECRET, "hf_alice")}],
        )
        stages = script or ({"stage": "RUNNING"},)
        self.hub.script(space, *stages, on_restart=on_restart)
        self.commit(space, DEPLOY, "app.py")
        self.settled(space, stages[-1]["stage"])
        return space

    def commit(self, space: str, title: str, path: str) -> str:
        """Commit a file to a Space, and return the commit."""
        files = [CommitOperationAdd(path, f"{title} {next(_numbers)}".encode())]
        made = self.api.create_commit(space, files, repo_type="space", commit_message=title)
        return str(made.oid)

    def settled(self, space: str, stage: str) -> None:
        """Wait until a Space is in a stage."""
        until(lambda: self.api.get_space_runtime(space).stage == stage, f"{space} is not {stage}")

    def about(self, space: str) -> list[dict[str, Any]]:
        """The issues about a Space."""
        return [each for each in self.octo.issues if f"watch of {space} -->" in each["body"]]


@pytest.fixture
def watched(hub: LocalHub, api: HfApi, octo: GitHub, workspace: Path) -> Watched:
    return Watched(hub, api, octo, workspace)
