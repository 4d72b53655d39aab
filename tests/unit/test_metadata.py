"""What surrounds the code: the Marketplace's fields, types, the variant without Docker, the changelog, forms."""

import re
from typing import Any

import pytest
import yaml

import hfspace_action
from hfspace_action.errors import Failure
from hfspace_action.inputs import meanings, schema
from hfspace_action.inputs.key_values import Refused
from hfspace_action.report import report
from hfspace_action.report.facts import Report
from scripts import action_files
from tests.kit import ROOT

TEXT = (ROOT / "action.yml").read_text("utf-8")
ACTION: dict[str, Any] = yaml.safe_load(TEXT)
TYPES: dict[str, Any] = yaml.safe_load((ROOT / "action-types.yml").read_text("utf-8"))
WITHOUT_DOCKER: dict[str, Any] = yaml.safe_load((ROOT / "uvx/action.yml").read_text("utf-8"))
COLOURS = {"white", "black", "yellow", "blue", "green", "orange", "red", "purple", "gray-dark"}


def test_marketplace_takes_the_fields_of_action_yml() -> None:
    assert len(ACTION["description"]) <= 125
    assert ACTION["branding"]["color"] in COLOURS
    assert ACTION["branding"]["icon"] == "upload-cloud"  # one of Feather's
    assert ACTION["name"]
    assert ACTION["author"]


def test_all_generated_files_are_those_that_make_docs_writes() -> None:
    assert (ROOT / "action-types.yml").read_text("utf-8") == action_files.types(ACTION)
    assert (ROOT / "uvx/action.yml").read_text("utf-8") == action_files.without_docker(TEXT)
    assert (ROOT / "rehearse/action.yml").read_text("utf-8") == action_files.rehearse(TEXT)


def refusal(name: str) -> str:
    """What the code advises for a text that can be no value; "" if it takes any text or has a failure of its own for it."""
    try:
        schema._READERS[name]("¿")
    except Refused as refused:
        return refused.advice
    except Failure:
        return ""
    return ""


@pytest.mark.parametrize("name", schema.NAMES)
def test_a_type_is_what_the_code_reads(name: str) -> None:
    about, advice = TYPES["inputs"][name], refusal(name)
    known = re.search(r"Known values: (.*)\.", advice)

    assert about.get("allowed-values") == (known[1].split(", ") if known else None)
    assert (about["type"] == "boolean") == ("true or false" in advice)
    assert (about["type"] == "integer") == ("a number from" in advice)
    assert (about["type"] == "list") == (schema._READERS[name] in (meanings.patterns, meanings.volumes))


def test_types_name_every_input_and_output() -> None:
    assert list(TYPES["inputs"]) == list(ACTION["inputs"])
    assert list(TYPES["outputs"]) == list(report.outputs(Report()))


def test_a_default_is_of_its_type() -> None:
    for name, about in ACTION["inputs"].items():
        default, kind = about.get("default", ""), TYPES["inputs"][name]
        if default:
            assert kind["type"] != "boolean" or default in ("true", "false"), name
            assert kind["type"] != "enum" or default in kind["allowed-values"], name
            assert kind["type"] != "integer" or default.isdigit(), name


def test_the_variant_without_docker_has_the_same_inputs_and_outputs() -> None:
    assert WITHOUT_DOCKER["inputs"] == ACTION["inputs"]
    assert {name: about["description"] for name, about in WITHOUT_DOCKER["outputs"].items()} == {
        name: about["description"] for name, about in ACTION["outputs"].items()
    }
    assert all(
        about["value"] == f"${{{{ steps.run.outputs.{name} }}}}" for name, about in WITHOUT_DOCKER["outputs"].items()
    )


def test_the_variant_without_docker_hands_every_input_to_the_program() -> None:
    step = WITHOUT_DOCKER["runs"]["steps"][-1]

    given = {name: value for name, value in step["env"].items() if name.startswith("INPUT_")}
    assert given == {f"INPUT_{name.upper()}": f"${{{{ inputs.{name} }}}}" for name in ACTION["inputs"]}
    assert "${{" not in step["run"]  # an input in a script could be anything


def test_changelog_has_a_section_for_what_is_coming_and_none_twice() -> None:
    sections = re.findall(r"^## \[(.+?)\]", (ROOT / "CHANGELOG.md").read_text("utf-8"), re.MULTILINE)

    assert sections[0] == "Unreleased"
    assert len(sections) == len(set(sections))
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", section) for section in sections[1:])
    assert sections[1:] in ([], [hfspace_action.__version__, *sections[2:]])


@pytest.mark.parametrize("form", ["bug.yml", "idea.yml"])
def test_a_form_is_one_that_github_shows(form: str) -> None:
    page = yaml.safe_load((ROOT / ".github/ISSUE_TEMPLATE" / form).read_text("utf-8"))
    fields = [field for field in page["body"] if field["type"] != "markdown"]

    assert {"name", "description", "body"} <= page.keys() <= {"name", "description", "body", "labels", "title"}
    assert all(field["attributes"]["label"] for field in fields)
    assert len({field["id"] for field in fields}) == len(fields)
    assert {field["type"] for field in page["body"]} <= {"markdown", "input", "textarea", "dropdown", "checkboxes"}


def test_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")

    assert "Apache License" in text
    assert "Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_variant_that_rehearses_differs_in_its_image_and_its_command_alone() -> None:
    variant = yaml.safe_load((ROOT / "rehearse/action.yml").read_text("utf-8"))

    assert variant["inputs"]["command"].pop("default") == "rehearse"
    assert variant["inputs"] == {
        **ACTION["inputs"],
        "command": {"description": ACTION["inputs"]["command"]["description"]},
    }
    assert variant["outputs"] == ACTION["outputs"]
    assert variant["runs"] == {**ACTION["runs"], "image": "../Dockerfile.rehearse"}
