"""Variants as such: where they are on, how they are switched, and that each has a test."""

from pathlib import Path

import httpx2
import pytest

from localhub.variants import ALL, Switches
from localhub.variants.reading import LATE_TREE, STALE_HEAD
from tests.kit import web
from tests.kit.local import localhub


def test_a_variant_is_on_where_ids_begin_so_in_any_case() -> None:
    switches = Switches()
    switches.set(["late-tree"], "Alice/a")
    assert [switches.on(LATE_TREE, repo) for repo in ("alice/a", "ALICE/ab", "alice/b", "bob/a")] == [
        *(True, True),
        *(False, False),
    ]
    assert not switches.on(STALE_HEAD, "alice/a")


def test_setting_replaces_what_was_on_for_a_prefix_and_leaves_the_others() -> None:
    switches = Switches(["late-tree"])
    switches.set(["stale-head"], "alice/")
    switches.set([], "bob/")
    assert switches.on(LATE_TREE, "alice/a")
    assert switches.on(STALE_HEAD, "alice/a")
    switches.set([], "")
    assert not switches.on(LATE_TREE, "alice/a")
    assert switches.on(STALE_HEAD, "alice/a")
    switches.clear()
    assert not switches.on(STALE_HEAD, "alice/a")


def test_an_unknown_name_is_refused_and_changes_nothing() -> None:
    switches = Switches(["late-tree"])
    with pytest.raises(ValueError, match="no variant 'late-tea'"):
        switches.set(["late-tea"])
    assert switches.on(LATE_TREE, "alice/a")


def test_names_are_unique_and_each_says_what_and_why() -> None:
    from localhub.variants.switches import GROUPS

    assert len(ALL) == sum(len(group.VARIANTS) for group in GROUPS)
    for variant in ALL.values():
        assert variant.what.endswith(".")
        assert variant.evidence
        assert "|" not in variant.what + variant.evidence  # they stand in a table


def test_a_variant_may_be_on_from_the_start() -> None:
    with localhub("--variant", "no-jwt", "late-tree", "--variant", "flagged") as hub:
        listed = web.get(f"{hub.endpoint}/_localhub/variants").json()
    assert {one["name"]: one["on"] for one in listed if one["on"]} == {
        "no-jwt": [""],
        "late-tree": [""],
        "flagged": [""],
    }
    assert [one["name"] for one in listed] == list(ALL)


def test_a_variant_that_is_none_ends_the_start() -> None:
    with pytest.raises(RuntimeError, match="invalid choice: 'no-such'"), localhub("--variant", "no-such"):
        pass


def test_they_are_switched_at_run_time(http: httpx2.Client, name: str) -> None:
    def on() -> dict[str, list[str]]:
        return {one["name"]: one["on"] for one in http.get("/_localhub/variants").json() if one["on"]}

    assert http.put("/_localhub/variants", json={"on": ["no-jwt", "no-cdn"], "for": name}).status_code == 200
    assert on() == {"no-jwt": [name], "no-cdn": [name]}
    assert http.put("/_localhub/variants", json={"on": ["no-cdn"], "for": name}).status_code == 200
    assert on() == {"no-cdn": [name]}
    for wrong in ({"on": ["nope"]}, {"on": "no-cdn"}, {}, {"on": [], "of": "x"}, {"on": [], "for": 1}):
        assert http.put("/_localhub/variants", json=wrong).status_code == 400
    assert on() == {"no-cdn": [name]}
    assert http.delete(f"/_localhub/variants?for={name}").status_code == 200
    assert on() == {}


def test_each_variant_is_switched_on_in_a_test() -> None:
    texts = [file.read_text() for file in Path(__file__).parents[1].rglob("test_*.py") if file != Path(__file__)]
    assert [name for name in ALL if not any(f'"{name}"' in text for text in texts)] == []
