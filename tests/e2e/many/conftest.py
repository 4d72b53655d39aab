from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.step.action import Step, deploy


class Many(NamedTuple):
    """A repository with a folder and a Space for each name, all of them one letter or more apart in `space`."""

    hub: LocalHub
    space: str
    workspace: Path

    def name(self, folder: str) -> str:
        """The Space of a folder."""
        return f"{self.space}-{folder}"

    def declare(self, *folders: str, defaults: Mapping[str, Any] | None = None, **own: Mapping[str, Any]) -> None:
        """Create the repository. `own` is what single Spaces have beside their names and paths."""
        spaces = [
            {"space": self.name(folder), "path": f"apps/{folder}"} | dict(own.get(folder, {})) for folder in folders
        ]
        content = yaml.safe_dump({"defaults": dict(defaults or {}), "spaces": spaces}, sort_keys=False)
        apps = {f"apps/{folder}/{name}": text for folder in folders for name, text in _app(folder, own).items()}
        repository.create(self.workspace, {"spaces.yaml": content, **apps})

    def run(self, *, env: Mapping[str, str] | None = None, **inputs: str) -> Step:
        """Run a step that names no Space. `env` is more of the job's environment."""
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        return deploy(self.workspace, self.hub.endpoint, {"space": "", **given}, env=env)

    def writes(self) -> list[str]:
        """The requests since the last `forget` that may have changed something."""
        asked = self.hub.requests()
        return [each["path"] for each in asked if each["method"] != "GET" and "validate-yaml" not in each["path"]]


def _app(folder: str, own: Mapping[str, Mapping[str, Any]]) -> dict[str, str]:
    """The files of one Space: of a Docker Space if it has secrets, which a static one can't keep."""
    if {"secrets", "sdk"} & own.get(folder, {}).keys():
        return {"Dockerfile": f"FROM scratch\nLABEL name={folder}\nEXPOSE 7860\n"}
    return {"index.html": f"<h1>{folder}</h1>\n"}


@pytest.fixture
def many(hub: LocalHub, space: str, workspace: Path) -> Many:
    return Many(hub, space, workspace)
