"""A build log full of workflow commands, under a runner that is not ours: it prints, and nothing else."""

from pathlib import Path

import pytest

from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.step import act
from tests.kit.step.commands import HOSTILE, text

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("act"), pytest.mark.usefixtures("runner")]


def test_hostile_log_does_nothing_but_print(hub: LocalHub, space: str, workspace: Path) -> None:
    checkout = repository.copy_of_the_action(workspace)
    repository.commit(checkout, "An app", {"app/Dockerfile": "FROM python:3.13-slim\nEXPOSE 8080\n"})
    hub.script(
        space,
        {"stage": "BUILDING", "build_log": text([*HOSTILE, "x" * 1_000_000, "the last line"])},
        {"after": 1, "stage": "BUILD_ERROR", "errorMessage": "exit code: 1"},
    )

    job = act.push(
        checkout,
        "tests/e2e/runner/workflows/broken-build.yml",
        secrets={"HF_TOKEN": "hf_alice"},
        variables={"SPACE": space, "HF_ENDPOINT": hub.endpoint},
    )

    assert job.steps == {**job.steps, "deploy": "failure", "tell": "success"}, job.log
    assert {**job.outputs["deploy"]}["result"] == "failed"
    assert [each["level"] for each in job.annotations] == ["error"], job.annotations
    log = job.logs["deploy"]
    for line in ("::error file=app.py,line=1::not an error of ours", "::add-mask::Published", "::group::Not ours"):
        assert line in job.log, job.log
    assert "Published: " in log, "nothing was masked"
    assert "the last line" in log
    assert job.logs["tell"] == f"the deploy ended as failed because of {job.outputs['deploy']['error']}\n"
