"""A pull request from a fork, rehearsed under act: no secrets, no request to the Hub, and the verdict of a deploy."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.kit import ROOT, repository
from tests.kit.local import LocalHub, localhub
from tests.kit.step import act

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("act"), pytest.mark.usefixtures("runner", "rehearse_image")]

FORK = {
    "action": "opened",
    "number": 7,
    "pull_request": {
        "number": 7,
        "state": "open",
        "head": {"sha": "c" * 40, "ref": "change", "repo": {"full_name": "mallory/site"}},
        "base": {"sha": "b" * 40, "ref": "main", "repo": {"full_name": "octo/site"}},
    },
}


@pytest.fixture(scope="module")
def hub() -> Iterator[LocalHub]:
    """The Hub that must not be asked."""
    with localhub() as hub:
        yield hub


class Rehearsed(NamedTuple):
    """An example, and what is said of it. `place` is a file and a line."""

    example: str
    error: str = ""
    place: tuple[str, str] | None = None
    seconds: int = 90


@pytest.mark.parametrize(
    "case",
    [
        Rehearsed("static", seconds=5),
        Rehearsed("gradio", seconds=60),
        Rehearsed("docker"),
        Rehearsed("broken/requirement", "requirement-not-found", ("requirements.txt", "1")),
        Rehearsed("broken/crash", "app-crashed", ("catalogue.py", "9")),
        Rehearsed("broken/deaf", "never-healthy"),
        Rehearsed("broken/dockerfile", "docker-step-failed", ("Dockerfile", "4")),
    ],
    ids=lambda case: case.example,
)
def test_the_verdict_is_that_of_a_deploy(case: Rehearsed, hub: LocalHub, tmp_path: Path) -> None:
    job = rehearse(tmp_path / "workspace", ROOT / "examples" / case.example, hub)

    outputs = next(iter(job.outputs.values()))
    assert job.result == ("failure" if case.error else "success"), job.log
    assert (outputs["result"], outputs["error"]) == ("failed" if case.error else "rehearsed", case.error), job.log
    errors = [each for each in job.annotations if each["level"] == "error"]
    assert [each["message"].endswith(f"[{case.error}]") for each in errors] == [True] * bool(case.error)
    if case.place:
        assert (errors[0]["file"], errors[0]["line"]) == case.place
    assert hub.requests() == []
    print(
        f"{case.example}: {outputs['duration']} s of {case.seconds}"
    )  # measured, not asserted: the machine may be busy


def rehearse(checkout: Path, app: Path, hub: LocalHub) -> act.Job:
    files = {path.name: path.read_text("utf-8") for path in app.iterdir() if path.is_file()}
    repository.create(checkout, files)
    act.with_the_action(checkout)
    workflow = act.example(checkout, "rehearse.yml")
    repository.commit(checkout, "Rehearse pull requests", {})
    payload: dict[str, Any] = FORK
    event = act.Event("pull_request", payload, {"HF_ENDPOINT": hub.endpoint}, engine=True)
    return act.happens(event, checkout, workflow, secrets={}, variables={"SPACE": "alice/demo"})
