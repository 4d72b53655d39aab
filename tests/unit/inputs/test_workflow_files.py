"""`workflow_files`: the line of the workflow that gives an input."""

from pathlib import Path

import pytest

from hfspace_action.errors import Place
from hfspace_action.inputs import workflow_files
from hfspace_action.inputs.schema import BadInputs, read

FILE = ".github/workflows/deploy.yml"
WORKFLOW = """\
on: push
jobs:
  other:
    steps:
      - uses: org/hf-space-deploy@v1
        with: {sdk: flask}
  deploy:
    steps:
      - uses: actions/checkout@v5
      - uses: org/hf-space-deploy@v1
        with:
          space: a/b/c
          sdk: flask
      - uses: org/hf-space-deploy@v1
        with:
          space: a/b/c
"""


@pytest.fixture
def env(tmp_path: Path) -> dict[str, str]:
    (tmp_path / FILE).parent.mkdir(parents=True)
    (tmp_path / FILE).write_text(WORKFLOW)
    return {
        "GITHUB_WORKSPACE": str(tmp_path), "GITHUB_REPOSITORY": "acme/app", "GITHUB_JOB": "deploy",
        "GITHUB_WORKFLOW_REF": f"acme/app/{FILE}@refs/heads/main",
    }  # fmt: skip


def test_an_input_is_found_in_its_job(env: dict[str, str]) -> None:
    assert workflow_files.place(env, "sdk", "flask") == Place(FILE, 13)


@pytest.mark.parametrize(
    ("name", "text"), [("space", "a/b/c"), ("sdk", "gradio"), ("wait", "flask")], ids=["in two steps", "other text", "nowhere"]
)  # fmt: skip
def test_what_is_not_in_one_place_has_none(name: str, text: str, env: dict[str, str]) -> None:
    assert workflow_files.place(env, name, text) is None


@pytest.mark.parametrize(
    "change",
    [
        {"GITHUB_WORKFLOW_REF": ""},
        {"GITHUB_WORKFLOW_REF": "acme/app/.github/workflows/../../secret.yml@x"},
        {"GITHUB_WORKFLOW_REF": "acme/app/.github/workflows/none.yml@x"},
        {"GITHUB_WORKSPACE": "/nowhere"},
    ],
)
def test_a_workflow_that_is_not_there_has_no_places(change: dict[str, str], env: dict[str, str]) -> None:
    assert workflow_files.place(env | change, "sdk", "flask") is None


@pytest.mark.parametrize("text", ["[", "- 1", "jobs: 3", "jobs: {deploy: {steps: {with: 1}}}", ""])
def test_a_workflow_that_is_none_has_no_places(text: str, env: dict[str, str]) -> None:
    (Path(env["GITHUB_WORKSPACE"]) / FILE).write_text(text)
    assert workflow_files.place(env, "sdk", "flask") is None


def test_a_refused_input_is_at_its_line(env: dict[str, str]) -> None:
    with pytest.raises(BadInputs) as bad:
        read(env | {"INPUT_SPACE": "alice/demo", "INPUT_HF-TOKEN": "hf_alice", "INPUT_SDK": "flask"})

    assert [failure.place for failure in bad.value.failures] == [Place(FILE, 13)]
