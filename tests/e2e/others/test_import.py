"""`on-drift: import`: an edit that somebody made on the Space comes into the repository by one pull request."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from huggingface_hub import CommitOperationAdd, CommitOperationDelete, HfApi

from tests.kit import repository
from tests.kit.github import GitHub, github, objects
from tests.kit.gitrepo import git
from tests.kit.local import LocalHub
from tests.kit.space.settings import writes
from tests.kit.space.tree import SpaceTree, blob
from tests.kit.step.action import REPOSITORY, Step, deploy

FILES = {
    "README.md": "---\nsdk: static\n---\n# Site\n",
    "index.html": "<p>1</p>",
    "a/style.css": "a {}",
    "old.txt": "old",
}
BY_HAND = "<p>by hand, åäö\r\n</p>"
ODD = "ghs_sesame*of*many*parts"
POOR = {"ghs_poor": {"lacks": ("contents",)}, "ghs_poorer": {"lacks": ("pulls",)}}
Deploys = Callable[..., Step]


@pytest.fixture
def octo(workspace: Path) -> Iterator[GitHub]:
    """GitHub with the repository of the workspace, judged by its own description."""
    with github(REPOSITORY, {"ghs_job": {}, ODD: {}, **POOR}) as octo:
        octo.git = workspace
        yield octo


@pytest.fixture
def site(hub: LocalHub, api: HfApi, space: str, workspace: Path, octo: GitHub) -> Deploys:
    """A Space that was deployed once; deploys again, with the inputs given."""
    repository.create(workspace, FILES)

    def again(**inputs: str) -> Step:
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        known = {"space": space, "wait": "false", "on-drift": "import", "github-token": "ghs_job"}
        hub.forget()
        octo.requests.clear()
        return deploy(workspace, hub.endpoint, known | given, github=octo.url)

    assert again().outputs["result"] == "published"
    return again


def edit(api: HfApi, space: str, title: str = "Update index.html", **files: str | None) -> None:
    """Commit to the Space as its web editor does; None removes a file."""
    operations = [
        CommitOperationDelete(path) if text is None else CommitOperationAdd(path, text.encode())
        for path, text in (files or {"index.html": BY_HAND}).items()
    ]
    api.create_commit(space, operations, commit_message=title, repo_type="space")


def branch(octo: GitHub) -> str:
    (pull,) = octo.pulls.values()
    return pull.branch


def changed(octo: GitHub, workspace: Path) -> set[str]:
    """The paths that the branch of the pull request changes, against where it starts."""
    return set(git(workspace, "diff", "--name-only", f"main...{branch(octo)}").split())


def of(octo: GitHub, workspace: Path, path: str) -> str:
    """A file's blob on the branch of the pull request."""
    return git(workspace, "rev-parse", f"{branch(octo)}:{path}").strip()


def test_an_edit_comes_into_the_repository_byte_for_byte_and_once_merged_nothing_is_left_to_do(
    hub: LocalHub, api: HfApi, space: str, workspace: Path, octo: GitHub, site: Deploys
) -> None:
    edit(api, space, "Update <!-- index.html", **{"index.html": BY_HAND, "new/notes.md": "mine", "old.txt": None})
    repository.commit(workspace, "Second", {"a/style.css": "b {}"})

    step = site()

    assert step.outputs["result"] == "published", step.log
    (pull,) = octo.pulls.values()
    assert step.outputs["pull-request"] == f"https://github.com/{REPOSITORY}/pull/{pull.number}"
    assert step.outputs["pull-request"] in step.summary
    assert changed(octo, workspace) == {"index.html", "new/notes.md", "old.txt"}
    assert of(octo, workspace, "index.html") == blob(BY_HAND.encode())
    assert "alice" in (pull.body or "")
    assert "<!-- index" not in (pull.body or "")
    there = SpaceTree(hub, space).blobs()
    assert there["index.html"] == blob(BY_HAND.encode())
    assert there["a/style.css"] == blob(b"b {}")
    assert "old.txt" not in there

    objects.merge(workspace, pull.branch, "main")
    pull.state = "closed"
    merged = site()

    assert (merged.outputs["changed"], merged.outputs["pull-request"]) == ("false", ""), merged.log
    assert octo.requests == []


@pytest.mark.slow
def test_there_is_one_pull_request_whatever_is_edited_and_deployed_meanwhile(
    api: HfApi, space: str, workspace: Path, octo: GitHub, site: Deploys
) -> None:
    edit(api, space)
    first = site()
    repository.commit(workspace, "Second", {"a/style.css": "b {}"})
    again = site()
    assert [each for each in octo.requests if not each.startswith("GET")] == []
    edit(api, space, **{"index.html": "<p>once more</p>"})
    moved = site()

    assert len(octo.pulls) == 1
    assert first.outputs["pull-request"] == again.outputs["pull-request"] == moved.outputs["pull-request"] != ""
    assert of(octo, workspace, "index.html") == blob(b"<p>once more</p>")
    assert changed(octo, workspace) == {"index.html"}


def test_where_both_changed_a_file_the_pull_request_has_the_edit_and_the_space_the_repositorys(
    hub: LocalHub, api: HfApi, space: str, workspace: Path, octo: GitHub, site: Deploys
) -> None:
    edit(api, space)
    repository.commit(workspace, "Second", {"index.html": "<p>2</p>"})

    step = site()

    assert SpaceTree(hub, space).blobs()["index.html"] == blob(b"<p>2</p>")
    assert of(octo, workspace, "index.html") == blob(BY_HAND.encode())
    assert git(workspace, "rev-parse", f"{branch(octo)}~1") == git(workspace, "rev-parse", "main~1"), step.log


def test_a_pull_request_that_a_person_closed_is_not_opened_again(
    hub: LocalHub, api: HfApi, space: str, octo: GitHub, site: Deploys
) -> None:
    edit(api, space)
    site()
    next(iter(octo.pulls.values())).state = "closed"

    step = site()

    assert len(octo.pulls) == 1
    assert "deploy once with `on-drift: warn`" in step.log
    assert SpaceTree(hub, space).blobs()["index.html"] == blob(BY_HAND.encode())


@pytest.mark.parametrize("why", ["contents", "pulls", "no token", "others' commits", "down"])
def test_what_no_pull_request_could_bring_back_is_not_overwritten(
    hub: LocalHub, api: HfApi, octo: GitHub, site: Deploys, why: str, request: pytest.FixtureRequest
) -> None:
    space, workspace = request.getfixturevalue("space"), request.getfixturevalue("workspace")
    edit(api, space)
    token = {"contents": "ghs_poor", "pulls": "ghs_poorer", "no token": "", "down": "ghs_none"}.get(why, "ghs_job")
    if why == "others' commits":
        site()
        pull = next(iter(octo.pulls.values()))
        pull.sha = git(workspace, "rev-parse", "main").strip()
        edit(api, space, **{"index.html": "<p>once more</p>"})
    there = SpaceTree(hub, space).blobs()
    repository.commit(workspace, "Second", {"index.html": "<p>2</p>"})

    step = site(github_token=token, variables="A=1")

    assert (step.exit_code, step.outputs["error"]) == (1, "import-refused"), step.log
    assert writes(hub) == []
    assert SpaceTree(hub, space).blobs() == there
    assert len(octo.pulls) == (1 if why == "others' commits" else 0)


@pytest.mark.slow
def test_a_strangers_pull_request_from_a_branch_of_that_name_is_left_alone(
    api: HfApi, space: str, octo: GitHub, site: Deploys
) -> None:
    edit(api, space)
    site()
    (pull,) = octo.pulls.values()
    pull.author, pull.association = "mallory", "NONE"
    pull.state = "closed"
    body = pull.body

    site()

    assert pull.body == body
    assert len(octo.pulls) == 2


@pytest.mark.parametrize("before", [0, 45, 88], ids="{} letters before it".format)
def test_a_secret_in_what_others_wrote_stays_out_of_the_pull_request(
    api: HfApi, space: str, octo: GitHub, site: Deploys, workspace: Path, before: int
) -> None:
    edit(api, space, f"{'a' * before}{ODD}", **{"index.html": BY_HAND, f"{ODD}.html": "mine"})

    step = site(github_token=ODD)

    (pull,) = octo.pulls.values()
    message = git(workspace, "log", "-1", "--format=%B", pull.branch)
    for shown in (pull.body or "", message, step.log.replace(f"::add-mask::{ODD}", ""), step.summary):
        assert "sesame" not in shown, shown


def test_a_dry_run_says_what_a_deploy_would_do_and_asks_nobody(
    hub: LocalHub, api: HfApi, space: str, octo: GitHub, site: Deploys
) -> None:
    edit(api, space)

    step = site(dry_run="true")

    assert step.outputs["result"] == "planned"
    assert "would bring these edits into the repository by a pull request" in step.log
    assert (writes(hub), octo.requests) == ([], [])


def test_a_folder_of_a_monorepo_and_a_large_file(
    api: HfApi, space: str, workspace: Path, octo: GitHub, hub: LocalHub
) -> None:
    repository.create(workspace, {f"site/{path}": text for path, text in FILES.items()})
    known = {"space": space, "wait": "false", "on-drift": "import", "github-token": "ghs_job", "path": "site"}
    deploy(workspace, hub.endpoint, known, github=octo.url)
    api.upload_file(path_or_fileobj=b"\0" * 100, path_in_repo="model.bin", repo_id=space, repo_type="space")
    edit(api, space)

    step = deploy(workspace, hub.endpoint, known, github=octo.url)

    assert changed(octo, workspace) == {"site/index.html"}
    assert "are in no pull request: model.bin" in step.log
    assert "model.bin" in SpaceTree(hub, space).blobs()
