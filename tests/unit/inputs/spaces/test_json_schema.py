"""docs/spaces.schema.json is made of what the code reads, and takes and refuses the same files."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from hfspace_action.inputs.schema import BadInputs
from hfspace_action.inputs.spaces import keys
from scripts import action_files, spaces_schema
from tests.kit import ROOT
from tests.kit.docs import pages
from tests.unit.inputs.spaces.test_file import read

TEXT = (ROOT / "docs/spaces.schema.json").read_text("utf-8")
SCHEMA = Draft202012Validator(json.loads(TEXT))
PAGE = ROOT / "docs/many-spaces.md"


def test_it_is_the_one_that_make_docs_writes() -> None:
    Draft202012Validator.check_schema(json.loads(TEXT))
    assert spaces_schema.text() == TEXT
    assert list(json.loads(TEXT)["$defs"]) == list(keys.names())


@pytest.mark.parametrize(
    "own",
    [
        {"wait": True}, {"wait": "perhaps"}, {"sdk": "docker"}, {"sdk": "flask"}, {"healthy": 3}, {"healthy": 21}, {"rebuild": "always"},
        {"rebuild": True}, {"rebuild": "daily"}, {"include": ["a", "b"]}, {"include": "a"}, {"include": {"a": "b"}}, {"variables": {"A": 1}},
        {"variables": {"1": "a"}}, {"variables": {"A": ["b"]}}, {"variables": ["A"]}, {"front-matter": {"title": "x"}}, {"front-matter": ["x"]},
        {"checks": [{"path": "/"}]}, {"checks": [{"pathh": "/"}]}, {"checks": []}, {"secrets": ["A"]}, {"secrets": {"A": "B"}},
        {"secrets": {"A": "sk-b"}}, {"secrets": ["A=b"]}, {"secrets": "A"}, {"max-price": 30}, {"max-price": "0.40/hour"}, {"sleep-time": 3600},
        {"sleep-time": "never"}, {"timeout": "1h"}, {"hf-token": "x"}, {"foo": 1}, {"soak": "2m"}, {"hardware": ["a"]}, {"path": "apps/a"},
        {"on-drift": "keep"}, {"on-drift": "import"}, {"create": False}, {"allow-credentials": ["a"]},
    ],
    ids=str,
)  # fmt: skip
def test_it_takes_what_the_code_takes(own: dict[str, object], tmp_path: Path) -> None:
    document = {"spaces": [{"space": "alice/a", **own}]}
    content = yaml.safe_dump(document)
    try:
        taken = not read(tmp_path, content, secrets="A=value-of-a\nB=value-of-b")[0].failures
    except BadInputs:
        taken = False

    assert SCHEMA.is_valid(document) == taken


@pytest.mark.parametrize("name", sorted(action_files.WORDS.keys() & set(keys.names())))
def test_every_word_of_an_input_is_taken(name: str, tmp_path: Path) -> None:
    for word in action_files.WORDS[name]:
        document = {"spaces": [{"space": "alice/a", name: word}]}
        assert SCHEMA.is_valid(document)
        assert read(tmp_path, yaml.safe_dump(document))


def test_the_example_of_the_page_is_taken_by_both(tmp_path: Path) -> None:
    (example,) = [block.text for block in pages.blocks("yaml") if block.page == PAGE and "\nspaces:" in block.text]

    SCHEMA.validate(yaml.safe_load(example))
    declared = read(tmp_path, example, secrets="HF_READ_TOKEN=hf_of_the_app\nSEARCH_INDEX_KEY=key-of-search")
    assert [(each.name, sorted(each.inputs.secrets), each.failures) for each in declared] == [
        ("alice/chat", ["HF_READ_TOKEN"], ()),
        ("alice/search", ["HF_READ_TOKEN", "INDEX_KEY"], ()),
    ]
