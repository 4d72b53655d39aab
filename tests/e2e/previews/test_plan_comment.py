"""A dry run on a pull request: one comment with what a deploy would change and cost; and the bound on what it may cost."""

import pytest

from tests.e2e.previews.conftest import Stage
from tests.kit import repository
from tests.kit.github import GitHub
from tests.kit.step import event
from tests.kit.step.action import Step

SPACE = {"command": "deploy", "sdk": "gradio", "wait": "false"}
DRY = {**SPACE, "dry_run": "true", "comment": "true"}


@pytest.fixture
def app(stage: Stage) -> Stage:
    repository.commit(stage.workspace, "An app", {"app.py": "import gradio\n", "requirements.txt": "gradio\n"})
    return stage


def test_one_comment_is_kept_up_to_date(app: Stage, octo: GitHub) -> None:
    pull = octo.open(12, app.head())

    first = app.pull(pull, hardware="t4-small", **DRY)

    assert (first.exit_code, first.outputs["result"]) == (0, "planned"), first.log
    assert "```diff\n+ space" in app.comment()
    assert "$0.40 an hour: $292.00 a month" in app.comment()
    assert not app.api.repo_exists(app.space, repo_type="space")

    app.run(event.push(app.workspace.parent), **SPACE)
    octo.push(12, app.commit())
    app.pull(pull, "synchronize", **DRY)

    assert "! files: 1 changed" in app.comment()
    assert "The app starts again for it." in app.comment()
    assert "a month" not in app.comment()


def test_a_plan_that_can_not_be_made_says_why(app: Stage, octo: GitHub) -> None:
    step = app.pull(octo.open(13, app.head()), hardware="t5-huge", **DRY)

    assert (step.exit_code, step.outputs["error"]) == (1, "hardware-unknown"), step.log
    assert "t5-huge" in app.comment()


def test_without_a_pull_request_there_is_a_plan_and_a_note(app: Stage, octo: GitHub) -> None:
    step = app.run(event.push(app.workspace.parent), **DRY)

    assert (step.exit_code, step.outputs["result"]) == (0, "planned"), step.log
    assert "no effect" in step.log
    assert octo.requests == []


def test_a_preview_and_a_plan_have_a_comment_each(app: Stage, octo: GitHub) -> None:
    pull = octo.open(14, app.head())

    app.pull(pull, **DRY)
    app.pull(pull, sdk="gradio")

    assert len(octo.comments) == 2


def deploy(stage: Stage, **inputs: str) -> Step:
    return stage.run(event.push(stage.workspace.parent), **SPACE, **inputs)


@pytest.mark.parametrize("most", ["291", "$291/month", "0.39/hour", "0"])
def test_what_costs_more_is_refused_before_anything_is_made(most: str, app: Stage) -> None:
    step = deploy(app, hardware="t4-small", max_price=most)

    assert step.outputs["error"] == "price-above", step.log
    assert not app.api.repo_exists(app.space, repo_type="space")


@pytest.mark.parametrize("most", ["292", "$292/month", "0.40/hour", "0.4/h"])
def test_what_costs_as_much_is_not(most: str, app: Stage) -> None:
    assert deploy(app, hardware="t4-small", max_price=most, dry_run="true").outputs["result"] == "planned"


def test_free_hardware_costs_nothing(app: Stage) -> None:
    assert deploy(app, max_price="0").outputs["result"] == "published"


def test_hardware_that_the_space_has_already_counts(app: Stage) -> None:
    deploy(app, hardware="t4-small")

    assert deploy(app, max_price="10").outputs["error"] == "price-above"


def test_hardware_without_a_price_is_refused(app: Stage) -> None:
    offer = [{"name": "odd-chip", "prettyName": "Odd", "cpu": "1", "ram": "1", "accelerator": None}]
    offer[0] |= {"unitCostMicroUSD": 1, "unitCostUSD": 1, "unitLabel": "moon", "ephemeralStorage": "1 GB"}
    app.hub.fault(path="/spaces/hardware", kind="status", status=200, body=offer)

    assert deploy(app, hardware="odd-chip", max_price="10").outputs["error"] == "price-unknown"


@pytest.mark.parametrize("price", ["much", "-1", "1/year", "1e3", "€5"])
def test_what_is_no_price_is_refused(price: str, app: Stage) -> None:
    assert deploy(app, max_price=price).outputs["error"] == "input-invalid"
