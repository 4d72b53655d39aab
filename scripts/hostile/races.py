"""`make races`: what others do while a deploy is under way: other deploys, strangers, a push, a deletion, another name, a token that ends."""

import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import count
from pathlib import Path
from random import Random
from time import sleep

from huggingface_hub import CommitOperationAdd, HfApi

from scripts.faults import credentials, judge
from scripts.faults.judge import GREEN, OUTPUTS, Seen
from scripts.faults.scenes import DOCKER, LARGE, SCENES
from scripts.faults.trial import Bench
from tests.kit.gitrepo import commit, git
from tests.kit.local import until
from tests.kit.space.tree import SpaceTree
from tests.kit.step.action import Step, begin

from .rounds import Round, in_parallel

EVIL = {"stranger.txt": b"a stranger's\n"}
_numbers = count(1)
Tree = Mapping[str, str]
Race = Callable[[Bench, Random], Iterator[str]]


def small_deploys(on: Bench, chance: Random) -> Iterator[str]:
    """Eight deploys of one file each at once."""
    yield from _at_once(on, chance, 8, lambda number: {"who.txt": f"{number}\n"})


def large_deploys(on: Bench, chance: Random) -> Iterator[str]:
    """Four deploys that take a pull request at once."""
    yield from _at_once(on, chance, 4, lambda number: {**LARGE, "who.txt": f"{number}\n"})


def strangers_pull_request(on: Bench, chance: Random) -> Iterator[str]:
    """A stranger's pull request with the title of ours, into which the stranger commits while we deploy."""
    space, workspace, before = _prepared(on, LARGE)
    bob = HfApi(on.hub.endpoint, token="hf_bob")  # noqa: S106 - of localhub
    head = before.commits[0][:12]
    number = bob.create_pull_request(space, f"Deploy onto {head} {'0' * 16} (hf-space-deploy)", repo_type="space").num

    def meddle() -> None:
        sleep(chance.uniform(0, 3))
        added = [CommitOperationAdd(path, content) for path, content in EVIL.items()]
        for pull in (number, number + 1):
            revision = f"refs/pr/{pull}"
            _quietly(partial(bob.create_commit, space, added, commit_message="x", repo_type="space", revision=revision))

    steps = _with(on, space, [workspace], meddle)
    if _ever(on, space, "stranger.txt"):
        yield "stranger: what a stranger committed was on main"
    yield from _judged(on, space, before, steps, [on.wanted(workspace)])


def push(on: Bench, chance: Random) -> Iterator[str]:
    """Somebody with write access pushes to main, at any moment between comparison and merge."""
    space, workspace, before = _prepared(on, LARGE if chance.random() < 0.3 else {"who.txt": "we\n"})

    def meddle() -> None:
        until(lambda: any("/tree/" in each["path"] for each in on.hub.requests()), "no comparison")
        sleep(chance.uniform(0, 1))
        added = [CommitOperationAdd("theirs.txt", b"theirs\n")]
        on.api.create_commit(space, added, commit_message="Theirs", repo_type="space")

    steps = _with(on, space, [workspace], meddle)
    ours = on.wanted(workspace)
    theirs = {path: blob for path, blob in (judge.look(on.hub, space).files or {}).items() if path == "theirs.txt"}
    yield from _judged(
        on, space, before, steps, [ours, {**ours, **theirs}, {**(before.files or {}), **theirs}], others=1
    )


def deletion(on: Bench, chance: Random) -> Iterator[str]:
    """The Space is deleted."""
    yield from _meanwhile(on, chance, lambda space: on.api.delete_repo(space, repo_type="space"), gone=True)


def rename(on: Bench, chance: Random) -> Iterator[str]:
    """The Space gets another name."""
    yield from _meanwhile(
        on, chance, lambda space: on.api.move_repo(space, f"{space}-moved", repo_type="space"), gone=True
    )


def revocation(on: Bench, chance: Random) -> Iterator[str]:
    """The token ends: from then on the Hub knows it no more."""
    error = {"error": "Invalid credentials in Authorization header"}
    yield from _meanwhile(
        on, chance, lambda space: on.hub.fault(path=f"{space}|whoami", kind="status", status=401, body=error)
    )


def visibility(on: Bench, chance: Random) -> Iterator[str]:
    """The Space becomes private."""
    yield from _meanwhile(
        on, chance, lambda space: on.api.update_repo_settings(space, visibility="private", repo_type="space")
    )


KINDS: Sequence[Race] = (
    small_deploys, strangers_pull_request, push, deletion, rename, revocation, visibility, large_deploys, push,
)  # fmt: skip
"""In turn."""


def _meanwhile(on: Bench, chance: Random, change: Callable[[str], object], *, gone: bool = False) -> Iterator[str]:
    space, workspace, before = _prepared(on, {"who.txt": "we\n"})

    def meddle() -> None:
        sleep(chance.uniform(0.3, 2.5))
        change(space)

    steps = _with(on, space, [workspace], meddle, wait="true")
    on.hub.no_faults()
    if gone:
        yield from _said(steps, may_be_gone=True)
        _clear(on, f"{space}-moved")
        return
    yield from _judged(on, space, before, steps, [on.wanted(workspace)])


def _at_once(on: Bench, chance: Random, number: int, files: Callable[[int], Mapping[str, str]]) -> Iterator[str]:
    space, first, before = _prepared(on, files(0))
    name = space.rpartition("/")[2]
    workspaces = [first, *(_checkout(on, f"{name}-{each}", files(each)) for each in range(1, number))]
    steps = _with(on, space, workspaces, lambda: sleep(chance.random()))
    yield from _judged(on, space, before, steps, [on.wanted(each) for each in workspaces])


def _prepared(on: Bench, files: Mapping[str, str]) -> tuple[str, Path, Seen]:
    space = f"alice/n{next(_numbers):06}"
    on.set_up(SCENES["unchanged"], space)
    workspace = _checkout(on, f"{space.rpartition('/')[2]}-0", files)
    on.hub.forget()
    return space, workspace, judge.look(on.hub, space)


def _checkout(on: Bench, name: str, files: Mapping[str, str]) -> Path:
    return commit(on.folder / name, {**DOCKER, **files})


def _with(
    on: Bench, space: str, workspaces: Sequence[Path], meddle: Callable[[], None], wait: str = "false"
) -> list[Step]:
    """Run a step for each checkout at once, and what disturbs them."""
    steps: list[Step] = []
    inputs = {"space": space, "hf-token": credentials.TOKEN, "timeout": "20s", "wait": wait}

    def run(workspace: Path) -> None:
        with begin(workspace, on.hub.endpoint, inputs) as running:
            steps.append(running.end(150))

    threads = [threading.Thread(target=run, args=(each,)) for each in workspaces]
    for thread in threads:
        thread.start()
    meddle()
    for thread in threads:
        thread.join()
    if len(steps) < len(workspaces):
        raise AssertionError("a step did not end")
    return steps


def _said(steps: Sequence[Step], *, may_be_gone: bool = False) -> Iterator[str]:
    """What is wrong with the reports alone."""
    for step in steps:
        result, error = step.outputs.get("result", ""), step.outputs.get("error", "")
        if missing := [name for name in OUTPUTS if name not in step.outputs]:
            yield f"report: no output {missing}"
        if error == "internal" or "Traceback (most recent" in step.log:
            yield f"internal: {step.log[-600:]}"
        if (step.exit_code == 0) != (result in GREEN):
            yield f"lie: it ended with {step.exit_code} as {result}"
        if may_be_gone and error in ("hub-refused", "hub-unwell"):
            yield f"it ended as {result} {error}, which does not say that the Space is gone"


def _judged(
    on: Bench, space: str, before: Seen, steps: Sequence[Step], trees: Sequence[Tree], others: int = 0
) -> Iterator[str]:
    """What is wrong with the reports, and with the Space."""
    yield from _said(steps)
    after = judge.look(on.hub, space)
    if after.files not in (before.files, *trees):
        yield f"half: main holds none of the trees: {sorted(after.files or {})}"
    if mine := _own(on, space, after.unfinished):
        yield f"leftover: pull requests {mine} are not finished"
    for step in steps:
        sha = step.outputs.get("commit-sha")
        if step.exit_code == 0 and sha not in after.commits:
            yield f"lie: green, but {sha} is no commit of main"
        if step.exit_code and not step.outputs.get("error"):
            yield "report: red without an error"
    moved = len(after.commits) - len(before.commits)
    said = sum(step.outputs.get("changed") == "true" for step in steps)
    if moved > len(steps) + others or (moved and not said and not others):
        yield f"half: main moved {moved} times, {said} deploys say that they moved it"
    _clear(on, space)


def _own(on: Bench, space: str, numbers: Sequence[int]) -> list[int]:
    found = on.api.get_repo_discussions(space, repo_type="space", discussion_type="pull_request")
    return [each.num for each in found if each.num in numbers and each.author == "alice"]


def _ever(on: Bench, space: str, path: str) -> bool:
    """Whether a file was ever on main."""
    return bool(git(SpaceTree(on.hub, space).path, "log", "--first-parent", "--format=%H", "main", "--", path).strip())


def _quietly(call: Callable[[], object]) -> None:
    """Do what a stranger may be refused."""
    try:
        call()
    except Exception:  # noqa: BLE001 - whatever the refusal
        return


def _clear(on: Bench, space: str) -> None:
    on.api.delete_repo(space, repo_type="space", missing_ok=True)


def raced(kind: Race, seed: str, on: Bench) -> Iterator[str]:
    """Try one; yield what is wrong."""
    return kind(on, Random(seed))  # noqa: S311 - to be repeated


def main(number: int, seed: int, folder: Path, jobs: int) -> int:
    """Race so often; 0 if all came right."""
    turns = [(KINDS[turn % len(KINDS)], f"{seed}-{turn}") for turn in range(number)]
    rounds = [Round(f"{kind.__name__} {chance}", partial(raced, kind, chance)) for kind, chance in turns]
    return in_parallel("races", rounds, folder, min(jobs, 3))
