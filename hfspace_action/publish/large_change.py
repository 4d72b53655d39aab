"""A change that takes several commits: they go onto a pull request, are proved there, and reach main in one merge.

A stranger may open pull requests on a public Space and give them any title. So one is ours only if our own account opened it and
its title carries the nonce of this deploy; and the commit that the merge made must hold the wanted tree, or main is put back.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from itertools import takewhile
from typing import TypeVar

from hfspace_action import text
from hfspace_action.errors import Failure
from hfspace_action.hub.errors import HeadMoved, OutcomeUnknown
from hfspace_action.hub.git import Commit
from hfspace_action.hub.pull_requests import PullRequest, branch
from hfspace_action.plan.tree import Difference

from . import rollback
from .ahead import Coming
from .batches import Batch
from .work import Work, paths_of, shown

# By the end of its title a pull request is known as one of an action like this.
_MARK = "(hf-space-deploy)"
_ATTEMPTS = 4
_TRIES = 2  # of opening one whose answer is lost
T = TypeVar("T")
_REFUSED = frozenset({"forbidden", "hub-refused", "publisher-may-not"})


class Refused(Exception):
    """The Space takes no pull requests; the text says why."""


class LargeChange:
    """The way of one large change from the commit `base` of main."""

    def __init__(self, work: Work, base: str) -> None:
        self.work, self.base = work, base
        self.hub, self.space, self.say = work.hub, work.space, work.say
        self.number: int | None = None
        self.title = f"Deploy onto {base[:12]} {work.nonce(base)} {_MARK}"

    def make(self, batches: Sequence[Batch], first: Coming) -> Commit:
        """Bring main to the wanted tree by one merge; the commit on main. Raises `Refused` where that is not to be had,
        `HeadMoved` where main has left `base`, `Failure` otherwise: main is then as it was."""
        number, found = self.open()
        self.number = number
        try:
            tip = self.fill(number, batches, first, found=found)
            return self.merge(number, tip)
        except HeadMoved:
            self.close(number, "Main has moved since; the deploy starts again from there.")
            raise
        except Failure as failure:
            self.close(number, "This deploy failed.")
            if failure.id != "merge-altered" and self.main_moved():
                raise HeadMoved from failure
            raise

    def abandon(self) -> None:
        """Close the pull request, whose answers were lost to the end."""
        if self.number is not None:
            self.close(self.number, "This deploy failed.")

    def main_moved(self) -> bool:
        """Whether main has left `base`, as far as can be seen."""
        with suppress(Failure):
            return self.hub.git.head(self.space).sha != self.base
        return False

    def open(self) -> tuple[int, bool]:
        """The number of the pull request to fill, and whether it was found unfinished."""
        if (number := self.own()) is not None:
            return number, True
        for _ in range(_TRIES):
            try:
                with suppress(OutcomeUnknown):
                    return self.again(self.open_another), False
            except Failure as refused:
                if refused.id in _REFUSED:
                    raise Refused(refused.message) from refused
                raise
            self.say("The Hub's answer was lost; looking for the pull request before opening another.")
            if (number := self.own()) is not None:
                return number, True
        raise Failure("hub-refused", doing=f"open a pull request on {self.space}", said="its answers were lost", status="none",
                      request="unknown")  # fmt: skip

    def own(self) -> int | None:
        """The number of this deploy's own pull request, if it is unfinished. Those of our account on another commit are closed:
        nothing can come of them any more."""
        if self.hub.publisher:  # which has no account by which its own could be known
            return None
        found: int | None = None
        try:
            me, unfinished = self.again(self.hub.account).name.lower(), self.again(self.unfinished)
        except Failure as refused:
            if refused.id in _REFUSED:  # whether the Space takes pull requests, opening one tells
                return None
            raise
        for each in unfinished:
            if each.author.lower() != me or not each.title.endswith(_MARK):
                continue
            if each.title == self.title:
                found = each.number if found is None else found
            elif f"onto {self.base[:12]}" not in each.title:
                self.close(each.number, "Not finished, and main has moved since.")
        return found

    def open_another(self) -> int:
        """Open a pull request; its number."""
        return self.hub.pull_requests.open(self.space, self.title, self.work.terms.source.description)

    def unfinished(self) -> list[PullRequest]:
        """The pull requests of the Space that are not finished."""
        return self.hub.pull_requests.unfinished(self.space)

    def again(self, call: Callable[[], T]) -> T:
        """Make a call, and once more where it is refused: a stray refusal would let main move several times."""
        try:
            return call()
        except Failure as refused:
            if refused.id not in _REFUSED:
                raise
        return call()

    def fill(self, number: int, batches: Sequence[Batch], first: Coming, *, found: bool) -> str:
        """Bring the pull request's branch to the wanted tree and prove it; its tip."""
        onto, tip = branch(number), self.base
        difference: Difference | None = None
        if found and (there := self.hub.git.branch_head(self.space, onto)) != tip:
            self.say(f"Going on with the unfinished pull request {number}.")
            tip, difference = there, self.work.compare(there)
        else:
            self.say(f"A large change: {len(batches)} commits on pull request {number}, then one merge.")
        for _ in range(_ATTEMPTS):
            if difference is not None:
                batches = self.work.batches(difference)
                first = self.work.prepare(onto, batches[0]) if batches else first
            sent, made = batches, False
            try:
                tip, made = self.work.commit(onto, tip, batches, first).sha, True
            except (HeadMoved, OutcomeUnknown):
                self.say("The Hub's answer was lost; looking at the pull request before going on.")
                tip = self.hub.git.branch_head(self.space, onto)
            difference = self.work.compare(tip)
            if made:
                self.work.refuse(paths_of(difference) & {path for batch in sent for path in _paths(batch)})
            if not difference:
                return tip
        raise Failure("head-moved", space=self.space, times=_ATTEMPTS)

    def merge(self, number: int, tip: str) -> Commit:
        """Merge the pull request, unless main has left `base` or somebody else has committed to it."""
        with ThreadPoolExecutor(1) as beside:
            main = beside.submit(self.hub.git.head, self.space)
            self.hub.pull_requests.publish(self.space, number)
        if main.result().sha != self.base:
            raise HeadMoved
        if self.hub.git.branch_head(self.space, branch(number)) != tip:
            raise Failure("pull-request-changed", space=self.space, number=number)
        try:
            with self.work.terms.moving():
                self.hub.pull_requests.merge(self.space, number, self.work.terms.source.description)
        except OutcomeUnknown:
            if self.hub.pull_requests.merged_as(self.space, number) is None:
                raise
            self.say("The Hub's answer was lost, but it has merged the pull request.")
        self.work.moved_main = True
        sha = self.hub.pull_requests.merged_as(self.space, number)
        merged = self.hub.git.commit_page(self.space, sha) if sha else self.hub.git.head_after(self.space, self.base)
        self.work.terms.moved(merged)
        self.prove(number, tip, merged)
        self.delete_branch(number)
        return merged

    def prove(self, number: int, tip: str, merged: Commit) -> None:
        """Compare what was merged with what is wanted. What somebody with write access committed to main just before is taken
        into account, as ever; anything else is no part of this deploy, and main is put back."""
        left = self.work.compare(merged.sha)
        if not left:
            return
        before = self.before(number, tip, merged)
        if before != self.base and self.tip(number) == tip:
            raise HeadMoved
        self.say(f"Main holds what this deploy did not publish; putting it back to {text.short(before)}.")
        back = rollback.roll_back(
            self.hub,
            rollback.Way(self.space, merged.sha, before),
            rollback.message(before, self.work.terms.source.description),
            [before],
        )
        self.work.terms.moved(back)
        raise Failure(
            "merge-altered", space=self.space, number=number, paths=shown(paths_of(left)), back=text.short(before)
        )

    def before(self, number: int, tip: str, merged: Commit) -> str:
        """The commit of main that the merge came upon: the newest that is not of the pull request."""
        own = takewhile(lambda sha: sha != self.base, [tip, *self.hub.git.parents(self.space, tip)])
        others = {*own, *self.hub.pull_requests.commits(self.space, number)}
        return next((sha for sha in self.hub.git.parents(self.space, merged.sha) if sha not in others), self.base)

    def tip(self, number: int) -> str | None:
        """The tip of the pull request's branch; None if it is gone."""
        with suppress(Failure):
            return self.hub.git.branch_head(self.space, branch(number))
        return None

    def close(self, number: int, why: str) -> None:
        """Close a pull request, and delete its commits, if that goes; it is in nobody's way."""
        with suppress(Failure):
            self.again(lambda: self.hub.pull_requests.close(self.space, number, why))
        self.delete_branch(number)

    def delete_branch(self, number: int) -> None:
        """Delete the branch of a pull request that is merged or closed; a Hub without that route keeps it."""
        with suppress(Failure):
            self.again(lambda: self.hub.pull_requests.delete_branch(self.space, number))


def _paths(batch: Batch) -> set[str]:
    return {*(file.path for file in batch.all), *batch.removed}
