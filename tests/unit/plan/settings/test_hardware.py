"""Names of hardware, of which the Hub's list decides."""

import pytest

from hfspace_action.plan.settings import hardware


@pytest.mark.parametrize(
    ("wanted", "offered", "name"),
    [
        ("t4-small", ["cpu-basic", "t4-small"], "t4-small"),
        ("h200", ["cpu-basic", "h200"], "h200"),
        ("t9-huge", ["cpu-basic"], None),
        ("zero-a10g", ["zero-a10g"], "zero-a10g"),
        ("zero-a10g", ["zerogpu"], "zerogpu"),
        ("zerogpu", ["zero-a10g"], "zero-a10g"),
        ("zerogpu", ["cpu-basic"], "zerogpu"),
    ],
)
def test_the_hubs_name(wanted: str, offered: list[str], name: str | None) -> None:
    assert hardware.offered_name(wanted, offered) == name


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("zero-a10g", "zerogpu", True),
        ("zerogpu", "zerogpu", True),
        ("t4-small", "t4-small", True),
        ("t4-small", "zerogpu", False),
        (None, "cpu-basic", False),
        (None, None, True),
    ],
)
def test_two_names_of_one_hardware(one: str | None, other: str | None, same: bool) -> None:
    assert hardware.same(one, other) is same


@pytest.mark.parametrize(
    ("name", "needs"),
    [(None, True), ("cpu-basic", True), ("zerogpu", True), ("zero-a10g", True), ("cpu-upgrade", False)],
)
def test_what_needs_a_plan(name: str | None, needs: bool) -> None:
    assert hardware.needs_plan(name) is needs
