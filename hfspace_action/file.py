"""A file to deploy, and the ids by which git and git-lfs know its content."""

import codecs
import hashlib
import io
import os
import re
from stat import S_ISREG
from typing import Literal, NamedTuple, Self

from .errors import Failure

# Opening a pipe would wait for its writer, and a link would be followed, wherever it leads.
_AS_IT_IS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


def stamp(status: os.stat_result) -> int:
    """Return what changes when a file does: its identity, its size and its times, as one number."""
    return hash((status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns))


class File(NamedTuple):
    """One file of the Space. `path` is its POSIX path there, `size` its length in bytes, `source` where the bytes are:
    an absolute path or the bytes themselves.

    `blob` is the git id of these bytes, `sha256` their digest (hex). Each is None until somebody needed to know: git's
    index or an LFS pointer may give it for nothing, otherwise the file has to be read. `seen` is the stamp of the file
    that was found at `source`: nothing else is ever read there.
    """

    path: str
    size: int
    blob: str | None
    source: str | bytes
    sha256: str | None = None
    seen: int | None = None

    @classmethod
    def of(cls, path: str, content: bytes) -> Self:
        """A file that exists in memory only."""
        return cls(path, len(content), None, content)

    def open(self) -> io.BytesIO | io.FileIO:
        """Return the bytes as a stream. Raises `Failure` file-changed if they are no longer those that were found."""
        if isinstance(self.source, bytes):
            return io.BytesIO(self.source)
        descriptor = self._descriptor(self.source)
        return io.FileIO(descriptor)

    def read(self, limit: int = -1) -> bytes:
        """Return the first `limit` bytes, or all of them. Raises `Failure` as `open` does."""
        if isinstance(self.source, bytes):
            return self.source if limit < 0 else self.source[:limit]
        return self._content(self._descriptor(self.source), self.size if limit < 0 else min(limit, self.size))

    def glance(self) -> bytes:
        """Return the bytes as they are now, of a small file: whether they are those that were found shows when they are sent. Raises
        `Failure` file-changed if they can't be read."""
        if isinstance(self.source, bytes):
            return self.source
        return self._content(self._opened(self.source), self.size)

    def _content(self, descriptor: int, size: int) -> bytes:
        try:
            return _read(descriptor, size)
        except OSError as error:
            raise Failure("file-changed", path=self.path, said=error.strerror) from error
        finally:
            os.close(descriptor)

    def _opened(self, source: str) -> int:
        try:
            return os.open(source, _AS_IT_IS)
        except OSError as error:
            raise Failure("file-changed", path=self.path, said=error.strerror) from error

    def _descriptor(self, source: str) -> int:
        descriptor = self._opened(source)
        status = os.fstat(descriptor)
        if not S_ISREG(status.st_mode) or (self.seen is not None and stamp(status) != self.seen):
            os.close(descriptor)
            raise Failure("file-changed", path=self.path, said="it is not the file that was read before")
        return descriptor

    def with_blob(self) -> Self:
        """The same file with `blob` known; reads it if need be."""
        if self.blob is not None:
            return self
        with self.open() as stream:
            digest = hashlib.file_digest(stream, lambda: _sha1(b"blob %d\0" % self.size))
        return self._replace(blob=digest.hexdigest())

    def with_sha256(self) -> Self:
        """The same file with `sha256` known; reads it if need be."""
        if self.sha256 is not None:
            return self
        with self.open() as stream:
            return self._replace(sha256=hashlib.file_digest(stream, "sha256").hexdigest())


class Entry(NamedTuple):
    """One line of the Hub's listing of a folder. `size` is the content's (0 for a folder); `lfs_sha256` is set for a file
    in LFS or Xet, whose `oid` is then that of its pointer. `title` is that of the commit that changed it last, where that was
    asked for."""

    path: str
    kind: Literal["file", "directory"]
    oid: str
    size: int
    lfs_sha256: str | None
    title: str | None = None


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


# The lengths of a pointer without extensions, of a file of less than a TB. One that Windows programs wrote has a byte order mark or a
# CR in each of its lines (with both, of less than a GB), others lack the last line's end.
POINTER_LENGTHS = range(124, 141)
_FIRST_NAME = b"hawser"  # of git-lfs, in pointers of its first year, which it still reads
_POINTER = re.compile(
    rb"version https://git-lfs\.github\.com/spec/v1\n(?:ext-\d+-.*\n)*oid sha256:(?P<sha256>[0-9a-f]{64})\nsize (?P<size>\d+)\n"
)


def read_own(path: str, limit: int) -> bytes:
    """Return a file of git's own, such as .gitignore. Raises `OSError` if it is no regular file, or longer than `limit`."""
    descriptor = os.open(path, _AS_IT_IS)
    try:
        status = os.fstat(descriptor)
        if not S_ISREG(status.st_mode):
            raise OSError("it is no regular file")
        if status.st_size > limit:
            raise OSError(f"it is longer than {limit:,} bytes")
        return _read(descriptor, status.st_size)
    finally:
        os.close(descriptor)


def _read(descriptor: int, size: int) -> bytes:
    """Read up to `size` bytes, for which the system may take several turns."""
    content = os.read(descriptor, size)
    while len(content) < size and (more := os.read(descriptor, size - len(content))):
        content += more
    return content


def is_unfetched(content: bytes) -> bool:
    """Whether the content of a file on disk is a pointer, whatever line ends that was saved with."""
    if b"git-lfs" not in content and _FIRST_NAME not in content:
        return False
    text = content.removeprefix(codecs.BOM_UTF8).replace(b"\r\n", b"\n").rstrip(b"\n") + b"\n"
    return Pointer.parse(text.replace(_FIRST_NAME, b"git-lfs")) is not None


def is_locked(content: bytes) -> bool:
    """Whether the content of a file, or its beginning, is that of one which git-crypt keeps encrypted."""
    return content.startswith(b"\0GITCRYPT\0")


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
