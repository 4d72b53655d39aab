"""The variant without Docker: the step of uvx/action.yml, run as a runner does it, with the package of this work tree."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from tests.kit import ROOT, repository
from tests.kit.local import LocalHub
from tests.kit.step.action import read_outputs

pytestmark = pytest.mark.packages  # installs the action's packages in an environment of its own


def test_deploys_and_leaves_the_same_outputs(hub: LocalHub, space: str, workspace: Path, tmp_path: Path) -> None:
    if "build-system" not in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8")):
        pytest.skip("needs a build backend in pyproject.toml, to install the package")
    action = yaml.safe_load((ROOT / "uvx/action.yml").read_text("utf-8"))
    step = action["runs"]["steps"][-1]
    repository.create(workspace, {"index.html": "<h1>Hello</h1>\n", "yaml.py": "raise SystemExit('not this yaml')\n"})
    given = {"space": space, "hf-token": "hf_alice", "endpoint": hub.endpoint, "healthy": "1"}
    env = {
        **{name: str(value) for name, value in step["env"].items() if not name.startswith("INPUT_")},
        **{f"INPUT_{name.upper()}": given.get(name, "") for name in action["inputs"]},
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(workspace),
        "GITHUB_ACTIONS": "true",
        "GITHUB_ACTION_PATH": str(ROOT / "uvx"),
        "GITHUB_WORKSPACE": str(workspace),
    }
    for name in ("OUTPUT", "STEP_SUMMARY"):
        env[f"GITHUB_{name}"] = str(tmp_path / name)
        (tmp_path / name).touch()
    network = {
        name: os.environ[name] for name in ("SSL_CERT_FILE", "UV_INDEX_URL", "UV_DEFAULT_INDEX") if name in os.environ
    }

    python = (
        f"{sys.version_info.major}.{sys.version_info.minor}"  # the one that is here, where the action asks for its own
    )
    script = step["run"].replace("--python 3.13", f"--python {python}")
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    done = subprocess.run(command, cwd=workspace, env=env | network, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stdout + done.stderr
    assert read_outputs((tmp_path / "OUTPUT").read_text("utf-8"))["result"] == "live"
    assert space in (tmp_path / "STEP_SUMMARY").read_text("utf-8")
