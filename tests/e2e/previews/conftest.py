from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from hfspace_action.commands.previews import names
from tests.kit import gitrepo, repository
from tests.kit.github import GitHub, Pull, github
from tests.kit.local import LocalHub
from tests.kit.step import event
from tests.kit.step.action import REPOSITORY, Step, deploy

TOKEN = "ghs_job"


@pytest.fixture
def octo() -> Iterator[GitHub]:
    """GitHub, judged by its own description."""
    with github(REPOSITORY, {TOKEN: {}, "ghs_poor": {"lacks": ("issues", "deployments")}}) as octo:
        yield octo


@dataclass
class Stage:
    """A repository with a pull request, and the commands that its workflows run."""

    hub: LocalHub
    api: HfApi
    octo: GitHub
    workspace: Path
    space: str

    def run(self, env: dict[str, str], **inputs: str) -> Step:
        """Run a step; `command: preview` unless told otherwise."""
        given = {"command": "preview", "space": self.space, "github-token": TOKEN, "sdk": "static"}
        given |= {name.replace("_", "-"): value for name, value in inputs.items()}
        return deploy(self.workspace, self.hub.endpoint, given, env=env, github=self.octo.url)

    def pull(self, pull: Pull, action: str = "opened", *, merged: bool = False, **inputs: str) -> Step:
        """Run the step for something that happened to a pull request."""
        return self.run(event.pull_request(self.workspace.parent, pull, action, merged=merged), **inputs)

    def closed(self, pull: Pull, *, merged: bool = False, **inputs: str) -> Step:
        """Close a pull request, and run the step for that."""
        pull.state = "closed"
        return self.pull(pull, "closed", merged=merged, **inputs)

    def commit(self, text: str = "<h1>Changed</h1>") -> str:
        """Commit a change, and return the commit."""
        return repository.commit(self.workspace, "Change it", {"index.html": text})

    def head(self) -> str:
        """The commit that is checked out."""
        return gitrepo.git(self.workspace, "rev-parse", "HEAD").strip()

    def name(self, number: int) -> str:
        """The name of the preview of a pull request."""
        return names.preview(self.space, number)

    def exists(self, number: int) -> bool:
        """Whether the preview of a pull request is on the Hub."""
        return bool(self.api.repo_exists(self.name(number), repo_type="space"))

    def comment(self) -> str:
        """The one comment that there is."""
        (only,) = self.octo.comments
        return str(only["body"])


@pytest.fixture
def stage(hub: LocalHub, api: HfApi, octo: GitHub, workspace: Path, space: str) -> Stage:
    repository.create(workspace, {"index.html": "<h1>Hello</h1>"})
    return Stage(hub, api, octo, workspace, space)
