"""Spaces that break for real, under act: the annotation names the file and the line that has to be mended."""

from collections.abc import Iterator

import pytest

from tests.kit import ROOT, repository
from tests.kit.local import LocalHub, localhub
from tests.kit.step import act

pytestmark = pytest.mark.usefixtures("runner")


@pytest.fixture(scope="module")
def hub() -> Iterator[LocalHub]:
    """A Hub that builds and runs Spaces for real."""
    with localhub() as hub:
        yield hub


@pytest.mark.parametrize(
    ("example", "stage", "error", "place", "word"),
    [
        ("requirement", "BUILD_ERROR", "requirement-not-found", ("requirements.txt", "1"), "requests==999.0.0"),
        ("crash", "RUNTIME_ERROR", "app-crashed", ("catalogue.py", "9"), "catalogue.json"),
        ("deaf", "RUNTIME_ERROR", "never-healthy", None, "startup_duration_timeout"),
        ("dockerfile", "BUILD_ERROR", "docker-step-failed", ("Dockerfile", "4"), "npm run build"),
    ],
)
def test_annotation_names_the_place(
    example: str,
    stage: str,
    error: str,
    place: tuple[str, str] | None,
    word: str,
    hub: LocalHub,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    checkout = repository.copy_of_the_action(tmp_path_factory.mktemp("broken") / "workspace")
    files = {path.name: path.read_text("utf-8") for path in (ROOT / "examples/broken" / example).iterdir()}
    repository.commit(checkout, "An app that breaks", {f"app/{name}": text for name, text in files.items()})

    job = act.push(
        checkout,
        "tests/e2e/runner/workflows/broken-build.yml",
        secrets={"HF_TOKEN": "hf_alice"},
        variables={"SPACE": f"alice/{example}", "HF_ENDPOINT": hub.endpoint},
    )

    assert (job.result, job.steps["deploy"]) == ("failure", "failure"), job.log
    outputs = job.outputs["deploy"]
    assert (outputs["result"], outputs["stage"], outputs["error"]) == ("failed", stage, error), job.log
    (annotation,) = job.annotations
    assert word in annotation["message"]
    assert word in job.summaries["deploy"].replace("&#61;", "=").replace("&#46;", ".").replace("&#95;", "_")
    if place:
        assert (annotation["file"], annotation["line"]) == (f"app/{place[0]}", place[1])
    else:
        assert "file" not in annotation
