"""The files of the next commits, which are got ready while one is made."""

from collections import deque
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from hfspace_action.file import File

if TYPE_CHECKING:
    from hfspace_action.hub.commits import Prepared

    from .batches import Batch

    Prepare = Callable[[str, Sequence[File]], Prepared]

COMMITS = 2
"""So many are got ready while one is made."""


class Coming(NamedTuple):
    """The files of a batch, on their way."""

    parts: "Sequence[Future[Prepared]]"

    def ready(self) -> "Prepared":
        """Wait for them. Raises what getting them ready raised."""
        from hfspace_action.hub.commits import Prepared  # not before: a deploy without a change has none

        with ExitStack() as opened:
            ready = [part.result() for part in self.parts]
            for each in ready:
                opened.push(each.opened)
            return Prepared([file for each in ready for file in each.files], opened.pop_all())

    def leave(self) -> None:
        """Begin nothing more of it."""
        for part in self.parts:
            part.cancel()


class Ahead:
    """Asks a Hub about files that go into a commit, and beside that uploads those that go to storage; of these one batch at a time,
    because an upload holds more than twice its bytes in memory. `prepare` does both, for a branch or one that starts from it."""

    def __init__(self, asks: ThreadPoolExecutor, uploads: ThreadPoolExecutor, prepare: "Prepare") -> None:
        self._asks, self._uploads, self._prepare = asks, uploads, prepare

    def begin(self, revision: str, batch: "Batch") -> Coming:
        """Begin with a batch."""
        parts = [self._asks.submit(self._prepare, revision, batch.files)]
        if batch.uploads:
            parts.append(self._uploads.submit(self._prepare, revision, batch.uploads))
        return Coming(parts)

    def in_turn(self, revision: str, batches: "Sequence[Batch]", first: Coming) -> "Generator[tuple[Batch, Prepared]]":
        """Yield each batch with its files, ready, while those of the next are got ready; `first` are those of the first."""
        later, coming = iter(batches[1:]), deque([first])
        try:
            for batch in batches:
                coming.extend(self.begin(revision, each) for each in islice(later, 1 + COMMITS - len(coming)))
                yield batch, coming.popleft().ready()
        finally:
            for each in coming:
                each.leave()


@contextmanager
def ahead(prepare: "Prepare") -> Iterator[Ahead]:
    """Get files ready inside of this; at its end, what was begun is waited for."""
    with ThreadPoolExecutor(1) as asks, ThreadPoolExecutor(1) as uploads:
        yield Ahead(asks, uploads, prepare)
