"""Provokes a failure through the entrypoint: a repository, inputs, and what has happened on the Hub before the step."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from hfspace_action.errors import catalogue
from tests.kit import repository
from tests.kit.local import LocalHub, localhub
from tests.kit.step.action import REPOSITORY, Step, deploy

SITE = {"README.md": "---\nsdk: static\n---\n", "index.html": "<h1>Tides</h1>\n"}
DOCKER = {"README.md": "---\nsdk: docker\n---\n", "Dockerfile": "FROM scratch\nEXPOSE 7860\n"}
WORKFLOW = {"GITHUB_WORKFLOW_REF": f"{REPOSITORY}/.github/workflows/deploy.yml@refs/heads/main"}
CLAIMS = {"repository": REPOSITORY, "branch": "main", "workflow": "deploy.yml"}
"""What a Space trusts that lets this job publish."""
# Each limit that a test sets is for one of these alone, because the cases share a Hub.
ACCOUNTS = """
users:
  - name: alice
    plan: pro
    tokens:
      hf_alice: write
      hf_alice_read: read
      hf_alice_files: {role: fineGrained, scoped: [{entity: alice, permissions: [repo.content.read, repo.content.write]}]}
  - {name: bob, plan: free, tokens: {hf_bob: write}}
  - {name: carl, plan: pro, tokens: {hf_carl: write}}
  - {name: unpaid, plan: pro, canPay: false, tokens: {hf_unpaid: write}}
  - {name: full, plan: pro, tokens: {hf_full: write}}
  - {name: maker, plan: pro, tokens: {hf_maker: write}}
  - {name: hasty, plan: pro, tokens: {hf_hasty: write}}
orgs:
  - {name: acme, plan: team, members: {alice: admin, bob: read, carl: contributor}}
"""


@dataclass(frozen=True)
class Scene:
    """Where a case is played: its Hub, its Space (which is not there yet), and the checkout."""

    hub: LocalHub
    space: str
    workspace: Path

    def api(self, name: str = "") -> HfApi:
        """The official client, in somebody's name: by default the Space's owner's."""
        return HfApi(self.hub.endpoint, token=f"hf_{name or self.space.partition('/')[0]}")

    def exists(self, files: Mapping[str, str] = SITE, by: str = "", sdk: str = "static") -> HfApi:
        """Create the Space with these files, and return the client that did."""
        api = self.api(by)
        api.create_repo(self.space, repo_type="space", space_sdk=sdk)
        added = [CommitOperationAdd(path, text.encode()) for path, text in files.items()]
        api.create_commit(self.space, added, repo_type="space", commit_message="Before")
        return api

    def fault(self, method: str, path: str = "", **fault: Any) -> None:
        """Answer requests about the Space wrongly; `path` is a regular expression for what follows its name."""
        self.hub.fault(method=method, path=f"^/api/spaces/{self.space}{path}", **fault)

    def trusted(self) -> dict[str, str]:
        """Let the Space trust this job; the environment that the job then has."""
        self.hub.trust(self.space, **CLAIMS)
        return self.hub.job(REPOSITORY) | WORKFLOW


@dataclass(frozen=True)
class Case:
    """One way to meet the failure `error`. `given` happens before the step; what it returns is added to the environment.

    The Space is `owner`'s, and so is the token, unless `inputs` have another. `says` are words of the annotation.
    """

    error: str
    name: str
    files: Mapping[str, str] = field(default_factory=lambda: SITE)
    inputs: Mapping[str, str] = field(default_factory=dict)
    given: Callable[[Scene], Mapping[str, str] | object] | None = None
    owner: str = "alice"
    says: Sequence[str] = ()
    result: str = "error"
    slow: bool = False

    def __post_init__(self) -> None:
        assert self.error in catalogue(), self.error

    def play(self, scene: Scene) -> Step:
        """Run the step."""
        repository.create(scene.workspace, self.files)
        env = self.given(scene) if self.given else None
        owner = scene.space.partition("/")[0]
        inputs = {"space": scene.space, "hf-token": f"hf_{owner}", **self.inputs}
        endpoint = inputs.pop("endpoint", scene.hub.endpoint)
        return deploy(scene.workspace, endpoint, inputs, env=env if isinstance(env, dict) else None)


@dataclass(frozen=True)
class Played:
    """A step that ended, and its annotations by the id that each ends with."""

    step: Step
    scene: Scene

    @property
    def errors(self) -> dict[str, str]:
        """The text of each error by its id."""
        lines = [line for line in self.step.log.splitlines() if line.startswith("::error")]
        return {
            re.split(r"[\s#]|%0A", line)[-1].strip("[]"): line.replace("%0A", "\n").replace("%25", "%")
            for line in lines
        }


Play = Callable[[Case], Played]


def each(cases: Iterable[Case]) -> list[Any]:
    """The cases as parameters. All tests of one are for the same worker, which plays it once."""
    return [
        pytest.param(case, id=case.name, marks=[pytest.mark.xdist_group(case.name), *[pytest.mark.slow] * case.slow])
        for case in cases
    ]


@contextmanager
def playing(folder: Path) -> Iterator[Play]:
    """A function that plays a case on a Hub of these accounts, or returns how it ended if it was played before."""
    played: dict[tuple[str, str], Played] = {}

    def play(case: Case) -> Played:
        key = case.error, case.name
        if key not in played:
            number = len(played) + 1
            scene = Scene(hub, f"{case.owner}/case-{number:03}", folder / str(number))
            played[key] = Played(case.play(scene), scene)
        return played[key]

    accounts = folder / "accounts.yml"
    accounts.write_text(ACCOUNTS, "utf-8")
    with localhub("--simulate", "--tick", "0.1", "--accounts", str(accounts)) as hub:
        yield play
