"""Which settings go together, and the plan's words."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import pytest

from hfspace_action.inputs.schema import BadInputs, Inputs
from hfspace_action.plan.plan import Entry
from hfspace_action.plan.settings import rules
from hfspace_action.volume import Volume
from tests.kit.watch.world import BEFORE

MOUNTED = Volume("dataset", "org/data", "/data")
UPGRADED = BEFORE._replace(requested_hardware="t4-small")


class Settings(NamedTuple):
    """Settings that are wanted of a Space, and the errors."""

    wanted: Mapping[str, Any]
    sdk: str
    existing: Any
    refused: list[str]


@pytest.mark.parametrize(
    "case",
    [
        Settings(wanted={}, sdk="docker", existing=None, refused=[]),
        Settings(wanted={"secrets": {"A": "1"}}, sdk="docker", existing=None, refused=[]),
        Settings(wanted={"secrets": {"A": "1"}}, sdk="static", existing=None, refused=["static-secrets"]),
        Settings(
            wanted={"secrets": {"A": "1"}, "hardware": "t4-small"},
            sdk="static",
            existing=None,
            refused=["static-secrets", "static-hardware"],
        ),
        Settings(wanted={"hardware": "cpu-basic", "variables": {"A": "1"}}, sdk="static", existing=None, refused=[]),
        Settings(wanted={"sleep_time": 1800}, sdk="static", existing=None, refused=["static-hardware"]),
        Settings(wanted={"volumes": (MOUNTED,)}, sdk="static", existing=None, refused=["static-hardware"]),
        Settings(wanted={"volumes": (MOUNTED,)}, sdk="docker", existing=None, refused=[]),
        Settings(wanted={"sleep_time": 1800}, sdk="docker", existing=None, refused=["sleep-time-free"]),
        Settings(wanted={"sleep_time": -1}, sdk="docker", existing=BEFORE, refused=["sleep-time-free"]),
        Settings(wanted={"sleep_time": 1800}, sdk="docker", existing=UPGRADED, refused=[]),
        Settings(
            wanted={"sleep_time": 1800, "hardware": "cpu-basic"},
            sdk="docker",
            existing=UPGRADED,
            refused=["sleep-time-free"],
        ),
        Settings(wanted={"sleep_time": 1800, "hardware": "t4-small"}, sdk="docker", existing=BEFORE, refused=[]),
        Settings(wanted={"hardware": "zero-a10g"}, sdk="gradio", existing=None, refused=[]),
        Settings(wanted={"hardware": "zero-a10g"}, sdk="docker", existing=None, refused=["zero-gpu-gradio"]),
        Settings(wanted={"hardware": "zerogpu"}, sdk="docker", existing=None, refused=["zero-gpu-gradio"]),
    ],
    ids=lambda case: f"{dict(case.wanted)} {case.sdk}",
)
def test_settings_go_together_or_are_refused_by_name(case: Settings) -> None:
    inputs = Inputs(space="alice/demo", hf_token="", **case.wanted)
    found: list[str] = []

    try:
        rules.check(inputs, case.sdk, case.existing)
    except BadInputs as bad:
        found = [failure.id for failure in bad.failures]

    assert found == case.refused


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (Entry("create", "space", "alice/demo", after="docker"), "+ space alice/demo: docker"),
        (Entry("create", "hardware", after="t4-small", dollars_per_hour=0.4), "+ hardware: t4-small ($0.40/h)"),
        (
            Entry("change", "hardware", None, "cpu-basic", "t4-small", restarts=True, dollars_per_hour=0.4),
            "~ hardware: t4-small ($0.40/h), was cpu-basic",
        ),
        (Entry("change", "hardware", None, "t4-small", "cpu-basic", dollars_per_hour=0), "~ hardware: cpu-basic (free), was t4-small"),
        (Entry("create", "variable", "A", after=""), "+ variable A: ''"),
        (Entry("change", "variable", "A", "two words", "x" * 200), f"~ variable A: two words → {'x' * 99}…"),
        (Entry("change", "variable", "A", "two\nlines", " x"), "~ variable A: 'two\\nlines' → ' x'"),
        (Entry("delete", "secret", "KEY", restarts=True), "- secret KEY"),
        (Entry("create", "secret", "KEY"), "+ secret KEY"),
        (Entry("create", "volume", "/d", after="hf://datasets/a/b:/d"), "+ volume /d: hf://datasets/a/b:/d"),
        (Entry("change", "app", None, "PAUSED", "restarted", restarts=True), "~ app: PAUSED → restarted"),
    ],
)  # fmt: skip
def test_an_entry_reads_as_people_know_it(entry: Entry, line: str) -> None:
    assert str(entry) == line
