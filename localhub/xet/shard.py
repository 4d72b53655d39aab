"""Shards: how a client says which chunks of which xorbs make up its files, and how the server tells it of chunks it need not send.

Facts: https://huggingface.co/docs/xet/shard. A shard is a 48-byte header and then 48-byte records: the files, a bookend, the xorbs,
a bookend, and sometimes a footer. All numbers are little-endian.
"""

import hashlib
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from .hashes import NOTHING, to_bytes, to_text
from .xorb import Chunk, MalformedError

_MAGIC = b"HFRepoMetaData\0" + bytes.fromhex("556967456a7b815783a5bdd95ccdd14aa9")
_HEADER = struct.Struct("<32sQQ")  # magic, version, size of the footer
_RECORD = struct.Struct("<32s4I")  # a hash and four numbers that each kind of record reads in its own way
# Version, offsets of the files and of the xorbs, three look-up tables (offset, entries), key of the chunk hashes, when made, until
# when, offset of the footer. The documentation calls the tables reserved; clients take the section of the xorbs to end at the first.
_FOOTER = struct.Struct("<3Q6Q32s2Q72xQ")
_END = b"\xff" * 32
_BOOKEND = _RECORD.pack(_END, 0, 0, 0, 0)
_VERSION, _FOOTER_VERSION = 2, 1
_WITH_PROOFS, _WITH_SHA256 = 1 << 31, 1 << 30

_Record = tuple[bytes, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Term:
    """A stretch of a file: the chunks [first, end) of one xorb, `size` bytes when uncompressed."""

    xorb: str
    first: int
    end: int
    size: int


@dataclass(frozen=True, slots=True)
class File:
    """A file as its uploader describes it: its Xet hash, the sha256 of its content, its terms and for each the proof of its chunks."""

    hash: str
    sha256: str
    terms: tuple[Term, ...]
    proofs: tuple[str, ...]


def read_files(shard: bytes) -> list[File]:
    """The files of a shard.

    Raises MalformedError if it is no shard, is cut short, or lacks what a git-based repository needs (proofs and sha256).
    """
    if len(shard) < _HEADER.size or _HEADER.unpack_from(shard)[:2] != (_MAGIC, _VERSION):
        raise MalformedError(f"This is no shard of version {_VERSION}")
    whole = len(shard) // _RECORD.size * _RECORD.size
    records = _RECORD.iter_unpack(memoryview(shard)[_HEADER.size : whole])
    files = []
    while (header := _take(records, 1)[0])[0] != _END:
        name, flags, count = to_text(header[0]), header[1], header[2]
        if not (flags & _WITH_PROOFS and flags & _WITH_SHA256):
            raise MalformedError(f"File {name} comes without verification entries or without its sha256")
        terms = tuple(Term(to_text(xorb), first, end, size) for xorb, _, size, first, end in _take(records, count))
        proofs = tuple(to_text(proof) for proof, *_ in _take(records, count))
        sha256 = to_text(_take(records, 1)[0][0])
        if not terms and sha256 == NOTHING:
            sha256 = hashlib.sha256().hexdigest()  # what hf_xet says of an empty file
        files.append(File(name, sha256, terms, proofs))
    return files


def _take(records: Iterator[_Record], count: int) -> list[_Record]:
    taken = list(islice(records, count))
    if len(taken) < count:
        raise MalformedError("The shard ends before the bookend of its files")
    return taken


def write_xorbs(xorbs: Mapping[str, Sequence[Chunk]], *, created: int, expires: int) -> bytes:
    """A shard that names xorbs and their chunks: the answer to "who has this chunk?". Times in seconds since 1970."""
    files = _HEADER.pack(_MAGIC, _VERSION, _FOOTER.size) + _BOOKEND
    records = bytearray()
    for name, chunks in xorbs.items():
        total = sum(chunk.size for chunk in chunks)
        records += _RECORD.pack(to_bytes(name), 0, len(chunks), total, chunks[-1].end)
        offset = 0
        for chunk in chunks:
            records += _RECORD.pack(to_bytes(chunk.hash), offset, chunk.size, 0, 0)
            offset += chunk.size
    body = files + records + _BOOKEND
    no_tables, no_key = (len(body), 0) * 3, bytes(32)
    return body + _FOOTER.pack(
        _FOOTER_VERSION, _HEADER.size, len(files), *no_tables, no_key, created, expires, len(body)
    )
