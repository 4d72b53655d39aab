"""Three journeys of a user, under a runner that is not ours, with the image that GitHub would build."""

from pathlib import Path

import pytest
from huggingface_hub import HfApi

from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.step import act

pytestmark = [pytest.mark.engine, pytest.mark.xdist_group("act"), pytest.mark.usefixtures("runner")]

BUILD_LOG = """\
Step 2/3 : RUN pip install -r requirements.txt
ERROR: Could not find a version that satisfies the requirement no-such-package-xyz (from versions: none)
ERROR: No matching distribution found for no-such-package-xyz
"""
REASON = "Job failed with exit code: 1. Reason: cache miss: [2/2] RUN pip install -r requirements.txt"


def push(checkout: Path, workflow: str, hub: LocalHub, space: str) -> act.Job:
    variables = {"SPACE": space, "HF_ENDPOINT": hub.endpoint}
    return act.push(
        checkout, f"tests/e2e/runner/workflows/{workflow}", secrets={"HF_TOKEN": "hf_alice"}, variables=variables
    )


def files(api: HfApi, space: str, revision: str) -> dict[str, str]:
    listing = api.list_repo_tree(space, repo_type="space", revision=revision, recursive=True)
    return {entry.path: entry.blob_id for entry in listing if hasattr(entry, "blob_id")}


def test_first_deploy_of_a_static_site(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    checkout = repository.copy_of_the_action(workspace)

    job = push(checkout, "deploy.yml", hub, space)

    assert job.result == "success", job.log
    outputs = job.outputs["deploy"]
    info = api.space_info(space)
    assert (outputs["result"], outputs["created"], outputs["changed"]) == ("live", "true", "true")
    assert (outputs["commit-sha"], outputs["app-url"].rstrip("/")) == (info.sha, info.host)
    assert info.sdk == "static"
    assert "<h1>Moon phase</h1>" in job.logs["visit"]
    assert outputs["app-url"] in job.summaries["deploy"]
    assert "hf_alice" not in f"{job.log} {job.summaries} {job.outputs}"


def test_a_push_redeploys_exactly_the_change(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    checkout = repository.copy_of_the_action(workspace)
    first = push(checkout, "deploy.yml", hub, space).outputs["deploy"]
    page = checkout / "examples/static/index.html"
    edited = page.read_text("utf-8").replace("<h1>Moon phase</h1>", "<h1>Tonight's moon</h1>")
    repository.commit(checkout, "Say tonight", {"examples/static/index.html": edited})

    job = push(checkout, "deploy.yml", hub, space)

    assert job.result == "success", job.log
    second = job.outputs["deploy"]
    assert (second["result"], second["created"], second["changed"]) == ("live", "false", "true")
    assert "<h1>Tonight's moon</h1>" in job.logs["visit"]
    before, after = files(api, space, first["commit-sha"]), files(api, space, second["commit-sha"])
    assert {path for path in before | after if before.get(path) != after.get(path)} == {"index.html"}
    history = [commit.commit_id for commit in api.list_repo_commits(space, repo_type="space")]
    assert history[:2] == [second["commit-sha"], first["commit-sha"]], "one push, one commit"


def test_a_deploy_whose_build_fails_is_red_and_says_why(hub: LocalHub, space: str, workspace: Path) -> None:
    checkout = repository.copy_of_the_action(workspace)
    app = {
        "app/Dockerfile": "FROM python:3.13-slim\nRUN pip install -r requirements.txt\nEXPOSE 8080\n",
        "app/requirements.txt": "no-such-package-xyz\n",
    }
    repository.commit(checkout, "An app that does not build", app)
    hub.script(
        space,
        {"stage": "BUILDING", "build_log": BUILD_LOG},
        {"after": 1, "stage": "BUILD_ERROR", "errorMessage": REASON},
    )

    job = push(checkout, "broken-build.yml", hub, space)

    assert (job.result, job.steps["deploy"]) == ("failure", "failure"), job.log
    outputs = job.outputs["deploy"]
    assert (outputs["result"], outputs["stage"]) == ("failed", "BUILD_ERROR")
    cause = "No matching distribution found for no-such-package-xyz"
    assert cause in job.summaries["deploy"]
    (annotation,) = [each for each in job.annotations if each["level"] == "error"]
    assert "no-such-package-xyz" in annotation["message"]
    assert annotation["message"].endswith("\n[requirement-not-found]"), "no address, because it says `uses: ./`"
    assert (annotation["file"], annotation["line"]) == ("app/requirements.txt", "1")
    assert outputs["error"] == "requirement-not-found"
    assert job.logs["tell"] == f"the deploy ended as failed because of {outputs['error']}\n"


def test_a_self_test(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    checkout = repository.copy_of_the_action(workspace)

    job = push(checkout, "selftest.yml", hub, space)

    assert job.result == "success", job.log
    assert job.logs["say"] == "the self-test passed\n"
    for step in ("connect", "create", "upload", "read the state", "delete"):
        assert f"| ✓ | {step} " in job.summaries["deploy"]
    assert [each.id for each in api.list_spaces(author="alice", search=f"{space}-selftest")] == []
