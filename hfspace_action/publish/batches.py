"""A difference cut into commits of bounded size, in an order in which uploads hide behind commits."""

from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import NamedTuple

from hfspace_action.file import File
from hfspace_action.plan.tree import Difference

# A commit carries all of its regular files in one request, which takes several times their size in memory and, at the Hub,
# at most 60 seconds; the official client sends 1,000 files at most. With fewer, 100,000 files would not fit into the 128
# commits an hour that the Hub allows.
FILES = 1000
BYTES = 24 * 1024 * 1024
UPLOAD = 36 * 1024 * 1024
"""Bytes that are uploaded for one commit of several, where all of them together are not many times more: hf_xet holds more than twice
of that in memory."""
_MOST_UPLOADS = 8  # commits of about equal size, where it is many times more
_LARGE = 1024 * 1024  # bytes
_SAMPLE = 8000  # bytes in which git itself looks for a NUL
_DOUBT = 4


class Batch(NamedTuple):
    """What goes into one commit."""

    files: tuple[File, ...]
    removed: tuple[str, ...]


class _Weighed(NamedTuple):
    """A file with the bytes that its commit is expected to carry, and those that are uploaded before. `counts` is what it adds to a
    commit that can't be longer than `BYTES`: of a guess a part, because the Hub decides."""

    file: File
    sent: int
    uploaded: int
    counts: int


def batches(difference: Difference, large: Callable[[File], bool]) -> list[Batch]:
    """Return the batches; `large` says what goes to LFS by its path. While one is committed, the next is got ready: so each with much to
    upload comes behind one that has nothing, and the commits with most in them, which take most memory, come last. Removals ride in
    the first. Raises `Failure` file-changed."""
    files = [_weighed(file, large(file)) for file in difference.files]
    cut = list(_cut(files))
    if len(cut) > 1:
        cut = list(_cut(files, max(UPLOAD, sum(each.uploaded for each in files) // _MOST_UPLOADS)))
    heavy = sorted(filter(_uploaded, cut), key=_uploaded, reverse=True)
    light = sorted((each for each in cut if not _uploaded(each)), key=lambda found: sum(each.sent for each in found))
    order = [found for pair in zip_longest(light, heavy) for found in pair if found] or [[]]
    return [
        Batch(tuple(each.file for each in found), () if number else difference.removed)
        for number, found in enumerate(order)
    ]


def _uploaded(files: Sequence[_Weighed]) -> int:
    return sum(each.uploaded for each in files)


def _cut(files: Sequence[_Weighed], most_uploaded: int | None = None) -> Iterator[list[_Weighed]]:
    """Yield so many files at once as go into one commit."""
    found: list[_Weighed] = []
    counted = uploaded = 0
    for each in files:
        too_much = most_uploaded is not None and each.uploaded and uploaded + each.uploaded > most_uploaded
        if found and (len(found) == FILES or counted + each.counts > BYTES or too_much):
            yield found
            found, counted, uploaded = [], 0, 0
        found.append(each)
        counted, uploaded = counted + each.counts, uploaded + each.uploaded
    if found:
        yield found


def _weighed(file: File, large: bool) -> _Weighed:
    """Weigh a file. The Hub keeps large ones outside of git, and of those of some size that are no text it is expected to."""
    if large:
        return _Weighed(file, 0, file.size, 0)
    if file.size > _LARGE and b"\0" in file.read(_SAMPLE):
        return _Weighed(file, 0, file.size, file.size // _DOUBT)
    return _Weighed(file, file.size, 0, file.size)
