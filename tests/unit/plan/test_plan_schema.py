"""docs/plan.schema.json describes what the code writes."""

import json

from jsonschema import Draft202012Validator

from hfspace_action.plan.document import MOST_PATHS
from hfspace_action.plan.plan import Entry
from tests.kit import ROOT

SCHEMA = json.loads((ROOT / "docs/plan.schema.json").read_text("utf-8"))


def test_the_schema_is_one() -> None:
    Draft202012Validator.check_schema(SCHEMA)


def test_the_schema_has_the_fields_and_limits_of_the_code() -> None:
    change = SCHEMA["properties"]["changes"]["items"]
    paths = SCHEMA["properties"]["paths"]["properties"]

    assert list(change["properties"]) == change["required"] == list(Entry._fields)
    assert {path["maxItems"] for path in paths.values()} == {MOST_PATHS}
