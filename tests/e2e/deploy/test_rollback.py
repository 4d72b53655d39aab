"""`on-failure: rollback`: what ran before comes back in one commit, and the step is red all the same."""

import re
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from tests.kit import gitrepo, repository, web
from tests.kit.local import LocalHub, until
from tests.kit.step.action import Step, begin, deploy

DOCKER = {"README.md": "# Demo\n", "Dockerfile": "FROM scratch\nEXPOSE 7860\n", "app.py": "print(1)\n"}
UNCHANGED = {f"data/part-{number}.txt": f"part {number}\n" for number in range(30)}
STATIC = {"index.html": "<h1>Tides</h1>\n", "style.css": "h1 { color: navy }\n"}
BROKEN = [{"stage": "RUNNING_BUILDING"}, {"after": 1, "stage": "BUILD_ERROR", "errorMessage": "exit code: 1"}]


def inputs(space: str, **more: str) -> dict[str, str]:
    return {"space": space, "on-failure": "rollback", **more}


def first(workspace: Path, hub: LocalHub, space: str, files: dict[str, str]) -> Step:
    """The version that works."""
    repository.create(workspace, files)
    step = deploy(workspace, hub.endpoint, inputs(space))
    assert step.outputs["result"] == "live", step.log
    return step


def tree(api: HfApi, space: str, revision: str) -> dict[str, str]:
    listing = api.list_repo_tree(space, repo_type="space", revision=revision, recursive=True)
    return {entry.path: entry.blob_id for entry in listing if hasattr(entry, "blob_id")}


def history(api: HfApi, space: str) -> list[str]:
    return [commit.commit_id for commit in api.list_repo_commits(space, repo_type="space")]


def requests(hub: LocalHub, space: str, since: int = 0) -> list[str]:
    return [f"{each['method']} {each['path']}" for each in hub.requests()[since:] if f"{space}/" in each["path"] + "/"]


def test_failed_build_is_rolled_back_in_one_commit(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    good = first(workspace, hub, space, {**DOCKER, **UNCHANGED})
    repository.commit(workspace, "Break it", {"app.py": "print(2)\n", "new/module.py": "import nothing\n"})
    (workspace / "data/part-7.txt").unlink()
    sources = [gitrepo.git(workspace, "rev-parse", "HEAD~1").strip(), repository.commit(workspace, "Remove a file", {})]
    hub.script(space, *BROKEN)
    since = len(hub.requests())

    with begin(workspace, hub.endpoint, inputs(space)) as running:
        hub.polled(space, since=since)
        hub.no_script(space)
        step = running.end()

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "rolled-back", "stage-build-error"), (
        step.log
    )
    commits = history(api, space)
    assert commits[1:3] == [step.outputs["commit-sha"], good.outputs["commit-sha"]]
    assert tree(api, space, commits[0]) == tree(api, space, good.outputs["commit-sha"])
    assert api.space_info(space).runtime.raw["sha"] == commits[0]
    assert step.outputs["stage"] == "RUNNING"
    assert "exit code" in step.summary, "why it failed"
    again, failed = (re.escape(each) for each in sources)
    assert re.search(rf"\[`{again[:7]}` .+\]\(\S+/commit/{again[:7]}\) runs again\.", step.summary), "what runs"
    assert re.search(rf"\[`{failed[:7]}` .+\]\(\S+/commit/{failed}\) failed\.", step.summary), "what does not"
    assert "ettings" not in step.summary, "of which none was changed"
    read = [each for each in requests(hub, space, since) if "/resolve/" in each or "/raw/" in each]
    assert {each.rpartition("/")[2] for each in read} <= {"app.py", "part-7.txt"}, "only what differs is read"
    calls = requests(hub, space, since)
    assert len(calls) <= 36, calls
    assert sum("/commit/main" in each for each in calls) == 2


@pytest.mark.slow
def test_old_page_answers_again(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    good = first(workspace, hub, space, STATIC)
    repository.commit(workspace, "Empty the page", {"index.html": "<h1>Soon</h1>\n"})

    step = deploy(workspace, hub.endpoint, inputs(space, checks="- contains: Tides", timeout="4s"))

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "rolled-back", "check-failed"), (
        step.log
    )
    shown = web.get(good.outputs["app-url"], follow_redirects=True).text
    assert "Tides" in shown
    assert "Soon" not in shown
    assert tree(api, space, "main") == tree(api, space, good.outputs["commit-sha"])


def test_page_that_moved_is_served_from_its_new_name_and_not_rolled_back(
    hub: LocalHub, space: str, workspace: Path
) -> None:
    first(workspace, hub, space, STATIC)
    (workspace / "index.html").rename(workspace / "start.html")
    repository.commit(workspace, "Move the page", {"start.html": "<h1>Ebb</h1>\n"})

    step = deploy(workspace, hub.endpoint, inputs(space, sdk="static"))

    assert (step.exit_code, step.outputs["result"]) == (0, "live"), step.log
    shown = web.get(step.outputs["app-url"], follow_redirects=True)
    assert "<h1>Ebb</h1>" in shown.text


@pytest.mark.slow
def test_app_that_does_not_answer_is_rolled_back(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    good = first(workspace, hub, space, DOCKER)
    repository.commit(workspace, "Hang", {"app.py": "while True: pass\n"})
    hub.script(space, {"stage": "RUNNING", "sha": "new", "http_status": 503})
    before = len(hub.visits())

    with begin(workspace, hub.endpoint, inputs(space, timeout="5s")) as running:
        until(lambda: len(hub.visits()) > before, "nobody asks the app")
        hub.no_script(space)
        step = running.end()

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "rolled-back", "unreachable"), (
        step.log
    )
    assert tree(api, space, "main") == tree(api, space, good.outputs["commit-sha"])


def test_large_files_are_not_sent_again(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    good = first(workspace, hub, space, {**DOCKER, "model.bin": "1" * 100_000})
    repository.commit(workspace, "Another model", {"model.bin": "2" * 100_000})
    hub.script(space, *BROKEN)
    since = len(hub.requests())

    with begin(workspace, hub.endpoint, inputs(space)) as running:
        hub.polled(space, since=since)
        failed = len(hub.requests())
        hub.no_script(space)
        step = running.end()

    assert step.outputs["result"] == "rolled-back", step.log
    assert tree(api, space, "main") == tree(api, space, good.outputs["commit-sha"])
    assert sum(each["request_bytes"] + each["response_bytes"] for each in hub.requests()[failed:]) < 80_000


def test_rollback_that_fails_too_is_said(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    first(workspace, hub, space, DOCKER)
    repository.commit(workspace, "Break it", {"app.py": "print(2)\n"})
    hub.script(space, *BROKEN)

    step = deploy(workspace, hub.endpoint, inputs(space))  # the script is played for the second commit as well

    assert (step.exit_code, step.outputs["result"]) == (1, "failed"), step.log
    assert step.log.count("::error") == 2, "the failure, and that of the rollback"
    assert len(history(api, space)) == 4


def test_lost_answer_of_the_rollback_is_no_second_commit(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    good = first(workspace, hub, space, DOCKER)
    repository.commit(workspace, "Break it", {"app.py": "print(2)\n"})
    hub.script(space, *BROKEN)
    since = len(hub.requests())

    with begin(workspace, hub.endpoint, inputs(space)) as running:
        hub.polled(space, since=since)
        hub.no_script(space)
        hub.fault(method="POST", path=f"{space}/commit/main", kind="drop-after", times=1)
        step = running.end()

    assert step.outputs["result"] == "rolled-back", step.log
    commits = history(api, space)
    assert commits[1:3] == [step.outputs["commit-sha"], good.outputs["commit-sha"]], "one commit back"
    assert tree(api, space, "main") == tree(api, space, good.outputs["commit-sha"])


def test_rollback_that_did_not_arrive_is_made_again(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    good = first(workspace, hub, space, DOCKER)
    repository.commit(workspace, "Break it", {"app.py": "print(2)\n"})
    hub.script(space, *BROKEN)
    since = len(hub.requests())

    with begin(workspace, hub.endpoint, inputs(space)) as running:
        hub.polled(space, since=since)
        hub.no_script(space)
        hub.fault(method="POST", path=f"{space}/commit/main", kind="drop", times=1)
        step = running.end()

    assert step.outputs["result"] == "rolled-back", step.log
    assert tree(api, space, "main") == tree(api, space, good.outputs["commit-sha"])


def test_what_others_published_after_the_failure_stays(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    first(workspace, hub, space, DOCKER)
    repository.commit(workspace, "Break it", {"app.py": "print(2)\n"})
    hub.script(space, *BROKEN)
    since = len(hub.requests())

    with begin(workspace, hub.endpoint, inputs(space)) as running:
        hub.polled(space, since=since)
        # The listing that the rollback begins with does not come before somebody else has published.
        hub.fault(method="GET", path=f"/api/spaces/{space}/tree/", kind="status", status=503, times=2)
        hub.asked(f"{space}/tree/", fault="status")
        other = api.create_commit(
            space, [CommitOperationAdd("fix.py", b"")], repo_type="space", commit_message="A fix by somebody else"
        )
        step = running.end()

    assert (step.exit_code, step.outputs["result"]) == (1, "failed"), step.log
    assert history(api, space)[0] == other.oid
    assert "somebody else has published" in step.summary


def test_superseded_is_not_rolled_back(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    first(workspace, hub, space, DOCKER)
    repository.commit(workspace, "Slow", {"app.py": "print(2)\n"})
    hub.script(space, {"stage": "RUNNING_BUILDING"})
    since = len(hub.requests())

    with begin(workspace, hub.endpoint, inputs(space)) as running:
        hub.polled(space, since=since)
        other = api.create_commit(
            space, [CommitOperationAdd("fix.py", b"")], repo_type="space", commit_message="Somebody else"
        )
        step = running.end()

    assert (step.exit_code, step.outputs["result"]) == (1, "superseded"), step.log
    assert history(api, space)[0] == other.oid


@pytest.mark.parametrize(
    ("before", "reason"),
    [
        pytest.param(None, "this was its first deploy", id="the first deploy"),
        pytest.param(
            {"stage": "BUILD_ERROR"}, "nothing ran there before, its stage was BUILD_ERROR", id="nothing ran before"
        ),
        pytest.param(
            {"stage": "RUNNING", "sha": "none"}, "did not say which commit ran", id="nobody knows what ran before"
        ),
    ],
)
def test_rollback_is_impossible_after(
    before: dict[str, str] | None, reason: str, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    repository.create(workspace, DOCKER)
    if before:
        hub.script(space, before)
        deploy(workspace, hub.endpoint, inputs(space, wait="false"))
        repository.commit(workspace, "Break it", {"app.py": "print(2)\n"})
    hub.script(space, *BROKEN)

    step = deploy(workspace, hub.endpoint, inputs(space))

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "failed", "stage-build-error"), (
        step.log
    )
    assert reason in step.summary
    assert history(api, space)[0] == step.outputs["commit-sha"], "the commit that failed stays"
