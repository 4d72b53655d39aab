"""The file part of a plan: one move of `main`, proved afterwards by the git object ids that the Hub lists.

A small change is one commit. A large one goes to a pull request in several commits, is checked there and merged, so
that visitors never get half of it and the Space builds once. Whatever goes wrong on the way is settled by one rule:
look at main's head, compare it with the wanted tree, and go on from there.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Literal

from hfspace_action.errors import Failure
from hfspace_action.file import File
from hfspace_action.hub.api import Hub
from hfspace_action.hub.errors import HeadMoved, OutcomeUnknown
from hfspace_action.hub.git import Commit, Message, Prepared
from hfspace_action.plan import plan as planning
from hfspace_action.plan.plan import Plan
from hfspace_action.plan.tree import Difference
from hfspace_action.space import Space
from hfspace_action.workflow.run import Source

# A commit carries all of its regular files in one request, which takes several times their size in memory and, at the Hub,
# at most 60 seconds; the official client sends 1,000 files at most. With fewer, 100,000 files would not fit into the 128
# commits an hour that the Hub allows.
BATCH_FILES = 1000
BATCH_BYTES = 24 * 1024 * 1024
_ATTEMPTS = 4
# By the end of its title a pull request is known as one of ours.
_MARK = "(hf-space-deploy)"

Route = Literal["nothing", "commit", "pull request", "several commits"]


@dataclass(frozen=True)
class Published:
    """Where main stands now, and how this step moved it there."""

    commit: Commit
    route: Route


@dataclass(frozen=True)
class _Batch:
    files: tuple[File, ...]
    removed: tuple[str, ...]


def publish(
    hub: Hub, plan: Plan, space: Space, keep: Sequence[str], source: Source, say: Callable[[str], None]
) -> Published:
    """Bring main of `space` to the wanted tree and prove it. Raises `Failure`; main is then as it was, or as wanted."""
    with ThreadPoolExecutor(1) as ahead:
        publication = _Publication(hub, plan, keep, source, say, ahead)
        head = hub.git.commit_page(space.id, space.head) if space.head else hub.git.head(space.id)
        return publication.publish(head, plan.difference if plan.existing else publication.compare(head.sha))


class _Publication:
    """One plan on its way to main. `route` is how it got there, as far as it did. `ahead` gets files ready meanwhile."""

    def __init__(
        self,
        hub: Hub,
        plan: Plan,
        keep: Sequence[str],
        source: Source,
        say: Callable[[str], None],
        ahead: ThreadPoolExecutor,
    ) -> None:
        self.hub, self.plan, self.space = hub, plan, plan.space
        self.keep, self.source, self.say, self.ahead = keep, source, say, ahead
        self.route: Route = "nothing"

    def publish(self, head: Commit, difference: Difference) -> Published:
        """Move main from `head`, from which the wanted tree has this difference, until there is none."""
        lost: OutcomeUnknown | None = None
        attempts = 0
        while difference:
            if attempts == _ATTEMPTS:
                raise lost.failure if lost else Failure("head-moved", space=self.space, times=attempts)
            if lost:
                time.sleep(lost.wait * 2 ** (attempts - 1))
            attempts += 1
            made, lost = None, None
            try:
                made = self.move(head.sha, difference)
            except HeadMoved:
                self.say("Main moved meanwhile; comparing again.")
                self.route = "several commits" if self.route == "several commits" else "nothing"
            except OutcomeUnknown as unknown:
                self.say("The Hub's answer was lost; looking at main before trying again.")
                lost = unknown
            head = made or self.hub.git.head(self.space)
            left = self.compare(head.sha)
            # What was sent and is wrong all the same won't get right by sending it again; what others did meanwhile may.
            if made:
                self.refuse(_paths(left) & _paths(difference))
            difference = left
        return Published(head, self.route)

    def move(self, base: str, difference: Difference) -> Commit:
        """Move main once from the commit `base`; where the Space takes no pull requests, as often as it needs."""
        batches = tuple(_batches(difference))
        first = self.prepare("main", batches[0])
        if len(batches) == 1:
            self.route = "several commits" if self.route == "several commits" else "commit"
            return self.hub.git.commit_page(self.space, self.commits("main", base, batches, first))
        try:
            number = self.pull_request(base)
        except Failure as refused:
            if refused.id not in ("forbidden", "hub-refused"):
                raise
            self.route = "several commits"
            self.say(
                f"The Space takes no pull requests, so main moves {len(batches)} times and the Space may build in between. "
                f"({refused.message})"
            )
            return self.hub.git.commit_page(self.space, self.commits("main", base, batches, first))
        self.route = "pull request"
        self.fill(number, base, batches, first)
        self.merge(number, base)
        return self.hub.git.head(self.space)

    def pull_request(self, base: str) -> int:
        """The number of the pull request to fill: an unfinished one on the same base, otherwise a new one."""
        wanted = f"Deploy onto {base[:12]} {_MARK}"
        for number, title in self.hub.git.pull_requests(self.space):
            if title == wanted:
                return number
            if title.endswith(_MARK):
                self.hub.git.close_pull_request(self.space, number, "Not finished, and main has moved since.")
        return self.hub.git.open_pull_request(self.space, wanted, self.source.description)

    def fill(self, number: int, base: str, batches: Sequence[_Batch], first: "Future[Prepared]") -> None:
        """Bring a pull request's branch to the wanted tree and prove it."""
        branch = f"refs/pr/{number}"
        tip = self.hub.git.branch_head(self.space, branch)
        if tip != base:
            self.say(f"Going on with the unfinished pull request {number}.")
            batches = tuple(_batches(self.compare(tip)))
            first = self.prepare(branch, batches[0]) if batches else first
        self.say(f"A large change: {len(batches)} commits on pull request {number}, then one merge.")
        self.refuse(_paths(self.compare(self.commits(branch, tip, batches, first))))

    def merge(self, number: int, base: str) -> None:
        """Merge a pull request, unless main has left the commit that it is based on."""
        try:
            if self.hub.git.head(self.space).sha == base:
                self.hub.git.merge(self.space, number, self.source.description)
                return
        except Failure:
            if self.hub.git.head(self.space).sha == base:
                raise
        self.hub.git.close_pull_request(self.space, number, "Main has moved since; the deploy starts again from there.")
        raise HeadMoved

    def prepare(self, revision: str, batch: _Batch) -> "Future[Prepared]":
        """Begin to get the files of a batch ready for a commit on a branch, or on one that starts from it."""
        return self.ahead.submit(self.hub.git.prepare, self.space, revision, batch.files)

    def commits(self, branch: str, tip: str, batches: Sequence[_Batch], coming: "Future[Prepared]") -> str:
        """Put a commit for each batch on a branch; its new tip. `coming` are the files of the first; while one is made,
        those of the next are got ready."""
        for number, batch in enumerate(batches, 1):
            added = coming.result()
            if number < len(batches):
                coming = self.prepare(branch, batches[number])
            part = f" (part {number} of {len(batches)})" if len(batches) > 1 else ""
            tip = self.hub.git.commit(
                self.space,
                revision=branch,
                parent=tip,
                added=added,
                removed=batch.removed,
                message=Message(self.source.title + part, self.source.description),
            ).sha
        return tip

    def compare(self, revision: str) -> Difference:
        """What is still to be changed at a revision."""
        return planning.compare(self.hub, self.space, revision, self.plan.wanted, self.keep)

    def refuse(self, paths: set[str]) -> None:
        """Raise `Failure` if these paths, which should be as wanted, are not."""
        if paths:
            shown = ", ".join(sorted(paths)[:5]) + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")
            raise Failure("tree-differs", space=self.space, paths=shown)


def _paths(difference: Difference) -> set[str]:
    return {*(file.path for file in difference.files), *difference.removed}


def _batches(difference: Difference) -> Iterator[_Batch]:
    """The change cut into commits of bounded size; removals ride in the first. What goes to LFS has no weight here."""
    removed = difference.removed
    batch: list[File] = []
    weight = 0
    for file in difference.files:
        size = 0 if planning.stored_as_lfs(file) else file.size
        if batch and (len(batch) == BATCH_FILES or weight + size > BATCH_BYTES):
            yield _Batch(tuple(batch), removed)
            batch, weight, removed = [], 0, ()
        batch.append(file)
        weight += size
    if batch or removed:
        yield _Batch(tuple(batch), removed)
