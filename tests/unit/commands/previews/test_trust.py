"""Whether a commit of a fork is trusted, by what GitHub says of it."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple

import pytest

from hfspace_action.commands.previews.trust import Evidence, is_outdated, why_not
from hfspace_action.workflow.github_api.pulls import Label, Pull

NOON = datetime(2026, 1, 1, 12, tzinfo=UTC)
BEFORE, AFTER = NOON - timedelta(seconds=1), NOON + timedelta(seconds=1)
SHA, OTHER = "a" * 40, "b" * 40
PULL = Pull(7, SHA, "mallory/site", "change", frozenset({"preview"}), "https://github.com/octo/site/pull/7")
GOOD = Evidence(PULL, SHA, Label("alice", NOON), True, (SHA, BEFORE))


def test_a_label_after_the_push_by_somebody_who_may_write_is_trust() -> None:
    assert why_not(GOOD, "preview") is None
    assert why_not(GOOD, "Preview") is None
    assert not is_outdated(GOOD)


class Distrust(NamedTuple):
    """What is otherwise, a word of the reason, and whether the label is about another commit."""

    seen: Evidence
    word: str
    outdated: bool = False


@pytest.mark.parametrize(
    "case",
    [
        Distrust(GOOD._replace(pull=PULL._replace(labels=frozenset())), "has no label"),
        Distrust(GOOD._replace(pull=PULL._replace(labels=frozenset({"bug"}))), "has no label"),
        Distrust(GOOD._replace(put=None), "has no label"),
        Distrust(GOOD._replace(may_write=False), "may not write"),
        Distrust(GOOD._replace(sha=OTHER), "by now"),
        Distrust(GOOD._replace(pushed=None), "does not say when"),
        Distrust(GOOD._replace(pushed=(OTHER, BEFORE)), "does not say when"),
        Distrust(GOOD._replace(pushed=(SHA, NOON)), "look again", outdated=True),
        Distrust(GOOD._replace(pushed=(SHA, AFTER)), "look again", outdated=True),
    ],
)
def test_everything_else_is_none(case: Distrust) -> None:
    reason = why_not(case.seen, "preview")

    assert reason is not None
    assert case.word in reason
    assert is_outdated(case.seen) is case.outdated
