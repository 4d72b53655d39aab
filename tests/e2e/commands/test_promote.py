"""`promote`: a Space gets the very files of another one, once that is live, and nothing is written where it is not."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi

from hfspace_action.inputs.schema import name_of
from tests.kit.gitrepo import commit, git
from tests.kit.local import LocalHub
from tests.kit.space.tree import SpaceTree
from tests.kit.space.verification import STATIC, verified
from tests.kit.step.action import Step, deploy

LARGE = {"model.bin": "1" * 50_000, "parts/weights.safetensors": "2" * 70_000}
FILES = {**STATIC, **LARGE, "data/part.txt": "part\n"}


def run(hub: LocalHub, workspace: Path, **inputs: str) -> Step:
    return deploy(workspace, hub.endpoint, {name_of(name): text for name, text in inputs.items()})


def staged(hub: LocalHub, space: str, workspace: Path, files: Mapping[str, str | bytes] = FILES, **inputs: str) -> Step:
    """A deploy of these files to the Space for staging."""
    commit(workspace, files)
    step = run(hub, workspace, space=f"{space}-staging", visibility="public", **inputs)
    assert step.outputs["result"] == "live", step.log
    return step


def promoted(hub: LocalHub, space: str, workspace: Path, **inputs: str) -> Step:
    given = {"from_": f"{space}-staging", "visibility": "public"} | inputs
    return run(hub, workspace, command="promote", space=space, **given)


@pytest.fixture
def elsewhere(tmp_path: Path) -> Path:
    """The workspace of a job that checks nothing out."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    return folder


def test_a_new_space_gets_the_very_files_without_a_checkout(
    hub: LocalHub, space: str, workspace: Path, elsewhere: Path
) -> None:
    first = staged(hub, space, workspace)
    hub.forget()

    step = promoted(hub, space, elsewhere)

    asked = hub.requests()
    assert (step.exit_code, step.outputs["result"], step.outputs["changed"]) == (0, "live", "true"), step.log
    assert SpaceTree(hub, space).blobs() == SpaceTree(hub, f"{space}-staging").blobs() != {}
    assert [each["path"] for each in asked if "/lfs-files/duplicate" in each["path"]]
    assert not [each for each in asked if "preupload" in each["path"] or "/lfs/objects" in each["path"]]
    sent = sum(each["request_bytes"] for each in asked)
    assert sent < 20_000, "the large files have 120,000 bytes, and the Hub copies them"
    assert f"{space} was created and is live" in step.summary.replace("&#45;", "-")
    assert f"✓ twin: {space}-staging is live" in step.log or f"{space}-staging is live; now {space}." in step.log
    assert hub.writes(f"{space}-staging") == [each["path"] for each in asked if "/lfs-files/duplicate" in each["path"]]
    assert step.outputs["release"][-7:] == first.outputs["release"][-7:] == git(workspace, "rev-parse", "HEAD")[:7]


def test_what_is_promoted_is_a_release_of_its_commit_and_verifies(
    hub: LocalHub, space: str, workspace: Path, elsewhere: Path
) -> None:
    staged(hub, space, workspace)
    promoted(hub, space, elsewhere)

    history = run(hub, elsewhere, command="history", space=space)

    listed = json.loads(history.outputs["releases"])
    assert [each["source"] for each in listed] == [git(workspace, "rev-parse", "HEAD").strip()]
    checked = verified(hub, space, workspace)
    assert checked.outputs["result"] == "verified", checked.log


def test_a_second_one_writes_nothing_and_asks_the_twin_nothing_but_its_files(
    hub: LocalHub, space: str, workspace: Path, elsewhere: Path
) -> None:
    staged(hub, space, workspace)
    promoted(hub, space, elsewhere)
    hub.forget()

    again = promoted(hub, space, elsewhere)

    assert (again.exit_code, again.outputs["result"], again.outputs["changed"]) == (0, "live", "false"), again.log
    assert f"holds this version already, so {space}-staging is not asked" in again.log
    assert hub.writes(space) == hub.writes(f"{space}-staging") == []


def test_only_what_changed_is_taken_and_what_is_no_longer_there_goes(
    hub: LocalHub, space: str, workspace: Path, elsewhere: Path
) -> None:
    staged(hub, space, workspace)
    promoted(hub, space, elsewhere)
    git(workspace, "rm", "--quiet", "data/part.txt", "model.bin")
    staged(hub, space, workspace, {"index.html": "<h1>New</h1>\n", "parts/weights.safetensors": "3" * 60_000})
    hub.forget()

    step = promoted(hub, space, elsewhere, wait="false")

    assert step.outputs["result"] == "published", step.log
    assert SpaceTree(hub, space).blobs() == SpaceTree(hub, f"{space}-staging").blobs()
    assert "model.bin" not in SpaceTree(hub, space).blobs()
    downloaded = [each["path"] for each in hub.requests() if "/resolve/" in each["path"]]
    read = sorted(path.rpartition("/")[2] for path in downloaded if f"{space}-staging" in path)
    assert read == ["README.md", "index.html"], "of the README its front matter"


def test_what_is_checked_out_is_not_downloaded(hub: LocalHub, space: str, workspace: Path) -> None:
    staged(hub, space, workspace)
    hub.forget()

    step = promoted(hub, space, workspace, wait="false")

    assert step.outputs["result"] == "published", step.log
    downloaded = [each["path"] for each in hub.requests() if "/resolve/" in each["path"]]
    read = {path.rpartition("/")[2] for path in downloaded}
    assert read == {"README.md", ".gitattributes"}, "one is as the action completed it, the other is the Hub's"


def test_many_files_go_by_one_merge(hub: LocalHub, space: str, workspace: Path, elsewhere: Path) -> None:
    staged(hub, space, workspace, {**STATIC, **{f"many/{number}.txt": f"{number}\n" for number in range(1100)}})
    hub.forget()

    step = promoted(hub, space, workspace, wait="false")

    assert step.outputs["result"] == "published", step.log
    assert SpaceTree(hub, space).blobs() == SpaceTree(hub, f"{space}-staging").blobs()
    assert len([path for path in hub.writes(space) if path.endswith("/merge")]) == 1


def test_what_only_production_has_stays_where_keep_names_it(
    hub: LocalHub, api: HfApi, space: str, workspace: Path, elsewhere: Path
) -> None:
    staged(hub, space, workspace)
    promoted(hub, space, elsewhere)
    files = [CommitOperationAdd("db/app.db", b"rows"), CommitOperationAdd("note.txt", b"by hand")]
    api.create_commit(space, files, repo_type="space", commit_message="By the app")
    staged(hub, space, workspace, {"index.html": "<h1>New</h1>\n"})

    stopped = promoted(hub, space, elsewhere, on_drift="fail")
    step = promoted(hub, space, elsewhere, keep="db/**", wait="false")

    assert (stopped.exit_code, stopped.outputs["error"]) == (1, "drift"), stopped.log
    there = SpaceTree(hub, space).blobs()
    assert "db/app.db" in there
    assert "note.txt" not in there
    assert "note.txt" in step.log
    assert {path: blob for path, blob in there.items() if path != "db/app.db"} == SpaceTree(
        hub, f"{space}-staging"
    ).blobs()


def test_an_edit_by_hand_stops_it_where_that_is_asked_for(
    hub: LocalHub, api: HfApi, space: str, workspace: Path, elsewhere: Path
) -> None:
    staged(hub, space, workspace)
    promoted(hub, space, elsewhere)
    edit = [CommitOperationAdd("index.html", b"<h1>By hand</h1>\n")]
    api.create_commit(space, edit, repo_type="space", commit_message="Quick correction")
    staged(hub, space, workspace, {"index.html": "<h1>New</h1>\n"})
    hub.forget()

    step = promoted(hub, space, elsewhere, on_drift="fail")
    assert (step.exit_code, step.outputs["error"]) == (1, "drift"), step.log
    assert "'Quick correction' by alice" in step.log
    assert hub.writes(space) == []

    over = promoted(hub, space, elsewhere)
    assert "'Quick correction' by alice" in over.summary
    assert SpaceTree(hub, space).blobs() == SpaceTree(hub, f"{space}-staging").blobs()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stages", "error"),
    [
        ([{"stage": "RUNTIME_ERROR"}], "stage-runtime-error"),
        ([{"stage": "PAUSED"}], "paused"),
        ([{"after": 0.2, "stage": "RUNNING_BUILDING"}] * 100, "build-queued"),
    ],
    ids=["broken", "paused", "builds for ever"],
)
def test_nothing_is_written_where_the_twin_is_not_live(
    hub: LocalHub, api: HfApi, space: str, workspace: Path, stages: list[Mapping[str, object]], error: str
) -> None:
    docker = {"Dockerfile": "FROM scratch\nCOPY . /\n"}
    commit(workspace, docker)
    for each in (space, f"{space}-staging"):
        assert run(hub, workspace, space=each, visibility="public").outputs["result"] == "live"
    commit(workspace, {"new.txt": "new\n"})
    hub.script(f"{space}-staging", *stages)
    run(hub, workspace, space=f"{space}-staging", resume="false", wait="false")
    before = SpaceTree(hub, space).blobs()
    hub.forget()

    step = promoted(hub, space, workspace, timeout="5s")

    assert (step.exit_code, step.outputs["error"]) == (1, "twin-not-live"), step.log
    assert f"[{error}]" in step.log
    assert hub.writes(space) == []
    assert hub.writes(f"{space}-staging") == [], "a paused Space is not started for it"
    assert SpaceTree(hub, space).blobs() == before


def test_what_only_the_twin_has_is_named_before_anything_is_written(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    commit(workspace, {"app.py": "import gradio\n\ngradio.Interface(str, 'text', 'text').launch()\n"})
    for each in (space, f"{space}-staging"):
        assert run(hub, workspace, space=each, visibility="public").outputs["result"] == "live"
    api.add_space_secret(f"{space}-staging", "API_KEY", "x")
    commit(workspace, {"new.txt": "new\n"})
    assert run(hub, workspace, space=f"{space}-staging").outputs["result"] == "live"
    hub.forget()

    refused = promoted(hub, space, workspace)
    assert (refused.exit_code, refused.outputs["error"]) == (1, "twin-has-more"), refused.log
    assert "secret API_KEY. Nothing" in refused.log
    assert hub.writes(space) == []

    step = promoted(hub, space, workspace, secrets="API_KEY=another")
    assert step.outputs["result"] == "live", step.log
    assert set(api.get_space_secrets(space)) == {"API_KEY"}
    assert SpaceTree(hub, space).blobs() == SpaceTree(hub, f"{space}-staging").blobs()


def test_a_held_space_gets_nothing(hub: LocalHub, space: str, workspace: Path, elsewhere: Path) -> None:
    staged(hub, space, workspace)
    promoted(hub, space, elsewhere)
    staged(hub, space, workspace, {"index.html": "<h1>New</h1>\n"})
    promoted(hub, space, elsewhere)
    back = run(hub, elsewhere, command="rollback", space=space, hold="true")
    assert back.outputs["result"] == "live", back.log
    hub.forget()

    step = promoted(hub, space, elsewhere)

    assert (step.exit_code, step.outputs["result"]) == (0, "held"), step.log
    assert hub.writes(space) == []


def test_a_dry_run_shows_the_plan_and_writes_nothing(
    hub: LocalHub, space: str, workspace: Path, elsewhere: Path
) -> None:
    staged(hub, space, workspace)
    hub.forget()

    step = promoted(hub, space, elsewhere, dry_run="true")

    assert (step.exit_code, step.outputs["result"]) == (0, "planned"), step.log
    assert f"+ space {space}: static" in step.log
    assert {each["method"] for each in hub.requests()} <= {"GET"}


def test_a_promoted_version_that_fails_goes_back(hub: LocalHub, space: str, workspace: Path) -> None:
    commit(workspace, {"Dockerfile": "FROM scratch\nCOPY . /\n"})
    for each in (space, f"{space}-staging"):
        assert run(hub, workspace, space=each, visibility="public").outputs["result"] == "live"
    before = SpaceTree(hub, space).blobs()
    commit(workspace, {"new.txt": "new\n"})
    assert run(hub, workspace, space=f"{space}-staging").outputs["result"] == "live"
    hub.script(space, {"stage": "RUNNING_BUILDING"}, {"after": 0.2, "stage": "RUNTIME_ERROR"}, commits=1)

    step = promoted(hub, space, workspace, on_failure="rollback")

    assert (step.exit_code, step.outputs["result"]) == (1, "rolled-back"), step.log
    assert SpaceTree(hub, space).blobs() == before


def test_an_edited_twin_says_so(hub: LocalHub, api: HfApi, space: str, workspace: Path, elsewhere: Path) -> None:
    staged(hub, space, workspace)
    twin = f"{space}-staging"
    edit = [CommitOperationAdd("index.html", b"<h1>By hand</h1>\n"), CommitOperationDelete("data/part.txt")]
    api.create_commit(twin, edit, repo_type="space", commit_message="Quick correction")

    step = promoted(hub, space, elsewhere)

    assert step.outputs["result"] == "live", step.log
    assert "edited since" in step.log
    assert SpaceTree(hub, space).blobs() == SpaceTree(hub, twin).blobs()
    assert " with changes" in api.list_repo_commits(space, repo_type="space")[0].title


def test_what_the_hub_does_not_copy_is_said(hub: LocalHub, space: str, workspace: Path, elsewhere: Path) -> None:
    staged(hub, space, workspace)
    failed = {"success": False, "failed": [{"sha256": "0" * 64, "error": "Another region"}]}
    hub.fault(kind="status", status=200, body=failed, method="POST", path="/lfs-files/duplicate")

    step = promoted(hub, space, elsewhere)
    hub.no_faults()

    assert (step.exit_code, step.outputs["error"]) == (1, "copy-refused"), step.log
    assert "Another region" in step.log


def test_a_twin_that_is_not_there(hub: LocalHub, space: str, elsewhere: Path) -> None:
    step = promoted(hub, space, elsewhere)

    assert (step.exit_code, step.outputs["error"]) == (1, "twin-missing"), step.log
    assert f"There is no Space {space}-staging" in step.log
