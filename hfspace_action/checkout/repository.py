"""What git knows of a checkout: which files are part of it, and the ids of those that nobody touched.

Read with libgit2, so neither a git binary nor a filter nor a hook of the repository is ever run.
"""

import os.path
from collections.abc import Iterable, Mapping
from pathlib import Path

import pygit2
from pygit2.enums import ConfigLevel, FileMode, FileStatus

from hfspace_action.errors import Failure
from hfspace_action.file import Pointer

# The container runs as root over a checkout that belongs to the runner's user.
pygit2.settings.owner_validation = False
# A checkout with `filter: blob:none` says so by this extension, which libgit2 refuses unless told.
pygit2.settings.set_extensions(["partialclone"])
# Nobody's personal configuration takes part in what is deployed.
for _level in (ConfigLevel.SYSTEM, ConfigLevel.XDG, ConfigLevel.GLOBAL):
    pygit2.settings.search_path[_level] = ""

# No pointer of git-lfs is longer. Source: its specification.
_LONGEST_POINTER = 1024


class Repository:
    """A git work tree at `root`. Paths are POSIX paths relative to it; `commit` is HEAD, None before the first commit.

    `converts` says that files on disk may differ from their blobs by a filter: line ends, LFS.
    """

    def __init__(self, found: str) -> None:
        """Open what `discover` found. Raises `Failure` if it can't be read."""
        try:
            repository = pygit2.Repository(found)
            self._status = _without_ignored(repository, repository.status(untracked_files="all"))
            unborn = repository.head_is_unborn
            self.commit = None if unborn else str(repository.head.target)
            self._head = None if unborn else repository.head.peel(pygit2.Tree)
        except (pygit2.GitError, KeyError) as error:
            raise Failure("checkout-repository", path=found, said=str(error)) from error
        self.root = os.path.realpath(repository.workdir)
        self._repository, self._odb = repository, repository.odb
        self._folders = _above(self._status)
        config = repository.config
        self.converts = (
            ("core.autocrlf" in config and config["core.autocrlf"] != "false")
            or os.path.exists(os.path.join(repository.path, "info", "attributes"))
            or any(path.endswith(".gitattributes") for path in self._status)
        )

    def ignores(self, path: str) -> bool:
        """Whether a rule ignores this folder or one above it."""
        return path != "" and self._repository.path_is_ignored(path)

    def tree(self, path: str) -> pygit2.Tree | None:
        """A folder as of HEAD; None if HEAD has no such folder."""
        return self._head if path == "" else self.subtree(self._head, path)

    def subtree(self, tree: pygit2.Tree | None, name: str) -> pygit2.Tree | None:
        """The folder of this name in `tree`; None if there is none."""
        found = _entry(tree, name)
        return found if isinstance(found, pygit2.Tree) else None

    def is_submodule(self, tree: pygit2.Tree | None, name: str) -> bool:
        """Whether another repository's commit stands under this name."""
        found = _entry(tree, name)
        return found is not None and found.filemode == FileMode.COMMIT

    def carries(self, tree: pygit2.Tree | None, name: str, path: str) -> bool:
        """Whether a file or folder on disk is part of the checkout: tracked, or untracked but not ignored.

        `tree` is HEAD's state of the folder that holds it, `name` its name there, `path` its whole path.
        """
        status = self._status.get(path)
        if status is not None:
            return bool(status & ~FileStatus.INDEX_DELETED)
        return (tree is not None and name in tree) or path in self._folders or path + "/" in self._status

    def untouched(self, tree: pygit2.Tree | None, name: str, path: str) -> pygit2.Oid | None:
        """The blob of a tracked file that is as HEAD has it, apart from what filters do; None for others."""
        found = None if path in self._status else _entry(tree, name)
        return found.id if isinstance(found, pygit2.Blob) else None

    def content(self, blob: pygit2.Oid, size: int) -> Pointer | pygit2.Oid | None:
        """What an untouched file with `size` bytes on disk holds: the blob as it is, or what the blob points to in LFS.

        None where another filter changed it on its way to the disk, or where the blob was never fetched.
        """
        try:
            length = self._odb.read_header(blob)[1]
            if length == size:
                return blob
            pointer = Pointer.parse(self._odb.read(blob)[1]) if length <= _LONGEST_POINTER else None
        except KeyError:
            return None
        return pointer if pointer is not None and pointer.size == size else None


def discover(folder: str, top: str) -> str | None:
    """The path of the repository that a folder belongs to, looked for up to `top` and never above; None without one.

    Raises `Failure` where a `.git` leads to none: what git ignores there must not be taken for the user's own.
    """
    found = pygit2.discover_repository(folder, True, os.path.dirname(top))
    if found is None:
        for here in (Path(folder), *Path(folder).parents):
            if is_inside(str(here), top) and os.path.lexists(here / ".git"):
                raise Failure("checkout-repository", path=here, said="its .git leads to no repository")
    return found


def is_inside(path: str, folder: str) -> bool:
    """Whether a real path is `folder` or lies in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _without_ignored(repository: pygit2.Repository, status: Mapping[str, int]) -> dict[str, int]:
    """The status without untracked files below an ignored folder. Where such a folder holds tracked files as well, libgit2
    lets a later `!rule` bring others back; git does not."""
    ignored = {"": False}

    def is_ignored(folder: str) -> bool:
        if folder not in ignored:
            ignored[folder] = is_ignored(folder.rpartition("/")[0]) or repository.path_is_ignored(folder + "/")
        return ignored[folder]

    found: dict[str, int] = {}
    for path, flags in status.items():
        if flags & FileStatus.WT_NEW and is_ignored(path.rstrip("/").rpartition("/")[0]):
            flags &= ~FileStatus.WT_NEW
        if flags:
            found[path] = flags
    return found


def _above(paths: Iterable[str]) -> set[str]:
    """Every folder that lies above one of these paths."""
    found: set[str] = set()
    for path in paths:
        while (path := path.rstrip("/").rpartition("/")[0]) and path not in found:
            found.add(path)
    return found


def _entry(tree: pygit2.Tree | None, path: str) -> pygit2.Object | None:
    try:
        return None if tree is None else tree[path]
    except KeyError:
        return None
