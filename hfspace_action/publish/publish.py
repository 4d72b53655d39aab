"""The file part of a plan: one move of `main`, proved afterwards by the git object ids that the Hub lists.

A small change is one commit. A large one goes to a pull request in several commits, is checked there and merged, so
that visitors never get half of it and the Space builds once. Whatever goes wrong on the way is settled by one rule:
look at main's head, compare it with the wanted tree, and go on from there.
"""

import time
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Literal, NamedTuple

from hfspace_action.errors import Failure
from hfspace_action.file import File
from hfspace_action.hub.api import Hub
from hfspace_action.hub.errors import HeadMoved, OutcomeUnknown
from hfspace_action.hub.git import Commit
from hfspace_action.plan.hold import Held
from hfspace_action.plan.plan import Plan
from hfspace_action.plan.tree import Difference
from hfspace_action.space import Space

from .ahead import ahead
from .work import MAIN, Terms, Work, paths_of

if TYPE_CHECKING:
    from hfspace_action.hub.commits import Prepared

    from .large_change import LargeChange

_ATTEMPTS = 4

Route = Literal["nothing", "commit", "pull request", "several commits"]


class Published(NamedTuple):
    """Where main stands now, how this step moved it there, and the commits that it stood at on the way."""

    commit: Commit
    route: Route
    earlier: frozenset[str] = frozenset()


def publish(hub: Hub, plan: Plan, space: Space, terms: Terms) -> Published:
    """Bring main of `space` to the wanted tree and prove it. Raises `Failure`; main is then as it was, or as wanted."""
    with ahead(partial(_prepared, hub, space.id, terms)) as getting_ready:
        publication = _Publication(Work(hub, plan, terms, getting_ready))
        head = hub.git.commit_page(space.id, space.head) if space.head else hub.git.head(space.id)
        try:
            return publication.publish(head, plan.difference if plan.existing else publication.work.compare(head.sha))
        except Failure as refused:
            if refused.id == "forbidden":
                hub.check_write_access(space.id)  # which tells why, if that is why
            raise


def _prepared(hub: Hub, space: str, terms: Terms, revision: str, files: Sequence[File]) -> "Prepared":
    """Get files ready for a commit on a branch: those of the checkout, or those of another Space."""
    if terms.origin:
        return hub.commits.taken(terms.origin, files)
    return hub.commits.prepare(space, revision, files)


class _Publication:
    """One plan on its way to main. `route` is how it got there, as far as it did."""

    def __init__(self, work: Work) -> None:
        self.work, self.hub, self.space, self.say = work, work.hub, work.space, work.say
        self.route: Route = "nothing"
        self.large: LargeChange | None = None

    def publish(self, head: Commit, difference: Difference) -> Published:
        """Move main from `head`, from which the wanted tree has this difference, until there is none."""
        lost: OutcomeUnknown | None = None
        attempts = 0
        while difference:
            if difference.held:
                raise Held(self.space)
            if attempts == _ATTEMPTS:
                self.abandon()
                raise lost.failure if lost else Failure("head-moved", space=self.space, times=attempts)
            if lost:
                self.wait(lost, lost.wait * 2 ** (attempts - 1))
            attempts += 1
            self.work.passed.add(head.sha)
            made, lost = False, None
            try:
                head, made = self.move(head.sha, difference), True
            except HeadMoved:
                self.say("Main moved meanwhile; comparing again.")
                self.route = self.route if self.work.moved_main else "nothing"
                head = self.hub.git.head_after(self.space, head.sha)
            except OutcomeUnknown as unknown:
                self.say("The Hub's answer was lost; looking at main before trying again.")
                lost, head = unknown, self.hub.git.head(self.space)
            left = self.work.compare(head.sha)
            self.work.terms.unsettled(False)
            # What was sent and is wrong all the same won't get right by sending it again; what others did meanwhile may.
            if made:
                self.work.refuse(paths_of(left) & paths_of(difference))
            difference = left
        return Published(head, self.route, frozenset(self.work.passed - {head.sha}))

    def wait(self, lost: OutcomeUnknown, seconds: float) -> None:
        """Let a moment pass before a commit is made again whose answer was lost. Raises its `Failure` where none is left."""
        if seconds > self.hub.deadline.left:
            self.abandon()
            raise lost.failure
        time.sleep(seconds)

    def abandon(self) -> None:
        """Close the pull request that no other try will finish."""
        if self.large:
            self.large.abandon()

    def move(self, base: str, difference: Difference) -> Commit:
        """Move main once from the commit `base`; where the Space takes no pull requests, as often as it needs."""
        batches = self.work.batches(difference)
        first = self.work.prepare(MAIN, batches[0])
        if len(batches) == 1:
            self.route = "several commits" if self.route == "several commits" else "commit"
        else:
            from .large_change import LargeChange, Refused  # not before: most changes go in one commit

            self.large = LargeChange(self.work, base)
            try:
                self.route = "pull request"
                return self.large.make(batches, first)
            except Refused as refused:
                self.route = "several commits"
                self.say(
                    f"The Space takes no pull requests, so main moves {len(batches)} times and the Space may build in "
                    f"between. ({refused})"
                )
        return self.hub.git.commit_page(self.space, self.work.commit(MAIN, base, batches, first).sha)
