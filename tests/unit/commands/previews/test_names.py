"""What a preview is called, and what is taken for one."""

import re
from typing import NamedTuple

import pytest
from huggingface_hub.utils import validate_repo_id
from hypothesis import given
from hypothesis import strategies as st

from hfspace_action.commands.previews import names
from hfspace_action.commands.previews.names import Mark


@pytest.mark.parametrize(
    ("space", "number", "name"),
    [
        ("alice/demo", 7, "alice/demo-pr-7"),
        ("demo", 7, "demo-pr-7"),
        ("alice/demo-", 7, "alice/demo-pr-7"),
        ("alice/demo.", 7, "alice/demo-pr-7"),
        ("alice/my demo!", 7, "alice/my-demo-pr-7"),
        ("alice/a--b..c", 7, "alice/a-b.c-pr-7"),
        ("alice/..", 7, "alice/space-pr-7"),
        ("alice/" + "x" * 96, 7, "alice/" + "x" * 91 + "-pr-7"),
        ("alice/" + "x" * 96, 1234567890, "alice/" + "x" * 82 + "-pr-1234567890"),
        ("alice/" + "x" * 90 + "-y", 12, "alice/" + "x" * 90 + "-pr-12"),
        ("alice/demo-pr-3", 12, "alice/demo-pr-3-pr-12"),
    ],
)
def test_names(space: str, number: int, name: str) -> None:
    assert names.preview(space, number) == name


@given(st.text(max_size=120).map(lambda text: text.replace("/", "")), st.integers(1, 10**12))
def test_every_name_is_one_that_the_hub_takes_and_keeps_its_number(text: str, number: int) -> None:
    name = names.preview(f"alice/{text}", number)

    validate_repo_id(name)
    assert len(name.partition("/")[2]) <= names.LONGEST
    assert names.number(name) == number


@pytest.mark.parametrize(
    "name",
    ["alice/demo", "alice/demo-pr-", "alice/demo-pr-0", "alice/demo-pr-07", "alice/demo-pr-7x", "-pr-7", "alice/pr-7"],
)
def test_other_names_have_no_number(name: str) -> None:
    assert names.number(name) is None


def test_a_mark_is_read_as_it_is_written() -> None:
    assert names.read(str(Mark("octo/site", 12))) == Mark("octo/site", 12)


@pytest.mark.parametrize(
    "value", [None, "", "octo/site", "octo#1", "octo/site#", "octo/site#0", "octo/site#1 ", "a/b/c#1", "octo/site#١"]
)
def test_what_is_no_mark_is_read_as_none(value: str | None) -> None:
    assert names.read(value) is None


class Foreign(NamedTuple):
    """A Space that is not to be touched, and a word of the reason."""

    name: str
    mark: Mark | None
    word: str


OURS = Mark("octo/site", 12)


@pytest.mark.parametrize(
    "case",
    [
        Foreign("alice/demo", OURS, "does not end in -pr-12"),
        Foreign("alice/demo-pr-1", OURS, "does not end in -pr-12"),
        Foreign("alice/demo-pr-112", OURS, "does not end in -pr-12"),
        Foreign("alice/other-pr-12", OURS, "is called alice/demo-pr-12"),
        Foreign("bob/demo-pr-12", OURS, "is called alice/demo-pr-12"),
        Foreign("alice/demo-pr-12", None, names.MARK),
        Foreign("alice/demo-pr-12", Mark("octo/site", 1), "octo/site#1,"),
        Foreign("alice/demo-pr-12", Mark("octo/other", 12), "octo/other#12"),
    ],
)
def test_foreign_spaces_are_known(case: Foreign) -> None:
    reason = names.why_foreign(case.name, case.mark, OURS, "alice/demo")

    assert reason is not None
    assert case.word in reason


@pytest.mark.parametrize("name", ["alice/demo-pr-12", "Alice/Demo-pr-12"])
def test_our_own_preview_is_known_in_whatever_case(name: str) -> None:
    assert names.why_foreign(name, Mark("Octo/Site", 12), OURS, "alice/demo") is None


def test_the_number_is_the_whole_end() -> None:
    assert re.search(r"-pr-12$", names.preview("a/" + "y" * 96, 12))
