"""Every input, output, result, command and error is documented, and each in one place."""

import re
from collections import Counter
from pathlib import Path

import pytest

from hfspace_action import errors
from hfspace_action.inputs import schema
from hfspace_action.report import report
from hfspace_action.report.facts import Report
from hfspace_action.result import Result
from tests.kit import ROOT
from tests.kit.docs import pages

README = ROOT / "README.md"


def section(page: Path, heading: str) -> str:
    """The text below a heading of the second rank."""
    (found,) = re.findall(rf"^## {heading}\n(.*?)(?=^## |\Z)", pages.text(page), re.MULTILINE | re.DOTALL)
    return str(found)


def rows(heading: str) -> list[str]:
    return re.findall(r"^\| `([\w-]+)` \|", section(README, heading), re.MULTILINE)


@pytest.mark.parametrize(
    ("heading", "names"),
    [
        ("Inputs", schema.NAMES),
        ("Outputs", tuple(report.outputs(Report()))),
        ("Results", tuple(map(str, Result))),
        ("Commands", schema.COMMANDS),
    ],
)
def test_a_table_of_the_readme_has_each_once(heading: str, names: tuple[str, ...]) -> None:
    assert Counter(rows(heading)) == Counter(names)


def test_inputs_and_outputs_stand_in_the_order_of_action_yml() -> None:
    assert rows("Inputs") == list(schema.NAMES)
    assert rows("Outputs") == list(report.outputs(Report()))


def test_errors_have_one_heading_each() -> None:
    headings = [
        found for page in pages.pages() for found in re.findall(r"^#+ `([\w-]+)`$", pages.text(page), re.MULTILINE)
    ]

    assert Counter(headings) == Counter(list(errors.catalogue()))


def test_every_error_leads_to_a_symptom() -> None:
    text = pages.text(ROOT / "docs/errors.md")
    parts = dict(re.findall(r"^### `([\w-]+)`\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL))

    assert [name for name in errors.catalogue() if "](troubleshooting.md#" not in parts[name]] == []


def test_ids_that_are_named_as_errors_are_errors() -> None:
    named = {link for page in pages.pages() for link in re.findall(r"errors\.md#([\w-]+)", pages.text(page))}
    groups = pages.anchors(ROOT / "docs/errors.md") - set(errors.catalogue())

    assert named - set(errors.catalogue()) - groups == set()


def test_llms_txt_leads_to_what_there_is() -> None:
    text = (ROOT / "llms.txt").read_text("utf-8")
    links = re.findall(r"\]\(([^)]+)\)", text)

    assert text.startswith("# hf-space-deploy\n\n> ")
    assert [
        link
        for link in links
        if not (ROOT / link.removeprefix("https://github.com/org/hf-space-deploy/blob/main/")).exists()
    ] == []
    assert {page.name for page in (ROOT / "docs").glob("*.md")} <= {Path(link).name for link in links}
