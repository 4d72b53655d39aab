"""Writes docs/spaces.schema.json, by which editors complete and check spaces.yaml, from what the code reads. `make docs` calls it."""

import json
from typing import Any

import yaml

from hfspace_action.inputs import meanings, schema
from hfspace_action.inputs.checks import Check
from hfspace_action.inputs.key_values import KEY
from hfspace_action.inputs.spaces import file, keys
from scripts import action_files
from scripts.action_files import ACTION, ROOT

FILE = ROOT / "docs" / "spaces.schema.json"
_NAME = f"^{KEY.pattern}$"
_SCALAR = {"type": ["string", "number", "boolean"]}
_KINDS: dict[str, Any] = {
    "space": {"type": "string", "pattern": "^[^/]+/[^/]+$"},
    "front-matter": {"type": "object"},
    "variables": {"type": "object", "propertyNames": {"pattern": _NAME}, "additionalProperties": _SCALAR},
    "secrets": {
        "anyOf": [
            {"type": "array", "items": {"type": "string", "pattern": _NAME}},
            {
                "type": "object",
                "propertyNames": {"pattern": _NAME},
                "additionalProperties": {"type": "string", "pattern": _NAME},
            },
        ]
    },
    "checks": {
        "type": "array",
        "minItems": 1,
        "items": {
            "type": "object",
            "additionalProperties": False,
            "properties": {name: {} for name in Check._fields},
        },
    },
    "healthy": {"type": "integer", "minimum": 1, "maximum": schema.MOST_HEALTHY},
    "max-price": {"type": ["string", "number"]},
    "sleep-time": {"type": ["string", "integer"]},
    "soak": {"type": ["string", "integer"]},
    "rebuild": {"enum": [*meanings.REBUILD, True, False]},
}
_WORDS = {
    "secrets": "Which secrets of the step's input `secrets` the Space gets: names, or a mapping from names on the Space to names in the step."
}


def document() -> dict[str, Any]:
    """Return the schema."""
    described = yaml.safe_load(ACTION.read_text("utf-8"))["inputs"]
    inputs = {
        name: {"description": _WORDS.get(name, described[name]["description"])} | _kind(name) for name in keys.names()
    }
    inputs["space"]["description"] = "The Space, as owner/name."
    own = {name: {"$ref": f"#/$defs/{name}"} for name in inputs}
    defaults = {name: about for name, about in own.items() if name != keys.SPACE}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "spaces.yaml of hf-space-deploy",
        "description": "The Spaces that one repository is deployed to. What is left out is as the step's inputs say.",
        "type": "object",
        "additionalProperties": False,
        "required": ["spaces"],
        "properties": {
            "defaults": {
                "description": "What holds for each Space that does not say otherwise.",
                "type": "object",
                "additionalProperties": False,
                "properties": defaults,
            },
            "spaces": {
                "type": "array",
                "minItems": 1,
                "maxItems": file.MOST,
                "items": {
                    "type": "object",
                    "additionalProperties": False,
                    "required": [keys.SPACE],
                    "properties": own,
                },
            },
        },
        "$defs": inputs,
    }


def _kind(name: str) -> dict[str, Any]:
    if name in _KINDS:
        return dict(_KINDS[name])
    if name in action_files.WORDS:
        return {"enum": list(action_files.WORDS[name])}
    if name in action_files.BOOLEANS:
        return {"type": "boolean"}
    if name in action_files.LISTS:
        return {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    return {"type": "string"}


def text() -> str:
    """Return the schema as it is written."""
    return json.dumps(document(), indent=2) + "\n"


if __name__ == "__main__":
    FILE.write_text(text(), "utf-8")
