"""Every YAML block is one that works: workflows pass actionlint, steps have inputs that there are, with values that the code takes."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from hfspace_action.inputs import schema
from tests.kit import ROOT
from tests.kit.docs import pages
from tests.kit.docs.pages import Block

BLOCKS = list(pages.blocks("yaml", "yml"))
OURS = re.compile(r"(org/hf-space-deploy(/uvx)?@v1|\./)")
OUTPUTS = set(yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["outputs"])
EXPRESSION = re.compile(r"\$\{\{.*?\}\}")
JOB = {"runs-on": "ubuntu-latest"}
OTHERS = {"id_tokens", "oidc", "pipelines"}
"""Keys of GitLab's and Bitbucket's jobs."""
SPACES = {"defaults", "spaces"}
"""Keys of spaces.yaml, which tests/unit/inputs/spaces reads."""
ACCOUNTS = {"users", "orgs"}
"""Keys of localhub's accounts, which tests/hub reads."""
TOKEN = "hf_" + "AbCdEfGh" * 4


def workflow(block: Any) -> dict[Any, Any] | None:
    """The workflow that a block is, or is a part of; None if it is of another system."""
    if isinstance(block, list):
        return {"on": "push", "jobs": {"job": {**JOB, "steps": block}}}
    if not isinstance(block, dict) or elsewhere(block):
        return None
    if "jobs" in block:
        return block if True in block or "on" in block else {"on": "push", **block}
    if "steps" in block:
        return {"on": "push", "jobs": {"job": {**JOB, **block}}}
    return None


def elsewhere(block: dict[Any, Any]) -> bool:
    """Whether a block is of another CI system."""
    jobs = [block, *(job for job in block.values() if isinstance(job, dict))]
    return any(job.keys() & OTHERS for job in jobs)


def steps(block: Any) -> Iterator[dict[str, Any]]:
    """The steps with this action, wherever in a block."""
    if isinstance(block, dict):
        if OURS.fullmatch(str(block.get("uses", ""))):
            yield block
        for value in block.values():
            yield from steps(value)
    elif isinstance(block, list):
        for value in block:
            yield from steps(value)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_a_block_is_yaml_of_a_known_form(block: Block) -> None:
    read = yaml.safe_load(block.text)

    assert workflow(read) or elsewhere(read) or read.keys() <= ACCOUNTS or read.keys() == SPACES


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_a_workflow_passes_actionlint(block: Block) -> None:
    made = workflow(yaml.safe_load(block.text))
    if made is None:
        return  # another system's
    whole = "jobs:" in block.text and re.search(r"^on:", block.text, re.MULTILINE)
    source = (
        block.text if whole else yaml.safe_dump({("on" if key is True else key): value for key, value in made.items()})
    )
    command = [Path(sys.executable).with_name("actionlint"), "-no-color", "-"]
    done = subprocess.run(command, input=source, cwd=ROOT, capture_output=True, text=True, check=False)

    assert done.stdout == ""
    assert done.returncode == 0


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_a_step_has_inputs_that_there_are_with_values_that_are_taken(block: Block) -> None:
    for step in steps(yaml.safe_load(block.text)):
        given = step.get("with", {})
        assert given.keys() <= set(schema.NAMES), step
        texts = {name: text(value) for name, value in given.items()}
        env = {f"INPUT_{name.upper()}": "" if value is None else value for name, value in texts.items()}
        inputs = schema.read({"INPUT_HF-TOKEN": TOKEN, **env}, many=block.page.stem == "many-spaces")
        assert inputs.notes == ()


def text(value: Any) -> str:
    """A value of a workflow as a runner hands it over; where an expression stands, something that it may become."""
    written = str(value).lower() if isinstance(value, bool) else str(value)
    written = written.replace("${{ matrix.space }}", "alice/x1")
    return TOKEN if EXPRESSION.fullmatch(written) and "TOKEN" in written else EXPRESSION.sub("x1", written)


def test_steps_are_found_at_all() -> None:
    assert sum(len(list(steps(yaml.safe_load(block.text)))) for block in BLOCKS) > 20


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.name)
def test_outputs_that_are_used_are_outputs_of_a_step(block: Block) -> None:
    used = set(re.findall(r"steps\.(\w+)\.outputs\.([\w-]+)", block.text))
    ids = {step.get("id") for step in steps(yaml.safe_load(block.text))}

    assert {(name, output) for name, output in used if name not in ids or output not in OUTPUTS} == set()


@pytest.mark.parametrize("file", ["README.md", "docs/getting-started.md"])
def test_the_first_workflow_needs_nothing_added(file: str) -> None:
    first = next(block for block in BLOCKS if block.page == ROOT / file)
    read = yaml.safe_load(first.text)

    assert read["jobs"]
    assert read[True]  # what YAML 1.1 makes of `on`
