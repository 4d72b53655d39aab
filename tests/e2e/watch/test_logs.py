"""The Space's logs in the step's log: complete, in order, each line once, and never more than text."""

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.step import commands
from tests.kit.step.action import Step, deploy
from tests.kit.step.commands import HOSTILE, text
from tests.kit.summaries import render

APP = {"Dockerfile": "FROM scratch\nEXPOSE 7860\n", "app.py": "print(1)\n"}


def lines(kind: str, number: int) -> list[str]:
    return [f"{kind} line {each}" for each in range(number)]


def run(workspace: Path, hub: LocalHub, space: str, *script: Mapping[str, Any], **inputs: str) -> Step:
    repository.create(workspace, APP)
    hub.script(space, *map(dict, script))
    return deploy(workspace, hub.endpoint, {"space": space, **inputs})


def once_each(step: Step, expected: Sequence[str]) -> None:
    shown = [line for line in commands.read(step.log).lines if line in set(expected)]
    assert Counter(shown) == Counter(expected)
    assert shown == list(expected), "in another order"


def log_calls(hub: LocalHub, space: str) -> list[str]:
    return [each["path"].rpartition("/")[2] for each in hub.requests() if f"{space}/logs/" in each["path"]]


def test_build_log_then_run_log_in_groups_of_their_own(hub: LocalHub, space: str, workspace: Path) -> None:
    build, app = lines("build", 40), lines("run", 20)

    step = run(
        workspace, hub, space,
        {"stage": "BUILDING", "build_log": text(build[:20])},
        {"after": 1, "stage": "BUILDING", "build_log": text(build[20:])},
        {"after": 0.5, "stage": "APP_STARTING", "run_log": text(app)},
        {"after": 1.5, "stage": "RUNNING"},
    )  # fmt: skip

    assert step.outputs["result"] == "live", step.log
    once_each(step, [*build, *app])
    shown = commands.read(step.log)
    assert [group for group, _ in groupby(shown.groups)] == [
        f"Plan for {space}: 2 changes", "Build log", "Run log",
    ]  # fmt: skip
    assert not shown.nested
    assert shown.fences < 12, "a fence for each batch, not for each line"
    assert log_calls(hub, space) == ["build", "run"]


def test_each_line_once_when_the_connection_breaks(hub: LocalHub, space: str, workspace: Path) -> None:
    build = lines("build", 300)
    hub.fault(path=f"{space}/logs/build", kind="cut", bytes=4000, times=1)
    hub.fault(path=f"{space}/logs/build", kind="cut", bytes=9000, times=1)

    step = run(
        workspace, hub, space,
        {"stage": "BUILDING", "build_log": text(build[:150])},
        {"after": 3, "stage": "BUILDING", "build_log": text(build[150:])},
        {"after": 2, "stage": "BUILD_ERROR"},
    )  # fmt: skip

    assert step.outputs["result"] == "failed", step.log
    once_each(step, build)
    assert len(log_calls(hub, space)) >= 3
    assert build[-1] in step.summary


def test_log_of_a_second_build_follows_that_of_the_first(hub: LocalHub, space: str, workspace: Path) -> None:
    first, second = lines("first", 30), lines("second", 10)
    repository.create(workspace, APP)
    hub.script(
        space,
        {"stage": "BUILDING", "build_log": text(first)},
        {
            "after": 1.5,
            "stage": "RUNTIME_ERROR",
            "sha": "new",
            "errorMessage": "Scheduling failure: unable to schedule",
        },
        on_restart=[{"stage": "BUILDING", "build_log": text(second)}, {"after": 4, "stage": "RUNNING"}],
    )

    step = deploy(workspace, hub.endpoint, {"space": space})

    assert step.outputs["result"] == "live", step.log
    once_each(step, [*first, *second])


def test_hostile_lines_are_printed_and_do_nothing(hub: LocalHub, space: str, workspace: Path) -> None:
    secret = "correct-horse-battery"
    log = [*HOSTILE, f"the secret is {secret}", "x" * 1_000_000, "and \x1b[32mgreen\x1b[0m"]

    step = run(
        workspace, hub, space,
        {"stage": "BUILDING", "build_log": text(log)},
        {"after": 1.5, "stage": "BUILD_ERROR", "errorMessage": "::error::said the Hub"},
        secrets=f"PASSWORD={secret}",
    )  # fmt: skip

    assert (step.outputs["result"], step.exit_code) == ("failed", 1), step.log
    shown = commands.read(step.log)
    assert Counter(commands.names(shown)) == {"add-mask": 2, "error": 1}, shown.commands
    assert not shown.nested
    assert [data for name, data in shown.commands if name == "add-mask"] == ["hf_alice", secret]
    for line in HOSTILE[:5]:
        assert line in shown.lines
    assert "\x1b[31m::error::in red\x1b[0m" in shown.lines
    assert "the secret is ***" in shown.lines
    assert secret not in step.log.replace(f"::add-mask::{secret}", "") + step.summary + str(step.outputs)
    assert max(map(len, shown.lines)) < 5000
    assert "\x00" not in step.log
    assert not [each for each in render(step.summary).iter() if each.tag in ("script", "img", "h1")]


def test_log_without_permission_is_said_once(hub: LocalHub, space: str, workspace: Path) -> None:
    hub.fault(path=f"{space}/logs/", kind="status", status=403)

    step = run(workspace, hub, space, {"stage": "BUILDING"}, {"after": 3, "stage": "BUILD_ERROR"})

    assert step.outputs["result"] == "failed", step.log
    assert step.log.count("The build log can't be read") == 1
    assert log_calls(hub, space) == ["build"]
    assert "log could not be read" in step.summary


@pytest.mark.parametrize("stage", ["BUILD_ERROR", "RUNTIME_ERROR"])
def test_log_of_a_failure_that_came_at_once_is_read_all_the_same(
    stage: str, hub: LocalHub, space: str, workspace: Path
) -> None:
    log = {"build_log" if stage == "BUILD_ERROR" else "run_log": "the last words\n"}

    step = run(workspace, hub, space, {"stage": "RUNNING_BUILDING"}, {"stage": stage, "sha": "new", **log})

    assert step.outputs["result"] == "failed", step.log
    once_each(step, ["the last words"])
    assert "the last words" in step.summary
