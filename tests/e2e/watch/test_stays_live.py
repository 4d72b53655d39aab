"""Live means it stays live, with the defaults of the action: an app that falls soon after its start, or answers now and then."""

import statistics
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.step.action import Step, begin, deploy

pytestmark = pytest.mark.slow

DOCKER = {"README.md": "---\nsdk: docker\n---\n", "Dockerfile": "FROM scratch\nEXPOSE 7860\n", "app.py": "print(1)\n"}
DEFAULT = {"healthy": "3"}
CRASH = "Traceback (most recent call last):\n  File \"/app/app.py\", line 1, in <module>\n    import flask\n" \
        "ModuleNotFoundError: No module named 'flask'\n"  # fmt: skip


def first(workspace: Path, hub: LocalHub, space: str) -> Step:
    """A version that works."""
    repository.create(workspace, DOCKER)
    step = deploy(workspace, hub.endpoint, {"space": space})
    assert step.outputs["result"] == "live", step.log
    return step


def second(workspace: Path, hub: LocalHub, space: str, *script: dict[str, Any], **inputs: str) -> Step:
    """A deploy of another version, which does this."""
    repository.commit(workspace, "Second", {"app.py": "import flask\n"})
    hub.script(space, *script)
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    return deploy(workspace, hub.endpoint, {"space": space, **DEFAULT, **given})


def test_app_that_dies_three_seconds_after_its_start_is_rolled_back(hub: LocalHub, space: str, workspace: Path) -> None:
    first(workspace, hub, space)
    repository.commit(workspace, "Second", {"app.py": "import flask\n"})
    hub.script(
        space,
        {"stage": "RUNNING", "sha": "new"},
        {"after": 3, "stage": "RUNTIME_ERROR", "sha": "new", "run_log": CRASH},
    )

    with begin(workspace, hub.endpoint, {"space": space, "on-failure": "rollback", **DEFAULT}) as running:
        running.says("Stage: RUNTIME_ERROR")
        hub.no_script(space)
        step = running.end()

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "rolled-back", "module-missing"), (
        step.log
    )
    assert "runs its previous version again" in step.summary
    assert "file=app.py,line=1" in step.log


def test_app_that_dies_while_it_soaks_is_failed_with_its_log(hub: LocalHub, space: str, workspace: Path) -> None:
    first(workspace, hub, space)

    step = second(workspace, hub, space, {"stage": "RUNNING", "sha": "new"},
                  {"after": 8, "stage": "RUNTIME_ERROR", "run_log": CRASH}, soak="20s")  # fmt: skip

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "failed", "module-missing"), step.log
    assert "The Space answered well and then left that stage: it is RUNTIME_ERROR." in step.log
    assert "ModuleNotFoundError" in step.summary


def test_app_that_answers_for_a_second_only_is_not_live(hub: LocalHub, space: str, workspace: Path) -> None:
    first(workspace, hub, space)

    step = second(workspace, hub, space, {"stage": "RUNNING", "sha": "new", "http_status": 503},
                  {"after": 2, "stage": "RUNNING", "sha": "new"},
                  {"after": 1, "stage": "RUNNING", "sha": "new", "http_status": 503}, timeout="12s")  # fmt: skip

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "unreachable", "unreachable"), (
        step.log
    )
    assert "the app answers HTTP 503" in step.log


@pytest.mark.parametrize("early", [0.3, 1.0, 1.6])
def test_one_early_503_is_forgiven(early: float, hub: LocalHub, space: str, workspace: Path) -> None:
    first(workspace, hub, space)

    step = second(workspace, hub, space, {"stage": "RUNNING", "sha": "new"},
                  {"after": early, "stage": "RUNNING", "sha": "new", "http_status": 503},
                  {"after": 0.7, "stage": "RUNNING", "sha": "new"})  # fmt: skip

    assert (step.exit_code, step.outputs["result"]) == (0, "live"), step.log


def test_healthy_deploy_takes_five_seconds_longer_at_most(hub: LocalHub, space: str, workspace: Path) -> None:
    first(workspace, hub, space)
    spans = []
    for number in range(3):
        repository.commit(workspace, "Again", {"app.py": f"print({number})\n"})
        hub.script(space, {"stage": "RUNNING_BUILDING"}, {"after": 0.5, "stage": "RUNNING"})
        hub.forget()
        step = deploy(workspace, hub.endpoint, {"space": space, "healthy": "3"})
        assert step.outputs["result"] == "live", step.log
        asked = [datetime.fromisoformat(visit["at"]) for visit in hub.visits()]
        assert len(asked) >= 3
        spans.append((asked[-1] - asked[0]).total_seconds())

    extra = statistics.median(spans)
    print(f"median extra time of a healthy deploy: {extra:.1f} s")
    assert extra <= 5
