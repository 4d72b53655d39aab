"""A difference dealt out to commits of bounded size, in an order in which uploads hide behind commits."""

from collections.abc import Callable, Iterable, Sequence
from heapq import heapify, heappop, heapreplace
from typing import NamedTuple

from hfspace_action.file import File
from hfspace_action.plan.tree import Difference

# A commit carries all of its regular files in one request, which takes several times their size in memory and, at the Hub,
# at most 60 seconds; the official client sends 1,000 files at most. With fewer, 100,000 files would not fit into the 128
# commits an hour that the Hub allows.
FILES = 1000
BYTES = 24 * 1024 * 1024
PART = 8 * 1024 * 1024
"""The same of one commit of several, where these are not many: the next ones are in memory meanwhile."""
UPLOAD = 20 * 1024 * 1024
"""Bytes that are uploaded for one commit of several, where all of them together are not many times more: hf_xet holds more than twice
of that in memory."""
_MOST_UPLOADS = 8  # commits of about equal size, where it is many times more
_MOST_PARTS = 16
_ASKED_AT_ONCE = 256  # files in one request of the client (UPLOAD_BATCH_MAX_NUM_FILES)
_LARGE = 1024 * 1024  # bytes
_SAMPLE = 8000  # bytes in which git itself looks for a NUL
_DOUBT = 4
_STEP = 16  # of that many commits, one more is tried where they can't carry all


class Batch(NamedTuple):
    """What goes into one commit: files that it carries itself, as far as is known, those that go to storage before, and removals."""

    files: tuple[File, ...]
    uploads: tuple[File, ...]
    removed: tuple[str, ...]

    @property
    def all(self) -> tuple[File, ...]:
        """All of its files."""
        return (*self.files, *self.uploads)


class _Weighed(NamedTuple):
    """A file with the bytes that are uploaded before its commit. `counts` is what it adds to a commit, whose bytes are bounded: of a
    guess a part, because the Hub decides."""

    file: File
    uploaded: int
    counts: int


class _Pile:
    """What comes together for one commit."""

    def __init__(self, room: int = FILES) -> None:
        self.room = room
        self.files: list[_Weighed] = []
        self.uploaded = self.counts = 0

    def add(self, each: _Weighed) -> None:
        """Put a file onto it."""
        self.files.append(each)
        self.uploaded += each.uploaded
        self.counts += each.counts

    def fits(self, most: int) -> bool:
        """Whether a commit of so many bytes can carry it. A single file that is too long has to be tried."""
        return len(self.files) <= self.room and (self.counts <= most or len(self.files) == 1)


def batches(difference: Difference, large: Callable[[File], bool]) -> list[Batch]:
    """Return the batches; `large` says what goes to LFS by its path. While one is committed, the next are got ready: so the first has
    nothing to upload and asks the Hub once, nor has the one behind each that has, where there are enough. All get about as many bytes for the commit itself,
    because the longest takes most memory. Removals ride in the first. Raises `Failure` file-changed."""
    piles = _piles([_weighed(file, large(file)) for file in difference.files])
    if len(piles) == 1:  # the Hub is asked once about all of it
        return [Batch(difference.files, (), difference.removed)]
    return [
        Batch(
            _files(each for each in pile.files if not each.uploaded),
            _files(each for each in pile.files if each.uploaded),
            () if number else difference.removed,
        )
        for number, pile in enumerate(piles)
    ]


def _files(weighed: Iterable[_Weighed]) -> tuple[File, ...]:
    return tuple(sorted((each.file for each in weighed), key=lambda file: file.path))


def _piles(files: Sequence[_Weighed]) -> Sequence[_Pile]:
    """Deal files out to as few commits as can carry them."""
    one = _dealt(files, [_Pile()], _bytes)
    if one[0].fits(BYTES):
        return one
    uploads = sorted((each for each in files if each.uploaded), key=lambda each: -each.uploaded)
    others = sorted((each for each in files if not each.uploaded), key=lambda each: -each.counts)
    shares = max(min(_MOST_UPLOADS, _ceil(one[0].uploaded, UPLOAD)), _ceil(len(uploads), FILES))
    most = min(BYTES, max(PART, one[0].counts // _MOST_PARTS))
    number = max(shares + 1, _ceil(len(files), FILES), _ceil(one[0].counts, most))
    while True:
        first = max(_ASKED_AT_ONCE, len(files) - (number - 1) * FILES)
        piles = [_Pile(first), *(_Pile() for _ in range(number - 1))]
        behind = [*piles[1::2], *piles[2::2]][:shares]
        if not all(pile.fits(most) for pile in _dealt(uploads, behind, _uploads)):
            shares += _ceil(shares, _STEP)
            number = max(number, shares + 1)
        elif all(pile.fits(most) for pile in _dealt(others, piles, _bytes)):
            return piles
        else:
            number += _ceil(number, _STEP)


def _dealt(
    files: Iterable[_Weighed], piles: Sequence[_Pile], load: Callable[[_Pile], tuple[int, int]]
) -> Sequence[_Pile]:
    """Put each file onto the pile that has the least load, of those that take more files; the piles."""
    queue = [(load(pile), number) for number, pile in enumerate(piles)]
    heapify(queue)
    for each in files:
        number = queue[0][1]
        pile = piles[number]
        pile.add(each)
        if len(pile.files) >= pile.room and len(queue) > 1:
            heappop(queue)
        else:
            heapreplace(queue, (load(pile), number))
    return piles


def _uploads(pile: _Pile) -> tuple[int, int]:
    return pile.uploaded, pile.counts


def _bytes(pile: _Pile) -> tuple[int, int]:
    return pile.counts, len(pile.files)


def _ceil(whole: int, part: int) -> int:
    return -(-whole // part)


def _weighed(file: File, large: bool) -> _Weighed:
    """Weigh a file. The Hub keeps large ones outside of git, and of those of some size that are no text it is expected to."""
    if large:
        return _Weighed(file, file.size, 0)
    if file.size > _LARGE and b"\0" in file.read(_SAMPLE):
        return _Weighed(file, file.size, file.size // _DOUBT)
    return _Weighed(file, 0, file.size)
