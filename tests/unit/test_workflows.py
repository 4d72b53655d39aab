"""The workflows of this repository: whose code they run, what they may do, and that CI runs what `.ci/run` runs."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.faults.scenes import SCENES
from tests.kit import ROOT

WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def jobs(workflow: Path) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = yaml.safe_load(workflow.read_text("utf-8"))["jobs"]
    return found


@pytest.mark.parametrize("file", [*WORKFLOWS, ROOT / "uvx/action.yml"], ids=lambda path: path.name)
def test_others_code_is_named_by_its_commit_with_the_version_beside_it(file: Path) -> None:
    lines = [line.strip(" -") for line in file.read_text("utf-8").splitlines() if re.match(r"\s*(- )?uses:", line)]

    assert lines
    assert [line for line in lines if not PINNED.fullmatch(line)] == []


def test_one_version_of_each_is_in_use() -> None:
    text = "".join(path.read_text("utf-8") for path in [*WORKFLOWS, ROOT / "uvx/action.yml"])
    pins = set(re.findall(r"uses: ([\w./-]+)@(\S+)", text))

    assert len({name for name, _ in pins}) == len(pins)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.stem)
def test_a_job_has_its_own_rights_and_an_end(workflow: Path) -> None:
    assert yaml.safe_load(workflow.read_text("utf-8"))["permissions"] == {}
    for name, job in jobs(workflow).items():
        assert job["permissions"], name
        assert 0 < job["timeout-minutes"] <= 45, name


def test_ci_runs_every_step_of_the_local_run() -> None:
    script = (ROOT / ".ci/run").read_text("utf-8")
    every = re.search(r"\|\| set -- (.*)$", script, re.MULTILINE)
    run = [
        step["run"]
        for job in jobs(ROOT / ".github/workflows/ci.yml").values()
        for step in job["steps"]
        if "run" in step
    ]

    assert every
    assert all(command.startswith(".ci/run ") for command in run)
    named = {name for command in run for name in command.split()[1:]}
    assert set(every[1].split()) <= named
    assert all(re.search(rf"^{name}\(\) \{{", script, re.MULTILINE) for name in named)


def test_ci_tries_every_python_that_the_package_promises() -> None:
    matrix = jobs(ROOT / ".github/workflows/ci.yml")["test"]["strategy"]["matrix"]["python"]
    promised = re.search(r'requires-python = ">=3\.(\d+)"', (ROOT / "pyproject.toml").read_text("utf-8"))

    assert promised
    assert matrix == [f"3.{minor}" for minor in range(int(promised[1]), 15)]


def test_nightly_tries_the_faults_of_every_command() -> None:
    nightly = yaml.safe_load((ROOT / ".github/workflows/nightly.yml").read_text("utf-8"))
    parts = nightly["jobs"]["faults"]["strategy"]["matrix"]["commands"]

    assert sorted("|".join(parts).split("|")) == sorted(SCENES)
