"""The workflows that people copy from examples/workflows, each run under act against a Hub on this machine."""

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from huggingface_hub import HfApi

from hfspace_action.commands.previews import names
from tests.kit import ROOT, repository
from tests.kit.github import GitHub, github, objects
from tests.kit.local import LocalHub, until
from tests.kit.space.tree import SpaceTree
from tests.kit.step import act
from tests.kit.step.action import deploy

PAGE = {"index.html": "<h1>Hello</h1>\n"}
EXAMPLES = sorted((ROOT / "examples/workflows").glob("*.yml"))


@contextmanager
def octo() -> Iterator[tuple[GitHub, Callable[[str], dict[str, Any]]]]:
    """GitHub with an open pull request, and what its events hold."""
    with github("octo/site", {"ghs_job": {}}) as there:
        there.open(7, "c" * 40)

        def pull(action: str) -> dict[str, Any]:
            side = {"repo": {"full_name": "octo/site"}}
            about = {"number": 7, "state": "closed" if action == "closed" else "open"}
            ends = {
                "head": {**side, "sha": "c" * 40, "ref": "change"},
                "base": {**side, "sha": "b" * 40, "ref": "main"},
            }
            return {"action": action, "number": 7, "pull_request": {**about, **ends}}

        yield there, pull


@pytest.mark.parametrize("workflow", EXAMPLES, ids=lambda path: path.stem)
def test_inputs_and_outputs_of_the_examples_exist(workflow: Path) -> None:
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    jobs = yaml.safe_load(workflow.read_text("utf-8"))["jobs"].values()
    ours = [step for job in jobs for step in job["steps"] if step.get("uses", "").startswith("org/hf-space-deploy")]

    assert ours
    assert all(step["with"].keys() <= action["inputs"].keys() for step in ours)


class Copied:
    """A repository of somebody's, with the workflow `name` in it."""

    def __init__(self, workspace: Path, hub: LocalHub, space: str, files: Mapping[str, str]) -> None:
        self.workspace, self.hub, self.space = workspace, hub, space
        repository.create(workspace, files)
        act.with_the_action(workspace)

    def run(
        self, name: str, event: str = "push", *, api: str = "", given: Mapping[str, str] | None = None, **payload: Any
    ) -> act.Job:
        """Run the workflow for an event. `given` are more variables of its environment."""
        workflow = f".github/workflows/{name}"
        if not (self.workspace / workflow).exists():
            act.example(self.workspace, name)
            repository.commit(self.workspace, "Use the workflow", {})
        env = {"HF_ENDPOINT": self.hub.endpoint, **({"GITHUB_API_URL": api} if api else {}), **(given or {})}
        secrets = {"HF_TOKEN": "hf_alice", "GITHUB_TOKEN": "ghs_job", "WEBUI_SECRET_KEY": "k3y-of-a-test"}
        happened = act.Event(event, payload or None, env)
        return act.happens(happened, self.workspace, workflow, secrets=secrets, variables={"SPACE": self.space})


@pytest.mark.engine
@pytest.mark.xdist_group("act")
@pytest.mark.usefixtures("runner")
class TestUnderAct:
    def test_deploy(self, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
        job = Copied(workspace, hub, space, PAGE).run("deploy.yml")

        assert (job.result, job.outputs["space"]["result"]) == ("success", "live"), job.log
        assert api.space_info(space).sha == job.outputs["space"]["commit-sha"]

    def test_monorepo(self, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
        job = Copied(workspace, hub, space, {"demo/index.html": "<h1>Demo</h1>\n", "server/main.py": "1\n"}).run(
            "monorepo.yml"
        )

        assert job.result == "success", job.log
        assert "index.html" in api.list_repo_files(space, repo_type="space")
        assert "server/main.py" not in api.list_repo_files(space, repo_type="space")

    def test_build_then_deploy(self, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
        build = "mkdir dist\necho '<h1>Built</h1>' > dist/index.html\n"
        job = Copied(workspace, hub, space, {"build.sh": build, ".gitignore": "dist/\n"}).run("build-dist.yml")

        assert job.result == "success", job.log
        assert "index.html" in api.list_repo_files(space, repo_type="space")

    @pytest.mark.slow
    def test_twenty_spaces(self, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
        numbers = [f"{number:02}" for number in range(1, 21)]
        files = {f"spaces/{number}/index.html": f"<h1>{number}</h1>\n" for number in numbers}

        job = Copied(workspace, hub, space, files).run("matrix.yml")

        assert job.result == "success", job.log[-3000:]
        made = {each.id for each in api.list_spaces(author="alice")}
        assert {f"{space}-{number}" for number in numbers} <= made

    def test_staging_then_production(self, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
        job = Copied(workspace, hub, space, PAGE).run("staging-production.yml")

        assert job.result == "success", job.log
        assert api.space_info(f"{space}-staging").private is True
        assert api.repo_exists(space, repo_type="space")

    def test_promote(self, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
        staging = f"{space}-staging"
        copied = Copied(workspace, hub, space, PAGE)
        deployed = deploy(workspace, hub.endpoint, {"space": staging})

        job = copied.run("promote.yml", "workflow_dispatch")

        assert (deployed.outputs["result"], job.result, job.outputs["space"]["result"]) == (
            "live",
            "success",
            "live",
        ), job.log
        assert SpaceTree(hub, space).blobs() == SpaceTree(hub, staging).blobs()

    def test_preview_and_cleanup(self, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
        copied = Copied(workspace, hub, space, PAGE)
        with octo() as (there, pull):
            opened = copied.run("preview.yml", "pull_request", api=there.url, **pull("opened"))
            name = names.preview(space, 7)
            exists = api.repo_exists(name, repo_type="space")
            closed = copied.run("preview.yml", "pull_request", api=there.url, **pull("closed"))

        assert (opened.result, exists) == ("success", True), opened.log
        assert closed.result == "success", closed.log
        assert not api.repo_exists(name, repo_type="space")

    def test_rollback_holds_and_verify_knows_it(self, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
        def page() -> str:
            got = api.hf_hub_download(space, "index.html", repo_type="space", local_dir=workspace.parent / "got")
            return Path(got).read_text("utf-8")

        copied = Copied(workspace, hub, space, PAGE)
        act.example(workspace, "verify.yml")
        verify = workspace / ".github/workflows/verify.yml"
        signed = verify.read_text("utf-8").partition("      - uses: actions/attest")  # which signs at GitHub
        verify.write_text(signed[0], "utf-8")
        assert signed[1]
        first = copied.run("deploy.yml").outputs["space"]
        repository.commit(workspace, "Two", {"index.html": "<h1>Two</h1>\n"})
        copied.run("deploy.yml")

        verified = copied.run("verify.yml", "schedule").outputs["space"]
        back = copied.run("rollback.yml", "workflow_dispatch", inputs={"to": "previous", "hold": "true"})
        repository.commit(workspace, "Three", {"index.html": "<h1>Three</h1>\n"})
        held = copied.run("deploy.yml").outputs["space"]

        assert (verified["result"], json.loads(verified["receipt"])["space"]) == ("verified", space)
        assert (back.result, back.outputs["space"]["result"]) == ("success", "live"), back.log
        assert back.outputs["space"]["release"] == first["release"] == held["release"]
        assert held["result"] == "held"
        assert page() == PAGE["index.html"]

    def test_sweep(self, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
        copied = Copied(workspace, hub, space, PAGE)
        kept = f"{space}-pr-8"
        api.create_repo(kept, repo_type="space", space_sdk="static")
        with octo() as (there, pull):
            copied.run("preview.yml", "pull_request", api=there.url, **pull("opened"))
            there.pulls[7].state = "closed"
            job = copied.run("sweep.yml", "workflow_dispatch", api=there.url)

        assert job.result == "success", job.log
        assert api.repo_exists(kept, repo_type="space")
        assert not api.repo_exists(names.preview(space, 7), repo_type="space")

    def test_watch(self, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
        copied = Copied(workspace, hub, space, PAGE)
        api.create_repo(space, repo_type="space", space_sdk="docker")
        app = {"path_or_fileobj": b"FROM scratch\nEXPOSE 7860\n", "path_in_repo": "Dockerfile"}
        api.upload_file(**app, repo_id=space, repo_type="space")
        until(lambda: api.get_space_runtime(space).stage == "RUNNING")
        api.pause_space(space)
        with octo() as (there, _):
            job = copied.run("watch.yml", "workflow_dispatch", api=there.url)

        assert (job.result, job.outputs["space"]["result"]) == ("success", "healed"), job.log
        assert [each["state"] for each in there.issues] == ["closed"]

    def test_import_edits(self, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
        copied = Copied(workspace, hub, space, PAGE)
        by_hand = b"<p>by hand, \xc3\xa5</p>\r\n"
        with octo() as (there, _):
            there.git = workspace
            first = copied.run("import-edits.yml", api=there.url)
            assert first.result == "success", first.log
            api.upload_file(
                path_or_fileobj=by_hand,
                path_in_repo="index.html",
                repo_id=space,
                repo_type="space",
                commit_message="By hand",
            )
            edited = copied.run("import-edits.yml", api=there.url)
            (pull,) = [each for each in there.pulls.values() if each.title.startswith("Edits made on the Space")]
            objects.merge(workspace, pull.branch, "main")
            pull.state = "closed"
            merged = copied.run("import-edits.yml", api=there.url)

        assert [job.outputs["space"]["result"] for job in (first, edited, merged)] == ["live"] * 3, edited.log
        assert edited.outputs["space"]["pull-request"].endswith(f"/pull/{pull.number}")
        assert (workspace / "index.html").read_bytes() == by_hand
        assert merged.outputs["space"]["changed"] == "false", merged.log

    def test_a_fork_that_somebody_has_labelled(self, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
        """act can't fetch another repository, so the checkout of this test is the fork's already."""
        copied = Copied(workspace, hub, space, PAGE)
        workflow = workspace / act.example(workspace, "preview-fork.yml")
        lines = workflow.read_text("utf-8").splitlines(keepends=True)
        workflow.write_text(
            "".join(line for line in lines if ".head_repository.full_name }}\n" not in line and " ref: " not in line)
        )
        sha = repository.commit(workspace, "The fork's", {})
        run = {"head_sha": sha, "head_branch": "change", "head_repository": {"full_name": "mallory/site"}}
        with octo() as (there, _):
            there.open(7, sha, repository="mallory/site", at="2026-01-01T10:00:00Z")
            there.roles["alice"] = "admin"
            event = {"action": "completed", "workflow_run": {**run, "event": "pull_request"}}
            without = copied.run("preview-fork.yml", "workflow_run", api=there.url, **event)
            made_without = api.repo_exists(names.preview(space, 7), repo_type="space")
            there.label(7, "preview", "alice", at="2026-01-01T11:00:00Z")
            labelled = copied.run("preview-fork.yml", "workflow_run", api=there.url, **event)

        assert (without.result, made_without) == ("success", False), without.log
        assert labelled.result == "success", labelled.log
        assert api.repo_exists(names.preview(space, 7), repo_type="space")

    def test_trusted_publishing(self, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
        api.create_repo(space, repo_type="space", space_sdk="static")
        hub.trust(space, repository="octo/site")
        job = Copied(workspace, hub, space, PAGE).run("trusted-publishing.yml", given=hub.job("octo/site"))

        assert job.result == "success", job.log
        assert "as the trusted publisher" in job.log

    def test_open_webui(self, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
        """A small tree stands for it here; test_open_webui.py deploys the whole."""
        dockerfile = "FROM python:3.13-slim\nEXPOSE 8080\nCMD python3 -m http.server 8080\n"
        job = Copied(workspace, hub, space, {"Dockerfile": dockerfile}).run("open-webui.yml")

        assert job.result == "success", job.log
        assert api.get_space_runtime(space).requested_hardware == "cpu-upgrade"
