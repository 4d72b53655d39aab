"""`command: matrix`: the Spaces with something to do, for a job each; and `only`, which such a job names its Space with."""

import json

import pytest

from tests.e2e.many.conftest import Many
from tests.kit import ROOT, repository
from tests.kit.local import LocalHub
from tests.kit.space.tree import SpaceTree, blob
from tests.kit.step import act
from tests.kit.step.action import Step


def matrix(step: Step) -> list[dict[str, str]]:
    """The jobs that GitHub would make."""
    jobs: list[dict[str, str]] = json.loads(step.outputs["matrix"])["include"]
    return jobs


def test_the_matrix_has_what_changed_and_what_can_not_be_compared(many: Many, hub: LocalHub) -> None:
    many.declare("same", "new", "key", "gone")
    assert many.run().exit_code == 0
    text = (many.workspace / "spaces.yaml").read_text("utf-8")
    text = text.replace("path: apps/gone", "path: apps/nowhere").replace(
        "path: apps/key", "path: apps/key\n  secrets: [KEY]"
    )
    repository.commit(many.workspace, "Change", {"apps/new/index.html": "<h1>New</h1>\n", "spaces.yaml": text})
    hub.forget()

    step = many.run(command="matrix")

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (0, "planned", ""), step.log
    assert many.writes() == []
    assert matrix(step) == [
        {"space": many.name("new"), "path": "apps/new"},
        {"space": many.name("key"), "path": "apps/key"},
        {"space": many.name("gone"), "path": "apps/nowhere"},
    ]
    assert "### 📋 3 of 4 Spaces to deploy" in step.summary


def test_without_a_token_every_space_gets_a_job(many: Many, hub: LocalHub) -> None:
    many.declare("one", "two")
    hub.forget()

    step = many.run(command="matrix", hf_token="")

    assert (step.exit_code, [each["space"] for each in matrix(step)]) == (0, [many.name("one"), many.name("two")])
    assert hub.requests() == []


def test_only_deploys_those_that_it_names_and_reports_one_as_any_deploy(many: Many, hub: LocalHub) -> None:
    many.declare("one", "two", "six")

    single = many.run(only=many.name("one"))
    two = many.run(only=f"{many.name('one')}, {many.name('six').upper()}".replace(many.space.upper(), many.space))

    assert (single.outputs["result"], single.outputs["space-id"]) == ("live", many.name("one")), single.log
    assert single.outputs["spaces"] == ""
    assert [each["result"] for each in json.loads(two.outputs["spaces"])] == ["seen", "live"], two.log
    assert not (hub.data / "spaces" / many.name("two")).exists()


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.xdist_group("act")
@pytest.mark.usefixtures("runner")
def test_the_emitted_matrix_deploys_the_same_under_act(many: Many, hub: LocalHub) -> None:
    """The workflow of examples/workflows: of twenty Spaces of which one is changed, one job deploys one; then none is left to do."""
    names = [f"{number:02}" for number in range(1, 21)]
    many.declare(*names)
    act.with_the_action(many.workspace)
    workflow = act.example(many.workspace, "spaces.yml")
    repository.commit(many.workspace, "Use the workflow", {})
    assert many.run().exit_code == 0
    before = {name: SpaceTree(hub, many.name(name)).commits() for name in names}
    repository.commit(many.workspace, "Change 07", {"apps/07/index.html": "<h1>Seven</h1>\n"})

    def pushed() -> act.Job:
        event = act.Event("push", None, {"HF_ENDPOINT": hub.endpoint})
        return act.happens(event, many.workspace, workflow, secrets={"HF_TOKEN": "hf_alice"}, variables={})

    job = pushed()

    assert job.result == "success", job.log[-5000:]
    moved = [name for name in names if SpaceTree(hub, many.name(name)).commits() != before[name]]
    assert moved == ["07"]
    assert SpaceTree(hub, many.name("07")).blobs()["index.html"] == blob(b"<h1>Seven</h1>\n")
    assert job.log.count(" is live. ") == 1
    again = pushed()
    assert again.result == "success", again.log[-5000:]
    assert again.outputs["spaces"]["matrix"] == '{"include":[]}'
    assert " is live" not in again.log


def test_the_example_is_that_of_the_page() -> None:
    page = (ROOT / "docs/many-spaces.md").read_text("utf-8")
    example = (ROOT / "examples/workflows/spaces.yml").read_text("utf-8")

    for line in (
        "command: matrix",
        "fromJSON(needs.compare.outputs.matrix)",
        "only: ${{ matrix.space }}",
        "!= '{\"include\":[]}'",
    ):
        assert line in page
        assert line in example
