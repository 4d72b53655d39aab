"""Edits that others made on the Space since the last deploy: named, stopped at, or kept."""

from collections.abc import Callable
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi

from tests.kit import repository
from tests.kit.gitrepo import git
from tests.kit.local import LocalHub
from tests.kit.space.settings import writes
from tests.kit.space.tree import SpaceTree, blob
from tests.kit.step.action import Step, deploy

FILES = {
    "README.md": "---\nsdk: static\n---\n# Site\n",
    "index.html": "<p>1</p>",
    "a/style.css": "a {}",
    "old.txt": "old",
}
Deploys = Callable[..., Step]


@pytest.fixture
def site(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> Deploys:
    """A Space that was deployed once; deploys again, with the inputs given."""
    repository.create(workspace, FILES)

    def again(**inputs: str) -> Step:
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        hub.forget()
        return deploy(workspace, hub.endpoint, {"space": space, "wait": "false", **given})

    assert again().outputs["result"] == "published"
    return again


def edit(api: HfApi, space: str, title: str, **files: str | None) -> None:
    """Commit to the Space as its web editor does; None removes a file."""
    operations = [
        CommitOperationDelete(path) if text is None else CommitOperationAdd(path, text.encode())
        for path, text in files.items()
    ]
    api.create_commit(space, operations, commit_message=title, repo_type="space")


def has(hub: LocalHub, space: str, path: str, text: str) -> bool:
    return SpaceTree(hub, space).blobs().get(path) == blob(text.encode())


def test_an_edit_is_overwritten_and_named_with_author_title_and_files(
    hub: LocalHub, api: HfApi, space: str, workspace: Path, site: Deploys
) -> None:
    edit(api, space, "Update index.html", **{"index.html": "<p>by hand</p>", "notes.md": "mine"})
    repository.commit(workspace, "Second", {"a/style.css": "b {}"})

    step = site()

    assert step.outputs["result"] == "published", step.log
    assert "'Update index.html' by alice on 2" in step.log
    assert "(index.html, notes.md)" in step.log
    assert "Overwritten: index.html, notes.md." in step.summary
    assert has(hub, space, "index.html", "<p>1</p>")
    assert "notes.md" not in SpaceTree(hub, space).blobs()
    assert "changed by hand" not in site().log


@pytest.mark.parametrize("dry_run", ["false", "true"])
def test_a_deploy_that_fails_on_drift_writes_nothing_and_names_it(
    hub: LocalHub, api: HfApi, space: str, site: Deploys, dry_run: str
) -> None:
    edit(api, space, "Update index.html", **{"index.html": "<p>by hand</p>"})

    step = site(on_drift="fail", variables="A=1", dry_run=dry_run)

    assert (step.exit_code, step.outputs["error"]) == (1, "drift"), step.log
    assert writes(hub) == []
    assert "'Update index.html' by alice on 2" in step.log
    assert has(hub, space, "index.html", "<p>by hand</p>")


def test_check_names_a_drift(api: HfApi, space: str, site: Deploys) -> None:
    edit(api, space, "Update index.html", **{"index.html": "<p>by hand</p>"})

    assert "'Update index.html' by alice" in site(command="check", on_drift="fail").log


@pytest.mark.slow
def test_what_an_app_writes_is_never_lost_in_twenty_deploys(
    hub: LocalHub, api: HfApi, space: str, workspace: Path, site: Deploys
) -> None:
    edit(api, space, "Save state", **{"state/data.json": "{}", "index.html": "<p>by the app</p>"})
    for number in range(20):
        repository.commit(workspace, f"Change {number}", {"a/style.css": f"a {{ order: {number} }}"})
        if number % 5 == 4:
            edit(api, space, "Save state", **{"state/data.json": f"[{number}]", f"state/{number}.txt": "x"})

        step = site(on_drift="keep")

        assert step.outputs["result"] == "published", step.log
        assert has(hub, space, "a/style.css", f"a {{ order: {number} }}")
        assert has(hub, space, "index.html", "<p>by the app</p>")
        assert has(hub, space, "state/data.json", f"[{number - number % 5 - 1}]" if number > 4 and number % 5 != 4 else "{}" if number < 4 else f"[{number}]")  # fmt: skip
    assert {"state/4.txt", "state/9.txt", "state/19.txt"} <= SpaceTree(hub, space).blobs().keys()
    assert site(on_drift="keep").outputs["changed"] == "false"


def test_keep_lets_the_repository_win_where_both_changed_a_file(
    hub: LocalHub, api: HfApi, space: str, workspace: Path, site: Deploys
) -> None:
    edit(api, space, "Two files", **{"index.html": "<p>by hand</p>", "a/style.css": "hand {}"})
    repository.commit(workspace, "Second", {"index.html": "<p>2</p>"})

    step = site(on_drift="keep")

    assert has(hub, space, "index.html", "<p>2</p>")
    assert has(hub, space, "a/style.css", "hand {}")
    assert (
        "Kept as the Space has it: a/style.css. Overwritten (changed in the repository as well): index.html."
        in step.log
    )


def test_a_kept_page_is_what_the_app_serves(
    hub: LocalHub, api: HfApi, space: str, workspace: Path, site: Deploys
) -> None:
    edit(api, space, "Hand", **{"index.html": "<p>by hand</p>"})
    repository.commit(workspace, "Second", {"a/style.css": "b {}"})

    step = site(on_drift="keep", wait="true", timeout="60s")

    assert step.outputs["result"] == "live", step.log
    assert has(hub, space, "index.html", "<p>by hand</p>")


def test_keep_takes_a_file_away_that_the_repository_removed_and_nobody_edited(
    hub: LocalHub, api: HfApi, space: str, workspace: Path, site: Deploys
) -> None:
    edit(api, space, "Hand", **{"index.html": "<p>by hand</p>"})
    git(workspace, "rm", "--quiet", "old.txt")

    site(on_drift="keep")

    assert "old.txt" not in SpaceTree(hub, space).blobs()
    assert has(hub, space, "index.html", "<p>by hand</p>")


@pytest.mark.parametrize("policy", ["warn", "keep"])
def test_what_was_removed_by_hand_is_published_again_and_said(
    hub: LocalHub, api: HfApi, space: str, site: Deploys, policy: str
) -> None:
    edit(api, space, "Delete old.txt", **{"old.txt": None})

    step = site(on_drift=policy)

    assert "the removal of old.txt" in step.log
    assert has(hub, space, "old.txt", "old")


def test_what_was_there_before_the_first_deploy_is_no_drift(
    hub: LocalHub, api: HfApi, existing: str, workspace: Path
) -> None:
    edit(api, existing, "Mine", **{"index.html": "<p>mine</p>", "style.css": ""})
    repository.create(workspace, FILES)

    step = deploy(workspace, hub.endpoint, {"space": existing, "wait": "false", "on-drift": "fail"})

    assert step.outputs["result"] == "published", step.log


def test_a_deploy_without_a_change_does_not_ask_who_committed(hub: LocalHub, site: Deploys) -> None:
    assert site().outputs["changed"] == "false"
    assert not [request for request in hub.requests() if "/commits/" in request["path"]]


def test_deploys_alone_take_no_request_more(hub: LocalHub, workspace: Path, site: Deploys) -> None:
    repository.commit(workspace, "Second", {"a/style.css": "b {}", "a/new.css": ""})

    assert site(on_drift="fail").outputs["changed"] == "true"
    assert not [request for request in hub.requests() if "/commits/" in request["path"]]


@pytest.mark.parametrize(("policy", "named"), [("warn", False), ("fail", True), ("keep", True)])
def test_of_a_root_of_many_entries_only_who_wants_to_know_asks(
    hub: LocalHub, api: HfApi, space: str, workspace: Path, policy: str, named: bool
) -> None:
    repository.create(workspace, FILES | {f"{number}.txt": "" for number in range(60)})
    inputs = {"space": space, "wait": "false"}
    assert deploy(workspace, hub.endpoint, inputs).exit_code == 0
    edit(api, space, "Mine", **{"index.html": "<p>mine</p>"})

    step = deploy(workspace, hub.endpoint, inputs | {"on-drift": policy})

    assert ("'Mine' by alice" in step.log) is named
