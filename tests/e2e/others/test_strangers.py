"""Pull requests of others: none of their files reaches main by a deploy, and two deploys never share one."""

import threading
from pathlib import Path

from huggingface_hub import CommitOperationAdd, HfApi

from tests.e2e.deploy.test_publish import LARGE, STRAY, asked, holds, inputs, titles, until
from tests.kit.gitrepo import commit
from tests.kit.local import LocalHub
from tests.kit.space.tree import SpaceTree
from tests.kit.step.action import begin, deploy


def stranger(hub: LocalHub) -> HfApi:
    """Somebody who may read the Space and open pull requests, and no more."""
    return HfApi(hub.endpoint, token="hf_bob")


def stray(api: HfApi, space: str, revision: str) -> None:
    added = [CommitOperationAdd(path, content) for path, content in STRAY.items()]
    api.create_commit(space, added, commit_message="Mine", repo_type="space", revision=revision)


def title_of_a_deploy(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> str:
    """The title that this deploy gives its pull request: taken from one that was stopped."""
    hub.fault(path="/xet-write-token/", kind="hang")
    with begin(workspace, hub.endpoint, inputs(space)) as running:
        until(lambda: titles(api, space))
        running.kill()
    hub.forget()
    [(title, _)] = titles(api, space).values()
    api.change_discussion_status(space, 1, "closed", repo_type="space")
    return title


def test_a_strangers_pull_request_is_not_taken_for_ours(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    commit(workspace, LARGE)
    title = title_of_a_deploy(hub, api, existing, workspace)
    bob = stranger(hub)
    number = bob.create_pull_request(existing, title, repo_type="space").num
    stray(bob, existing, f"refs/pr/{number}")

    step = deploy(workspace, hub.endpoint, inputs(existing))

    assert (step.outputs["result"], step.exit_code) == ("published", 0), step.log
    assert holds(hub, existing, LARGE)
    assert titles(api, existing)[number][1] == "draft", "it is somebody else's, and left alone"


def test_what_is_committed_to_the_pull_request_is_not_merged(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    commit(workspace, LARGE)
    hub.fault(method="POST", path="/discussions/1/status", kind="status", status=503, times=1)

    with begin(workspace, hub.endpoint, inputs(existing)) as running:
        until(lambda: [request for request in hub.requests() if request["fault"]])
        stray(api, existing, "refs/pr/1")
        step = running.end()

    assert (step.exit_code, step.outputs["error"], step.outputs["changed"]) == (1, "pull-request-changed", ""), step.log
    assert SpaceTree(hub, existing).commits() == []
    assert [status for _, status in titles(api, existing).values()] == ["closed"]


def test_what_gets_into_the_merge_is_put_back_at_once(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    commit(workspace, LARGE)
    before = SpaceTree(hub, existing).blobs()
    hub.fault(method="POST", path="/merge$", kind="status", status=429, headers={"Retry-After": "2"}, times=1)

    with begin(workspace, hub.endpoint, inputs(existing)) as running:
        until(lambda: [request for request in hub.requests() if request["fault"]])
        stray(api, existing, "refs/pr/1")
        step = running.end()

    assert (step.exit_code, step.outputs["error"], step.outputs["changed"]) == (1, "merge-altered", "true"), step.log
    assert SpaceTree(hub, existing).blobs() == before
    assert step.outputs["commit-sha"] == api.space_info(existing).sha
    assert "stray.txt" in step.log


def test_two_large_deploys_at_once_have_each_its_own(hub: LocalHub, api: HfApi, existing: str, tmp_path: Path) -> None:
    trees = [LARGE | {"who.txt": name} for name in ("one", "two")]
    steps = {}

    def run(number: int) -> None:
        workspace = tmp_path / str(number)
        commit(workspace, trees[number])
        with begin(workspace, hub.endpoint, inputs(existing)) as running:
            steps[number] = running.end(300)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert any(holds(hub, existing, tree) for tree in trees), "one of them whole"
    logs = "\n".join(step.log for step in steps.values())
    assert {step.outputs["error"] for step in steps.values()} <= {"", "head-moved"}, logs
    assert all(status in ("merged", "closed") for _, status in titles(api, existing).values()), logs
    opened = [
        each
        for each in asked(hub, "/discussions")
        if each["method"] == "POST" and "/discussions/" not in str(each["path"])
    ]
    assert len(opened) >= 2
