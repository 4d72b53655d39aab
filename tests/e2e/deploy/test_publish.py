"""What the step makes of lost answers, races and interruptions: main moves once, or not at all, and nothing twice."""

import signal
from collections.abc import Mapping
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from hfspace_action.publish import batches
from tests.kit import repository, web
from tests.kit.gitrepo import commit
from tests.kit.local import LocalHub, until
from tests.kit.space.tree import SpaceTree, stored
from tests.kit.step import event
from tests.kit.step.action import Step, begin, deploy

README = "---\ntitle: Page\nemoji: 📄\ncolorFrom: blue\ncolorTo: indigo\nsdk: static\n---\n"
SMALL = {"README.md": README, "index.html": "<h1>Page</h1>\n", "a/b.txt": "b\n"}
PREUPLOADS = 3 * 3 + 1
"""Of three commits with up to 768 files (256 in each request), and of the one file that is uploaded beside them."""
# Two commits' worth; the last file goes to LFS and rides in the second.
LARGE = SMALL | {f"many/{number}.txt": f"{number}\n" for number in range(batches.FILES)} | {"z.bin": "large\n"}
STRAY = {"stray.txt": b"somebody else's"}
COMMIT, MERGE = "/commit/", "/merge$"


@pytest.fixture(autouse=True)
def _no_faults_left(hub: LocalHub) -> None:
    hub.forget()


def inputs(space: str) -> dict[str, str]:
    return {"space": space, "wait": "false"}


def run(workspace: Path, hub: LocalHub, space: str) -> Step:
    return deploy(workspace, hub.endpoint, inputs(space))


def push(api: HfApi, space: str, files: Mapping[str, bytes]) -> None:
    """Somebody else commits to main."""
    added = [CommitOperationAdd(path, content) for path, content in files.items()]
    api.create_commit(space, added, commit_message="Somebody else", repo_type="space")


def titles(api: HfApi, space: str) -> dict[int, tuple[str, str]]:
    """Number, title and status of each pull request."""
    return {one.num: (one.title, one.status) for one in api.get_repo_discussions(space, repo_type="space")}


def branches(api: HfApi, space: str) -> list[str]:
    """The branches of pull requests that are there."""
    refs = api.list_repo_refs(space, repo_type="space", include_pull_requests=True).pull_requests
    return [ref.ref for ref in refs or ()]


def asked(hub: LocalHub, part: str) -> list[dict[str, object]]:
    return [request for request in hub.requests() if part in f"{request['path']}"]


def holds(hub: LocalHub, space: str, files: Mapping[str, str]) -> bool:
    return SpaceTree(hub, space).blobs() == stored({path: text.encode() for path, text in files.items()})


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        pytest.param({"kind": "drop-after"}, "answer was lost", id="the commit is made, its answer lost"),
        pytest.param({"kind": "drop"}, "answer was lost", id="the connection breaks before the commit is made"),
        pytest.param({"kind": "status", "status": 503}, "answer was lost", id="HTTP 503"),
        pytest.param({"kind": "html", "status": 504}, "answer was lost", id="a gateway's HTTP 504"),
        pytest.param({"kind": "status", "status": 429, "headers": {"Retry-After": "0"}}, "trying again", id="HTTP 429"),
    ],
)
def test_one_commit_whatever_happens_to_it(
    fault: dict[str, object], says: str, hub: LocalHub, existing: str, workspace: Path
) -> None:
    commit(workspace, SMALL)
    hub.fault(method="POST", path=COMMIT, times=1, **fault)

    step = run(workspace, hub, existing)

    assert (step.outputs["result"], step.exit_code, step.outputs["changed"]) == ("published", 0, "true"), step.log
    assert says in step.log
    assert len(SpaceTree(hub, existing).commits()) == 1
    assert holds(hub, existing, SMALL)
    assert len(asked(hub, COMMIT)) == (1 if fault["kind"] == "drop-after" else 2)


def test_a_hub_that_never_takes_the_commit_is_a_failure_and_main_stays(
    hub: LocalHub, existing: str, workspace: Path
) -> None:
    commit(workspace, SMALL)
    hub.fault(method="POST", path=COMMIT, kind="status", status=500)

    step = run(workspace, hub, existing)

    assert (step.outputs["result"], step.outputs["error"], step.exit_code) == ("error", "hub-unwell", 1), step.log
    assert SpaceTree(hub, existing).commits() == []


def test_a_commit_of_somebody_else_meanwhile_is_taken_into_account(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    commit(workspace, SMALL)
    # Turned away once, the client waits a second before it asks again.
    hub.fault(method="POST", path="/preupload/", kind="status", status=503, times=1)

    with begin(workspace, hub.endpoint, inputs(existing)) as running:
        until(lambda: asked(hub, "/preupload/"))
        push(api, existing, STRAY)
        step = running.end()

    assert [request["status"] for request in asked(hub, COMMIT)] == [200, 412, 200]
    assert "Main moved meanwhile" in step.log
    assert (step.outputs["result"], step.exit_code) == ("published", 0), step.log
    assert len(SpaceTree(hub, existing).commits()) == 2
    assert holds(hub, existing, SMALL)


def test_a_gitignore_on_the_space_holds_nothing_back(hub: LocalHub, api: HfApi, existing: str, workspace: Path) -> None:
    files = SMALL | {"run.log": "wanted\n"}
    commit(workspace, files)
    push(api, existing, {".gitignore": b"*.log\n"})

    step = run(workspace, hub, existing)

    assert (step.outputs["result"], step.exit_code) == ("published", 0), step.log
    assert holds(hub, existing, files)


@pytest.mark.parametrize(
    ("fault", "merges"),
    [
        pytest.param({"path": MERGE, "kind": "drop-after"}, 1, id="merged, the answer lost"),
        pytest.param({"path": MERGE, "kind": "drop"}, 2, id="the connection breaks before the merge"),
        pytest.param({"path": "/commit/refs%2Fpr", "kind": "drop-after"}, 1, id="a commit's answer lost"),
        pytest.param({"path": "/discussions$", "kind": "drop-after"}, 1, id="the new pull request's answer lost"),
    ],
)
def test_a_large_change_is_one_commit_by_one_pull_request_whatever_happens(
    fault: dict[str, object], merges: int, hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    commit(workspace, LARGE)
    hub.fault(method="POST", times=1, **fault)

    step = run(workspace, hub, existing)

    assert (step.outputs["result"], step.exit_code, step.outputs["changed"]) == ("published", 0, "true"), step.log
    assert "answer was lost" in step.log
    assert len(SpaceTree(hub, existing).commits()) == 1
    assert holds(hub, existing, LARGE)
    assert len([request for request in asked(hub, "/merge") if request["method"] == "POST"]) == merges
    assert [status for _, status in titles(api, existing).values()] == ["merged"]


@pytest.mark.parametrize("status", [403, 404, 429])
@pytest.mark.parametrize(
    "asking",
    [
        pytest.param(("GET", "^/api/whoami-v2"), id="whose token it is"),
        pytest.param(("GET", "/discussions(\\?|$)"), id="the listing"),
        pytest.param(("POST", "/discussions$"), id="the opening"),
        pytest.param(("GET", r"/discussions/\d+$"), id="a look at it"),
        pytest.param(("DELETE", r"/discussions/\d+/ref$"), id="its branch, deleted"),
    ],
)
def test_a_stray_refusal_neither_lets_main_move_twice_nor_leaves_a_pull_request(
    status: int, asking: tuple[str, str], hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    commit(workspace, LARGE)
    method, path = asking
    about = path if path.startswith("^") else f"^/api/spaces/{existing}{path}"
    again = {"Retry-After": "0"} if status == 429 else {}
    hub.fault(method=method, path=about, kind="status", status=status, headers=again, times=1)

    step = run(workspace, hub, existing)

    assert (step.outputs["result"], step.exit_code, step.outputs["changed"]) == ("published", 0, "true"), step.log
    assert len(SpaceTree(hub, existing).commits()) == 1
    assert [state for _, state in titles(api, existing).values()] == ["merged"]
    assert branches(api, existing) == []


def test_a_merge_that_can_not_be_proved_at_first_is_a_change_all_the_same(
    hub: LocalHub, existing: str, workspace: Path
) -> None:
    commit(workspace, LARGE)
    listing = f"^/api/spaces/{existing}/tree/"
    hub.fault(method="GET", path=listing, kind="redirect", status=302, to="http://127.0.0.1:9", times=1, skip=2)

    step = run(workspace, hub, existing)

    assert (step.outputs["result"], step.exit_code, step.outputs["changed"]) == ("published", 0, "true"), step.log
    assert holds(hub, existing, LARGE)


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["/preupload/refs", "/commit/refs", r"/discussions/\d+/status", r"/discussions/\d+/merge"]
)
def test_a_large_deploy_that_is_refused_leaves_no_pull_request(
    path: str, hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    commit(workspace, LARGE)
    hub.fault(method="POST", path=f"^/api/spaces/{existing}{path}", kind="status", status=403, times=1)

    step = run(workspace, hub, existing)

    assert (step.outputs["error"], step.exit_code) == ("forbidden", 1), step.log
    assert SpaceTree(hub, existing).commits() == []
    assert [state for _, state in titles(api, existing).values()] == ["closed"]
    assert branches(api, existing) == []


def test_a_large_change_where_pull_requests_are_disabled_is_several_commits_and_said_so(
    hub: LocalHub, existing: str, workspace: Path
) -> None:
    commit(workspace, LARGE)
    settings = f"{hub.endpoint}/api/spaces/{existing}/settings"
    web.put(
        settings, json={"discussionsDisabled": True}, headers={"authorization": "Bearer hf_alice"}
    ).raise_for_status()

    step = run(workspace, hub, existing)

    assert (step.outputs["result"], step.exit_code) == ("published", 0), step.log
    assert len(SpaceTree(hub, existing).commits()) == 2
    assert holds(hub, existing, LARGE)
    assert "takes no pull requests" in step.log
    assert "takes no pull requests" in step.summary


def test_an_interrupted_large_deploy_goes_on_with_the_same_pull_request(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    commit(workspace, LARGE)
    interrupt_after_one_commit(hub, existing, workspace)
    assert SpaceTree(hub, existing).commits() == []

    step = run(workspace, hub, existing)

    assert (step.outputs["result"], step.exit_code) == ("published", 0), step.log
    assert "Going on with the unfinished pull request 1" in step.log
    assert len(asked(hub, COMMIT)) == 1, "what the first run had committed is not sent again"
    assert len(SpaceTree(hub, existing).commits()) == 1
    assert holds(hub, existing, LARGE)
    assert [status for _, status in titles(api, existing).values()] == ["merged"]


def test_an_unfinished_pull_request_on_another_base_is_closed_and_those_of_others_are_left_alone(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    commit(workspace, LARGE)
    interrupt_after_one_commit(hub, existing, workspace)
    api.create_pull_request(existing, "Mine, not yours", repo_type="space")
    push(api, existing, STRAY)

    step = run(workspace, hub, existing)

    assert (step.outputs["result"], step.exit_code) == ("published", 0), step.log
    assert holds(hub, existing, LARGE)
    assert len(SpaceTree(hub, existing).commits()) == 2
    assert {number: status for number, (_, status) in titles(api, existing).items()} == {
        1: "closed",
        2: "draft",
        3: "merged",
    }


@pytest.mark.parametrize(
    ("waiting", "pull_requests"),
    [
        pytest.param("/preupload/refs%2Fpr", ["merged", "closed"], id="while the pull request is filled"),
        pytest.param("/discussions/1/status", ["merged"], id="right before the merge"),
    ],
)
def test_a_commit_of_somebody_else_during_a_large_deploy_does_not_mix_with_it(
    waiting: str, pull_requests: list[str], hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    commit(workspace, LARGE)
    hub.fault(method="POST", path=waiting, kind="status", status=503, times=1)

    with begin(workspace, hub.endpoint, inputs(existing)) as running:
        until(lambda: [request for request in hub.requests() if request["fault"]])
        push(api, existing, STRAY)
        step = running.end()

    assert (step.outputs["result"], step.exit_code) == ("published", 0), step.log
    assert holds(hub, existing, LARGE)
    assert [status for _, status in titles(api, existing).values()] == pull_requests


def test_a_commit_right_after_a_merge_that_is_not_proved_yet_is_no_sign_that_pull_requests_are_refused(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    commit(workspace, LARGE)
    listing, closing = f"^/api/spaces/{existing}/tree/", r"/discussions/\d+/status$"
    hub.fault(method="GET", path=listing, kind="redirect", status=302, to="http://127.0.0.1:9", times=1, skip=2)
    hub.fault(method="POST", path=closing, kind="status", status=503, times=1, skip=1)

    with begin(workspace, hub.endpoint, inputs(existing)) as running:
        until(lambda: [each for each in asked(hub, "/status") if each["status"] == 503])
        push(api, existing, STRAY)
        step = running.end()

    assert (step.outputs["result"], step.outputs["changed"]) == ("published", "true"), step.log
    assert "Main moved meanwhile" in step.log
    assert "takes no pull requests" not in step.log
    assert holds(hub, existing, LARGE)


def test_while_one_commit_waits_for_its_upload_the_next_is_got_ready(
    hub: LocalHub, existing: str, workspace: Path
) -> None:
    texts = {f"many/{number}.txt": f"{number}\n" for number in range(2 * batches.FILES)}
    repository.create(workspace, SMALL | texts | {"z.bin": "large\n"})
    hub.fault(path="/xet-write-token/", kind="hang")

    with begin(workspace, hub.endpoint, inputs(existing)) as running:
        hub.asked("/xet-write-token/")
        until(lambda: len(asked(hub, "/preupload/")) == PREUPLOADS)
        until(lambda: len(asked(hub, COMMIT)) == 1)
        running.signal(signal.SIGKILL)
        running.end()


def interrupt_after_one_commit(hub: LocalHub, space: str, workspace: Path) -> None:
    """Kill a large deploy in the middle: its second commit needs an upload to LFS, which gets no answer."""
    hub.fault(path="/xet-write-token/", kind="hang")
    with begin(workspace, hub.endpoint, inputs(space)) as running:
        until(lambda: [request for request in asked(hub, COMMIT) if request["status"] == 200])
        running.signal(signal.SIGKILL)
        assert running.end().exit_code == -signal.SIGKILL
    hub.forget()


@pytest.mark.parametrize(("private", "shown"), [(True, False), (False, True)], ids=["private", "public"])
def test_the_subject_of_a_private_repository_is_not_shown_on_a_public_space(
    private: bool, shown: bool, hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    repository.create(workspace, SMALL)
    repository.commit(workspace, "Prepare the sale of Acme", {"index.html": "<h1>Sale</h1>\n"})
    env = event.push(workspace.parent, repository={"full_name": "octo/site", "private": private})

    step = deploy(workspace, hub.endpoint, inputs(existing), env=env)

    assert step.outputs["result"] == "published", step.log
    (made, *_) = api.list_repo_commits(existing, repo_type="space")
    assert "Source: https://github.com/octo/site/commit/" in made.message
    assert ("Acme" in f"{made.title}{made.message}") == shown
