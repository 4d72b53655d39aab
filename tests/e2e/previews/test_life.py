"""The life of a pull request's preview: made, renewed, broken, gone, with one comment that always says how it stands."""

import re

import pytest

from hfspace_action.commands.previews import names
from tests.e2e.previews.conftest import Stage
from tests.kit.github import GitHub
from tests.kit.step import event
from tests.kit.step.action import REPOSITORY


@pytest.mark.slow
def test_a_pull_request_from_its_opening_to_its_end(stage: Stage, octo: GitHub) -> None:
    pull = octo.open(12, stage.head())

    opened = stage.pull(pull)

    assert (opened.exit_code, opened.outputs["result"], opened.outputs["created"]) == (0, "live", "true"), opened.log
    assert opened.outputs["space-id"] == f"{stage.space}-pr-12"
    info = stage.api.space_info(stage.name(12))
    assert (info.sha, info.private) == (opened.outputs["commit-sha"], True)
    variables = stage.api.get_space_variables(stage.name(12))
    assert variables[names.MARK].value == f"{REPOSITORY}#12"
    assert opened.outputs["app-url"] in stage.comment()
    assert stage.head()[:7] in stage.comment()
    assert "+ space" in stage.comment(), "the plan"

    octo.push(12, stage.commit())
    renewed = stage.pull(pull, "synchronize")

    assert (renewed.outputs["result"], renewed.outputs["created"], renewed.outputs["changed"]) == (
        "live",
        "false",
        "true",
    )
    assert len(octo.comments) == 1
    assert stage.head()[:7] in stage.comment()

    octo.push(12, stage.commit("<h1>Broken"))
    stage.hub.script(
        stage.name(12), {"stage": "BUILDING"}, {"stage": "CONFIG_ERROR", "errorMessage": "colorFrom is wrong"}
    )
    broken = stage.pull(pull, "synchronize")

    assert (broken.exit_code, broken.outputs["result"], broken.outputs["error"]) == (1, "failed", "stage-config-error")
    assert len(octo.comments) == 1
    assert "❌" in stage.comment()
    assert "colorFrom is wrong" in stage.comment()

    closed = stage.closed(pull)

    assert (closed.exit_code, closed.outputs["result"], closed.outputs["changed"]) == (0, "deleted", "true"), closed.log
    assert not stage.exists(12)
    assert stage.comment().splitlines()[1:] == ["This pull request is closed, and its preview is gone."]
    assert octo.deployments == []

    before = len(octo.requests)
    again = stage.closed(pull)

    assert (again.exit_code, again.outputs["result"], again.outputs["changed"]) == (0, "deleted", "false")
    changes = [each for each in octo.requests[before:] if not each.startswith("GET")]
    assert changes == []


def test_the_deployment_goes_from_in_progress_to_success_to_nothing(stage: Stage, octo: GitHub) -> None:
    pull = octo.open(3, stage.head())

    step = stage.pull(pull)

    (deployment,) = octo.deployments
    assert (deployment["environment"], deployment["sha"]) == (stage.name(3), pull.sha)
    assert (deployment["transient_environment"], deployment["production_environment"]) == (True, False)
    assert octo.states() == ["in_progress", "success"]
    assert octo.statuses[-1]["environment_url"] == step.outputs["app-url"]

    octo.push(3, stage.commit())
    stage.pull(pull, "synchronize")

    assert octo.states() == ["in_progress", "success", "in_progress", "success", "inactive"]
    (deployment,) = octo.deployments
    assert deployment["sha"] == pull.sha

    stage.closed(pull, merged=True)

    assert octo.states()[-1] == "inactive"
    assert octo.deployments == []
    assert "is merged" in stage.comment()


def test_a_failed_deployment_is_shown_as_one(stage: Stage, octo: GitHub) -> None:
    pull = octo.open(4, stage.head())
    stage.hub.script(stage.name(4), {"stage": "CONFIG_ERROR", "errorMessage": "No"})

    stage.pull(pull)

    assert octo.states() == ["in_progress", "failure"]


@pytest.mark.parametrize("token", ["ghs_poor", ""])
def test_what_github_refuses_never_fails_a_deploy(token: str, stage: Stage, octo: GitHub) -> None:
    pull = octo.open(5, stage.head())

    step = stage.pull(pull, github_token=token)

    assert (step.exit_code, step.outputs["result"]) == (0, "live"), step.log
    warnings = re.findall(r"^::warning.*$", step.log, re.MULTILINE)
    named = ["deployments: write", "pull-requests: write"] if token else ["github-token"]
    assert [name for name in named if sum(name in each for each in warnings) != 1] == []
    assert len(warnings) == len(named), warnings
    assert octo.comments == octo.deployments == []


def test_a_comment_with_our_marker_by_somebody_else_is_left_alone(stage: Stage, octo: GitHub) -> None:
    pull = octo.open(6, stage.head())
    stage.pull(pull)
    octo.comments[0]["user"] |= {"login": "mallory", "type": "User"}
    theirs = octo.comments[0]["body"]
    octo.push(6, stage.commit())

    stage.pull(pull, "synchronize")

    assert [each["body"] == theirs for each in octo.comments] == [True, False]


def test_a_comment_far_down_is_found_and_a_second_one_is_removed(stage: Stage, octo: GitHub) -> None:
    pull = octo.open(7, stage.head())
    stage.pull(pull)
    (ours,) = octo.comments
    octo.comments[:] = [{**ours, "id": 900 + number, "body": "+1"} for number in range(120)]
    octo.comments += [ours, {**ours, "id": 899, "url": f"{ours['url'].rpartition('/')[0]}/899"}]
    octo.push(7, stage.commit())

    stage.pull(pull, "synchronize")

    found = [each["id"] for each in octo.comments if each["body"] != "+1"]
    assert found == [ours["id"]]


def test_text_of_the_pull_request_does_nothing_in_the_comment(stage: Stage, octo: GitHub) -> None:
    pull = octo.open(8, stage.head())
    stage.hub.script(
        stage.name(8), {"stage": "CONFIG_ERROR", "errorMessage": "@octo <img src=x> [a](https://evil.example)"}
    )

    stage.pull(pull)

    assert "@octo" not in stage.comment()
    assert "<img" not in stage.comment()
    assert "](https://evil" not in stage.comment()


def test_a_space_of_that_name_that_is_not_ours_is_neither_deployed_to_nor_deleted(stage: Stage, octo: GitHub) -> None:
    pull = octo.open(9, stage.head())
    stage.api.create_repo(stage.name(9), repo_type="space", space_sdk="static")
    before = stage.api.space_info(stage.name(9)).sha

    opened, closed = stage.pull(pull), stage.closed(pull)

    assert [step.outputs["error"] for step in (opened, closed)] == ["preview-foreign"] * 2
    assert stage.api.space_info(stage.name(9)).sha == before


@pytest.mark.parametrize("mark", ["octo/other#10", "octo/site#11", "octo/site", "octo/site#10x", ""])
def test_a_mark_of_another_pull_request_is_none_of_ours(mark: str, stage: Stage, octo: GitHub) -> None:
    pull = octo.open(10, stage.head())
    stage.api.create_repo(stage.name(10), repo_type="space", space_sdk="static")
    stage.api.add_space_variable(stage.name(10), names.MARK, mark or "x")

    assert stage.closed(pull).outputs["error"] == "preview-foreign"
    assert stage.exists(10)


def test_the_visibility_can_be_said(stage: Stage, octo: GitHub) -> None:
    stage.pull(octo.open(11, stage.head()), visibility="public")

    assert stage.api.space_info(stage.name(11)).private is False


def test_a_dry_run_makes_nothing_and_says_nothing(stage: Stage, octo: GitHub) -> None:
    step = stage.pull(octo.open(13, stage.head()), dry_run="true")

    assert (step.exit_code, step.outputs["result"]) == (0, "planned"), step.log
    assert not stage.exists(13)
    assert octo.comments == octo.deployments == []


def test_another_event_is_refused_with_what_to_write(stage: Stage) -> None:
    step = stage.run(event.push(stage.workspace.parent))

    assert step.outputs["error"] == "preview-event"
    assert "`push`" in step.log


def test_a_closed_pull_request_with_no_preview_gets_no_comment(stage: Stage, octo: GitHub) -> None:
    step = stage.closed(octo.open(14, stage.head()))

    assert (step.exit_code, step.outputs["result"]) == (0, "deleted"), step.log
    assert octo.comments == []


def test_a_token_that_cannot_name_its_owner_is_asked_whose_it_is(stage: Stage, octo: GitHub) -> None:
    step = stage.pull(octo.open(15, stage.head()), space=stage.space.partition("/")[2])

    assert step.outputs["space-id"] == stage.name(15)
