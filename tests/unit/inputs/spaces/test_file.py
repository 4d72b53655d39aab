"""spaces.yaml: what is declared becomes inputs, and what is wrong a failure at its line, whatever somebody wrote."""

import os
import random
from pathlib import Path
from typing import NamedTuple

import pytest

from hfspace_action.errors import Failure, Place
from hfspace_action.inputs import schema
from hfspace_action.inputs.schema import BadInputs, Inputs
from hfspace_action.inputs.spaces import file
from hfspace_action.inputs.spaces.file import Declared

SPACE = "spaces:\n- space: alice/a\n"


def step(**given: str) -> Inputs:
    """The inputs of a step that names no Space."""
    env = {"GITHUB_ACTIONS": "true", "INPUT_HF-TOKEN": "hf_alice"}
    return schema.read(
        {**env, **{f"INPUT_{name.upper().replace('_', '-')}": text for name, text in given.items()}}, many=True
    )


def read(workspace: Path, content: str | bytes, **given: str) -> list[Declared]:
    (workspace / "spaces.yaml").write_bytes(
        content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    )
    return list(file.read(workspace, step(**given)))


def failures(workspace: Path, content: str | bytes, **given: str) -> list[Failure]:
    with pytest.raises(BadInputs) as bad:
        read(workspace, content, **given)
    return bad.value.failures


def test_volumes_are_a_list_or_lines_and_a_space_s_own_replace_those_of_all(tmp_path: Path) -> None:
    content = """\
defaults:
  volumes: hf://datasets/org/data:/data
  region: eu
spaces:
  - space: alice/a
    volumes: [hf://org/model:/model, "hf://buckets/org/store:/store:ro"]
  - space: alice/b
"""

    one, other = read(tmp_path, content)

    assert [str(each) for each in one.inputs.volumes] == [
        "hf://models/org/model:/model",
        "hf://buckets/org/store:/store:ro",
    ]
    assert [str(each) for each in other.inputs.volumes] == ["hf://datasets/org/data:/data"]
    assert (one.inputs.region, other.inputs.region) == ("eu", "eu")


def test_a_space_has_its_own_then_the_defaults_then_what_the_step_says(tmp_path: Path) -> None:
    content = """\
defaults:
  hardware: cpu-basic
  wait: false
  variables: {A: file, B: 010}
  front-matter: {license: mit, title: All}
spaces:
  - space: alice/a
    path: apps/a
    hardware: t4-small
    variables: {A: own}
    front-matter: {title: A, sdk_version: 4.40}
    include: [dist/, "*.bin"]
    checks:
      - path: /health
  - space: alice/b
    exclude: |
      one
      two
"""
    a, b = read(tmp_path, content, healthy="5", variables="A=step\nC=step", path="nowhere", hardware="cpu-upgrade")

    assert (a.inputs.space, a.inputs.path, a.inputs.hardware, a.inputs.wait, a.inputs.healthy) == (
        "alice/a", "apps/a", "t4-small", False, 5,
    )  # fmt: skip
    assert a.inputs.variables == {"A": "own", "B": "010", "C": "step"}
    assert {key: str(value) for key, value in a.inputs.front_matter.items()} == {
        "license": "mit", "title": "A", "sdk_version": "4.4",
    }  # fmt: skip
    assert getattr(a.inputs.front_matter["sdk_version"], "text", "") == "4.40"
    assert a.inputs.include == ("dist/", "*.bin")
    assert [check.path for check in a.inputs.checks] == ["/health"]
    assert (b.inputs.path, b.inputs.hardware, b.inputs.exclude) == (".", "cpu-basic", ("one", "two"))
    assert (a.place, b.place) == (Place("spaces.yaml", 7), Place("spaces.yaml", 15))
    assert (a.others, b.others) == (("alice/b",), ("alice/a",))


def test_secrets_come_by_name_from_the_step(tmp_path: Path) -> None:
    content = """\
defaults: {secrets: [ALL]}
spaces:
  - space: alice/a
    secrets: {KEY: KEY_OF_A}
  - space: alice/b
    secrets: [KEY_OF_B]
"""
    a, b = read(tmp_path, content, secrets="ALL=for-all\nKEY_OF_A=first\nUNUSED=never")

    assert a.inputs.secrets == {"ALL": "for-all", "KEY": "first"}
    assert b.inputs.secrets == {"ALL": "for-all"}
    assert [(failure.id, failure.place) for failure in b.failures] == [("spaces-secret", Place("spaces.yaml", 6))]


def test_a_name_that_is_a_secret_and_a_variable_fails_that_space_only(tmp_path: Path) -> None:
    content = "spaces:\n- {space: alice/a, secrets: [KEY], variables: {KEY: x}}\n- space: alice/b\n"

    a, b = read(tmp_path, content, secrets="KEY=value-of-key")

    assert [failure.id for failure in a.failures] == ["input-collision"]
    assert b.failures == ()


def test_merged_and_anchored_mappings_are_yaml_s_own(tmp_path: Path) -> None:
    content = """\
spaces:
  - &first
    space: alice/a
    hardware: cpu-basic
    soak: 2m
  - <<: *first
    space: alice/b
    soak: 1m
"""
    a, b = read(tmp_path, content)

    assert (a.inputs.soak, b.inputs.soak, b.inputs.hardware) == (120, 60, "cpu-basic")


def test_an_empty_value_is_not_given(tmp_path: Path) -> None:
    (space,) = read(tmp_path, SPACE + "  hardware:\n  sdk: ''\n  wait: ~\n", hardware="t4-small")

    assert (space.inputs.hardware, space.inputs.sdk, space.inputs.wait) == ("t4-small", None, True)


@pytest.mark.parametrize("mark", ["utf-8-sig", "utf-16"])
def test_byte_order_marks_are_read(mark: str, tmp_path: Path) -> None:
    assert [each.name for each in read(tmp_path, SPACE.encode(mark))] == ["alice/a"]


def test_only_picks_in_the_order_of_the_file(tmp_path: Path) -> None:
    content = "spaces: [{space: alice/a}, {space: alice/b}, {space: alice/C}]\n"

    assert [each.name for each in read(tmp_path, content, only="alice/c\n- alice/a")] == ["alice/a", "alice/C"]
    (unknown,) = failures(tmp_path, content, only="alice/bb")
    assert (unknown.id, unknown.advice) == ("input-invalid", "Did you mean alice/b?")


class Wrong(NamedTuple):
    """A file, the line of its failure and a word of it."""

    content: str | bytes
    line: int | None
    says: str
    id: str = "spaces-invalid"


WRONG = [
    Wrong("", 1, "no Space is declared"),
    Wrong("# nothing\n", 1, "no Space is declared"),
    Wrong("spaces:\n", 1, "no Space is declared"),
    Wrong("spaces: []\n", 1, "no Space is declared"),
    Wrong("a text\n", 1, "the file is no mapping"),
    Wrong("- space: alice/a\n", 1, "the file is no mapping"),
    Wrong("spaces: {alice/a: {}}\n", 1, "`spaces` is no list"),
    Wrong("spaces:\n- alice/a\n", 2, "a Space is no mapping"),
    Wrong("spaces:\n- path: a\n", 2, "a Space has no name"),
    Wrong("spaces:\n- space: a\n", 2, "the Space's owner is missing"),
    Wrong("spaces:\n- space: [alice/a]\n", 2, "`space` is no single value"),
    Wrong("spaces:\n- space: alice/a b\n", 2, "is not the name of a Space"),
    Wrong(f"{SPACE}- space: Alice/A\n", 3, "declared twice, first in line 2"),
    Wrong(f"{SPACE}  path: a\n  path: b\n", 4, "`path` is there twice, first in line 3"),
    Wrong(f"{SPACE}  ? [a]\n  : b\n", 3, "a key of a Space is no word"),
    Wrong(f"{SPACE}  timeout: 1h\n", 3, "`timeout` is an input of the step"),
    Wrong(f"{SPACE}  sleep_time: 1h\n", 3, "`sleep_time` is not known"),
    Wrong(f"{SPACE}  wait: yes\n", 3, "'yes' is neither true nor false"),
    Wrong(f"{SPACE}  healthy: 99\n", 3, "is not a number of answers"),
    Wrong(f"{SPACE}  hardware: {{a: b}}\n", 3, "`hardware` is no single value"),
    Wrong(f"{SPACE}  include: {{a: b}}\n", 3, "`include` is no list"),
    Wrong(f"{SPACE}  include:\n  - a\n  - [b]\n", 5, "a pattern of `include` is no single value"),
    Wrong(f"{SPACE}  variables: [A]\n", 3, "`variables` can't be used"),
    Wrong(f"{SPACE}  variables: {{A: [b]}}\n", 3, "`variables` can't be used"),
    Wrong(f"{SPACE}  front-matter: [a]\n", 3, "it is not a YAML mapping"),
    Wrong(f"{SPACE}  checks: {{path: /}}\n", 3, "it is not a list"),
    Wrong(f"{SPACE}  secrets: KEY\n", 3, "`secrets` is no list"),
    Wrong(f"{SPACE}  secrets: [KEY=value]\n", 3, "can't be the name of a secret"),
    Wrong(f"{SPACE}  secrets: [[KEY]]\n", 3, "can't be the name of a secret"),
    Wrong(f"{SPACE}  <<: text\n", 3, "is no mapping"),
    Wrong("defaults: [a]\nspaces: [{space: alice/a}]\n", 1, "`defaults` is no mapping"),
    Wrong("defaults:\n  space: a/b\nspaces: [{space: alice/a}]\n", 2, "`space` can't be a default"),
    Wrong("spaces: [{space: alice/a}]\nspace: alice/a\n", 2, "`space` is not known"),
    Wrong("spaces:\n" + "".join(f"- space: alice/s{n}\n" for n in range(257)), 258, "257 Spaces are declared"),
    Wrong("spaces:\n- space: alice/a\n\tpath: b\n", 3, "found character", "spaces-yaml"),
    Wrong("spaces: [\n", 1, "expected", "spaces-yaml"),
    Wrong("spaces: &a [*a]\n", 1, "holds itself", "spaces-yaml"),
    Wrong("spaces: *nothing\n", 1, "undefined alias", "spaces-yaml"),
    Wrong("---\nspaces: []\n---\nspaces: []\n", 3, "single document", "spaces-yaml"),
    Wrong("spaces:\n<<<<<<< HEAD\n- space: a/b\n", 2, "a merge was not finished", "spaces-yaml"),
    Wrong("[" * 5000, 1, "nested too deeply", "spaces-yaml"),
    Wrong("spaces:\n- space: alice/\0\n", 2, "unacceptable character", "spaces-yaml"),
    Wrong("x" * 300_000, 1, "longer than", "spaces-yaml"),
    Wrong(b"spaces:\n- space: alice/\xe9\n", 2, "it is not UTF-8", "spaces-unreadable"),
]  # fmt: skip


@pytest.mark.parametrize("case", WRONG, ids=lambda case: f"{case.says}: {case.content[:30]!r}")
def test_what_is_wrong_is_named_at_its_line(case: Wrong, tmp_path: Path) -> None:
    first = failures(tmp_path, case.content)[0]

    assert (first.id, first.place) == (case.id, Place("spaces.yaml", case.line))
    assert case.says in first.message


def test_all_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    content = "spaces:\n- space: a\n- {space: alice/b, foo: 1, wait: x}\n- space: alice/c\n  sdk: flask\nfoo: 1\n"

    lines = [failure.place.line for failure in failures(tmp_path, content) if failure.place]

    assert lines == [2, 3, 3, 5, 6]


def test_what_stands_in_the_place_of_a_secret_s_name_is_shown_nowhere(tmp_path: Path) -> None:
    for written in (
        "[hf-secret-value]",
        "{KEY: hf-secret-value}",
        "{hf-secret-value: KEY}",
        "KEY=hf-secret-value",
        "[KEY: hf-secret-value]",
    ):
        (failure,) = failures(tmp_path, f"{SPACE}  secrets: {written}\n")
        assert "secret-value" not in failure.message + failure.advice


@pytest.mark.parametrize("kind", ["folder", "link", "pipe"])
def test_what_is_no_plain_file_is_not_read(kind: str, tmp_path: Path) -> None:
    path = tmp_path / "spaces.yaml"
    {"folder": path.mkdir, "link": lambda: path.symlink_to("/etc/hostname"), "pipe": lambda: os.mkfifo(path)}[kind]()

    with pytest.raises(BadInputs) as bad:
        file.read(tmp_path, step())

    assert [failure.id for failure in bad.value.failures] == ["spaces-unreadable"]


def test_no_text_brings_anything_but_failures(tmp_path: Path) -> None:
    chosen, found = random.Random(19), list[Failure]()
    pieces = [
        "spaces:", "- ", "space: alice/a", "path: x", "\n", "  ", "{", "}", "[", "]", "&a ", "*a", "<<: ", "? ", ": ", "!!float x", "'",
        '"', "|\n", "secrets:", "variables:", "defaults:", "2020-13-45", "~", "#", "checks:", "front-matter:", "0o9", "!!set {a}", "=",
    ]  # fmt: skip
    for _ in range(1500):
        content = "".join(chosen.choice(pieces) for _ in range(chosen.randrange(1, 30)))
        content = content if chosen.random() < 0.5 else f"spaces:\n- space: alice/a\n  {content}"
        try:
            read(tmp_path, content)
        except BadInputs as bad:
            found += bad.failures
    assert len(found) > 500
    assert all(failure.place and failure.place.line for failure in found)
