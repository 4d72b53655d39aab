"""Pull requests of strangers: no secrets, no Space, until somebody with write access has looked at that very commit."""

import os
from pathlib import Path

import pytest

from tests.e2e.previews.conftest import Stage
from tests.kit import repository
from tests.kit.github import GitHub, Pull
from tests.kit.space import wheels
from tests.kit.space.real import witness
from tests.kit.step import event
from tests.kit.step.action import Step

FORK = "mallory/site"
EARLY, LATER, LATEST = "2026-01-01T10:00:00Z", "2026-01-01T11:00:00Z", "2026-01-01T12:00:00Z"


@pytest.fixture
def pull(stage: Stage, octo: GitHub) -> Pull:
    """A pull request from a fork, pushed early."""
    octo.roles |= {"alice": "admin", "tom": "triage", "wendy": "maintain"}
    return octo.open(7, stage.head(), repository=FORK, at=EARLY)


def follow(stage: Stage, pull: Pull, **about: str) -> Step:
    """Run the step as the workflow does that follows the pull request's own."""
    return stage.run(event.workflow_run(stage.workspace.parent, pull, **about))


def spaces(stage: Stage) -> list[str]:
    return [each.id for each in stage.api.list_spaces(author="alice") if each.id.startswith(f"{stage.space}-pr-")]


@pytest.mark.parametrize("token", ["", "hf_alice"])
def test_a_fork_is_skipped_and_the_rehearsal_is_named(token: str, stage: Stage, pull: Pull, octo: GitHub) -> None:
    rehearse = "name: Try it\non: pull_request\njobs: {try: {steps: [{uses: o/a@v1, with: {command: rehearse}}]}}\n"
    repository.commit(stage.workspace, "Rehearse", {".github/workflows/try.yml": rehearse})

    step = stage.pull(pull, hf_token=token)

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (0, "skipped", ""), step.log
    assert "Try it" in step.summary
    assert spaces(stage) == []
    assert octo.requests == []


def test_secrets_of_the_space_that_come_empty_are_no_fault_of_a_fork(stage: Stage, pull: Pull) -> None:
    step = stage.pull(pull, hf_token="", secrets="API_KEY=\n")

    assert (step.exit_code, step.outputs["result"]) == (0, "skipped"), step.log


def test_dependabot_without_secrets_of_its_own_is_skipped(stage: Stage, octo: GitHub) -> None:
    env = event.pull_request(stage.workspace.parent, octo.open(8, stage.head()), "opened", actor="dependabot[bot]")

    step = stage.run(env, hf_token="")

    assert (step.exit_code, step.outputs["result"]) == (0, "skipped"), step.log
    assert "Dependabot" in step.summary


def test_anybody_else_without_a_token_is_red(stage: Stage, octo: GitHub) -> None:
    step = stage.pull(octo.open(9, stage.head()), hf_token="")

    assert (step.exit_code, step.outputs["error"]) == (1, "input-token-missing"), step.log


def test_the_life_of_trust(stage: Stage, pull: Pull, octo: GitHub) -> None:
    without = follow(stage, pull)
    assert (without.exit_code, without.outputs["result"], spaces(stage)) == (0, "skipped", []), without.log

    octo.label(7, "preview", "alice", at=LATER)
    with_label = follow(stage, pull)
    assert (with_label.outputs["result"], spaces(stage)) == ("live", [stage.name(7)]), with_label.log
    served = with_label.outputs["commit-sha"]
    assert pull.sha in str(stage.api.list_repo_commits(stage.name(7), repo_type="space")[0].message)

    octo.push(7, stage.commit("<h1>Steal</h1>"), at=LATEST)
    after = follow(stage, pull)

    assert (after.exit_code, after.outputs["result"]) == (0, "skipped"), after.log
    assert stage.api.space_info(stage.name(7)).sha == served
    assert pull.labels == set(), "the trust is taken away where everybody sees it"
    assert "look again" in stage.comment()


@pytest.mark.parametrize("who", ["tom", "mallory"])
def test_a_label_by_somebody_who_may_not_write_is_no_trust(who: str, stage: Stage, pull: Pull, octo: GitHub) -> None:
    octo.label(7, "preview", who, at=LATER)

    assert follow(stage, pull).outputs["result"] == "skipped"
    assert spaces(stage) == []


def test_a_label_that_was_taken_off_is_no_trust(stage: Stage, pull: Pull, octo: GitHub) -> None:
    octo.label(7, "preview", "alice", at=LATER)
    octo.unlabel(7, "preview", "alice", at=LATEST)

    assert follow(stage, pull).outputs["result"] == "skipped"


def test_a_label_that_the_job_may_not_take_off_is_no_trust_either(stage: Stage, pull: Pull, octo: GitHub) -> None:
    octo.label(7, "preview", "alice", at=EARLY)
    env = event.workflow_run(stage.workspace.parent, pull)

    step = stage.run(env, github_token="ghs_poor")

    assert (step.exit_code, step.outputs["result"]) == (0, "skipped"), step.log
    assert spaces(stage) == []


def test_another_label_is_no_trust(stage: Stage, pull: Pull, octo: GitHub) -> None:
    octo.label(7, "bug", "alice", at=LATER)

    assert follow(stage, pull).outputs["result"] == "skipped"


def test_a_push_in_the_second_of_the_label_is_not_trusted(stage: Stage, pull: Pull, octo: GitHub) -> None:
    octo.label(7, "preview", "alice", at=EARLY)

    assert follow(stage, pull).outputs["result"] == "skipped"
    assert pull.labels == set()


def test_a_commit_that_was_there_before_and_comes_back_is_not_trusted(stage: Stage, pull: Pull, octo: GitHub) -> None:
    """The label was about another commit: that this one was pushed once before it is no excuse."""
    first = pull.sha
    octo.push(7, stage.commit("<h1>Harmless</h1>"), at="2026-01-01T10:30:00Z")
    octo.label(7, "preview", "alice", at=LATER)
    octo.push(7, first, at=LATEST)

    assert follow(stage, pull).outputs["result"] == "skipped"
    assert spaces(stage) == []


def test_a_run_about_an_older_commit_deploys_nothing(stage: Stage, pull: Pull, octo: GitHub) -> None:
    old = pull.sha
    octo.push(7, stage.commit(), at="2026-01-01T10:30:00Z")
    octo.label(7, "preview", "alice", at=LATER)

    assert follow(stage, pull, sha=old).outputs["result"] == "skipped"
    assert pull.labels == {"preview"}, "the label is about the newer commit, and stays"
    assert follow(stage, pull).outputs["result"] == "live"


def test_only_the_approved_commit_is_deployed(stage: Stage, pull: Pull, octo: GitHub) -> None:
    octo.label(7, "preview", "alice", at=LATER)
    stage.commit("<h1>Another</h1>")

    step = follow(stage, pull)

    assert (step.exit_code, step.outputs["error"]) == (1, "preview-other-commit"), step.log
    assert spaces(stage) == []


def test_an_approved_commit_with_changes_is_not_deployed(stage: Stage, pull: Pull, octo: GitHub) -> None:
    octo.label(7, "preview", "wendy", at=LATER)
    (stage.workspace / "index.html").write_text("<h1>Changed by a step</h1>")

    assert follow(stage, pull).outputs["error"] == "preview-other-commit"


def test_where_github_keeps_no_record_of_the_push_nobody_is_trusted(stage: Stage, pull: Pull, octo: GitHub) -> None:
    octo.label(7, "preview", "alice", at=LATER)
    octo.pushes.clear()

    assert follow(stage, pull).outputs["result"] == "skipped"
    assert spaces(stage) == []


def test_a_run_that_was_about_no_pull_request_is_skipped(stage: Stage, pull: Pull, octo: GitHub) -> None:
    octo.label(7, "preview", "alice", at=LATER)

    assert follow(stage, pull, event="push").outputs["result"] == "skipped"


@pytest.mark.parametrize("command", ["preview", "deploy"])
def test_pull_request_target_with_the_head_checked_out_is_refused(
    command: str, stage: Stage, pull: Pull, octo: GitHub
) -> None:
    base = stage.head()
    octo.push(7, stage.commit("<h1>Steal</h1>"))
    env = event.pull_request(stage.workspace.parent, pull, "opened", name="pull_request_target")

    step = stage.run({**env, "GITHUB_SHA": base}, command=command)

    assert step.exit_code == 1
    assert step.outputs["error"] == ("preview-target" if command == "preview" else "target-checkout"), step.log
    assert "pull_request_target" in step.log
    assert spaces(stage) == []
    assert not stage.api.repo_exists(stage.space, repo_type="space")


def test_a_head_in_a_folder_of_its_own_is_found_out_too(stage: Stage, pull: Pull, workspace: Path) -> None:
    repository.create(workspace / "pr", {"index.html": "<h1>Steal</h1>"})
    env = event.pull_request(workspace.parent, pull, "opened", name="pull_request_target")

    step = stage.run(env, command="deploy", path="pr")

    assert step.outputs["error"] == "target-checkout", step.log


def test_pull_request_target_with_the_base_deploys(stage: Stage, pull: Pull) -> None:
    env = event.pull_request(stage.workspace.parent, pull, "opened", name="pull_request_target")

    assert stage.run(env, command="deploy").outputs["result"] == "live"


def test_a_closed_fork_is_cleared_up_on_pull_request_target(stage: Stage, pull: Pull, octo: GitHub) -> None:
    octo.label(7, "preview", "alice", at=LATER)
    follow(stage, pull)
    pull.state = "closed"

    step = stage.run(event.pull_request(stage.workspace.parent, pull, "closed", name="pull_request_target"))

    assert (step.outputs["result"], spaces(stage)) == ("deleted", []), step.log


@pytest.mark.slow
@pytest.mark.xdist_group("built")
def test_a_free_account_rehearses_instead(stage: Stage, octo: GitHub) -> None:
    repository.commit(stage.workspace, "An app", {**witness(), "README.md": "---\nsdk: gradio\n---\n"})
    env = event.pull_request(stage.workspace.parent, octo.open(9, stage.head()), "opened")
    network = {name: value for name, value in os.environ.items() if name.startswith("SSL_CERT_")}

    step = stage.run({**env, **network, **wheels.SHOWN}, hf_token="hf_bob", space="bob/demo", sdk="gradio")

    assert (step.exit_code, step.outputs["result"]) == (0, "rehearsed"), step.log
    assert "rehearsed in the runner instead" in stage.comment()
    assert not stage.api.repo_exists("bob/demo-pr-9", repo_type="space")
