"""A plan as JSON fits into an environment variable, whatever it holds."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hfspace_action.file import File
from hfspace_action.plan import tree
from hfspace_action.plan.document import LARGEST
from hfspace_action.plan.plan import Plan
from hfspace_action.plan.settings.change import Change
from tests.kit import ROOT

SCHEMA = Draft202012Validator(json.loads((ROOT / "docs/plan.schema.json").read_text("utf-8")))


def plan(added: list[str], removed: list[str], changes: list[Change]) -> Plan:
    files = [File.of(path, b"x") for path in added]
    difference = tree.Difference(added=tuple(files), removed=tuple(removed))
    return Plan("alice/demo", None, "docker", tree.build(files, lambda _: False), difference, tuple(changes))


def test_document_of_a_small_plan_has_all_of_it() -> None:
    document = plan(["a", "b/c"], ["d/"], [Change("variable", "A", was="1", becomes="2")]).document()
    SCHEMA.validate(document)
    assert document["paths"] == {"added": ["a", "b/c"], "changed": [], "removed": ["d/"]}
    assert document["changes_left_out"] == 0


@pytest.mark.parametrize("letter", ["x", "é", "😀", '"'])
def test_document_of_a_large_plan_stays_below_its_limit_and_is_of_use(letter: str) -> None:
    added = [f"{letter * 200}/{number:06}" for number in range(3000)]
    removed = [f"gone/{number}" for number in range(3000)]
    changes = [
        Change("variable", f"NAME_{number}", was=letter * 5000, becomes=letter * 60_000) for number in range(500)
    ]
    document = plan(added, removed, changes).document()
    SCHEMA.validate(document)
    assert LARGEST * 0.8 < len(json.dumps(document)) <= LARGEST
    assert document["files"]["added"] == document["files"]["removed"] == 3000
    assert document["paths"]["added"]
    assert document["paths"]["removed"]
    assert document["changes_left_out"] == 502 - len(document["changes"])
    assert len(document["changes"]) > 5


PATHS = st.lists(st.text(min_size=1, max_size=300), max_size=40).map(lambda paths: [path * 20 for path in paths])


@settings(max_examples=100, deadline=None)
@given(added=PATHS, removed=PATHS, values=st.lists(st.text(max_size=3000), max_size=60))
def test_document_of_any_plan_stays_below_its_limit(added: list[str], removed: list[str], values: list[str]) -> None:
    changes = [Change("variable", f"V{number}", was=None, becomes=value * 10) for number, value in enumerate(values)]
    document = plan([path.replace("/", "-") for path in added], removed, changes).document()
    assert len(json.dumps(document)) <= LARGEST
