"""Tries cells one by one on a Hub of their own: sets the Space up, breaks the Hub, runs the step, and looks at what is there then."""

import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import Any

import httpx2
import pygit2
from huggingface_hub import CommitOperationAdd, HfApi

from hfspace_action.plan import hold
from hfspace_action.plan.large_files import FIRST, RULES
from tests.kit import repository
from tests.kit.github import GitHub, github
from tests.kit.local import LocalHub, localhub, until
from tests.kit.space.tree import stored
from tests.kit.step import event, leaks
from tests.kit.step.action import REPOSITORY, Running, Step, begin
from tests.kit.step.provoke import CLAIMS, WORKFLOW

from . import credentials, judge, scenes
from .cell import Cell
from .elsewhere import Elsewhere, elsewhere
from .judge import Kind, Problem, Seen, Tried
from .scenes import BREAKS, DOCKER, MARK, OLD_SETTINGS, PULL, SCENES, Scene

BOUND = 40.0
"""Seconds in which a step with a timeout of six ends: with what it does before and after its wait."""
_numbers = count(1)


class Bench:
    """A Hub, GitHub, another server, and room for checkouts. One cell is tried at a time."""

    def __init__(self, hub: LocalHub, octo: GitHub, other: Elsewhere, folder: Path) -> None:
        self.hub, self.octo, self.other, self.folder = hub, octo, other, folder
        self.api = HfApi(hub.endpoint, token=credentials.SETUP)

    def set_up(self, scene: Scene, space: str) -> Path:
        """Make the Space as it was, and the checkout; its folder."""
        workspace = self.folder / space.rpartition("/")[2]
        repository.create(workspace, DOCKER)
        if scene.there:
            self.hub.script(space, {"stage": "RUNNING"})
            settings = OLD_SETTINGS if scene.settings else {}
            self.api.create_repo(
                space,
                repo_type="space",
                space_sdk="docker",
                space_variables=[*settings.get("variables", []), *(scenes.mark(PULL) if scene.pull else [])] or None,
                space_secrets=settings.get("secrets"),
                space_volumes=settings.get("volumes"),
            )
            self._deployed(space, DOCKER, self.head(workspace) if scene.later or scene.held else "")
            if scene.later:
                self._deployed(space, scene.later, "0" * 40)
            if scene.held:
                added = [CommitOperationAdd(RULES, hold.put(FIRST).encode())]
                self.api.create_commit(space, added, repo_type="space", commit_message="Hold")
            self._runs(space)
        if scene.breaks:
            self.hub.script(space, *BREAKS, commits=1)
        for path in scene.removed:
            (workspace / path).unlink()
        if scene.files or scene.removed:
            texts = {
                path: text.replace("{space}", space) if isinstance(text, str) else text
                for path, text in scene.files.items()
            }
            repository.commit(workspace, "Then", texts)
        if scene.twin:
            self._set_up_twin(f"{space}-staging", scene, workspace)
        return workspace

    def _set_up_twin(self, twin: str, scene: Scene, workspace: Path) -> None:
        """Make the Space for staging."""
        self.hub.script(twin, {"stage": "RUNNING"})
        self.api.create_repo(twin, repo_type="space", space_sdk="docker")
        self._deployed(twin, _checkout(workspace) if scene.twin == "ahead" else DOCKER, self.head(workspace))
        self._runs(twin)

    def _runs(self, space: str) -> None:
        """Wait until a Space runs, and leave it then to what is built of it."""
        until(lambda: self.api.get_space_runtime(space).stage == "RUNNING", "it never runs")
        self.hub.no_script(space)

    def _deployed(self, space: str, files: Mapping[str, str | bytes], head: str) -> None:
        """Commit these files, as a deploy of the commit `head` does, if there is one."""
        contents = {path: text.encode() if isinstance(text, str) else text for path, text in files.items()}
        added = [CommitOperationAdd(path, content) for path, content in contents.items()]
        said = f"Source: https://github.com/octo/site/commit/{head}" if head else None
        title = f"Deploy octo/site@{head[:7]}" if head else "Before"
        made = self.api.create_commit(space, added, repo_type="space", commit_message=title, commit_description=said)
        if head:
            self.api.create_tag(space, tag=f"release-20261127-0900-{head[:7]}", revision=made.oid, repo_type="space")

    def environment(self, scene: Scene, space: str) -> dict[str, str] | None:
        """The environment of a step, beyond that of every step."""
        if scene.publisher:
            self.hub.trust(space, **CLAIMS)
            return self.hub.job(CLAIMS["repository"]) | WORKFLOW
        return self._run_about(scene, space) if scene.pull else None

    def _run_about(self, scene: Scene, preview: str) -> dict[str, str]:
        """Open the pull request of a preview, and forget what GitHub had of another; the environment of a run. What is swept has one
        beside it that is still needed."""
        workspace = self.folder / preview.rpartition("/")[2]
        for gone in (self.octo.issues, self.octo.comments, self.octo.deployments, self.octo.statuses):
            gone.clear()
        pull = self.octo.open(PULL, self.head(workspace), state="open" if scene.pull == "opened" else "closed")
        if scene.pull == "swept":
            self.octo.open(PULL + 1, self.head(workspace))
            needed = f"{preview.removesuffix(str(PULL))}{PULL + 1}"
            self.api.create_repo(needed, repo_type="space", space_sdk="docker", space_variables=scenes.mark(PULL + 1))
            return event.push(workspace.parent)
        return event.pull_request(workspace.parent, pull, scene.pull)

    def head(self, workspace: Path) -> str:
        """The commit that is checked out."""
        return str(pygit2.Repository(workspace).head.target)

    def wanted(self, workspace: Path) -> dict[str, str]:
        """The files of the checkout, as git has them."""
        return stored(_checkout(workspace))

    def runtime(self, space: str) -> Mapping[str, Any]:
        """How the Space is now, asked without faults."""
        headers = {"authorization": f"Bearer {credentials.SETUP}"}
        with httpx2.Client(base_url=self.hub.endpoint, headers=headers, timeout=10, verify=False) as client:
            answer = client.get(f"/api/spaces/{space}/runtime")
            return dict(answer.json()) if answer.is_success else {}

    def clear(self, seen: Seen) -> None:
        """Delete the Spaces of a cell."""
        for each in seen.spaces:
            self.api.delete_repo(each, repo_type="space", missing_ok=True)


def _checkout(workspace: Path) -> dict[str, bytes]:
    """The files of a checkout."""
    return {each.path: (workspace / each.path).read_bytes() for each in pygit2.Repository(workspace).index}


@contextmanager
def bench(folder: Path) -> Iterator[Bench]:
    """Start a Hub for some cells."""
    folder.mkdir(parents=True, exist_ok=True)
    accounts = folder / "accounts.yml"
    accounts.write_text(credentials.ACCOUNTS, "utf-8")
    started = localhub("--simulate", "--tick", "0.05", "--accounts", str(accounts))
    with elsewhere() as other, github(REPOSITORY, {credentials.JOB: {}}) as octo, started as hub:
        yield Bench(hub, octo, other, folder)


class Trial:
    """One cell; `problems` says what is wrong with it, `log` is the step's."""

    def __init__(self, cell: Cell) -> None:
        self.cell, self.scene = cell, SCENES[cell.command]
        self.named = f"alice/f{next(_numbers):06}"
        self.space = self.scene.about(self.named)
        self.log = ""
        self.seconds = 0.0
        self.result = ""
        self.leak = ""

    def problems(self, on: Bench) -> Iterator[Problem]:
        """Try it."""
        workspace = on.set_up(self.scene, self.space)
        env = on.environment(self.scene, self.space)
        before = judge.look(on.hub, self.space)
        on.hub.forget()
        on.other.got.clear()
        fault = self.cell.on(self.named, on.other.address)
        on.hub.fault(**fault)
        produced: dict[str, str] = {}
        inputs = self.scene.asked(self.named, on.head(workspace))
        with begin(workspace, on.hub.endpoint, inputs, env=env, github=on.octo.url) as running:
            step = self._ended(running)
            produced |= leaks.files(running.runner)
        after = judge.look(on.hub, self.space)
        unreachable = fault["kind"] == "refuse" and fault["times"] is None
        if not unreachable:
            on.hub.no_faults()
        runtime = None if unreachable or after.files is None else on.runtime(self.space)
        always = self.cell.often == "always" or step is None
        tried = Tried(
            self.scene,
            self.space,
            on.wanted(workspace),
            before,
            after,
            step,
            runtime,
            closable=not (always and (unreachable or "/discussions" in self.cell.route.address)),
            erasable=not always,
        )
        yield from tried.problems()
        yield from self._leaks(on, produced)
        shutil.rmtree(workspace)  # of 1,000 large ones, 20 GB would lie in memory
        if not unreachable:
            on.clear(after)

    def _ended(self, running: Running) -> Step | None:
        """Wait for the step; None if it does not end in time."""
        began = time.monotonic()
        try:
            step = running.end(BOUND)
        except subprocess.TimeoutExpired:
            step = None
        except AssertionError as leak:  # which every step of a test is looked at for
            step, self.leak = None, str(leak)
        self.seconds = time.monotonic() - began
        self.log = step.log if step else running.log
        self.result = f"{step.outputs.get('result')} {step.outputs.get('error')}".strip() if step else "killed"
        return step

    def _leaks(self, on: Bench, produced: Mapping[str, str]) -> Iterator[Problem]:
        """What the step wrote, and what others got."""
        secrets = {"the token": credentials.TOKEN, "the secret": credentials.SECRET, "the job's token": credentials.JOB}
        texts = dict(produced) | {"log": self.log, "the other server": "\n".join(on.other.got)}
        if self.leak:
            yield Problem(Kind.LEAK, self.leak)
        for words in credentials.found(texts, secrets):
            yield Problem(Kind.LEAK, words)
        if any(MARK in each for each in on.other.got):
            yield Problem(Kind.LEAK, "content of a file reached the other server")
        if any("hf_jwt_" in each or "authorization" in each.lower() for each in on.other.got):
            yield Problem(Kind.LEAK, "a credential reached the other server")
