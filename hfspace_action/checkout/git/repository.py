"""What git knows of a checkout: which files are tracked, and the ids of those that nobody touched.

Read without a git binary, and so that neither a filter nor a hook of the repository is ever run.
"""

import os
from functools import cached_property

from hfspace_action.errors import Failure
from hfspace_action.file import File, Pointer, blob_id, read_own

from . import location
from .index import Index, UnreadableIndex
from .libgit2 import enums, pygit2
from .location import unreadable

# No pointer of git-lfs is longer. Source: its specification.
_LONGEST_POINTER = 1024
_LARGEST_TEXT = 10 * 1024 * 1024


class Repository:
    """A git work tree at `root`. Paths are POSIX paths relative to it; `head` is the commit that was checked out, None before
    the first commit. `index` is what is tracked. `converts`: git may have changed line ends on the way to the disk; `attributes`:
    there are attributes elsewhere than in .gitattributes, so that it may have changed anything."""

    def __init__(self, root: str) -> None:
        """Open the work tree that `location.find` found. Raises `Failure` if it can't be read."""
        self.root = root
        location.check(root)
        try:
            self._repository = pygit2.Repository(root, enums.RepositoryOpenFlag.NO_SEARCH)
            work_tree = os.path.realpath(self._repository.workdir or "")
            self.head = None if self._repository.head_is_unborn else str(self._repository.head.target)
            config = self._repository.config
            self.converts = "core.autocrlf" in config and config["core.autocrlf"] != "false"
            self.attributes = "core.attributesfile" in config
        except (pygit2.GitError, KeyError, ValueError) as error:
            raise _unsupported(root, error) from error
        if work_tree != root:
            raise unreadable(root, f"its work tree is elsewhere, at {work_tree}")
        self.attributes |= os.path.exists(os.path.join(self._repository.path, "info", "attributes"))
        self.index = self._read_index()
        # A .gitattributes that is gone, or that a later step wrote, no longer says what git did by it.
        rules = [path for path in (*self.index, *self.staged) if path.endswith(".gitattributes")]
        self.attributes |= any(path in self.staged or not self._is_untouched(path) for path in rules)
        self.converts |= _was_elsewhere(os.path.join(self._repository.path, "logs", "HEAD"))

    def _read_index(self) -> Index:
        root = self.root
        try:
            return Index(os.path.join(self._repository.path, "index"))
        except UnreadableIndex as error:
            if error.remedy:
                raise Failure(
                    "checkout-format", path=root, said=f"of its index, {error}", remedy=error.remedy
                ) from error
            raise unreadable(root, f"of its index, {error}") from error

    def _is_untouched(self, path: str) -> bool:
        try:
            return self.index.is_untouched(path, os.lstat(os.path.join(self.root, path)))
        except OSError:
            return False

    def tracks(self, path: str) -> bool:
        """Whether a file is tracked, or any in a folder."""
        return path == "" or path in self.index or path in self.index.folders

    @cached_property
    def staged(self) -> frozenset[str]:
        """What is tracked otherwise than in the commit that was checked out, or no longer."""
        try:
            if self.head is None:
                return frozenset(self.index)
            tree = self._repository.head.peel(pygit2.Tree)
            changed = tree.diff_to_index(self._repository.index).deltas
            return frozenset(file.path for delta in changed for file in (delta.old_file, delta.new_file))
        except (pygit2.GitError, KeyError, ValueError) as error:
            raise unreadable(self.root, str(error)) from error

    def blob_size(self, blob: str) -> int | None:
        """Return the length of a blob; None where it was never fetched, or can't be read."""
        try:
            return int(self._repository.odb.read_header(pygit2.Oid(hex=blob))[1])
        except (KeyError, ValueError, pygit2.GitError):
            return None

    def pointer(self, blob: str, size: int) -> Pointer | None:
        """Return the pointer to a file of this size in git-lfs that a blob is, if it is one."""
        length = self.blob_size(blob)
        if length is None or length > _LONGEST_POINTER:
            return None
        try:
            pointer = Pointer.parse(self._repository.odb.read(pygit2.Oid(hex=blob))[1])
        except (KeyError, ValueError, pygit2.GitError):
            return None
        return pointer if pointer is not None and pointer.size == size else None

    def compared(self, file: File, path: str) -> tuple[File, bool]:
        """Return a file with its id, and whether it has the content that is tracked under `path`. Reads the file.

        Of what git changes on the way to the disk, only git-lfs and line ends are undone.
        """
        blob = self.index.blob(path)
        pointer = self.pointer(blob, file.size)
        if pointer is not None:
            file = file.with_sha256()
            return file, file.sha256 == pointer.sha256
        file = file.with_blob()
        if file.blob == blob:
            return file, True
        if file.size > _LARGEST_TEXT or self.blob_size(blob) == file.size:
            return file, False
        return file, blob_id(file.read().replace(b"\r\n", b"\n")) == blob


def _was_elsewhere(log: str) -> bool:
    """Whether the work tree held another commit before, which may have had other attributes: git leaves files as they are
    whose blob is the same in both. True where the log that tells is missing."""
    try:
        lines = read_own(log, _LARGEST_TEXT).splitlines()
    except OSError:
        return True
    for line in lines:
        before, after = line.split(b" ")[:2] if line.count(b" ") else (b"", b"")
        by_commit = line.partition(b"\t")[2].startswith(b"commit")
        if before.strip(b"0") and before != after and not by_commit:
            return True
    return False


def _unsupported(root: str, error: Exception) -> Failure:
    if "extension" in str(error) or "object format" in str(error):
        remedy = "GIT_DEFAULT_REF_FORMAT=files GIT_DEFAULT_HASH=sha1"  # what the environment of the checkout needs
        return Failure("checkout-format", path=root, said=str(error).removeprefix(f"{root}: "), remedy=remedy)
    return unreadable(root, str(error))
