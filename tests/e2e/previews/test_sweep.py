"""`command: sweep`: of all Spaces exactly the previews that nobody needs any more are deleted."""

import pytest

from hfspace_action.commands.previews import names
from tests.e2e.previews.conftest import Stage
from tests.kit.github import GitHub
from tests.kit.step import event
from tests.kit.step.action import REPOSITORY, Step


def make(stage: Stage, name: str, mark: str | None) -> str:
    """Make a Space, with a mark or without."""
    variables = [{"key": names.MARK, "value": mark}] if mark else None
    stage.api.create_repo(name, repo_type="space", space_sdk="static", space_variables=variables)
    return name


def sweep(stage: Stage, **inputs: str) -> Step:
    return stage.run(event.push(stage.workspace.parent), command="sweep", **inputs)


def there(stage: Stage) -> set[str]:
    """The Spaces whose names begin like the one that is swept for."""
    return {each.id for each in stage.api.list_spaces(author="alice") if each.id.startswith(stage.space)}


def test_of_ten_previews_and_five_others_exactly_the_right_ones_go(stage: Stage, octo: GitHub) -> None:
    for number in range(1, 11):
        octo.open(number, stage.head(), state="open" if number <= 4 else "closed")
        make(stage, stage.name(number), f"{REPOSITORY}#{number}")
    octo.open(11, stage.head(), state="closed")
    others = {
        make(stage, stage.space, f"{REPOSITORY}#5"),  # the Space itself, with a mark
        make(stage, stage.name(11), None),  # no mark, whatever its name
        make(stage, stage.name(12), "octo/other#12"),  # another repository's
        make(stage, stage.name(13), f"{REPOSITORY}#5"),  # a mark of another pull request
        make(stage, f"{stage.space}-pr-x6", f"{REPOSITORY}#6"),  # no such name
    }

    step = sweep(stage)

    assert (step.exit_code, step.outputs["result"], step.outputs["changed"]) == (0, "swept", "true"), step.log
    assert there(stage) == others | {stage.name(number) for number in range(1, 5)}
    again = sweep(stage)
    assert (again.exit_code, again.outputs["result"], again.outputs["changed"]) == (0, "swept", "false")
    assert there(stage) == others | {stage.name(number) for number in range(1, 5)}


def test_what_was_not_deployed_to_for_long_goes_although_it_is_open(stage: Stage, octo: GitHub) -> None:
    pull = octo.open(21, stage.head())
    stage.pull(pull)

    young = sweep(stage, max_age="1h")
    exists = stage.exists(21)
    old = sweep(stage, max_age="1s")

    assert (young.outputs["changed"], exists) == ("false", True)
    assert (old.outputs["changed"], stage.exists(21)) == ("true", False), old.log
    assert "The next commit makes it again" in stage.comment()
    assert octo.deployments == []


def test_the_comment_says_that_it_went_with_its_pull_request(stage: Stage, octo: GitHub) -> None:
    pull = octo.open(22, stage.head())
    stage.pull(pull)
    pull.state = "closed"

    sweep(stage)

    assert stage.comment().splitlines()[1:] == ["This pull request is closed, and its preview is gone."]


def test_a_pull_request_that_github_does_not_know_keeps_its_preview(stage: Stage, octo: GitHub) -> None:
    make(stage, stage.name(31), f"{REPOSITORY}#31")

    step = sweep(stage)

    assert (step.exit_code, step.outputs["result"]) == (0, "swept"), step.log
    assert stage.exists(31)
    assert "is not known" in step.summary


def test_a_dry_run_only_names_what_would_go(stage: Stage, octo: GitHub) -> None:
    octo.open(32, stage.head(), state="closed")
    make(stage, stage.name(32), f"{REPOSITORY}#32")

    step = sweep(stage, dry_run="true")

    assert (step.exit_code, step.outputs["result"]) == (0, "planned"), step.log
    assert f"- space {stage.name(32)}" in step.summary
    assert stage.exists(32)


def test_one_that_can_not_be_deleted_keeps_none_of_the_others(stage: Stage, octo: GitHub) -> None:
    for number in (33, 34):
        octo.open(number, stage.head(), state="closed")
        make(stage, stage.name(number), f"{REPOSITORY}#{number}")
    stage.hub.fault(method="DELETE", path="/repos/delete", kind="status", status=400, body={"error": "no"}, times=1)

    step = sweep(stage)

    assert (step.exit_code, step.outputs["error"]) == (1, "hub-refused"), step.log
    assert [stage.exists(number) for number in (33, 34)] == [True, False]


@pytest.mark.parametrize("token", ["", "ghs_wrong"])
def test_without_github_nothing_goes(token: str, stage: Stage, octo: GitHub) -> None:
    octo.open(35, stage.head(), state="closed")
    make(stage, stage.name(35), f"{REPOSITORY}#35")

    step = sweep(stage, github_token=token)

    assert stage.exists(35)
    if not token:
        assert (step.exit_code, step.outputs["error"]) == (1, "github-needed")
