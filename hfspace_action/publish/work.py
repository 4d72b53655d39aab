"""What moving main needs, whichever way it goes: a difference cut into commits, made on a branch, and compared again."""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, nullcontext
from typing import TYPE_CHECKING, NamedTuple

from hfspace_action import text
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.hub.errors import HeadMoved
from hfspace_action.hub.git import Commit, Message
from hfspace_action.plan import comparison
from hfspace_action.plan.plan import Plan
from hfspace_action.plan.tree import Difference
from hfspace_action.workflow.run import Source

from .ahead import Ahead, Coming
from .progress import Progress

if TYPE_CHECKING:
    from hfspace_action.hub.commits import Origin

    from .batches import Batch

MAIN = "main"
_SHOWN = 5  # paths


class Terms(NamedTuple):
    """How to publish: the `source` that commits name, and the `origin` where another Space has the files. `say` gets lines for the
    log, `moved` each commit of main as soon as the Hub said that it made it, `unsettled` whether main may have moved without that
    being known."""

    source: Source
    say: Callable[[str], None]
    moved: Callable[[Commit], None] = lambda _commit: None
    unsettled: Callable[[bool], None] = lambda _is: None
    origin: "Origin | None" = None

    @contextmanager
    def moving(self) -> Iterator[None]:
        """Move main inside of this: it is unsettled until something says what came of it."""
        self.unsettled(True)
        try:
            yield
        except (Failure, HeadMoved):  # the answer was a refusal
            self.unsettled(False)
            raise
        self.unsettled(False)


class Work:
    """One plan on its way to a branch. `ahead` gets the files of the next commits ready while one is made."""

    def __init__(self, hub: Hub, plan: Plan, terms: Terms, ahead: Ahead) -> None:
        self.hub, self.plan, self.terms, self._ahead = hub, plan, terms, ahead
        self.space, self.say = plan.space, terms.say
        self._proved: dict[str, Difference] = {}
        self.passed: set[str] = set()
        """The commits that main was seen at, or moved to, by now."""
        self.moved_main = False
        """Whether this deploy has moved main, whatever could be learned of it afterwards."""

    def nonce(self, base: str) -> str:
        """Return what marks a pull request as this deploy's: of these files onto this commit, by whoever has this token."""
        about = "\n".join((self.space.lower(), base, self.plan.wanted.id))
        return hmac.digest(self.hub.token.encode(), about.encode(), hashlib.sha256).hex()[:16]

    def compare(self, revision: str) -> Difference:
        """What is still to be changed at a commit. One that is as wanted stays so, and is not asked for twice."""
        known = self._proved.get(revision)
        if known is None:
            known = comparison.compare(self.hub, self.space, revision, self.plan.wanted, self.plan.stays)
            if not known:
                self._proved[revision] = known
        return known

    def batches(self, difference: Difference) -> "list[Batch]":
        """The change cut into commits of bounded size."""
        from .batches import batches  # not before: a deploy without a change has none

        return batches(difference, self.plan.wanted.stored_as_lfs)

    def prepare(self, revision: str, batch: "Batch") -> Coming:
        """Begin to get the files of a batch ready for a commit on a branch, or on one that starts from it."""
        return self._ahead.begin(revision, batch)

    def commit(self, branch: str, tip: str, batches: "Sequence[Batch]", first: Coming) -> Commit:
        """Put a commit for each batch on a branch; the last of them. `first` are the files of the first."""
        made = self.hub.git.commit_page(self.space, tip)
        in_turn = closing(self._ahead.in_turn(branch, batches, first))
        with Progress([batch.all for batch in batches], self.say) as progress, in_turn as ready:
            for number, (batch, added) in enumerate(ready, 1):
                part = f" (part {number} of {len(batches)})" if len(batches) > 1 else ""
                source = self.terms.source
                with self.terms.moving() if branch == MAIN else nullcontext():
                    made = self.hub.commits.commit(
                        self.space,
                        revision=branch,
                        parent=made.sha,
                        added=added,
                        removed=batch.removed,
                        message=Message(source.title + part, source.description),
                    )
                if branch == MAIN:
                    self.moved_main = True
                    self.passed.add(made.sha)
                    self.terms.moved(made)
                progress.sent(batch.all)
        return made

    def refuse(self, paths: set[str]) -> None:
        """Raise `Failure` if these paths, which should be as wanted, are not."""
        if paths:
            raise Failure("tree-differs", space=self.space, paths=shown(paths))


def shown(paths: set[str]) -> str:
    """Return some paths, and how many more there are."""
    return text.listed(sorted(paths), _SHOWN)


def paths_of(difference: Difference) -> set[str]:
    """The paths that differ."""
    return {*(file.path for file in difference.files), *difference.removed}
