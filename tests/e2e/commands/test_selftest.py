"""`command: selftest`: five steps on a Space of its own, of which nothing is left, however it ends."""

import re
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from huggingface_hub import HfApi

from hfspace_action.commands.scratch_space import MARK
from hfspace_action.commands.selftest import STEPS
from hfspace_action.errors import Failure
from tests.kit.local import LocalHub
from tests.kit.step.action import REPOSITORY, Step, begin, deploy

PATIENCE = 5.0  # seconds, as in test_cancel.py
# Where the Hub hangs, once, while each of the steps is under way.
HANGS = [
    pytest.param({"method": "GET", "path": "/whoami-v2"}, id="connect"),
    pytest.param({"method": "POST", "path": "/repos/create"}, id="create, before the Space is there"),
    pytest.param({"method": "GET", "path": r"-selftest-\w+\?expand="}, id="create, when it is there"),
    pytest.param({"method": "POST", "path": r"-selftest-\w+/commit/"}, id="upload"),
    pytest.param({"method": "GET", "path": r"-selftest-\w+$"}, id="read the state"),
    pytest.param({"method": "DELETE", "path": "/repos/delete"}, id="delete"),
]


@pytest.fixture(autouse=True)
def _faultless(hub: LocalHub) -> Iterator[None]:
    hub.forget()
    yield
    hub.no_faults()


def run(workspace: Path, hub: LocalHub, space: str, *, env: dict[str, str] | None = None, **inputs: str) -> Step:
    workspace.mkdir(exist_ok=True)
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    return deploy(workspace, hub.endpoint, {"command": "selftest", "space": space, **given}, env=env)


def scratch(api: HfApi, space: str) -> list[str]:
    """The scratch Spaces for a Space that are on the Hub."""
    owner = space.partition("/")[0]
    return [each.id for each in api.list_spaces(author=owner) if each.id.startswith(f"{space}-selftest-")]


def rows(step: Step) -> dict[str, str]:
    """The sign of each of the five steps in the summary."""
    found = re.findall(r"^\| ([✓✗–]) \| ([a-z ]+?) (?:\(|\|)", step.summary, re.MULTILINE)
    return {name: sign for sign, name in found}


def test_all_five_steps_are_tried_and_nothing_is_left(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    step = run(workspace, hub, space)

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (0, "passed", ""), step.log
    assert rows(step) == dict.fromkeys(STEPS, "✓")
    assert len(re.findall(r"^\| ✓ \| [a-z ]+ \([\d.]+ s\)", step.summary, re.MULTILINE)) == len(STEPS), "timed"
    assert scratch(api, space) == []
    assert not api.repo_exists(space, repo_type="space"), "the Space itself is not touched"
    requests = [(request["method"], request["path"].rpartition("/")[2]) for request in hub.requests()]
    for each in (("POST", "create"), ("POST", "main"), ("DELETE", "delete")):
        assert each in requests


@pytest.mark.parametrize("visibility", ["private", "public"])
def test_the_scratch_space_is_private_unless_told(visibility: str, hub: LocalHub, space: str, workspace: Path) -> None:
    step = run(workspace, hub, space, visibility="" if visibility == "private" else visibility)

    assert step.exit_code == 0, step.log
    assert re.search(rf"create: {space}-selftest-\w+, {visibility}$", step.log, re.MULTILINE)


def test_a_space_can_be_named_without_its_owner(hub: LocalHub, space: str, workspace: Path) -> None:
    step = run(workspace, hub, space.partition("/")[2])

    assert step.exit_code == 0, step.log
    assert f"create: {space}-selftest-" in step.log


@pytest.mark.parametrize("name", ["alice/" + "x" * 96, "alice/" + "x" * 69 + "-y"])
def test_the_scratch_space_of_a_long_name_has_a_name_that_the_hub_takes(
    name: str, hub: LocalHub, workspace: Path
) -> None:
    assert run(workspace, hub, name).outputs["result"] == "passed"


class Failing(NamedTuple):
    """What goes wrong on the Hub or in the inputs, the error, and the sign of each of the five steps."""

    name: str
    fault: dict[str, Any]
    inputs: dict[str, str]
    error: str
    signs: str


@pytest.mark.parametrize(
    "case",
    [
        Failing(
            name="connect: an unknown token",
            fault={},
            inputs={"hf_token": "hf_unknown"},
            error="token-refused",
            signs="✗––––",
        ),
        Failing(
            name="create: a read-only token",
            fault={},
            inputs={"hf_token": "hf_alice_read"},
            error="no-write-access",
            signs="✓✗––✓",
        ),
        Failing(
            name="upload: a refused commit",
            fault={"method": "POST", "path": "/commit/main", "kind": "status", "status": 400, "body": {"error": "no"}},
            inputs={},
            error="hub-refused",
            signs="✓✓✗–✓",
        ),
        Failing(
            name="read the state: no address",
            fault={"method": "GET", "path": r"-selftest-\w+$", "kind": "status", "status": 500},
            inputs={"timeout": "2s"},
            error="timeout",
            signs="✓✓✓✗✓",
        ),
    ],
    ids=lambda case: case.name,
)
def test_a_step_that_fails_is_named_and_nothing_is_left(
    case: Failing,
    hub: LocalHub,
    api: HfApi,
    space: str,
    workspace: Path,
) -> None:
    if case.fault:
        hub.fault(**case.fault)

    step = run(workspace, hub, space, **case.inputs)

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "error", case.error), step.log
    assert "".join(rows(step)[name] for name in STEPS) == case.signs, step.summary
    assert scratch(api, space) == []


def test_a_deletion_that_fails_names_the_space_and_the_next_run_does_it(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    hub.fault(method="DELETE", path="/repos/delete", kind="status", status=400, body={"error": "not today"})
    first = run(workspace, hub, space)
    (left,) = scratch(api, space)
    hub.no_faults()

    second = run(workspace, hub, space)

    assert (first.exit_code, "".join(rows(first).values())) == (1, "✓✓✓✓✗"), first.log
    assert left in "".join(re.findall("^::error.*", first.log, re.MULTILINE))
    assert (second.exit_code, scratch(api, space)) == (0, []), second.log
    assert f"{left}, which an earlier self-test had left behind, was deleted" in second.log


def test_a_lost_answer_to_the_creation_is_settled(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    hub.fault(method="POST", path="/repos/create", kind="drop-after", times=1)

    step = run(workspace, hub, space)

    assert (step.exit_code, scratch(api, space)) == (0, []), step.log


def test_only_what_has_both_name_and_mark_is_swept(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    marked = [{"key": MARK, "value": "1"}]
    left, unmarked = f"{space}-selftest-0123abcd", f"{space}-selftest-4567cdef"
    longer, others = f"{space}-selftest-0123abcd-mine", f"{space}x-selftest-0123abcd"
    for name in (left, longer, others):
        api.create_repo(name, repo_type="space", space_sdk="static", space_variables=marked)
    api.create_repo(unmarked, repo_type="space", space_sdk="static")

    step = run(workspace, hub, space)

    assert step.exit_code == 0, step.log
    assert not api.repo_exists(left, repo_type="space")
    assert all(api.repo_exists(name, repo_type="space") for name in (unmarked, longer, others))


@pytest.mark.parametrize("fault", HANGS)
def test_killed_at_each_step_nothing_is_left_after_the_next_run(
    fault: dict[str, Any], hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    workspace.mkdir()
    hub.fault(kind="hang", times=1, **fault)
    with begin(workspace, hub.endpoint, {"command": "selftest", "space": space}) as running:
        hub.asked("", fault="hang")
        running.signal(signal.SIGKILL)
        running.kill()

    step = run(workspace, hub, space)

    assert (step.exit_code, scratch(api, space)) == (0, []), step.log


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])
@pytest.mark.parametrize("fault", HANGS)
def test_told_to_end_at_each_step_it_leaves_nothing(
    fault: dict[str, Any], number: signal.Signals, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    workspace.mkdir()
    hub.fault(kind="hang", times=1, **fault)
    with begin(workspace, hub.endpoint, {"command": "selftest", "space": space}) as running:
        hub.asked("", fault="hang")
        began = time.monotonic()
        running.signal(number)
        step = running.end()
        seconds = time.monotonic() - began

    assert seconds < PATIENCE
    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "cancelled", "cancelled"), step.log
    assert scratch(api, space) == []
    assert "Traceback" not in step.log
    if fault["path"] != "/whoami-v2":  # before that, there is nothing to delete
        assert "delete" in rows(step)


@pytest.mark.slow
def test_told_to_end_while_the_hub_does_not_answer_it_names_what_is_left(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    workspace.mkdir()
    hub.fault(method="DELETE", path="/repos/delete", kind="hang")
    with begin(workspace, hub.endpoint, {"command": "selftest", "space": space}) as running:
        hub.asked("", fault="hang")
        began = time.monotonic()
        running.signal(signal.SIGTERM)
        step = running.end()
        seconds = time.monotonic() - began
    hub.no_faults()
    (left,) = scratch(api, space)

    after = run(workspace, hub, space)

    assert seconds < PATIENCE
    assert (step.exit_code, step.outputs["result"]) == (1, "cancelled"), step.log
    assert Failure("scratch-left", space=left).message in step.log
    assert (after.exit_code, scratch(api, space)) == (0, []), after.log


def test_a_trusted_publisher_is_refused(hub: LocalHub, space: str, workspace: Path) -> None:
    step = run(workspace, hub, space, env=hub.job(REPOSITORY), hf_token="")

    assert (step.exit_code, step.outputs["error"]) == (1, "publisher-not-enough"), step.log
    assert hub.requests() == []


def test_a_dry_run_is_refused(hub: LocalHub, space: str, workspace: Path) -> None:
    step = run(workspace, hub, space, dry_run="true")

    assert (step.exit_code, step.outputs["error"]) == (1, "selftest-dry-run"), step.log
    assert hub.requests() == []
