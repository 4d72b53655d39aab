"""action.yml, the code, the README and the package say the same."""

import ast
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import fields
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement

import hfspace_action
from hfspace_action import errors
from hfspace_action.inputs import schema
from hfspace_action.report import report
from hfspace_action.report.facts import Report
from hfspace_action.result import Result
from tests.kit import ROOT
from tests.kit.step.action import default

ACTION = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
RESULTS = {str(result) for result in Result}
NEEDED = {"INPUT_SPACE": "alice/site", "INPUT_HF-TOKEN": "hf_alice"}


def test_action_yml_has_the_inputs_that_the_code_reads() -> None:
    assert list(ACTION["inputs"]) == list(schema.NAMES)


def test_every_input_is_a_field() -> None:
    assert {schema.field_of(name) for name in schema.NAMES} == {each.name for each in fields(schema.Inputs)} - {"notes"}


def test_action_yml_has_the_outputs_that_the_code_writes() -> None:
    assert list(ACTION["outputs"]) == list(report.outputs(Report()))


def test_required_inputs_are_those_that_the_code_misses() -> None:
    required = {name for name, about in ACTION["inputs"].items() if about.get("required")}

    with pytest.raises(schema.BadInputs) as refused:
        schema.read({"GITHUB_ACTIONS": "true"})

    assert {failure.id for failure in refused.value.failures} == {"input-space-missing", "input-token-missing"}
    assert required == set()  # spaces.yaml may name the Spaces, and a job may prove who it is


def test_defaults_of_action_yml_mean_the_same_as_inputs_that_are_not_given() -> None:
    defaults = {f"INPUT_{name.upper()}": default(about) for name, about in ACTION["inputs"].items()}

    assert schema.read(defaults | NEEDED) == schema.read(NEEDED)


@pytest.mark.parametrize(
    "workflow", sorted((ROOT / "tests/e2e/runner/workflows").glob("*.yml")), ids=lambda path: path.stem
)
def test_workflows_use_inputs_and_outputs_that_exist(workflow: Path) -> None:
    text = workflow.read_text("utf-8")
    steps = [step for job in yaml.safe_load(text)["jobs"].values() for step in job["steps"] if step.get("uses") == "./"]

    assert steps
    assert all(step["with"].keys() <= ACTION["inputs"].keys() for step in steps)
    assert set(re.findall(r"steps\.deploy\.outputs\.([\w-]+)", text)) <= ACTION["outputs"].keys()


@pytest.mark.parametrize("kind", ["inputs", "outputs"])
def test_every_description_is_one_plain_sentence(kind: str) -> None:
    for name, about in ACTION[kind].items():
        assert re.fullmatch(r"[A-Z][^\n]*[^.\s]\.", about["description"]), name


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text("utf-8")


@pytest.mark.parametrize("name", [*ACTION["inputs"], *ACTION["outputs"]])
def test_readme_names_every_input_and_output(name: str, readme: str) -> None:
    assert f"`{name}`" in readme


def test_readme_names_every_command_in_the_order_of_the_code(readme: str) -> None:
    table = readme.partition("| command | what it does |")[2].partition("\n\n")[0]

    assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(schema.COMMANDS)


def test_readme_says_which_results_are_green(readme: str) -> None:
    rows = dict(re.findall(r"^\| `([\w-]+)` \|.*\| (green|red) \|$", readme, re.MULTILINE))

    assert {result for result, colour in rows.items() if colour == "green"} == {
        str(result) for result in Result if result.ok
    }
    assert rows.keys() == RESULTS


def test_docs_name_every_error() -> None:
    text = (ROOT / "docs/errors.md").read_text("utf-8")

    # A heading's anchor is its text without the backticks, so a failure's address ends with its id.
    assert sorted(re.findall(r"^### `(.*)`$", text, re.MULTILINE)) == sorted(errors.catalogue())


def test_versions_are_equal() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    label = re.search(r'org\.opencontainers\.image\.version="([^"]*)"', (ROOT / "Dockerfile").read_text("utf-8"))

    assert label is not None
    assert hfspace_action.__version__ == project["version"] == label[1]


def imported() -> Iterator[str]:
    """The top-level packages that the Action imports, wherever in its code."""
    for source in (ROOT / "hfspace_action").rglob("*.py"):
        for node in ast.walk(ast.parse(source.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                yield from (each.name.partition(".")[0] for each in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.module.partition(".")[0]


def requirements(lines: Iterable[str]) -> set[str]:
    return {str(Requirement(line)) for line in lines if line.strip() and not line.startswith(("#", "-r "))}


def test_the_package_asks_for_what_the_image_carries() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (ROOT / "requirements/action.in").read_text("utf-8").splitlines()

    assert requirements(project["dependencies"]) == requirements(lines)
    assert project["scripts"] == {"hf-space-deploy": "hfspace_action.command_line.main:main"}


def test_what_localhub_needs_is_an_extra_and_not_in_the_image() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    _, _, section = (ROOT / "requirements/dev.in").read_text("utf-8").partition("# localhub\n")
    image = (ROOT / "requirements/action.txt").read_text("utf-8")

    needed = requirements(section.partition("\n#")[0].splitlines()) - requirements(project["dependencies"])

    assert requirements(project["optional-dependencies"]["localhub"]) == needed
    assert not re.search(r"^(rich|watchfiles|starlette|uvicorn)==", image, re.MULTILINE)


def test_requirements_name_every_package_that_the_action_imports() -> None:
    lines = (ROOT / "requirements/action.in").read_text("utf-8").splitlines()
    named = {re.split(r"[=<>\[ ]", line)[0].lower() for line in lines if line and not line.startswith("#")}
    others = set(imported()) - sys.stdlib_module_names - {"hfspace_action"}
    distributions = packages_distributions()

    assert {each for each in others if not named & {name.lower() for name in distributions.get(each, [])}} == set()
