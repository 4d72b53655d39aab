"""A file to deploy, and the ids by which git and git-lfs know its content."""

import hashlib
import io
import re
from dataclasses import dataclass, replace
from typing import Literal, NamedTuple, Self


@dataclass(frozen=True, slots=True)
class File:
    """One file of the Space. `path` is its POSIX path there, `size` its length in bytes, `source` where the bytes are:
    an absolute path or the bytes themselves.

    `blob` is the git id of these bytes, `sha256` their digest (hex). Each is None until somebody needed to know: git's
    index or an LFS pointer may give it for nothing, otherwise the file has to be read.
    """

    path: str
    size: int
    blob: str | None
    source: str | bytes
    sha256: str | None = None

    @classmethod
    def of(cls, path: str, content: bytes) -> Self:
        """A file that exists in memory only."""
        return cls(path, len(content), None, content)

    def open(self) -> io.BytesIO | io.FileIO:
        """The bytes, as a stream."""
        return io.BytesIO(self.source) if isinstance(self.source, bytes) else open(self.source, "rb", buffering=0)

    def read(self, limit: int = -1) -> bytes:
        """The first `limit` bytes, or all of them."""
        with self.open() as stream:
            return stream.read(limit)

    def with_blob(self) -> Self:
        """The same file with `blob` known; reads it if need be."""
        if self.blob is not None:
            return self
        with self.open() as stream:
            digest = hashlib.file_digest(stream, lambda: _sha1(b"blob %d\0" % self.size))
        return replace(self, blob=digest.hexdigest())

    def with_sha256(self) -> Self:
        """The same file with `sha256` known; reads it if need be."""
        if self.sha256 is not None:
            return self
        with self.open() as stream:
            return replace(self, sha256=hashlib.file_digest(stream, "sha256").hexdigest())


class Entry(NamedTuple):
    """One line of the Hub's listing of a folder. `size` is the content's (0 for a folder); `lfs_sha256` is set for a file
    in LFS or Xet, whose `oid` is then that of its pointer."""

    path: str
    kind: Literal["file", "directory"]
    oid: str
    size: int
    lfs_sha256: str | None


class Pointer(NamedTuple):
    """What stands in git for a file kept in LFS. Source: https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md"""

    sha256: str
    size: int

    @classmethod
    def parse(cls, content: bytes) -> Self | None:
        """The pointer that `content` is, or None."""
        found = _POINTER.fullmatch(content)
        return cls(found["sha256"].decode(), int(found["size"])) if found else None

    @property
    def blob(self) -> str:
        """The git id of the pointer's text, which the Hub lists as the `oid` of a file that it keeps in LFS or Xet."""
        text = f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {self.size}\n"
        return blob_id(text.encode())


# The lengths of a pointer without extensions: the size takes from 1 to 13 digits, which is up to some TB.
POINTER_LENGTHS = range(126, 139)
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:ext-\d+-.*\n)*oid sha256:(?P<sha256>[0-9a-f]{64})\nsize (?P<size>\d+)\n"
)


def blob_id(content: bytes) -> str:
    """The id under which git stores a file with this content."""
    return _object_id(b"blob", content)


def tree_id(entries: bytes) -> str:
    """The id under which git stores a folder, given its entries in git's own form and order."""
    return _object_id(b"tree", entries)


def _object_id(kind: bytes, content: bytes) -> str:
    return _sha1(b"%s %d\0%s" % (kind, len(content), content)).hexdigest()


def _sha1(start: bytes) -> "hashlib._Hash":
    return hashlib.sha1(start, usedforsecurity=False)
