"""Xorbs: files of compressed chunks, the unit in which Xet content is uploaded and fetched.

Facts: https://huggingface.co/docs/xet/xorb. Each chunk is preceded by 8 bytes: version, length as stored (3 bytes, little-endian),
compression scheme, length of the content (3 bytes). A footer may follow the last chunk; nothing in it is needed here.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

import lz4.frame

from . import hashes

_FOOTER = b"XETBLOB"


class MalformedError(ValueError):
    """Bytes that are not what the protocol says they should be; the message says where they differ."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """One chunk of a xorb: its hash, the bytes [start, end) it takes in the xorb with its header, and its uncompressed size."""

    hash: str
    start: int
    end: int
    size: int


def index(xorb: BinaryIO) -> list[Chunk]:
    """The chunks of a xorb, each decoded and hashed.

    Raises MalformedError for anything that can't be decoded.
    """
    chunks: list[Chunk] = []
    start = xorb.tell()
    for content in contents(xorb):
        end = xorb.tell()
        chunks.append(Chunk(hashes.chunk_hash(content), start, end, len(content)))
        start = end
    if not chunks:
        raise MalformedError("The xorb holds no chunk")
    return chunks


def contents(xorb: BinaryIO) -> Iterator[bytes]:
    """The uncompressed content of each chunk, from where the file stands to the footer or the end; one chunk in memory at a time."""
    while (header := xorb.read(8)) and not header.startswith(_FOOTER):
        if len(header) < 8 or header[0] != 0:
            raise MalformedError(f"No chunk header at byte {xorb.tell() - len(header)} of the xorb")
        stored, scheme, size = int.from_bytes(header[1:4], "little"), header[4], int.from_bytes(header[5:8], "little")
        data = xorb.read(stored)
        if len(data) < stored:
            raise MalformedError("The xorb ends within a chunk")
        content = _decode(data, scheme, size)
        if len(content) != size or not size:
            raise MalformedError(f"A chunk of {size} bytes decodes to {len(content)}")
        yield content


def _decode(data: bytes, scheme: int, size: int) -> bytes:
    match scheme:
        case 0:  # stored as it is
            return data
        case 1:  # LZ4
            return _unpack(data, size)
        case 2:  # LZ4 after byte grouping, for arrays of 4-byte numbers
            return _ungroup(_unpack(data, size))
        case _:
            raise MalformedError(f"Unknown compression scheme {scheme}")


def _unpack(data: bytes, size: int) -> bytes:
    decompressor = lz4.frame.LZ4FrameDecompressor()
    try:
        # One byte more than promised: enough to see that there is more, too little for a bomb.
        content: bytes = decompressor.decompress(data, max_length=size + 1)
    except RuntimeError as error:
        raise MalformedError(f"A chunk is no LZ4 frame: {error}") from error
    if not decompressor.eof:
        raise MalformedError("A chunk's LZ4 frame has no end")
    return content


def _ungroup(grouped: bytes) -> bytes:
    """Undo byte grouping: all first bytes of each group of four come first, then all second ones, and so on."""
    content = bytearray(len(grouped))
    start = 0
    for place in range(4):
        end = start + (len(grouped) + 3 - place) // 4
        content[place::4] = grouped[start:end]
        start = end
    return bytes(content)
