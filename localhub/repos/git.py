"""One bare git repository, through libgit2, as the Hub's routes need it.

Every write puts its objects down first and then moves one reference by compare-and-swap, so a process killed at any
moment leaves the old head or the new one.
"""

import itertools
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self, cast

import pygit2
from pygit2.enums import FileMode, ObjectType, SortMode

from .pointer import LONGEST, Pointer
from .tree_edits import Changes

MAIN = "refs/heads/main"


@dataclass(frozen=True, slots=True)
class Entry:
    """A file or folder of a tree. `oid` is git's id of the blob or tree; `size` is the content's, also for LFS."""

    path: str
    kind: Literal["file", "directory"]
    oid: str
    size: int
    mode: int
    lfs: Pointer | None = None
    pointer_size: int = 0


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit as the Hub shows it: the first line is the title, the rest the message."""

    id: str
    title: str
    message: str
    author: str
    date: datetime
    parents: tuple[str, ...]


class Moved(Exception):
    """The reference no longer points where the caller saw it."""


class Conflict(Exception):
    """A merge that git can't do by itself; `paths` are the files in question."""

    def __init__(self, paths: Iterable[str]) -> None:
        self.paths = tuple(paths)
        super().__init__(", ".join(self.paths))


class Repository:
    """A bare repository on disk. One object per path and process; its methods may be called from any thread."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._local = threading.local()
        for stale in (path / "refs").rglob("*.lock"):  # of a process that was killed while it held the lock
            stale.unlink()

    @classmethod
    def create(cls, path: Path, files: Mapping[str, bytes], *, author: str, message: str = "initial commit") -> Self:
        """A new repository whose `main` has one commit with `files`."""
        bare = pygit2.init_repository(path, bare=True, initial_head="main")
        bare.config["core.looseCompression"] = 1  # thousands of objects at once: speed before size
        bare.config["http.receivepack"] = True
        repository = cls(path)
        changes = Changes()
        for name, content in files.items():
            changes.put(name, repository.write(content))
        tree = changes.apply(repository.git, None) or bare.TreeBuilder().write()
        repository.create_ref(MAIN, repository._write_commit(tree, [], message, author))
        return repository

    @property
    def git(self) -> pygit2.Repository:
        """This thread's own libgit2 handle: they may not be shared between threads."""
        if not hasattr(self._local, "git"):
            self._local.git = pygit2.Repository(str(self.path))
        handle: pygit2.Repository = self._local.git
        return handle

    # -- reading ----------------------------------------------------------------------------------------------------

    def resolve(self, rev: str) -> str:
        """The commit that a branch, tag, full reference, commit id (4 digits or more) or HEAD names. KeyError if none."""
        if len(rev) == 40 and (whole := self._by_id(rev)):  # as most are: no file is looked for
            return whole
        for name in (f"refs/heads/{'main' if rev == 'HEAD' else rev}", f"refs/tags/{rev}", rev):
            is_name = name.startswith("refs/") and pygit2.reference_is_valid_name(name)
            if is_name and (reference := self.git.references.get(name)):
                return str(reference.peel(pygit2.Commit).id)
        if found := self._by_id(rev):
            return found
        raise KeyError(rev)

    def _by_id(self, start: str) -> str | None:
        """The one commit whose id begins so."""
        if not (4 <= len(start) <= 40 and set(start) <= set("0123456789abcdef")):
            return None
        found = self.git.get(start)
        return str(found.id) if found is not None and found.type == ObjectType.COMMIT else None

    def head(self, rev: str = "main") -> str:
        """The commit at the tip of a branch (main)."""
        return self.resolve(rev)

    def reference(self, rev: str) -> str:
        """The full name of the branch or pull request that commits may be put on. KeyError for anything else."""
        name = rev if rev.startswith("refs/pr/") else f"refs/heads/{rev.removeprefix('refs/heads/')}"
        if not pygit2.reference_is_valid_name(name) or name not in self.git.references:
            raise KeyError(rev)
        return name

    def refs(self, prefix: str) -> dict[str, str]:
        """References below `prefix` (as `refs/heads/`) and their commits, sorted by name."""
        names = sorted(name for name in self.git.references if name.startswith(prefix))
        return {name: str(self.git.references[name].peel(pygit2.Commit).id) for name in names}

    def entry(self, rev: str, path: str) -> Entry:
        """What stands at `path` (not the root). KeyError if nothing does."""
        return self._entry(self._tree(rev)[path], path)

    def entries(self, rev: str, paths: Iterable[str]) -> dict[str, Entry]:
        """What stands at each of these paths, where anything does. Each folder is read once, however many are in it."""
        root = self._tree(rev)
        folders: dict[str, pygit2.Object] = {"": root}
        found = {}
        for path in paths:
            folder, _, name = path.rpartition("/")
            if folder not in folders and folder in root:
                folders[folder] = root[folder]
            tree = folders.get(folder)
            if isinstance(tree, pygit2.Tree) and name in tree:
                found[path] = self._entry(tree[name], path)
        return found

    def read(self, rev: str, path: str) -> bytes:
        """The blob at `path` as git has it: of an LFS file the pointer. KeyError if there is no such file."""
        found = self._tree(rev)[path]
        if not isinstance(found, pygit2.Blob):
            raise KeyError(path)
        return found.data

    def list(self, rev: str, path: str = "", *, recursive: bool = False, after: str = "") -> Iterator[Entry]:
        """The entries of a folder in git's order, each folder followed by what it holds if `recursive`.

        `after` is the path of an entry: the listing goes on behind it. KeyError if `path` is no folder.
        """
        tree: pygit2.Object = self._tree(rev)
        if path:
            tree = tree[path]  # type: ignore[index]
        if not isinstance(tree, pygit2.Tree):
            raise KeyError(path)
        prefix = f"{path}/" if path else ""
        return self._walk(tree, prefix, recursive, after.removeprefix(prefix).split("/") if after else [])

    def files(self, rev: str) -> Iterator[str]:
        """The paths of all files, in git's order. Cheaper than `list`: no file is looked at."""
        return _paths(self._tree(rev), "")

    def log(self, rev: str) -> Iterator[Commit]:
        """Commits from `rev` back to the first one, newest first."""
        for commit in self.git.walk(self.resolve(rev), SortMode.TOPOLOGICAL | SortMode.TIME):
            yield _commit(commit)

    def commit_of(self, rev: str) -> Commit:
        """The commit that a revision stands for."""
        return _commit(self._commit(rev))

    def last_commits(self, rev: str, paths: Iterable[str]) -> dict[str, Commit]:
        """For each path the newest commit that gave it its present content (along first parents)."""
        wanted, found = set(paths), dict[str, Commit]()
        commit: pygit2.Commit | None = self._commit(rev)
        while commit is not None and wanted:
            parent = commit.parents[0] if commit.parents else None
            here = commit.tree
            for path in [path for path in wanted if parent is None or _oid(parent.tree, path) != _oid(here, path)]:
                found[path] = _commit(commit)
                wanted.remove(path)
            commit = parent
        return found

    def diff(self, old: str, new: str, *, most_files: int = 500) -> str | None:
        """The patch between two commits as text; None when it touches more than `most_files` files."""
        diff = self._tree(old).diff_to_tree(self._tree(new))
        return diff.patch if len(diff) <= most_files else None

    def changed(self, rev: str) -> set[str]:
        """The paths that a commit changes, against its first parent."""
        commit = self._commit(rev)
        diff = (
            commit.parents[0].tree.diff_to_tree(commit.tree) if commit.parents else commit.tree.diff_to_tree(swap=True)
        )
        return {delta.new_file.path for delta in diff.deltas}

    def merge_base(self, one: str, other: str) -> str:
        """The best common ancestor of two commits that have one."""
        return str(self.git.merge_base(one, other))

    def conflicts(self, one: str, other: str) -> tuple[str, ...]:
        """The files that keep two commits from being merged."""
        try:
            self._merged(one, other)
        except Conflict as conflict:
            return conflict.paths
        return ()

    # -- writing ----------------------------------------------------------------------------------------------------

    def write(self, content: bytes) -> pygit2.Oid:
        """Store a blob. Nothing refers to it until a commit does."""
        return self.git.create_blob(content)

    def commit(
        self, ref: str, parent: str, changes: Changes, message: str, author: str, *, new_ref: bool = False
    ) -> str:
        """Put a commit with `changes` on `parent` and move `ref` from there to it, or make `ref`.

        KeyError (a path) where something that isn't there is to be removed; Moved if `ref` is elsewhere.
        """
        tree = changes.apply(self.git, self._commit(parent).tree) or self.git.TreeBuilder().write()
        commit = self._write_commit(tree, [parent], message, author)
        if new_ref:
            self.create_ref(ref, commit)
            return commit
        return self._advance(ref, parent, commit)

    def merge(self, ref: str, parents: Sequence[str], message: str, author: str, *, squash: bool) -> str:
        """Merge the second parent into `ref`, which is at the first; a squashed commit has that parent alone. Conflict, Moved."""
        first, source = parents
        tree = self._merged(first, source)
        return self._advance(ref, first, self._write_commit(tree, [first] if squash else parents, message, author))

    def flatten(self, ref: str, message: str, author: str) -> str:
        """Replace a branch's history by one commit with its present tree."""
        head = self.resolve(ref)
        return self._advance(ref, head, self._write_commit(self._commit(head).tree.id, [], message, author))

    def create_ref(self, name: str, target: str, *, force: bool = False) -> None:
        """A new reference, or a moved one by `force`. ValueError for a malformed name, FileExistsError if it exists."""
        if not pygit2.reference_is_valid_name(name):
            raise ValueError(name)
        try:
            self.git.references.create(name, target, force=force)
        except pygit2.AlreadyExistsError as error:
            raise FileExistsError(name) from error

    def create_empty_branch(self, name: str, author: str) -> None:
        """A branch with a first commit of its own that holds nothing."""
        self.create_ref(name, self._write_commit(self.git.TreeBuilder().write(), [], "Empty branch", author))

    def tag(self, name: str, target: str, message: str, author: str) -> None:
        """A tag, annotated if there is a message. ValueError, FileExistsError as in create_ref."""
        if (
            message
            and pygit2.reference_is_valid_name(f"refs/tags/{name}")
            and f"refs/tags/{name}" not in self.git.references
        ):
            self.git.create_tag(name, pygit2.Oid(hex=target), ObjectType.COMMIT, _signature(author), message)
        else:
            self.create_ref(f"refs/tags/{name}", target)

    def delete_ref(self, name: str) -> None:
        """Remove a reference. KeyError if there is none."""
        if not pygit2.reference_is_valid_name(name):
            raise KeyError(name)
        self.git.references[name].delete()

    # -- inside -----------------------------------------------------------------------------------------------------

    def _commit(self, rev: str) -> pygit2.Commit:
        return cast(pygit2.Commit, self.git[self.resolve(rev)])

    def _tree(self, rev: str) -> pygit2.Tree:
        return self._commit(rev).tree

    def _write_commit(self, tree: pygit2.Oid, parents: Sequence[str], message: str, author: str) -> str:
        who = _signature(author)
        return str(self.git.create_commit(None, who, who, message, tree, [pygit2.Oid(hex=p) for p in parents]))

    def _merged(self, one: str, other: str) -> pygit2.Oid:
        """The tree of two commits merged, written to the repository."""
        base, ours, theirs = (self._commit(rev).tree for rev in (self.merge_base(one, other), one, other))
        if ours.id == base.id:
            return theirs.id
        index = self.git.merge_trees(base, ours, theirs)
        if index.conflicts is not None:
            sides = itertools.chain.from_iterable(index.conflicts)
            raise Conflict(sorted({side.path for side in sides if side is not None}))
        return index.write_tree(self.git)

    def _advance(self, ref: str, old: str, new: str) -> str:
        reference = self.git.references[ref]
        if str(reference.target) != old:
            raise Moved(ref)
        try:
            reference.set_target(new)  # libgit2 compares with the target read above, under the reference's lock
        except (pygit2.GitError, ValueError) as error:
            raise Moved(ref) from error
        return new

    def _walk(self, tree: pygit2.Tree, prefix: str, recursive: bool, after: Sequence[str]) -> Iterator[Entry]:
        seen = not after
        for item in tree:
            if seen:
                yield self._entry(item, f"{prefix}{item.name}")
                rest: Sequence[str] = ()
            elif item.name == after[0]:
                seen, rest = True, after[1:]
            else:
                continue
            if recursive and isinstance(item, pygit2.Tree):
                yield from self._walk(item, f"{prefix}{item.name}/", recursive, rest)

    def _entry(self, item: pygit2.Object, path: str) -> Entry:
        oid, mode = str(item.id), int(item.filemode or FileMode.BLOB)
        if isinstance(item, pygit2.Tree):
            return Entry(path, "directory", oid, 0, mode)
        if not isinstance(item, pygit2.Blob):  # a submodule: its commit lives elsewhere
            return Entry(path, "file", oid, 0, mode)
        size = self.git.odb.read_header(item.id)[1]
        pointer = Pointer.parse(item.data) if size <= LONGEST else None
        return Entry(path, "file", oid, pointer.size if pointer else size, mode, pointer, size if pointer else 0)


def _signature(author: str) -> pygit2.Signature:
    return pygit2.Signature(author, f"{author}@users.noreply.huggingface.co", int(time.time()), 0)


def _commit(commit: pygit2.Commit) -> Commit:
    title, _, message = commit.message.partition("\n")
    date = datetime.fromtimestamp(commit.commit_time, UTC)
    return Commit(str(commit.id), title, message.strip(), commit.author.name, date, tuple(map(str, commit.parent_ids)))


def _oid(tree: pygit2.Tree, path: str) -> pygit2.Oid | None:
    return tree[path].id if path in tree else None


def _paths(tree: pygit2.Tree, prefix: str) -> Iterator[str]:
    for item in tree:
        path = f"{prefix}{item.name}"
        if isinstance(item, pygit2.Tree):
            yield from _paths(item, f"{path}/")
        else:
            yield path
