"""What goes to the Space and what does not: chosen files only, no credential, and nothing of the Space's unnamed."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from tests.kit.gitrepo import commit, git, write
from tests.kit.local import LocalHub
from tests.kit.space.tree import SpaceTree
from tests.kit.step.action import begin, deploy
from tests.unit.checkout import planted as credentials

README = "---\ntitle: Page\nemoji: 📄\ncolorFrom: blue\ncolorTo: indigo\nsdk: static\n---\n"
SITE = {"README.md": README, "index.html": "<h1>Page</h1>\n"}


@pytest.fixture(autouse=True)
def _no_faults_left(hub: LocalHub) -> None:
    hub.forget()


def inputs(space: str, **more: str) -> Mapping[str, str]:
    return {"space": space, "wait": "false", **more}


def test_files_that_nobody_chose_stay_here_and_are_counted(hub: LocalHub, space: str, workspace: Path) -> None:
    commit(workspace, SITE | {".gitignore": "dist/\n", ".github/workflows/x.yml": "", "tests/x": ""})
    write(workspace, {".env": "PASSWORD=hunter2hunter2", "gha-creds-1.json": "{}", "dist/a.js": "a", "notes.txt": ""})

    step = deploy(workspace, hub.endpoint, inputs(space, exclude="tests/"))

    assert step.exit_code == 0, step.log
    assert SpaceTree(hub, space).blobs().keys() == SITE.keys()
    line = "Left out: 1 excluded (tests/), 2 of git and GitHub (.github/, .gitignore), 4 untracked: .env, dist/, gha-creds-1.json, notes.txt."
    assert line in step.log
    assert "4 untracked" in step.summary
    assert git(workspace, "rev-parse", "--short=7", "HEAD").strip() in SpaceTree(hub, space).commits()[0]
    assert "::warning" not in step.log


def test_a_readme_that_the_checkout_has_not_is_said_to_be_added(hub: LocalHub, space: str, workspace: Path) -> None:
    commit(workspace, {"index.html": "<h1>Page</h1>\n"})

    step = deploy(workspace, hub.endpoint, inputs(space))

    assert "\n2 files, " in step.log
    assert "\nREADME.md is added: a Space needs one, and the checkout has none\n" in step.log


def test_no_commit_is_named_where_the_files_are_not_that_one_s(hub: LocalHub, space: str, workspace: Path) -> None:
    commit(workspace, SITE)
    write(workspace, {"index.html": "<h1>changed by a step</h1>\n"})

    step = deploy(workspace, hub.endpoint, inputs(space))

    assert step.exit_code == 0, step.log
    assert "Deployed from" not in step.summary
    assert "deployed as they are here: index.html" in step.log
    assert SpaceTree(hub, space).commits()[0].endswith(" with changes")


@pytest.mark.parametrize("dry_run", ["false", "true"])
def test_a_credential_is_refused_before_anything_is_sent_and_allowed_by_name(
    hub: LocalHub, api: HfApi, space: str, workspace: Path, dry_run: str
) -> None:
    planted = credentials.planted(7)
    files = {path: credentials.content(kind, text) for kind, (path, text) in planted.items()}
    commit(workspace, files | {name: text.encode() for name, text in SITE.items()})

    step = deploy(workspace, hub.endpoint, inputs(space, **{"dry-run": dry_run}))

    assert (step.exit_code, step.outputs["error"]) == (1, "checkout-credential"), step.log
    assert f"{len(files)} of what look like credentials" in step.log
    assert not [each for each in hub.requests() if each["method"] != "GET"]
    assert not api.repo_exists(space, repo_type="space")
    shown = step.log + step.summary + json.dumps(step.outputs)
    values = [line for _, text in planted.values() for line in text.splitlines() if len(line) > 20]
    assert not [value for value in values if value.strip() in shown]

    step = deploy(workspace, hub.endpoint, inputs(space, **{"allow-credentials": "\n".join(files), "dry-run": "true"}))

    assert step.exit_code == 0, step.log


def test_files_that_are_there_already_are_not_searched_again(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    _, text = credentials.planted(8)["a GitHub token"]
    commit(workspace, SITE | {"old.txt": text})
    assert deploy(workspace, hub.endpoint, inputs(space, **{"allow-credentials": "old.txt"})).exit_code == 0
    commit(workspace, {"index.html": "<h1>Two</h1>\n"})

    step = deploy(workspace, hub.endpoint, inputs(space))

    assert step.exit_code == 0, step.log


@pytest.mark.parametrize("name", ["index.html", "model.bin"])
def test_a_file_swapped_for_a_link_between_reading_and_sending_is_not_followed(
    hub: LocalHub, api: HfApi, space: str, workspace: Path, tmp_path: Path, name: str
) -> None:
    secret = write(tmp_path / "outside", {"secret": "secret of the machine " * 20_000}) / "secret"
    commit(workspace, SITE | {"model.bin": "weights " * 50_000})
    hub.fault(method="GET", kind="status", status=503, times=2)
    with begin(workspace, hub.endpoint, inputs(space)) as running:
        hub.asked("/", fault="status")
        (workspace / name).unlink()
        (workspace / name).symlink_to(secret)
        step = running.end()

    assert (step.exit_code, step.outputs["error"]) == (1, "file-changed"), step.log
    assert name in step.summary
    if api.repo_exists(space, repo_type="space"):
        assert name not in api.list_repo_files(space, repo_type="space") or name == "index.html"
    sent = sum(each["request_bytes"] for each in hub.requests())
    assert sent < 400_000 + 50_000


def test_a_folder_that_goes_while_it_is_read_is_a_failure_of_its_own(
    hub: LocalHub, space: str, workspace: Path
) -> None:
    commit(workspace, SITE | {"a/b": "x"})
    (workspace / "a").rename(workspace / "away")
    (workspace / "a").symlink_to("away")

    step = deploy(workspace, hub.endpoint, inputs(space))

    # What was a folder is a link now, and what it leads to is not tracked; while it is read it would be checkout-changed.
    assert step.outputs["error"] in ("checkout-changed", "checkout-link"), step.log


def test_files_that_only_the_space_has_are_named_before_they_go(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    commit(workspace, SITE | {"old.txt": "ours", "z/old.txt": "ours"})
    assert deploy(workspace, hub.endpoint, inputs(space)).exit_code == 0
    written = [CommitOperationAdd(path, b"1") for path in ("data/users.db", "notes.txt")]
    api.create_commit(space, written, repo_type="space", commit_message="Save the users")
    git(workspace, "rm", "--quiet", "-r", "old.txt", "z")
    commit(workspace)

    step = deploy(workspace, hub.endpoint, inputs(space, **{"dry-run": "true"}))

    assert step.exit_code == 0, step.log
    lines = [line.strip() for line in step.log.splitlines() if line.strip().startswith("- ")]
    assert lines == [
        "- data/users.db (not from a deploy, but from 'Save the users')",
        "- notes.txt (not from a deploy, but from 'Save the users')",
        "- old.txt",
        "- z/old.txt",
    ]
    assert "::warning" in step.log
    assert "keep: data/users.db" in step.log
    assert step.summary.index("data/users.db") < step.summary.rindex("z/old.txt")

    step = deploy(workspace, hub.endpoint, inputs(space, keep="data/\n*.txt\nlogs/"))

    assert SpaceTree(hub, space).blobs().keys() == {*SITE, "data/users.db", "notes.txt", "old.txt", "z/old.txt"}
    assert "`keep: logs/` matches nothing that only the Space has" in step.log
    assert "not from a deploy" not in step.log


def test_a_kept_file_that_the_checkout_has_is_named_where_it_is_overwritten(
    hub: LocalHub, space: str, workspace: Path
) -> None:
    commit(workspace, SITE | {"data/seed.json": "1"})
    assert deploy(workspace, hub.endpoint, inputs(space)).exit_code == 0
    commit(workspace, {"data/seed.json": "2"})

    step = deploy(workspace, hub.endpoint, inputs(space, keep="data/"))

    assert step.exit_code == 0, step.log
    assert "are overwritten: data/seed.json" in step.log
    assert "matches nothing" not in step.log
