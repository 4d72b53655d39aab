"""How many previews there may be: what runs at once, and what is created in a day."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tests.e2e.previews.conftest import TOKEN, Stage
from tests.kit import repository
from tests.kit.github import GitHub
from tests.kit.step import event
from tests.kit.step.action import deploy


def up(stage: Stage) -> list[str]:
    """The previews that are neither paused nor stopped."""
    found = [each.id for each in stage.api.list_spaces(author="alice") if each.id.startswith(f"{stage.space}-pr-")]
    return [each for each in found if stage.api.get_space_runtime(each).stage not in ("PAUSED", "STOPPED")]


@pytest.fixture
def apps(stage: Stage) -> Stage:
    """A repository whose previews are apps, which can be paused."""
    repository.commit(stage.workspace, "An app", {"app.py": "import gradio\n", "requirements.txt": "gradio\n"})
    return stage


@pytest.mark.slow
def test_the_oldest_idle_one_is_paused_and_a_new_commit_brings_it_back(apps: Stage, octo: GitHub) -> None:
    inputs = {"sdk": "gradio", "max_previews": "2"}
    for number in (1, 2):
        apps.pull(octo.open(number, apps.head()), **inputs)

    third = apps.pull(octo.open(3, apps.head()), **inputs)

    assert (third.exit_code, third.outputs["result"]) == (0, "live"), third.log
    assert sorted(up(apps)) == [apps.name(2), apps.name(3)]
    by_number = {each["issue_url"].rpartition("/")[2]: each["body"] for each in octo.comments}
    assert "was paused to make room for \\#3" in by_number["1"].replace("<!---->", "")
    assert f"{apps.name(1)} was paused" in by_number["3"]

    apps.commit()
    first = apps.pull(octo.pulls[1], "synchronize", **inputs)

    assert first.outputs["result"] == "live", first.log
    assert sorted(up(apps)) == [apps.name(1), apps.name(3)]


def test_static_ones_can_not_be_paused_so_the_new_one_is_not_made(stage: Stage, octo: GitHub) -> None:
    for number in (1, 2):
        stage.pull(octo.open(number, stage.head()), max_previews="2")

    third = stage.pull(octo.open(3, stage.head()), max_previews="2")

    assert (third.exit_code, third.outputs["result"]) == (0, "skipped"), third.log
    assert not stage.exists(3)
    assert "2 previews" in octo.comments[-1]["body"]


@pytest.mark.slow
def test_fifty_pull_requests_make_no_more_than_five_at_once_and_twenty_in_a_day(apps: Stage, octo: GitHub) -> None:
    apps.hub.forget()
    results = []
    most = 0
    for number in range(1, 51):
        octo.open(number, apps.head())
        step = apps.pull(octo.pulls[number], sdk="gradio", wait="false", probe="none")
        results.append(step.outputs["result"])
        most = max(most, len(up(apps)))

    assert most <= 5
    made = [each for each in apps.hub.requests() if each["path"].endswith("/repos/create") and each["status"] == 200]
    assert len(made) <= 20
    assert set(results) == {"published", "skipped"}
    assert "in the last 24 hours" in octo.comments[-1]["body"]


def test_runs_at_the_same_time_keep_to_the_number(stage: Stage, octo: GitHub, tmp_path: Path) -> None:
    def run(number: int) -> str:
        workspace = repository.create(tmp_path / str(number) / "workspace", {"index.html": "<h1>Hello</h1>"})
        pull = octo.pulls[number]
        given = {
            "command": "preview",
            "space": stage.space,
            "github-token": TOKEN,
            "sdk": "static",
            "max-previews": "2",
        }
        env = event.pull_request(workspace.parent, pull, "opened")
        return deploy(workspace, stage.hub.endpoint, given, env=env, github=octo.url).outputs["result"]

    for number in range(1, 6):
        octo.open(number, stage.head())
    with ThreadPoolExecutor(5) as pool:
        results = list(pool.map(run, range(1, 6)))

    assert len(up(stage)) <= 2, results
    assert results.count("live") == len(up(stage))
    assert set(results) <= {"live", "skipped"}


def test_an_account_that_may_create_no_more_today_gets_no_preview_and_is_told(stage: Stage, octo: GitHub) -> None:
    stage.hub.limit("alice", creations=0)
    try:
        step = stage.pull(octo.open(1, stage.head()))
    finally:
        stage.hub.no_limit("alice")

    assert (step.exit_code, step.outputs["result"]) == (0, "skipped"), step.log
    assert "0 per day" in stage.comment()
    assert "a commit after that makes the preview" in stage.comment()
    assert octo.states() == ["in_progress", "inactive"]


@pytest.mark.slow
@pytest.mark.parametrize(("path", "result"), [("/api/repos/create", "skipped"), ("/api/validate-yaml", "error")])
def test_only_the_creation_that_the_hub_refuses_is_a_preview_for_another_day(
    path: str, result: str, stage: Stage, octo: GitHub
) -> None:
    stage.hub.fault(method="POST", path=path, kind="status", status=429)

    step = stage.pull(octo.open(1, stage.head()))

    assert (step.outputs["result"], step.exit_code) == (result, int(result == "error")), step.log
    assert not stage.exists(1)
