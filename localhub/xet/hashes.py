"""The hashes of the Xet protocol: keyed BLAKE3, written as 64 hex digits.

Facts: https://huggingface.co/docs/xet/hashing and the Merkle tree of the Internet-Draft draft-denis-xet. A hash is kept in its
string form everywhere; only the binary formats see its 32 bytes.
"""

import struct
from collections.abc import Iterable, Iterator, Sequence

from blake3 import blake3

_CHUNK_KEY = bytes.fromhex("6697f5775b9550de3135cbaca597181c9de421109beb2b58b4d0b04b93adf229")
_NODE_KEY = bytes.fromhex("017ec5c7a5472996fd946666b48a02e65ddd536f37c76dd2f86352e64a53713f")
_RANGE_KEY = bytes.fromhex("7f1857d6ce56ed66127ff913e7a5c3f3a4cd26d5b5db49e64124987f28fb94c3")
_FILE_KEY = bytes(32)

NOTHING = "0" * 64
"""The hash of a file, or of a xorb, without chunks."""

Node = tuple[str, int]
"""A hash and the number of content bytes under it."""


def to_text(raw: bytes) -> str:
    """32 bytes as text: four little-endian 64-bit numbers in hexadecimal, not byte by byte."""
    return "".join(f"{word:016x}" for word in struct.unpack("<4Q", raw))


def to_bytes(text: str) -> bytes:
    """The inverse of `to_text`."""
    return struct.pack("<4Q", *(int(text[i : i + 16], 16) for i in range(0, 64, 16)))


def chunk_hash(content: bytes) -> str:
    """The hash of one chunk's uncompressed content."""
    return to_text(blake3(content, key=_CHUNK_KEY).digest())


def xorb_hash(chunks: Sequence[Node]) -> str:
    """The hash of a xorb: the root of the Merkle tree over its chunks."""
    return _root(chunks)


def file_hash(chunks: Sequence[Node]) -> str:
    """The hash of a file, its Xet id: the same root, hashed once more under a key of zeros."""
    return to_text(blake3(to_bytes(_root(chunks)), key=_FILE_KEY).digest()) if chunks else NOTHING


def range_hash(chunk_hashes: Iterable[str]) -> str:
    """The hash by which a client proves, for a term of a file, that it knows the chunks and not only the xorb's name."""
    return to_text(blake3(b"".join(map(to_bytes, chunk_hashes)), key=_RANGE_KEY).digest())


def _root(nodes: Sequence[Node]) -> str:
    if not nodes:
        return NOTHING
    while len(nodes) > 1:
        nodes = [_parent(siblings) for siblings in _siblings(nodes)]
    return nodes[0][0]


def _siblings(nodes: Sequence[Node]) -> Iterator[Sequence[Node]]:
    """Groups of 2 to 9 nodes, each ending at the first hash, from the third on, that is divisible by 4 (about four a group)."""
    start = 0
    while start < len(nodes):
        end = min(start + 9, len(nodes))
        cut = next((i + 1 for i in range(start + 2, end) if nodes[i][0][-1] in "048c"), end)
        yield nodes[start:cut]
        start = cut


def _parent(children: Sequence[Node]) -> Node:
    lines = "".join(f"{text} : {size}\n" for text, size in children)
    return to_text(blake3(lines.encode(), key=_NODE_KEY).digest()), sum(size for _, size in children)
