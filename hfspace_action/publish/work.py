"""What moving main needs, whichever way it goes: a difference cut into commits, made on a branch, and compared again."""

import hashlib
import hmac
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from itertools import zip_longest
from typing import TYPE_CHECKING, NamedTuple

from hfspace_action import text
from hfspace_action.errors import Failure
from hfspace_action.file import File
from hfspace_action.hub.api import Hub
from hfspace_action.hub.errors import HeadMoved
from hfspace_action.hub.git import Commit, Message
from hfspace_action.plan import comparison
from hfspace_action.plan.plan import Plan
from hfspace_action.plan.tree import Difference
from hfspace_action.workflow.run import Source

from .progress import Progress

if TYPE_CHECKING:
    from hfspace_action.hub.commits import Origin, Prepared

# A commit carries all of its regular files in one request, which takes several times their size in memory and, at the Hub,
# at most 60 seconds; the official client sends 1,000 files at most. With fewer, 100,000 files would not fit into the 128
# commits an hour that the Hub allows.
BATCH_FILES = 1000
BATCH_BYTES = 24 * 1024 * 1024
BATCH_UPLOAD = 36 * 1024 * 1024
"""Bytes of a commit's files that go to the Hub's storage before it is made: hf_xet holds more than twice of that in memory."""
MAIN = "main"
_SHOWN = 5  # paths
_LARGE = 1024 * 1024  # bytes
_SAMPLE = 8000  # bytes in which git itself looks for a NUL


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


class Batch(NamedTuple):
    """What goes into one commit."""

    files: tuple[File, ...]
    removed: tuple[str, ...]


class Work:
    """One plan on its way to a branch. `ahead` gets the files of the next commit ready while one is made."""

    def __init__(self, hub: Hub, plan: Plan, terms: Terms, ahead: ThreadPoolExecutor) -> None:
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

    def batches(self, difference: Difference) -> tuple[Batch, ...]:
        """The change cut into commits of bounded size."""
        return tuple(_batches(difference, self.plan.wanted.stored_as_lfs))

    def prepare(self, revision: str, batch: Batch) -> "Future[Prepared]":
        """Begin to get the files of a batch ready for a commit on a branch, or on one that starts from it."""
        if self.terms.origin:
            return self._ahead.submit(self.hub.commits.taken, self.terms.origin, batch.files)
        return self._ahead.submit(self.hub.commits.prepare, self.space, revision, batch.files)

    def commit(self, branch: str, tip: str, batches: Sequence[Batch], coming: "Future[Prepared]") -> Commit:
        """Put a commit for each batch on a branch; the last of them. `coming` are the files of the first."""
        made = self.hub.git.commit_page(self.space, tip)
        with Progress([batch.files for batch in batches], self.say) as progress:
            for number, batch in enumerate(batches, 1):
                added = coming.result()
                if number < len(batches):
                    coming = self.prepare(branch, batches[number])
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
                progress.sent(batch.files)
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


def _batches(difference: Difference, large: Callable[[File], bool]) -> list[Batch]:
    """Return the batches. While one is committed, the next is got ready: so each whose large files take long to upload comes behind one
    that has none, and the commits with most in them, which take most memory, come last. Removals ride in the first."""
    weights = {file.path: _in_commit(file, large) for file in difference.files}

    def sent(files: Sequence[File]) -> int:
        return sum(weights[file.path] for file in files)

    def uploaded(files: Sequence[File]) -> int:
        return sum(file.size for file in files) - sent(files)

    cut = list(_cut(difference.files, weights))
    heavy = sorted(filter(uploaded, cut), key=uploaded, reverse=True)
    light = sorted((files for files in cut if not uploaded(files)), key=sent)
    order = [files for pair in zip_longest(light, heavy) for files in pair if files] or [()]
    return [Batch(files, () if number else difference.removed) for number, files in enumerate(order)]


def _cut(files: Sequence[File], weights: Mapping[str, int]) -> Iterator[tuple[File, ...]]:
    """Yield so many files at once as go into one commit."""
    batch: list[File] = []
    sent = uploaded = 0
    for file in files:
        to_send = weights[file.path]
        to_upload = file.size - to_send
        full = len(batch) == BATCH_FILES or sent + to_send > BATCH_BYTES or uploaded + to_upload > BATCH_UPLOAD
        if batch and full:
            yield tuple(batch)
            batch, sent, uploaded = [], 0, 0
        batch.append(file)
        sent, uploaded = sent + to_send, uploaded + to_upload
    if batch:
        yield tuple(batch)


def _in_commit(file: File, large: Callable[[File], bool]) -> int:
    """Return the bytes of a file that its commit is expected to carry: those of a large one with what no text has go elsewhere."""
    return 0 if large(file) or (file.size > _LARGE and b"\0" in file.read(_SAMPLE)) else file.size
