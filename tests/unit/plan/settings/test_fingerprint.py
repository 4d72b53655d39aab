"""The mark in a secret's description: what it recognizes, and what it must not give away."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hfspace_action.plan.settings import fingerprint
from tests.kit import ROOT

TOKEN = "hf_" + "kY3" * 11


def now() -> datetime:
    """The time at which the Hub would note a change."""
    return datetime.now(UTC)


@pytest.mark.slow
@given(value=st.text(min_size=1), other=st.text(min_size=1), description=st.text(max_size=40))
@settings(deadline=None, max_examples=20)
def test_a_mark_is_that_of_its_value_only(value: str, other: str, description: str) -> None:
    marked = fingerprint.mark(description, value, TOKEN)

    assert fingerprint.matches(marked, now(), value, TOKEN)
    assert fingerprint.matches(marked, now(), other, TOKEN) == (value == other)


def test_a_mark_of_an_earlier_deploy_is_that_of_its_value() -> None:
    """Within one a digest is made once and kept, so that it would agree with itself."""
    given = f"from {fingerprint.__name__} import mark; print(mark('', 'value', {TOKEN!r}))"
    marked = subprocess.check_output([sys.executable, "-c", given], cwd=ROOT, text=True).strip()

    assert fingerprint.matches(marked, now(), "value", TOKEN)
    assert not fingerprint.matches(marked, now(), "other", TOKEN)


def test_a_description_of_somebody_else_stays_before_the_mark() -> None:
    once = fingerprint.mark("The key of the weather service.", "secret", TOKEN)
    twice = fingerprint.mark(once, "other", TOKEN)

    assert twice.startswith("The key of the weather service. [hf-space-deploy ")
    assert twice.count("[") == 1
    assert fingerprint.matches(twice, now(), "other", TOKEN)


def test_a_mark_is_worth_nothing_without_its_token() -> None:
    marked = fingerprint.mark("", "1234", TOKEN)

    assert not fingerprint.matches(marked, now(), "1234", "hf_another")
    assert not fingerprint.matches(marked, now(), "1234", "")


def test_equal_values_have_different_marks() -> None:
    assert fingerprint.mark("", "same", TOKEN)[:30] != fingerprint.mark("", "same", TOKEN)[-30:]
    assert fingerprint.mark("", "same", TOKEN) != fingerprint.mark("", "same", TOKEN)


@pytest.mark.parametrize(("late", "known"), [(0, True), (20, True), (40, False)], ids=["at once", "a retry", "by hand"])
def test_a_secret_that_was_changed_later_is_not_known(late: int, known: bool) -> None:
    marked = fingerprint.mark("", "value", TOKEN)

    assert fingerprint.matches(marked, now() + timedelta(minutes=late), "value", TOKEN) is known


@pytest.mark.parametrize("description", ["", "words", "[hf-space-deploy x y z]", "[hf-space-deploy 1 short short]"])
def test_what_is_no_mark_matches_nothing(description: str) -> None:
    assert not fingerprint.matches(description, None, "", TOKEN)
