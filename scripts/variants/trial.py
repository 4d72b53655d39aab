"""Tries a cell: sets the Space up, runs the step as a runner would, and looks at what the Hub then has."""

from collections.abc import Iterator, Mapping
from itertools import count
from pathlib import Path
from typing import Any

from huggingface_hub import CommitOperationAdd, HfApi

from hfspace_action.publish import batches
from tests.kit import repository
from tests.kit.gitrepo import commit, git
from tests.kit.local import LocalHub, until
from tests.kit.space.tree import SpaceTree
from tests.kit.step.action import Step, begin
from tests.kit.step.provoke import CLAIMS, WORKFLOW

from .cell import BROKEN_BUILD, BUILT, CHANGED, FILES, IGNORED, IGNORED_FILE, REPOSITORY, Cell

_numbers = count(1)
TOKENS = {"write": "hf_alice", "fine-grained": "hf_alice_fine", "publisher": ""}
ACCOUNTS = """
users:
  - name: alice
    plan: pro
    tokens:
      hf_alice: write
      hf_alice_fine: {role: fineGrained, scoped: [{entity: alice, permissions: [repo.content.read, repo.write, discussion.write]}]}
"""
LARGE = {f"many/{number}.txt": f"{number}\n" for number in range(batches.FILES + 1)}  # one more than a commit takes
BROKEN: list[dict[str, Any]] = [
    {"stage": "RUNNING_BUILDING"},
    {"after": 0.5, "stage": "BUILD_ERROR", "errorMessage": "exit code: 1"},
]
SLEEPS: list[dict[str, Any]] = [{"stage": "SLEEPING"}]
WORKS: list[dict[str, Any]] = [{"stage": "RUNNING"}]


class Trial:
    """One cell on one Hub. `problems` says what is wrong; nothing, if the promise is kept."""

    def __init__(self, hub: LocalHub, cell: Cell, folder: Path) -> None:
        self.hub, self.cell, self.workspace = hub, cell, folder / "workspace"
        self.space = f"alice/v{next(_numbers)}"
        self.repo = SpaceTree(hub, self.space)
        self.api = HfApi(hub.endpoint, token=TOKENS["write"])
        self.step: Step | None = None
        self.files = dict(BUILT if cell.built else FILES[cell.sdk])

    def problems(self) -> Iterator[str]:
        """Try it, and yield what is wrong."""
        repository.create(self.workspace, self.files)
        if self.cell.promise not in ("first", "selftest"):
            if self.cell.sdk != "static" and not self.cell.on("build-queued"):  # a script would let the build begin
                self.hub.script(self.space, *(SLEEPS if self.cell.resting and self.cell.on("sleeping-push") else WORKS))
            self.api.create_repo(
                self.space,
                repo_type="space",
                space_sdk=self.cell.sdk,
                visibility=self.cell.visibility,  # type: ignore[arg-type]
            )
            self.commit({**self.files, **(IGNORED if self.cell.ignoring else {})})
            self.settle()
        self.hub.vary(*self.cell.variants, of=self.space)
        if self.cell.promise not in (
            "first",
            "selftest",
        ):  # a Space that is there was made long before, however late it is shown
            until(lambda: self.api.repo_exists(self.space, repo_type="space"), "it is never shown")
        try:
            yield from getattr(self, self.cell.promise)()
            yield from self.always()
        finally:
            self.hub.vary(of=self.space)

    # The promises

    def first(self) -> Iterator[str]:
        """Yield what is wrong with a first deploy."""
        self.run({"visibility": self.cell.visibility})
        yield from self.is_live(changed="true")

    def redeploy(self) -> Iterator[str]:
        """Yield what is wrong with a changed file."""
        if self.cell.built:
            self.change(BROKEN_BUILD)
            self.run()
            yield from self.ends("failed", error="stage-build-error")
            return
        self.change({**CHANGED[self.cell.sdk], **(IGNORED_FILE if self.cell.ignoring else {})})
        self.run()
        yield from self.is_live(changed="true")

    def unchanged(self) -> Iterator[str]:
        """Yield what is wrong with a second deploy of the same."""
        self.run(setup=True)
        self.run()
        yield from self.is_live(changed="false")

    def large(self) -> Iterator[str]:
        """Yield what is wrong with more files than one commit takes."""
        self.change({**LARGE, **(IGNORED_FILE if self.cell.ignoring else {})})
        before = len(self.repo.commits())
        self.run({"wait": "false"})
        yield from self.is_live(changed="true", result="published")
        alone = self.cell.on("discussions-disabled") or (
            self.cell.publisher and not self.cell.on("publisher-sets", "publisher-discusses")
        )
        moves = len(self.repo.commits()) - before
        if moves > 1 and not alone and not self.cell.on("merge-commit"):
            yield f"main moved {moves} times"

    def settings(self) -> Iterator[str]:
        """Yield what is wrong with a changed variable, and a secret where there may be one."""
        wanted = {"variables": "GREETING=Hello"} | (
            {} if self.cell.sdk == "static" else {"secrets": "KEY=a-secret-value"}
        )
        self.run({"timeout": "40s", **wanted})  # a new start for a setting is waited for 20 s
        if self.cell.publisher and not self.cell.on("publisher-sets"):
            yield from self.ends("error", error="publisher-may-not")
            return
        yield from self.is_live(changed=None)
        if "GREETING" not in self.api.get_space_variables(self.space):
            yield "the variable is not there"
        if "secrets" in wanted and "KEY" not in self.api.get_space_secrets(self.space):
            yield "the secret is not there"

    def failing(self) -> Iterator[str]:
        """Yield what is wrong with a build that fails."""
        self.change(CHANGED[self.cell.sdk])
        self.hub.script(self.space, *BROKEN)
        self.run()
        yield from self.ends("failed", error="stage-build-error")

    def rollback(self) -> Iterator[str]:
        """Yield what is wrong with the way back from a build that fails; a static page that is well is not undone."""
        self.change(CHANGED[self.cell.sdk])
        if self.cell.sdk == "static":
            self.run({"on-failure": "rollback"})
            yield from self.is_live(changed="true")
            return
        before = self.tree()
        self.hub.script(self.space, *BROKEN)
        self.run({"on-failure": "rollback", "timeout": "8s"})
        if self.blocked:  # other files would not help
            yield from self.ends("rolled-back")
        elif self.tree() != before:
            yield "the files are not those from before"

    def selftest(self) -> Iterator[str]:
        """Yield what is wrong with a self-test."""
        self.hub.vary(*self.cell.variants, of=f"{self.space}-selftest-")
        self.run({"command": "selftest", "visibility": self.cell.visibility})
        self.hub.vary(of=f"{self.space}-selftest-")
        yield from self.ends("passed")
        if [each.id for each in self.api.list_spaces(author="alice") if each.id.startswith(f"{self.space}-")]:
            yield "the scratch Space is left"

    def check(self) -> Iterator[str]:
        """Yield what is wrong with a check."""
        before = self.api.space_info(self.space).sha
        self.run({"command": "check"})
        yield from self.ends("healthy")
        if self.api.space_info(self.space).sha != before:
            yield "a check moved main"

    def delete(self) -> Iterator[str]:
        """Yield what is wrong with a deletion."""
        self.run({"command": "delete", "confirm": self.space})
        yield from self.ends("deleted")
        if self.api.repo_exists(self.space, repo_type="space"):
            yield "it is still there"

    # What is right

    def is_live(self, *, changed: str | None, result: str = "live") -> Iterator[str]:
        """Yield what is wrong with a deploy that should be green, with the files on the Space."""
        waited = result == "live" and changed != "false"
        if self.cell.resting:
            yield from self.ends("timeout", error="dev-mode" if self.cell.on("dev-mode-push") else "not-begun")
        elif waited and self.cell.on("build-queued") and self.cell.sdk != "static" and not self.blocked:
            unread = self.cell.publisher and self.cell.on("publisher-401")  # the log, which says so
            yield from self.ends("timeout", error="timeout" if unread else "build-queued")
        else:
            # Where nobody may look at a private page or app, its tree and its stage are all there is to know.
            closed = self.cell.visibility == "private" and self.cell.on(
                "private-static-404", "private-static-401", "no-jwt", "authorization-only", "no-visibility"
            )
            yield from self.ends(result, *(["published"] if closed else []))
        if changed is not None and self.outputs["changed"] != changed:
            yield f"changed is {self.outputs['changed']!r}"
        yield from self.holds()

    @property
    def blocked(self) -> bool:
        """Whether the Hub shuts the Space at the commit that the promise is about, so that nothing is built at all."""
        commits = ("first", "redeploy", "failing", "rollback", "selftest")
        return self.cell.on("flagged") and self.cell.promise in commits

    def ends(self, *results: str, error: str = "") -> Iterator[str]:
        """Yield what is wrong with how the step ended. Where the Space is blocked, that is how it has to end."""
        if self.blocked:
            results, error = ("error" if self.cell.promise == "selftest" else "paused",), "blocked"
        if (found := (self.outputs["result"], self.outputs["error"])) not in [(result, error) for result in results]:
            yield f"it ended as {found[0]} {found[1]}".strip()

    def holds(self) -> Iterator[str]:
        """Yield what is wrong with the files on the Space."""
        self.hub.vary(of=self.space)
        if (there := set(self.tree())) != (wanted := {*self.files, ".gitattributes"}):
            yield f"the Space lacks {sorted(wanted - there)[:3]} and has {sorted(there - wanted)[:3]}"
        if self.outputs["commit-sha"] and self.outputs["commit-sha"] != self.api.space_info(self.space).sha:
            yield "commit-sha is not the head"

    def always(self) -> Iterator[str]:
        """Yield what must never be, whatever was tried."""
        step = self.step
        assert step is not None  # noqa: S101 - for the type checker
        if "internal" in self.outputs["error"] or "Traceback" in step.log:
            yield "an error of our own"
        if self.outputs["visibility"] not in ("", self.cell.visibility):
            yield f"visibility is said to be {self.outputs['visibility']}"
        secret = TOKENS[self.cell.token]
        for request in self.hub.received(self.space):
            text = str(request)
            if "hf_jwt_" in text or (secret and secret in text.replace(f"'{self.space}'", "")):
                yield f"the app received a token: {request['path']}"

    # How it is tried

    def settle(self) -> None:
        """Wait until the Space is as it is to be before the step."""
        if self.cell.built:
            until(lambda: self.api.list_repo_refs(self.space, repo_type="space").converts, "it is never built")
        if self.cell.sdk == "static":
            return
        rest = "SLEEPING" if self.cell.resting and self.cell.on("sleeping-push") else "RUNNING"
        until(lambda: self.api.get_space_runtime(self.space).stage == rest, "it never comes to rest")
        if self.cell.resting:
            self.hub.no_script(self.space)
            if self.cell.on("dev-mode-push"):
                self.api.enable_space_dev_mode(self.space)

    @property
    def outputs(self) -> Mapping[str, str]:
        """The outputs of the last step."""
        assert self.step is not None  # noqa: S101 - for the type checker
        return self.step.outputs

    def run(self, inputs: Mapping[str, str] | None = None, *, setup: bool = False) -> None:
        """Run a step; `setup`: as the owner, before what is tried."""
        given = {
            "space": self.space,
            "hf-token": TOKENS["write" if setup else self.cell.token],
            "timeout": "12s",
            **(inputs or {}),
        }
        env = None
        if self.cell.publisher and not setup:
            self.hub.trust(self.space, **CLAIMS)
            env = self.hub.job(REPOSITORY) | WORKFLOW
        with begin(self.workspace, self.hub.endpoint, given, env=env) as running:
            self.step = running.end(200)

    def change(self, files: Mapping[str, str]) -> None:
        """Change files of the checkout."""
        self.files |= files
        commit(self.workspace, files)

    def commit(self, files: Mapping[str, str]) -> None:
        """Put files onto the Space, as somebody did earlier."""
        added = [CommitOperationAdd(path, text.encode()) for path, text in files.items()]
        self.api.create_commit(self.space, added, repo_type="space", commit_message="Before")

    def tree(self) -> dict[str, str]:
        """The files of main by path, with their ids, as git has them."""
        listed = git(self.repo.path, "ls-tree", "-r", "main")
        return {line.partition("\t")[2]: line.split()[2] for line in listed.splitlines()}
