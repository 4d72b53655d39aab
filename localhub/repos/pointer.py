"""Git LFS pointers: the three lines that git keeps in place of a large file.

https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
"""

import re
from dataclasses import dataclass
from typing import Self

_POINTER = re.compile(rb"version https://git-lfs\.github\.com/spec/v1\noid sha256:([0-9a-f]{64})\nsize (\d+)\n")
LONGEST = 150
"""No pointer is longer, in bytes: larger blobs need not be read to know that they are none."""


@dataclass(frozen=True, slots=True)
class Pointer:
    """A large file by its content: sha256 in hex and size in bytes."""

    sha256: str
    size: int

    def __bytes__(self) -> bytes:
        """The blob that stands for the file in git."""
        return b"version https://git-lfs.github.com/spec/v1\noid sha256:%b\nsize %d\n" % (
            self.sha256.encode(),
            self.size,
        )

    @classmethod
    def parse(cls, blob: bytes) -> Self | None:
        """The pointer that `blob` is, or None for any other file."""
        match = _POINTER.fullmatch(blob)
        return cls(match[1].decode(), int(match[2])) if match else None
