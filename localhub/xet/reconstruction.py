"""How to get a file, or a range of it: which chunks of which xorbs in which order, and where to fetch them.

Facts: https://huggingface.co/docs/xet/download-protocol.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import accumulate, groupby
from typing import Any

from .shard import Term
from .store import Store

Sign = Callable[[str, int, int], str]
"""The address at which the bytes [start, end) of a xorb may be fetched."""


class RangeError(ValueError):
    """The range begins after the end of the file."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """The chunks [first, end) of a xorb: the bytes [start, stop) there, `size` bytes when uncompressed."""

    xorb: str
    first: int
    end: int
    start: int
    stop: int
    size: int


@dataclass(frozen=True, slots=True)
class Reconstruction:
    """The stretches that make up the range, and how many bytes of the first come before it."""

    skip: int
    stretches: list[Stretch]

    def fetches(self) -> list[Stretch]:
        """The least there is to fetch: overlapping and adjacent stretches of a xorb joined (some clients fail on overlaps)."""
        joined: list[Stretch] = []
        for stretch in sorted(self.stretches, key=lambda s: (s.xorb, s.first)):
            last = joined[-1] if joined else None
            if last and last.xorb == stretch.xorb and stretch.first <= last.end:
                joined[-1] = replace(last, end=max(last.end, stretch.end), stop=max(last.stop, stretch.stop))
            else:
                joined.append(stretch)
        return joined

    def v1(self, sign: Sign) -> dict[str, Any]:
        """The answer of `/v1/reconstructions`."""
        by_xorb = groupby(self.fetches(), key=lambda s: s.xorb)
        return self._terms() | {
            "fetch_info": {
                xorb: [
                    {"range": _chunks(s), "url": sign(s.xorb, s.start, s.stop), "url_range": _bytes(s)}
                    for s in stretches
                ]
                for xorb, stretches in by_xorb
            }
        }

    def v2(self, sign: Sign) -> dict[str, Any]:
        """The answer of `/v2/reconstructions`, with one range an address: multi-range replies are the server's choice."""
        by_xorb = groupby(self.fetches(), key=lambda s: s.xorb)
        return self._terms() | {
            "xorbs": {
                xorb: [
                    {"url": sign(s.xorb, s.start, s.stop), "ranges": [{"chunks": _chunks(s), "bytes": _bytes(s)}]}
                    for s in stretches
                ]
                for xorb, stretches in by_xorb
            }
        }

    def _terms(self) -> dict[str, Any]:
        terms = [{"hash": s.xorb, "unpacked_length": s.size, "range": _chunks(s)} for s in self.stretches]
        return {"offset_into_first_range": self.skip, "terms": terms}


def plan(store: Store, name: str, start: int = 0, end: int | None = None) -> Reconstruction | None:
    """The reconstruction of the bytes [start, end) of the file with this Xet hash; None if there is no such file.

    Raises RangeError. An `end` past the file's own is cut; only the chunks that the range touches are named.
    """
    terms = store.terms(name)
    if terms is None:
        return None
    size = sum(term.size for term in terms)
    end = size if end is None else min(end, size)
    if start >= size and start > 0:
        raise RangeError(f"The file has {size} bytes")
    stretches: list[Stretch] = []
    skip = position = 0
    for term in terms:
        if position < end and position + term.size > start:
            ahead, stretch = _touched(store, term, start - position, end - position)
            skip = skip if stretches else ahead
            stretches.append(stretch)
        position += term.size
    return Reconstruction(skip, stretches)


def _touched(store: Store, term: Term, start: int, end: int) -> tuple[int, Stretch]:
    """The part of a term that holds its bytes [start, end), and how many bytes of that part come before `start`."""
    chunks = store.chunks(term.xorb, term.first, term.end)
    offsets = [0, *accumulate(chunk.size for chunk in chunks)]
    first = bisect_right(offsets, max(start, 0)) - 1
    stop = min(bisect_left(offsets, end), len(chunks))
    stretch = Stretch(
        term.xorb,
        term.first + first,
        term.first + stop,
        chunks[first].start,
        chunks[stop - 1].end,
        offsets[stop] - offsets[first],
    )
    return max(start, 0) - offsets[first], stretch


def _chunks(stretch: Stretch) -> dict[str, int]:
    return {"start": stretch.first, "end": stretch.end}


def _bytes(stretch: Stretch) -> dict[str, int]:
    return {"start": stretch.start, "end": stretch.stop - 1}
