"""Spaces that are created: who may see them, and that none is made by a slip of the finger."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from huggingface_hub import HfApi

from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.step.action import Step, deploy

SITE = {"index.html": "<h1>Hello</h1>"}


def run(workspace: Path, hub: LocalHub, space: str, origin: str | None = None, **inputs: str) -> Step:
    """Deploy from a GitHub repository of this visibility."""
    repository.create(workspace, SITE)
    event = workspace.parent / "event.json"
    event.write_text(json.dumps({"repository": {"visibility": origin} if origin else {}}), "utf-8")
    return deploy(workspace, hub.endpoint, {"space": space, **inputs}, env={"GITHUB_EVENT_PATH": str(event)})


class Source(NamedTuple):
    """A repository, what its workflow says, and whether its Space becomes private."""

    repository_is: str | None
    inputs: dict[str, str]
    private: bool


@pytest.mark.parametrize(
    "source",
    [
        Source("private", {}, private=True),
        Source("internal", {}, private=True),
        Source("private", {"visibility": "public"}, private=False),
        Source("public", {}, private=False),
        Source(None, {}, private=False),
        Source("public", {"visibility": "private"}, private=True),
    ],
)
def test_a_new_space_is_as_private_as_its_source(
    source: Source, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    repository_is, inputs, private = source
    step = run(workspace, hub, space, repository_is, **inputs)

    assert (step.exit_code, step.outputs["result"]) == (0, "live"), step.log
    assert api.space_info(space).private == private
    assert step.outputs["visibility"] == ("private" if private else "public")
    (line,) = [line for line in step.log.splitlines() if line.startswith("Visibility of the new Space: ")]
    assert (repository_is or "not known") in line or "input visibility" in line


def test_an_existing_space_keeps_its_visibility(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    api.create_repo(space, repo_type="space", space_sdk="static")

    step = run(workspace, hub, space, "private")

    assert (step.outputs["result"], api.space_info(space).private) == ("live", False), step.log


@pytest.fixture
def misspelt(api: HfApi, space: str) -> Iterator[str]:
    """A Space whose name is spelt almost the same. It goes again, since the names of other tests' Spaces are like it too."""
    name = space.replace("space", "spcae")
    api.create_repo(name, repo_type="space", space_sdk="static")
    yield name
    api.delete_repo(name, repo_type="space")


GIVEN = [{}, {"dry-run": "true"}, {"command": "check"}, {"command": "check", "dry-run": "true"}]


@pytest.mark.parametrize("given", GIVEN, ids=["deploy", "dry run", "check", "check, dry"])
def test_a_misspelt_space_is_not_created(
    given: dict[str, str], misspelt: str, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    step = run(workspace, hub, space, **given)

    assert (step.exit_code, step.outputs["error"]) == (1, "space-similar"), step.log
    assert misspelt in step.log
    assert not api.repo_exists(space, repo_type="space")


@pytest.mark.usefixtures("misspelt")
def test_it_is_created_where_create_is_written_out(hub: LocalHub, space: str, workspace: Path) -> None:
    step = run(workspace, hub, space, create="true")

    assert (step.outputs["result"], step.outputs["created"]) == ("live", "true"), step.log


@pytest.mark.parametrize("command", ["deploy", "check"])
def test_create_false_creates_nothing(command: str, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    step = run(workspace, hub, space, create="false", command=command)

    assert (step.exit_code, step.outputs["error"]) == (1, "creation-forbidden"), step.log
    assert not api.repo_exists(space, repo_type="space")
