"""Git's index: which files are tracked, and which of them are still as git wrote them.

Read here and not by libgit2, which believes what a repository's settings say of a file (assume-unchanged, core.ignoreStat,
core.trustctime): a file that a build rewrote would count as untouched. Format: https://git-scm.com/docs/index-format
"""

import hashlib
import os
import struct
from collections.abc import Iterator

from hfspace_action.file import read_own

_HEADER = struct.Struct(">4sLL")
# ctime and mtime in seconds and nanoseconds, device, inode, mode, user, group, size; then the blob's id and the flags.
_ENTRY = struct.Struct(">10L20sH")
_SHORT = struct.Struct(">H")
_EXTENSION = struct.Struct(">4sL")
_EXTENDED, _ASSUMED_UNCHANGED, _STAGE = 0x4000, 0x8000, 0x3000  # of the flags
_SKIP_WORKTREE = 0x4000  # of the extended flags
_FILE, _SUBMODULE = 0o100000, 0o160000
_CHECKSUM = 20
_LARGEST = 1024 * 1024 * 1024
_SECOND, _UNSIGNED = 1_000_000_000, 0xFFFFFFFF
# Extensions without which the entries can't be understood, and what makes git write the index without them.
_REMEDIES = {
    b"link": ("it is split in two files", "git update-index --no-split-index"),
    b"sdir": ("it is sparse", "git sparse-checkout reapply --no-sparse-index"),
}


class UnreadableIndex(Exception):
    """The index can't be read; `remedy` is the git command that helps, if one does."""

    def __init__(self, problem: str, remedy: str | None = None) -> None:
        super().__init__(problem)
        self.remedy = remedy


class Index:
    """The index of a work tree. Paths are relative to it; `folders` are those that hold a tracked file at any depth, `skipped`
    the files that a sparse checkout leaves out."""

    def __init__(self, path: str) -> None:
        """Read the file at `path`; without one nothing is tracked. Raises `UnreadableIndex`."""
        self.folders: set[str] = set()
        self.skipped: set[str] = set()
        self._entries: dict[str, int] = {}  # where each begins; unpacked one by one, because there may be many
        self._data, self._written = b"", 0
        try:
            self._written = os.lstat(path).st_mtime_ns
            self._data = read_own(path, _LARGEST)
        except FileNotFoundError:
            return
        except OSError as error:
            raise UnreadableIndex(error.strerror or str(error)) from error
        try:
            self._read()
        except (struct.error, ValueError, IndexError) as error:
            raise UnreadableIndex("it is damaged") from error

    def __contains__(self, path: str) -> bool:
        return path in self._entries

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def is_submodule(self, path: str) -> bool:
        """Whether another repository's commit is tracked under this path."""
        return path in self._entries and bool(self._unpacked(path)[6] & _SUBMODULE == _SUBMODULE)

    def blob(self, path: str) -> str:
        """Return the id of the blob that is tracked under this path."""
        return bytes(self._unpacked(path)[10]).hex()

    def is_untouched(self, path: str, status: os.stat_result) -> bool:
        """Whether a tracked file's status alone proves that it is as git wrote it.

        It does not for a file that was written when the index was, or later: its times would be the same after a change.
        """
        ctime, ctime_ns, mtime, mtime_ns, _, inode, mode, _, _, size, _, flags = self._unpacked(path)
        modified = mtime * _SECOND + mtime_ns
        return (
            0 < modified < self._written
            and not flags & (_ASSUMED_UNCHANGED | _STAGE)
            and path not in self.skipped
            and mode & _SUBMODULE == _FILE
            and modified == status.st_mtime_ns
            and ctime * _SECOND + ctime_ns == status.st_ctime_ns
            and inode == status.st_ino & _UNSIGNED
            and 0 < size == status.st_size  # git writes 0 for what it is not sure of
        )

    def _unpacked(self, path: str) -> tuple[int, ...]:
        return _ENTRY.unpack_from(self._data, self._entries[path])

    def _read(self) -> None:
        data = self._data
        signature, version, count = _HEADER.unpack_from(data)
        written = data[-_CHECKSUM:]
        if signature != b"DIRC" or version not in (2, 3, 4) or len(written) < _CHECKSUM:
            raise ValueError(signature)
        # Where index.skipHash is set, git writes zeros.
        if any(written) and hashlib.sha1(data[:-_CHECKSUM], usedforsecurity=False).digest() != written:
            raise ValueError(written)
        at, path = _HEADER.size, b""
        for _ in range(count):
            start, at = at, at + _ENTRY.size
            more = 0
            if _SHORT.unpack_from(data, at - _SHORT.size)[0] & _EXTENDED:
                (more,), at = _SHORT.unpack_from(data, at), at + _SHORT.size
            if version == 4:
                path, at = _shortened(data, at, path)
            else:
                end = data.index(0, at)
                path, at = data[at:end], start + ((end - start) // 8 + 1) * 8
            self._add(os.fsdecode(path), start, skipped=bool(more & _SKIP_WORKTREE))
        _refuse_extensions(data, at)

    def _add(self, path: str, start: int, *, skipped: bool) -> None:
        self._entries[path] = start
        if skipped:
            self.skipped.add(path)
        while (path := path.rpartition("/")[0]) and path not in self.folders:
            self.folders.add(path)


def _shortened(data: bytes, at: int, before: bytes) -> tuple[bytes, int]:
    """Return a path of which only the end is stored, and where its entry ends; `before` is the path of the last entry."""
    byte = data[at]
    cut = byte & 0x7F
    while byte & 0x80:
        at += 1
        byte = data[at]
        cut = ((cut + 1) << 7) | (byte & 0x7F)
    end = data.index(0, at + 1)
    if cut > len(before):
        raise ValueError(cut)
    return before[: len(before) - cut] + data[at + 1 : end], end + 1


def _refuse_extensions(data: bytes, at: int) -> None:
    """Raise `UnreadableIndex` for an extension that has to be understood: those with a small first letter."""
    while at < len(data) - _CHECKSUM:
        name, size = _EXTENSION.unpack_from(data, at)
        if not b"A" <= name[:1] <= b"Z":
            problem, remedy = _REMEDIES.get(name, (f"it has the extension {name!r}", None))
            raise UnreadableIndex(problem, remedy)
        at += _EXTENSION.size + size
