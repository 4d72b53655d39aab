"""Which settings go together, and the plan's words."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from hfspace_action.inputs.schema import BadInputs, Inputs
from hfspace_action.plan import setting_rules
from hfspace_action.plan.plan import Entry
from tests.kit.world import BEFORE

UPGRADED = replace(BEFORE, requested_hardware="t4-small")


@pytest.mark.parametrize(
    ("wanted", "sdk", "existing", "refused"),
    [
        ({}, "docker", None, []),
        ({"secrets": {"A": "1"}}, "docker", None, []),
        ({"secrets": {"A": "1"}}, "static", None, ["static-secrets"]),
        ({"secrets": {"A": "1"}, "hardware": "t4-small"}, "static", None, ["static-secrets", "static-hardware"]),
        ({"hardware": "cpu-basic", "variables": {"A": "1"}}, "static", None, []),
        ({"sleep_time": 1800}, "static", None, ["static-hardware"]),
        ({"sleep_time": 1800}, "docker", None, ["sleep-time-free"]),
        ({"sleep_time": -1}, "docker", BEFORE, ["sleep-time-free"]),
        ({"sleep_time": 1800}, "docker", UPGRADED, []),
        ({"sleep_time": 1800, "hardware": "cpu-basic"}, "docker", UPGRADED, ["sleep-time-free"]),
        ({"sleep_time": 1800, "hardware": "t4-small"}, "docker", BEFORE, []),
        ({"hardware": "zero-a10g"}, "gradio", None, []),
        ({"hardware": "zero-a10g"}, "docker", None, ["zero-gpu-gradio"]),
    ],
)
def test_settings_go_together_or_are_refused_by_name(
    wanted: Mapping[str, Any], sdk: str, existing: Any, refused: list[str]
) -> None:
    inputs = Inputs(space="alice/demo", hf_token="", **wanted)
    found: list[str] = []

    try:
        setting_rules.check(inputs, sdk, existing)
    except BadInputs as bad:
        found = [failure.id for failure in bad.failures]

    assert found == refused


@pytest.mark.parametrize(
    ("entry", "line"),
    [
        (Entry("create", "space", "alice/demo", after="docker"), "+ space alice/demo: docker"),
        (Entry("create", "hardware", after="t4-small", dollars_per_hour=0.4), "+ hardware: t4-small ($0.40/h)"),
        (
            Entry("change", "hardware", None, "cpu-basic", "t4-small", restarts=True, dollars_per_hour=0.4),
            "~ hardware: cpu-basic → t4-small ($0.40/h, restart)",
        ),
        (Entry("create", "variable", "A", after=""), "+ variable A: ''"),
        (Entry("change", "variable", "A", "two words", "x" * 200), f"~ variable A: two words → {'x' * 99}…"),
        (Entry("change", "variable", "A", "two\nlines", " x"), "~ variable A: 'two\\nlines' → ' x'"),
        (Entry("delete", "secret", "KEY", restarts=True), "- secret KEY (restart)"),
        (Entry("create", "secret", "KEY"), "+ secret KEY"),
        (Entry("change", "app", None, "PAUSED", "restarted", restarts=True), "~ app: PAUSED → restarted (restart)"),
    ],
)  # fmt: skip
def test_an_entry_reads_as_people_know_it(entry: Entry, line: str) -> None:
    assert str(entry) == line
