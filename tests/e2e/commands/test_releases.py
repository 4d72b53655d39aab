"""Each deploy that goes live is a release with a tag, and there is a way back to each."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pygit2
import pytest
from huggingface_hub import HfApi

from hfspace_action.plan import hold
from tests.kit import gitrepo, repository
from tests.kit.local import LocalHub, localhub
from tests.kit.space.tree import SpaceTree
from tests.kit.step.action import Step, begin, deploy

NUMBER = 10


class Released(NamedTuple):
    """A Space that was deployed to `NUMBER` times: the ids of the commits on GitHub, and what the Space then held."""

    hub: LocalHub
    space: str
    workspace: Path
    sources: list[str]
    trees: list[dict[str, str]]
    steps: list[Step]

    @property
    def api(self) -> HfApi:
        return HfApi(self.hub.endpoint, token="hf_alice")

    @property
    def tags(self) -> dict[str, str]:
        return tags(self.api, self.space)

    def run(self, **inputs: str) -> Step:
        given = {name.replace("_", "-"): value for name, value in inputs.items()}
        return deploy(self.workspace, self.hub.endpoint, {"space": self.space, **given})


def tags(api: HfApi, space: str) -> dict[str, str]:
    refs = api.list_repo_refs(space, repo_type="space").tags
    return {ref.name: ref.target_commit for ref in refs}


def version(number: int) -> dict[str, str]:
    """The files of a version: small ones of which some stay, some change and some come and go, and a large one."""
    return {
        "index.html": f"<h1>Version {number}</h1>\n",
        "style.css": "h1 { color: navy }\n",
        "data/part.txt": f"part {number // 2}\n",
        f"data/only-{number}.txt": "here\n",
        "model.bin": f"{number}" * 50_000,
    }


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Released]:
    """The Space after ten deploys; the tests of this file leave it as they find it, or go on from where it is."""
    workspace = tmp_path_factory.mktemp("released") / "workspace"
    space = "alice/released"
    with localhub("--simulate", "--tick", "0.1") as hub:
        repository.create(workspace, version(0))
        made = Released(hub, space, workspace, [], [], [])
        for number in range(NUMBER):
            if number:
                (workspace / f"data/only-{number - 1}.txt").unlink()
                repository.commit(workspace, f"Version {number}", version(number))
            step = made.run()
            assert step.outputs["result"] == "live", step.log
            made.steps.append(step)
            made.sources.append(str(pygit2.Repository(workspace).head.target))
            made.trees.append(SpaceTree(hub, space).blobs())
        yield made


def test_each_live_deploy_has_a_tag_with_its_day_and_commit(released: Released) -> None:
    for step, source in zip(released.steps, released.sources, strict=True):
        name = step.outputs["release"]
        assert re.fullmatch(rf"release-\d{{8}}-\d{{4}}-{source[:7]}", name)
        assert released.tags[name] == step.outputs["commit-sha"]
        assert f"Tagged on the Space as {name}, for `command: rollback`" in step.log


def test_history_lists_the_releases(released: Released) -> None:
    before = len(released.hub.requests())

    step = released.run(command="history")

    assert (step.exit_code, step.outputs["result"]) == (0, "seen"), step.log
    listed = json.loads(step.outputs["releases"])
    assert [each["source"] for each in listed] == released.sources[::-1]
    assert [each["tag"] for each in listed] == [each.outputs["release"] for each in released.steps[::-1]]
    assert sum(each["current"] for each in listed) == 1
    assert {each["result"] for each in listed} == {"live"}
    assert listed[0]["subject"] == f"Version {NUMBER - 1}"
    assert all(each["at"] for each in listed)
    for text in (step.log, step.summary):
        assert all(each["tag"] in text for each in listed)
        assert f"Version {NUMBER - 1}" in text
    assert {request["method"] for request in released.hub.requests()[before:]} == {"GET"}


def test_back_to_each_release_by_its_commit_on_github(released: Released) -> None:
    for source, tree in [*zip(released.sources, released.trees, strict=True)]:
        commits = released.api.list_repo_commits(released.space, repo_type="space")
        released.hub.forget()

        step = released.run(command="rollback", to=source[:12], wait="false")

        asked = released.hub.requests()
        assert (step.exit_code, step.outputs["result"], step.outputs["changed"]) == (0, "published", "true"), step.log
        assert SpaceTree(released.hub, released.space).blobs() == tree
        assert len(released.api.list_repo_commits(released.space, repo_type="space")) == len(commits) + 1
        assert len(asked) <= 10, [f"{each['method']} {each['path']}" for each in asked]
        assert not [each for each in asked if re.search(r"lfs|xet|preupload|/resolve/", each["path"])]
        assert sum(each["request_bytes"] for each in asked) < 10_000, "and the large file has 50,000 bytes"


def test_back_to_the_one_before_and_to_a_tag_is_judged_as_a_deploy(released: Released) -> None:
    newest = released.steps[-1].outputs["release"]
    there = released.run(command="rollback", to=newest)  # other tests may have left another one
    before = [released.run(command="rollback") for _ in range(2)]

    assert there.outputs["result"] == "live", there.log
    for step, release in zip(before, released.steps[-2:-4:-1], strict=True):
        assert (step.exit_code, step.outputs["result"]) == (0, "live"), step.log
        assert step.outputs["release"] == release.outputs["release"]
        assert f"is live again with the files of `{step.outputs['release']}`" in step.summary
    assert SpaceTree(released.hub, released.space).blobs() == released.trees[-3]
    current = [each for each in json.loads(released.run(command="history").outputs["releases"]) if each["current"]]
    assert [each["tag"] for each in current] == [released.steps[-3].outputs["release"]]

    again = released.run(command="rollback", to=released.sources[-3], checks="- contains: Another", timeout="4s")

    assert (again.exit_code, again.outputs["result"], again.outputs["error"]) == (1, "unreachable", "check-failed")
    assert again.outputs["changed"] == "false", "main holds these files already"


@pytest.mark.parametrize("to", ["0123456", "release-20200101-0000-0123456"], ids=["sha", "tag"])
def test_a_release_that_is_not_there_is_named_with_those_that_are(released: Released, to: str) -> None:
    before = released.api.space_info(released.space).sha

    step = released.run(command="rollback", to=to)

    assert (step.exit_code, step.outputs["error"]) == (1, "release-unknown"), step.log
    assert released.sources[-1][:7] in step.summary
    assert released.api.space_info(released.space).sha == before


def test_while_held_a_push_writes_nothing(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    repository.create(workspace, {"index.html": "0\n"})
    made = Released(hub, space, workspace, [], [], [])
    first = made.run()
    repository.commit(workspace, "One", {"index.html": "1\n"})
    made.run()

    back = made.run(command="rollback", hold="true", wait="false")
    api.upload_file(path_or_fileobj=b"by hand", path_in_repo="hand.txt", repo_id=space, repo_type="space")
    repository.commit(workspace, "Two", {"index.html": "2\n"})
    hub.forget()
    held = made.run()

    assert (back.outputs["result"], back.outputs["release"]) == ("published", first.outputs["release"]), back.log
    assert (held.exit_code, held.outputs["result"], held.outputs["release"]) == (0, "held", first.outputs["release"])
    written = [each["path"] for each in hub.requests() if each["method"] != "GET"]
    assert [path for path in written if "paths-info" not in path] == []
    for step in (back, held):
        assert first.outputs["release"] in step.summary
        assert "command: release" in step.summary

    ended = made.run(command="release")
    twice = made.run(command="release")
    after = made.run()

    assert [each.outputs["result"] for each in (ended, twice, after)] == ["released", "released", "live"]
    assert "was not held" in twice.log
    assert SpaceTree(hub, space).blobs().keys() >= {"index.html"}
    assert api.hf_hub_download(space, "index.html", repo_type="space", local_dir=workspace.parent / "got")
    assert (workspace.parent / "got/index.html").read_text("utf-8") == "2\n"


def test_a_hold_that_comes_while_a_deploy_is_under_way_stops_it(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    repository.create(workspace, {"index.html": "0\n"})
    made = Released(hub, space, workspace, [], [], [])
    made.run(wait="false")
    repository.commit(workspace, "One", {"index.html": "1\n"})
    # Turned away once, the client waits a second before it asks again.
    hub.fault(method="POST", path=f"{space}/preupload/", kind="status", status=503, times=1)

    with begin(workspace, hub.endpoint, {"space": space}) as running:
        hub.asked(f"{space}/preupload/", fault="status")
        api.upload_file(
            path_or_fileobj=hold.put("").encode(), path_in_repo=".gitattributes", repo_id=space, repo_type="space"
        )
        head = api.space_info(space).sha
        step = running.end()

    assert (step.exit_code, step.outputs["result"]) == (0, "held"), step.log
    assert api.space_info(space).sha == head


@pytest.mark.parametrize("change", ["nested", "a variable", "rebuild"])
def test_a_held_space_is_left_alone_whatever_there_is_to_write(
    change: str, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    repository.create(workspace, {"Dockerfile": "FROM scratch\nEXPOSE 7860\n", "a/b/c.txt": "0\n"})
    made = Released(hub, space, workspace, [], [], [])
    made.run(wait="false")
    held = made.run(
        command="rollback", to=gitrepo.git(workspace, "rev-parse", "HEAD").strip(), hold="true", wait="false"
    )
    hub.forget()

    if change == "nested":
        repository.commit(workspace, "One", {"a/b/c.txt": "1\n"})
    inputs = {"a variable": {"variables": "A=1"}, "rebuild": {"rebuild": "true"}}.get(change, {})
    step = made.run(**inputs)

    assert (held.outputs["result"], held.outputs["changed"]) == ("published", "true"), held.log
    assert (step.exit_code, step.outputs["result"], step.outputs["changed"]) == (0, "held", "false"), step.log
    assert [each["path"] for each in hub.requests() if each["method"] != "GET"] == []
    assert api.get_space_variables(space) == {}


def test_another_rollback_keeps_the_hold_and_a_dry_run_names_it(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, {"index.html": "0\n"})
    made = Released(hub, space, workspace, [], [], [])
    shas = [gitrepo.git(workspace, "rev-parse", "HEAD").strip()]
    made.run()
    for number in (1, 2):
        shas.append(repository.commit(workspace, f"Version {number}", {"index.html": f"{number}\n"}))
        made.run()

    made.run(command="rollback", to=shas[1], hold="true", wait="false")
    again = made.run(command="rollback", to=shas[0], wait="false")
    dry = made.run(dry_run="true")
    pushed = made.run()

    assert again.outputs["changed"] == "true", again.log
    assert dry.outputs["result"] == "planned"
    assert "is held" in dry.summary
    assert pushed.outputs["result"] == "held", pushed.log
    assert pushed.outputs["release"].endswith(shas[0][:7])


def test_old_tags_of_ours_go_and_those_of_others_stay(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    repository.create(workspace, {"index.html": "0\n"})
    made = Released(hub, space, workspace, [], [], [])
    first = made.run(keep_releases="2")
    for name in ("v1", "release-candidate", "release-20200101"):
        api.create_tag(space, tag=name, repo_type="space")
    api.create_tag(space, tag="release-20200101-0000-abcdef1", repo_type="space")
    others = {"v1", "release-candidate", "release-20200101"}

    repository.commit(workspace, "One", {"index.html": "1\n"})
    second = made.run(keep_releases="2")

    assert made.tags.keys() == others | {first.outputs["release"], second.outputs["release"]}

    repository.commit(workspace, "Two", {"index.html": "2\n"})
    assert made.run(keep_releases="0").outputs["release"] == ""
    unchanged = made.run(keep_releases="2")

    assert unchanged.outputs["release"] == "", "nothing was released"
    assert made.tags.keys() == others | {first.outputs["release"], second.outputs["release"]}


def test_a_tag_that_is_refused_is_one_warning_and_a_lost_answer_none(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    repository.create(workspace, {"index.html": "0\n"})
    made = Released(hub, space, workspace, [], [], [])
    hub.fault(method="POST", path=f"{space}/tag/", kind="status", status=403)

    step = made.run()

    assert (step.exit_code, step.outputs["result"], step.outputs["release"]) == (0, "live", ""), step.log
    assert step.log.count("::warning") == 1
    assert "keep-releases: 0" in step.summary

    hub.no_faults()
    hub.fault(method="POST", path=f"{space}/tag/", kind="drop-after", times=1)
    repository.commit(workspace, "One", {"index.html": "1\n"})
    step = made.run()

    assert step.outputs["result"] == "live", step.log
    assert "::warning" not in step.log
    assert made.tags == {step.outputs["release"]: step.outputs["commit-sha"]}


def test_tags_move_no_app(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    repository.create(workspace, {"README.md": "# Demo\n", "Dockerfile": "FROM scratch\nEXPOSE 7860\n"})
    step = Released(hub, space, workspace, [], [], []).run()
    hub.script(space, {"stage": "BUILD_ERROR"})  # what would come of a new build

    api.create_tag(space, tag="another", repo_type="space")
    api.delete_tag(space, tag=step.outputs["release"], repo_type="space")

    runtime = api.get_space_runtime(space)
    assert (runtime.stage, runtime.raw["sha"]) == ("RUNNING", step.outputs["commit-sha"])
