"""The git tree that the Space should hold, and its difference from the one that it holds.

The Hub lists a folder with its git tree id and a file with its git blob id, so equal ids prove equal content and a
folder has to be looked into only where they differ.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

from hfspace_action.errors import Failure
from hfspace_action.file import Entry, File, Pointer, tree_id

from .large_files import RULES, Storage

Keep = Callable[[str], bool] | None
List = Callable[[str], Iterable[Entry]]

# The official client refuses to write or delete below these (huggingface_hub/utils/_paths.py, FORBIDDEN_FOLDERS).
_OUT_OF_REACH = (".git", ".cache")
# How many entries the Hub puts on one page of a listing.
_PAGE = 1000


class Folder:
    """A folder of the wanted tree. Names are without slashes; files come to know their digests as these are needed."""

    __slots__ = ("_id", "files", "folders", "stored_as_lfs")

    def __init__(self, stored_as_lfs: Callable[[File], bool]) -> None:
        self.files: dict[str, File] = {}
        self.folders: dict[str, Folder] = {}
        self.stored_as_lfs = stored_as_lfs
        self._id: str | None = None

    def __iter__(self) -> Iterator[File]:
        """Every file at any depth."""
        yield from self.files.values()
        for folder in self.folders.values():
            yield from folder

    def find(self, path: str) -> "tuple[Folder | None, str]":
        """Return the folder that has the file at a path, None if there is no such file, and the file's name in it."""
        folder: Folder | None = self
        *above, name = path.split("/")
        for each in above:
            folder = folder.folders.get(each) if folder else None
        return (folder if folder and name in folder.files else None), name

    @property
    def entries(self) -> int:
        """How many files and folders there are at any depth."""
        return len(self.files) + sum(1 + folder.entries for folder in self.folders.values())

    @property
    def id(self) -> str:
        """The git tree id, if the Hub stores each file as expected. Modes are those the Hub gives: no bit is executable."""
        if self._id is None:
            entries = [(name.encode(), b"100644", self.stored_id(name)) for name in self.files]
            # Git sorts a folder as if its name ended with a slash.
            entries += [(name.encode() + b"/", b"40000", folder.id) for name, folder in self.folders.items()]
            entries.sort()
            self._id = tree_id(
                b"".join(b"%s %s\0%s" % (mode, name.rstrip(b"/"), bytes.fromhex(oid)) for name, mode, oid in entries)
            )
        return self._id

    def expect(self, stored_as_lfs: Callable[[File], bool]) -> None:
        """Expect the Hub to store files otherwise."""
        self.stored_as_lfs, self._id = stored_as_lfs, None
        for folder in self.folders.values():
            folder.expect(stored_as_lfs)

    def stored_id(self, name: str) -> str:
        """The blob id under which the Hub is expected to list a file: its own, or that of its LFS pointer."""
        if self.stored_as_lfs(self.files[name]):
            return Pointer(self._sha256(name), self.files[name].size).blob
        return self._blob(name)

    def holds(self, name: str, entry: Entry) -> bool:
        """Whether the Hub's entry has the content of the file `name`, however the Hub stores it."""
        if self.files[name].size != entry.size:
            return False
        if entry.lfs_sha256 is not None:
            return self._sha256(name) == entry.lfs_sha256
        return self._blob(name) == entry.oid

    def _blob(self, name: str) -> str:
        file = self.files[name] = self.files[name].with_blob()
        assert file.blob is not None  # noqa: S101 - for the type checker
        return file.blob

    def _sha256(self, name: str) -> str:
        file = self.files[name] = self.files[name].with_sha256()
        assert file.sha256 is not None  # noqa: S101 - for the type checker
        return file.sha256


class Difference(NamedTuple):
    """What to change on the Space, sorted by path. A path in `removed` that ends with "/" is a folder with all in it.
    `held`: no deploy is to write there."""

    added: tuple[File, ...] = ()
    changed: tuple[File, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    held: bool = False

    @property
    def files(self) -> tuple[File, ...]:
        """What has to be sent."""
        return (*self.added, *self.changed)

    def __bool__(self) -> bool:
        return bool(self.added or self.changed or self.removed)


def build(files: Iterable[File], stored_as_lfs: Callable[[File], bool] | None = None) -> Folder:
    """The tree of these files. `stored_as_lfs` predicts how the Hub stores one, as it does in a new Space by default; a wrong guess
    costs listings, no more."""
    stored_as_lfs = stored_as_lfs or Storage()
    root = Folder(stored_as_lfs)
    folders = {"": root}

    def folder_of(path: str) -> Folder:
        found = folders.get(path)
        if found is None:
            parent, _, name = path.rpartition("/")
            found = folders[path] = folder_of(parent).folders[name] = Folder(stored_as_lfs)
        return found

    for file in files:
        parent, _, name = file.path.rpartition("/")
        if file.path != RULES:
            folder_of(parent).files[name] = file
    return root


def folders_differ(wanted: Folder, root: Iterable[Entry]) -> bool:
    """Whether a folder at the root of both has another id than expected."""
    found = {entry.path: entry.oid for entry in root if entry.kind == "directory"}
    return any(found.get(name, folder.id) != folder.id for name, folder in wanted.folders.items())


def difference(
    wanted: Folder,
    list_folder: List,
    keep: Keep = None,
    list_all: List | None = None,
    spared: Collection[str] = (),
) -> Difference:
    """How the Space differs from the wanted tree. `list_folder` lists one folder by its path ("" is the root), `list_all`
    one with all folders below it, which is asked where that should take fewer requests; nothing, if that is too much.

    `keep` is asked before anything is removed, a folder with a "/" at its end. Files that are `spared` stay as the Space has
    them, or as it has them not. Raises `Failure` keep-conflict.
    """
    compare = _Comparison(list_folder, list_all, keep, spared)
    compare.folder(wanted, "")
    changes = len(compare.added) + len(compare.changed)
    return Difference(
        added=tuple(sorted((file for file in compare.added if file.path not in spared), key=lambda file: file.path)),
        changed=tuple(sorted(compare.changed, key=lambda file: file.path)),
        removed=tuple(sorted(compare.removed)),
        unchanged=sum(1 for _ in wanted) - changes,
    )


class _Comparison:
    """One walk over both trees, gathering what differs."""

    def __init__(self, list_folder: List, list_all: List | None, keep: Keep, spared: Collection[str]) -> None:
        self.list_folder, self.list_all, self.keep, self.spared = list_folder, list_all, keep, spared
        self.spared_below = {path[:at] for path in spared for at, letter in enumerate(path) if letter == "/"}
        self.listed: dict[str, list[Entry]] = {}
        self.added: list[File] = []
        self.changed: list[File] = []
        self.removed: list[str] = []

    def folder(self, wanted: Folder, path: str) -> None:
        """Compare a folder that both sides have, and whose ids differ."""
        files, folders = set(wanted.files), set(wanted.folders)
        differing: dict[str, Folder] = {}
        for entry in self.entries(path):
            name = entry.path.rpartition("/")[2]
            if entry.kind == "file" and name in files:
                files.discard(name)
                if entry.path not in self.spared and not wanted.holds(name, entry):
                    self.changed.append(wanted.files[name])
            elif entry.kind == "directory" and name in folders:
                folders.discard(name)
                if wanted.folders[name].id != entry.oid:
                    differing[entry.path] = wanted.folders[name]
            elif entry.path != RULES and name not in _OUT_OF_REACH:
                self.remove(entry, in_the_way=name in files or name in folders)
        self.added += (wanted.files[name] for name in files)
        for name in folders:
            self.added += wanted.folders[name]
        if len(differing) > 5 + sum(1 for _ in wanted) / _PAGE:
            self.look_ahead(path, differing)
        for each, folder in differing.items():
            if folder.folders and folder.entries <= _PAGE:
                self.look_ahead(each, [each])
            self.folder(folder, each)

    def look_ahead(self, path: str, wanted: Iterable[str]) -> None:
        """List all that is below a folder at once, where that should take fewer requests than folder by folder."""
        if self.list_all is not None and not any(each in self.listed for each in wanted):
            for entry in self.list_all(path):
                self.listed.setdefault(entry.path.rpartition("/")[0], []).append(entry)

    def entries(self, path: str) -> Iterable[Entry]:
        """The listing of one folder."""
        return self.listed.pop(path) if path in self.listed else self.list_folder(path)

    def remove(self, entry: Entry, *, in_the_way: bool) -> None:
        """Remove what is not wanted, but for what is kept; `in_the_way` of a wanted path nothing can be kept."""
        paths, kept = self.without_kept(entry)
        if in_the_way and kept:
            raise Failure("keep-conflict", path=entry.path)
        self.removed += paths

    def without_kept(self, entry: Entry) -> tuple[list[str], bool]:
        """The paths to remove for an entry, and whether anything of it is kept."""
        path = entry.path + ("/" if entry.kind == "directory" else "")
        if entry.path in self.spared or (self.keep is not None and self.keep(path)):
            return [], True
        if entry.kind == "file" or (self.keep is None and entry.path not in self.spared_below):
            return [path], False
        below = [self.without_kept(each) for each in self.entries(entry.path)]
        if any(kept for _, kept in below):
            return [each for paths, _ in below for each in paths], True
        return [path], False
