"""Spaces that break for real, under act: the annotation names the file and the line that has to be mended."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.kit import ROOT, repository
from tests.kit.local import LocalHub, localhub
from tests.kit.step import act

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("act"), pytest.mark.usefixtures("runner")]


@pytest.fixture(scope="module")
def hub() -> Iterator[LocalHub]:
    """A Hub that builds and runs Spaces for real."""
    with localhub() as hub:
        yield hub


class Broken(NamedTuple):
    """An example that breaks, and what the step must say about it: `place` is a file of the app's and a line."""

    example: str
    stage: str
    error: str
    place: tuple[str, str] | None
    word: str


@pytest.mark.parametrize(
    "case",
    [
        Broken(
            example="requirement",
            stage="BUILD_ERROR",
            error="requirement-not-found",
            place=("requirements.txt", "1"),
            word="requests==999.0.0",
        ),
        Broken(
            example="crash",
            stage="RUNTIME_ERROR",
            error="app-crashed",
            place=("catalogue.py", "9"),
            word="catalogue.json",
        ),
        Broken(
            example="deaf", stage="RUNTIME_ERROR", error="never-healthy", place=None, word="startup_duration_timeout"
        ),
        Broken(
            example="dockerfile",
            stage="BUILD_ERROR",
            error="docker-step-failed",
            place=("Dockerfile", "4"),
            word="test -s site/index.html",
        ),
    ],
    ids=lambda case: case.example,
)
def test_annotation_names_the_place(
    case: Broken,
    hub: LocalHub,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    checkout = repository.copy_of_the_action(tmp_path_factory.mktemp("broken") / "workspace")
    files = {path.name: path.read_text("utf-8") for path in (ROOT / "examples/broken" / case.example).iterdir()}
    repository.commit(checkout, "An app that breaks", {f"app/{name}": text for name, text in files.items()})

    job = act.push(
        checkout,
        "tests/e2e/runner/workflows/broken-build.yml",
        secrets={"HF_TOKEN": "hf_alice"},
        variables={"SPACE": f"alice/{case.example}", "HF_ENDPOINT": hub.endpoint},
    )

    assert (job.result, job.steps["deploy"]) == ("failure", "failure"), job.log
    outputs = job.outputs["deploy"]
    assert (outputs["result"], outputs["stage"], outputs["error"]) == ("failed", case.stage, case.error), job.log
    (annotation,) = job.annotations
    assert case.word in annotation["message"]
    assert case.word in job.summaries["deploy"].replace("&#61;", "=").replace("&#46;", ".").replace("&#95;", "_")
    if case.place:
        assert (annotation["file"], annotation["line"]) == (f"app/{case.place[0]}", case.place[1])
    else:
        assert "file" not in annotation
