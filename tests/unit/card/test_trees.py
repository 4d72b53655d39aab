"""Whole repositories: chosen as their owner would, or refused with lines that make Spaces of them."""

import subprocess
from pathlib import Path

import pytest

from hfspace_action.card import card
from hfspace_action.card.card import Card
from hfspace_action.checkout import walk
from hfspace_action.errors import Failure
from hfspace_action.inputs import schema
from tests.kit.gitrepo import commit
from tests.kit.space.made_repositories import REFUSED, SPACES, Refused, Space
from tests.kit.step.paste import paste

LOOKS = {"title", "emoji", "colorFrom", "colorTo", "sdk"}


def completed(workspace: Path, **given: str) -> Card:
    env = {f"INPUT_{name.upper()}": text for name, text in given.items()}
    inputs = schema.read({"INPUT_SPACE": "alice/demo", "INPUT_HF-TOKEN": "hf_alice", **env})
    found = walk.look(workspace, inputs.path, include=inputs.include, exclude=inputs.exclude)
    return card.complete(found, space=inputs.space, sdk=inputs.sdk, front_matter=inputs.front_matter)


@pytest.mark.parametrize("space", SPACES.values(), ids=SPACES.keys())
def test_a_repository_is_taken_for_what_its_owner_would_take_it(space: Space, tmp_path: Path) -> None:
    made = completed(commit(tmp_path, space.files))

    assert made.sdk == space.sdk
    assert space.origin in made.origin
    kept = {key: value for key, value in made.data.items() if key not in LOOKS}
    assert space.settings.items() <= kept.items()
    if "README.md" not in space.files:
        assert kept.keys() <= {*space.settings, "app_build_command", "app_file"}


@pytest.mark.parametrize("tree", REFUSED.values(), ids=REFUSED.keys())
def test_what_is_no_space_is_refused_by_what_was_seen(tree: Refused, tmp_path: Path) -> None:
    with pytest.raises(Failure) as refused:
        completed(commit(tmp_path, tree.files))

    assert refused.value.id == tree.error
    assert tree.says in refused.value.message
    assert "```" in refused.value.advice, "there are lines to paste"


PASTED = {name: tree for name, tree in REFUSED.items() if tree.becomes and tree.error != "site-source"}


@pytest.mark.parametrize("tree", PASTED.values(), ids=PASTED.keys())
def test_the_lines_of_a_refusal_make_a_space_of_it(tree: Refused, tmp_path: Path) -> None:
    commit(tmp_path, tree.files)
    with pytest.raises(Failure) as refused:
        completed(tmp_path)

    inputs = paste(refused.value.advice, tmp_path)
    subprocess.run(["git", "-C", tmp_path, "add", "--all"], check=True)

    assert completed(tmp_path, **inputs).sdk == tree.becomes


def test_the_trees_are_as_many_as_are_wanted() -> None:
    assert len(SPACES) >= 30 <= len(REFUSED)
    assert len(SPACES) + len(REFUSED) >= 60
