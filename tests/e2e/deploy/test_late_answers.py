"""A Hub that shows late what it made, or makes it otherwise: the deploy is the same, and nothing of it is guessed."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from tests.e2e.deploy.test_publish import LARGE, SMALL, holds, inputs, push, titles
from tests.kit.gitrepo import commit
from tests.kit.local import LocalHub
from tests.kit.space.tree import SpaceTree
from tests.kit.step.action import Step, begin, deploy


@pytest.fixture(autouse=True)
def _as_ever_afterwards(hub: LocalHub, space: str) -> Iterator[None]:
    hub.forget()
    yield
    hub.vary(of=space)


def files(api: HfApi, space: str, revision: str) -> dict[str, str]:
    """The files of a commit with their ids."""
    listed = api.list_repo_tree(space, repo_type="space", revision=revision, recursive=True)
    return {each.path: each.blob_id for each in listed if hasattr(each, "blob_id")}


def run(workspace: Path, hub: LocalHub, space: str, **more: str) -> Step:
    return deploy(workspace, hub.endpoint, inputs(space) | more)


@pytest.mark.parametrize("variant", ["late-creation", "late-tree", "stale-head"])
def test_a_first_deploy(variant: str, hub: LocalHub, space: str, workspace: Path) -> None:
    commit(workspace, SMALL)
    hub.vary(variant, of=space)

    step = run(workspace, hub, space)

    assert (step.outputs["result"], step.outputs["created"], step.outputs["changed"]) == (
        "published",
        "true",
        "true",
    ), step.log
    assert holds(hub, space, SMALL)


def test_a_deploy_right_after_a_commit_that_is_not_its_own(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    commit(workspace, SMALL)
    hub.vary("late-tree", of=existing)
    api.create_commit(existing, [CommitOperationAdd("theirs.txt", b"x")], repo_type="space", commit_message="Theirs")

    step = run(workspace, hub, existing)

    assert (step.outputs["result"], step.outputs["changed"]) == ("published", "true"), step.log
    assert holds(hub, existing, SMALL)


@pytest.mark.parametrize("variant", ["late-tree", "stale-head", "merge-commit", "no-ref-deletion"])
def test_a_large_change(variant: str, hub: LocalHub, api: HfApi, existing: str, workspace: Path) -> None:
    commit(workspace, LARGE)
    hub.vary(variant, of=existing)

    step = run(workspace, hub, existing)

    assert (step.outputs["result"], step.outputs["changed"]) == ("published", "true"), step.log
    assert holds(hub, existing, LARGE)
    hub.vary(of=existing)
    assert step.outputs["commit-sha"] == api.list_repo_commits(existing, repo_type="space")[0].commit_id
    assert [status for _, status in titles(api, existing).values()] == ["merged"]
    refs = api.list_repo_refs(existing, repo_type="space", include_pull_requests=True).pull_requests
    assert bool(refs) is (variant == "no-ref-deletion"), "its commits take storage"


def run_beside_a_push(workspace: Path, hub: LocalHub, api: HfApi, space: str, **more: str) -> Step:
    """Deploy while somebody pushes: once the step has seen main, and before it has listed what main holds, for which it asks again a
    second later."""
    listing, since = f"/api/spaces/{space}/tree/", len(hub.requests())
    hub.fault(kind="status", status=503, method="GET", path=listing, times=1, headers={"Retry-After": "1"})
    with begin(workspace, hub.endpoint, inputs(space) | more) as running:
        hub.asked(listing, since=since, fault="status")
        push(api, space, {"stray.txt": b"theirs"})  # the step still sees the commit before
        return running.end()


def test_a_commit_of_somebody_else_that_is_shown_late(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    commit(workspace, SMALL)
    hub.vary("stale-head", of=existing)

    step = run_beside_a_push(workspace, hub, api, existing)

    assert (step.outputs["result"], step.exit_code) == ("published", 0), step.log
    assert "Main moved meanwhile" in step.log
    assert holds(hub, existing, SMALL)
    assert len(SpaceTree(hub, existing).commits()) == 2


def test_a_deploy_onto_a_commit_that_is_shown_late_is_not_superseded(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    commit(workspace, SMALL)
    hub.vary("stale-head", of=existing)

    step = run_beside_a_push(workspace, hub, api, existing, wait="true")

    assert "Main moved meanwhile" in step.log, "the Hub showed the head from before theirs"
    assert (step.outputs["result"], step.exit_code) == ("live", 0), step.log


def test_a_rollback_where_main_is_shown_late(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    commit(
        workspace, {"README.md": "---\nsdk: docker\n---\n", "Dockerfile": "FROM scratch\nEXPOSE 7860\n", "app.py": "1"}
    )
    hub.script(space, {"stage": "RUNNING"})
    good = run(workspace, hub, space, wait="true").outputs["commit-sha"]
    commit(workspace, {"app.py": "2", "new.py": "3"})
    hub.script(space, {"stage": "RUNNING_BUILDING"}, {"after": 0.2, "stage": "BUILD_ERROR"})
    hub.vary("stale-head", of=space)
    since = len(hub.requests())

    with begin(workspace, hub.endpoint, inputs(space) | {"wait": "true", "on-failure": "rollback"}) as running:
        hub.polled(space, since=since)
        hub.no_script(space)
        step = running.end()
    hub.vary(of=space)

    history = [each.commit_id for each in api.list_repo_commits(space, repo_type="space")]
    assert step.outputs["result"] == "rolled-back", step.log
    assert history[1:3] == [step.outputs["commit-sha"], good]
    assert files(api, space, history[0]) == files(api, space, good)


@pytest.mark.parametrize("variant", ["private-static-404", "private-static-401"])
def test_a_page_that_the_edge_shows_to_nobody_is_published_at_an_early_deadline(
    variant: str, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    commit(workspace, SMALL)
    api.create_repo(space, repo_type="space", space_sdk="static", private=True)
    hub.vary(variant, of=space)

    step = run(workspace, hub, space, wait="true", timeout="3s")

    assert (step.outputs["result"], step.outputs["error"], step.exit_code) == ("published", "", 0), step.log
    assert "the edge shows it to nobody" in step.summary


def test_a_commit_that_can_not_be_proved_is_a_change_all_the_same(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    commit(workspace, SMALL)
    first = str(api.space_info(existing).sha)
    hub.fault(method="GET", path=rf"/api/spaces/{existing}/tree/(?!{first})", kind="status", status=403)

    step = run(workspace, hub, existing)

    assert step.exit_code == 1
    assert step.outputs["changed"] == "true", step.log
    assert step.outputs["commit-sha"] == api.space_info(existing).sha


def test_a_gitignore_where_an_empty_one_counts_as_none(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    wanted = SMALL | {"run.log": "wanted\n"}
    commit(workspace, wanted)
    push(api, existing, {".gitignore": b"*.log\n"})
    hub.vary("gitignore-absent", of=existing)

    step = run(workspace, hub, existing)

    assert (step.outputs["result"], step.exit_code) == ("published", 0), step.log
    assert holds(hub, existing, wanted)


@pytest.mark.parametrize("variant", ["", "small-binaries-lfs", "lfs-by-name"])
def test_what_is_large_by_its_content_costs_one_more_request(
    variant: str, hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    pictures = {f"static/{number}.png": bytes([0, number]) * 600_000 for number in range(3)} | {
        "static/s.png": b"\0small"
    }
    texts = {f"src/lib/deep/{number}.txt": b"text" for number in range(20)}
    commit(workspace, {**{path: text.encode() for path, text in SMALL.items()}, **pictures, **texts})
    hub.vary(*([variant] if variant else []), of=existing)
    assert run(workspace, hub, existing).outputs["result"] == "published"

    hub.forget()
    unchanged = run(workspace, hub, existing)
    cost = len(hub.requests())
    commit(workspace, {"src/lib/deep/7.txt": "changed"})
    hub.forget()
    changed = run(workspace, hub, existing)

    assert (unchanged.outputs["changed"], changed.outputs["changed"]) == ("false", "true")
    assert cost <= 5, [each["path"] for each in hub.requests()]
    assert len(hub.requests()) <= 8, [each["path"] for each in hub.requests()]


def test_a_large_file_of_the_space_is_named_by_its_rules(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    """The line that the Hub adds for a file is the file's, and stays when the file goes."""
    commit(workspace, {**SMALL, "a/large.dat": b"\0" * 1_100_000})
    assert run(workspace, hub, space).outputs["result"] == "published"
    api.create_commit(
        space, [CommitOperationAdd("a/other.dat", b"\1\0" * 600_000)], commit_message="Other", repo_type="space"
    )

    step = run(workspace, hub, space)

    assert (step.outputs["result"], step.outputs["changed"]) == ("published", "true"), step.log
    assert "a/other.dat" not in [each.path for each in api.list_repo_tree(space, repo_type="space", recursive=True)]
