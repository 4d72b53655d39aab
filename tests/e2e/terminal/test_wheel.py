"""The wheel, as uvx runs it."""

import os
import shutil
import subprocess
import sys
import zipfile
from email.parser import Parser
from pathlib import Path

import pytest
import uv
from packaging.requirements import Requirement

import hfspace_action
from tests.kit import ROOT
from tests.kit.local import LocalHub
from tests.kit.space.real import uv_cache
from tests.kit.step.command_line import folder, run

SOURCES = ("hfspace_action", "action.yml", "pyproject.toml", "README.md")
pytestmark = pytest.mark.xdist_group("wheel")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from what a source distribution would hold."""
    top = tmp_path_factory.mktemp("wheel")
    for name in SOURCES:
        copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy
        copy(ROOT / name, top / name)
    command = [uv.find_uv_bin(), "build", "--wheel", "--no-build-isolation", "--python", sys.executable]
    built = subprocess.run([*command, "--out-dir", "dist"], cwd=top, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stderr
    (made,) = (top / "dist").glob("*.whl")
    return made


def requirements(lines: list[str]) -> set[Requirement]:
    return {Requirement(line) for line in lines if line.strip() and not line.startswith("#")}


def test_the_wheel_asks_for_what_the_image_carries(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (each for each in archive.namelist() if each.endswith(".dist-info/METADATA"))
        metadata = Parser().parsestr(archive.read(name).decode())

    asked = requirements(metadata.get_all("Requires-Dist") or [])

    assert {each for each in asked if not each.marker} == requirements(
        (ROOT / "requirements/action.in").read_text("utf-8").splitlines()
    )
    assert metadata["Version"] == hfspace_action.__version__


def test_the_wheel_has_every_file_of_the_action_and_nothing_of_localhub(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}

    ours = subprocess.check_output(["git", "ls-files", "hfspace_action"], cwd=ROOT, text=True).splitlines()
    assert set(ours) | {"hfspace_action/action.yml"} <= packed
    assert {name.partition("/")[0] for name in packed} == {"hfspace_action"}


def test_uvx_deploys_a_folder_with_a_page(wheel: Path, hub: LocalHub, space: str, workspace: Path) -> None:
    program = [uv.find_uv_bin(), "tool", "run", "--quiet", "--from", str(wheel), "hf-space-deploy"]
    site = folder(workspace, {"index.html": "<h1>Hello</h1>"})
    env = {"HF_ENDPOINT": hub.endpoint, "HF_TOKEN": "hf_alice", "UV_CACHE_DIR": uv_cache()}
    env |= {name: value for name, value in os.environ.items() if name.startswith(("SSL_", "UV_"))}

    planned = run(site, space, "--path", ".", "--dry-run", env=env, program=program)
    deployed = run(site, space, "--json", env=env, program=program)
    helped = run(site, "--help", env=env, program=program)

    assert (planned.exit_code, "+ files: 2 added" in planned.out) == (0, True), planned.out + planned.err
    assert (deployed.exit_code, deployed.outputs["result"]) == (0, "live"), deployed.err
    assert "--prune-settings" in helped.out or "prune-settings" in helped.out
