"""The files to deploy: what is in, what is out, and what can't be carried over.

What is on disk decides. Git says which untracked files are ignored and knows the ids of what nobody touched, so an
unchanged file is never read; a folder outside of any repository is taken whole.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from stat import S_ISDIR, S_ISREG

import pygit2

from hfspace_action.errors import Failure, Note, Place
from hfspace_action.file import POINTER_LENGTHS, File, Pointer
from hfspace_action.inputs.patterns import matcher

from . import executables
from .notices import listed, notice
from .repository import Repository, discover, is_inside

__all__ = ["Checkout", "File", "read"]

# Left out at every depth unless `include` brings them back: they speak to git and GitHub. On the Hub, a .gitignore would
# make the server drop files that are tracked here.
_MACHINERY = frozenset((".github", ".gitignore", ".gitattributes", ".gitmodules"))
# Source: https://huggingface.co/docs/hub/storage-limits
_MOST_ENTRIES = 10_000


@dataclass(frozen=True)
class Checkout:
    """What is to be deployed. `root` is the deployed folder, `folder` its POSIX path in the workspace ("" for all of it),
    `files` are sorted by path, `commit` is HEAD, `left_out` counts paths by reason: machinery, ignored, excluded."""

    root: Path
    folder: str
    files: Mapping[str, File]
    notices: tuple[Note, ...]
    commit: str | None
    left_out: Mapping[str, int]

    def place(self, path: str, line: int | None = None) -> Place:
        """Where a file of the Space stands in the workspace."""
        return Place(f"{self.folder}/{path}" if self.folder else path, line)


def read(workspace: Path, folder: str, *, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> Checkout:
    """The files of `folder` in `workspace`. `include` brings back what would be left out, `exclude` has the last word; both
    in .gitignore syntax, relative to the folder. Raises `Failure` for what can't be deployed faithfully."""
    top = os.path.realpath(workspace)
    disk = os.path.realpath(os.path.join(top, folder))
    if not is_inside(disk, top) or ".git" in disk[len(top) :].split("/"):
        raise Failure("path-outside", path=folder)
    if not os.path.isdir(disk):
        raise Failure("path-missing", path=folder)
    walk = _Walk(top, disk, include, exclude)
    walk.folder(walk.start())
    return walk.checkout()


@dataclass(frozen=True, slots=True)
class _Folder:
    """Where the walk is: on disk, in the Space (`path`) and in git (`within`); the last two are "" or end with "/".

    `out` is why the folder is left out, if it is; `trail` holds the real paths of the folders that led here.
    """

    disk: str
    path: str
    git: Repository | None
    within: str
    tree: pygit2.Tree | None
    converts: bool
    out: str | None
    trail: frozenset[str]


class _Walk:
    """One walk over the deployed folder, gathering files, what to tell, and what to refuse."""

    def __init__(self, top: str, root: str, include: Sequence[str], exclude: Sequence[str]) -> None:
        self.top, self.root = top, root
        self.include, self.exclude = matcher("include", include), matcher("exclude", exclude)
        self.repositories: dict[str, Repository] = {}
        self.repository = self.repository_of(root, top)
        # A deployed folder that is itself ignored, such as a built dist/, is taken whole: git has no say there.
        self.whole = self.repository is not None and self.repository.ignores(_relative(root, self.repository.root))
        self.files: dict[str, File] = {}
        self.executables: list[str] = []
        self.left_out: Counter[str] = Counter()
        self.notes: defaultdict[str, list[str]] = defaultdict(list)
        self.refused: defaultdict[str, list[str]] = defaultdict(list)

    def start(self) -> _Folder:
        """The deployed folder."""
        return self.located(self.root, "", self.git_of(self.root), None, frozenset())

    def repository_of(self, folder: str, top: str) -> Repository | None:
        """The repository that a folder belongs to, looked for up to `top`."""
        found = discover(folder, top)
        if found is None:
            return None
        if found not in self.repositories:
            self.repositories[found] = Repository(found)
        repository = self.repositories[found]
        if not is_inside(folder, repository.root):
            raise Failure("checkout-repository", path=found, said=f"its work tree is elsewhere, at {repository.root}")
        return repository

    def git_of(self, folder: str) -> Repository | None:
        """The repository to ask about a folder of the checkout."""
        return None if self.whole and is_inside(folder, self.root) else self.repository_of(folder, self.top)

    def located(self, disk: str, path: str, git: Repository | None, out: str | None, trail: frozenset[str]) -> _Folder:
        """A folder that was not reached from the one above it."""
        if git is None:
            return _Folder(disk, path, None, "", None, False, out, trail)
        within = _relative(disk, git.root)
        above = [disk, *(disk[:end] for end in range(len(git.root), len(disk)) if disk[end] == "/")]
        converts = git.converts or any(os.path.exists(f"{each}/.gitattributes") for each in above)
        return _Folder(disk, path, git, within and within + "/", git.tree(within), converts, out, trail)

    def folder(self, here: _Folder) -> bool:
        """Take a folder's files; whether there were any."""
        if here.disk in here.trail:
            self.refused["checkout-link"].append(f"{here.path.rstrip('/')} (leads round in a circle)")
            return False
        with os.scandir(here.disk) as scan:
            entries = sorted(scan, key=lambda entry: entry.name)
        converts = here.converts or any(entry.name == ".gitattributes" for entry in entries)
        here = replace(here, converts=converts, trail=here.trail | {here.disk})
        taken = [entry.name for entry in entries if self.entry(entry, here)]
        if len(taken) > _MOST_ENTRIES:
            self.refused["checkout-crowded"].append(f"{here.path or './'} ({len(taken):,} entries)")
        if len({name.casefold() for name in taken}) < len(taken):
            counts = Counter(name.casefold() for name in taken)
            self.notes["case"] += (here.path + name for name in taken if counts[name.casefold()] > 1)
        return bool(taken)

    def entry(self, entry: os.DirEntry[str], here: _Folder) -> bool:
        """Take what stands under one name; whether there was a file in it."""
        path, is_folder = here.path + entry.name, entry.is_dir(follow_symlinks=False)
        if entry.name == ".git":
            return False
        if self.exclude is not None and self.exclude(path + "/" if is_folder else path):
            self.left_out["excluded"] += 1
            return False
        out = here.out or self.reason(here, entry.name, path)
        # A folder that is left out is still searched for what `include` brings back.
        if out is not None and not (self.include is not None and (is_folder or self.include(path))):
            self.left_out[out] += 1
            return False
        if path == ".gitattributes":  # always the Space's own
            return False
        if not entry.name.isascii() and any("\ud800" <= letter <= "\udfff" for letter in entry.name):
            self.refused["checkout-name"].append(path)
            return False
        if entry.is_symlink():
            return self.link(entry.path, path, out, here.trail)
        if is_folder:
            return self.folder(self.below(here, entry, path, out))
        return self.file(path, entry.path, entry.stat(follow_symlinks=False), here, entry.name)

    def reason(self, here: _Folder, name: str, path: str) -> str | None:
        """Why a path is left out unless `include` brings it back; None if it is in."""
        if name in _MACHINERY or f"/{path}".endswith("/.cache/huggingface"):
            return "machinery"
        if here.git is not None and not here.git.carries(here.tree, name, here.within + name):
            return "ignored"
        return None

    def below(self, here: _Folder, entry: os.DirEntry[str], path: str, out: str | None) -> _Folder:
        """A folder of the one that the walk is in. A submodule, or any other repository, is asked for itself."""
        git, submodule = here.git, here.git is not None and here.git.is_submodule(here.tree, entry.name)
        if submodule or os.path.lexists(f"{entry.path}/.git"):
            if submodule and not os.listdir(entry.path):
                self.notes["submodule"].append(path)
            git = self.repository_of(entry.path, entry.path)
            return self.located(entry.path, path + "/", git, out, here.trail)
        tree = None if git is None else git.subtree(here.tree, entry.name)
        within = f"{here.within}{entry.name}/"
        return _Folder(entry.path, path + "/", git, within, tree, here.converts, out, here.trail)

    def link(self, disk: str, path: str, out: str | None, trail: frozenset[str]) -> bool:
        """Take what a symbolic link points to, if that is part of the checkout."""
        try:
            target = os.path.realpath(disk, strict=True)
        except OSError:
            self.refused["checkout-link"].append(f"{path} (leads nowhere)")
            return False
        if not is_inside(target, self.top) or ".git" in target[len(self.top) :].split("/"):
            self.refused["checkout-link"].append(f"{path} (leads out of the checkout)")
            return False
        if is_inside(self.root, target):
            self.refused["checkout-link"].append(f"{path} (leads round in a circle)")
            return False
        parent, name = os.path.split(target)
        home = self.located(parent, path, self.git_of(parent), out, trail)
        if home.git is not None and not home.git.carries(home.tree, name, home.within + name):
            self.refused["checkout-link"].append(f"{path} (leads to what git ignores)")
            return False
        self.notes["link"].append(path)
        status = os.stat(target)
        if S_ISDIR(status.st_mode):
            return self.folder(self.located(target, path + "/", self.git_of(target), out, trail))
        return self.file(path, target, status, home, name)

    def file(self, path: str, disk: str, status: os.stat_result, home: _Folder, name: str) -> bool:
        """Take one file. `home` and `name` are where git knows it."""
        if not S_ISREG(status.st_mode):
            self.notes["special"].append(path)
            return False
        if "/.cache/" in f"/{path}/":
            self.refused["checkout-cache"].append(path)
        found: Pointer | pygit2.Oid | None = None
        if home.git is not None:
            found = home.git.untouched(home.tree, name, home.within + name)
            if found is not None and home.converts:
                found = home.git.content(found, status.st_size)
        if isinstance(found, Pointer):
            file = File(path, status.st_size, None, disk, found.sha256)
        else:
            file = File(path, status.st_size, None if found is None else str(found), disk)
            if file.size in POINTER_LENGTHS and Pointer.parse(file.read()):
                self.refused["checkout-lfs"].append(path)
        if status.st_mode & 0o111:
            self.executables.append(path)
        self.files[path] = file
        return True

    def checkout(self) -> Checkout:
        """What the walk found. Raises `Failure` if there is something to refuse, or nothing to deploy."""
        for refusal, paths in self.refused.items():
            raise Failure(refusal, paths=listed(paths))
        folder = _relative(self.root, self.top)
        if not self.files:
            raise Failure("checkout-empty", path=folder or ".")
        self.notes["executable"] += executables.run_directly(self.executables, self.files)
        return Checkout(
            root=Path(self.root),
            folder=folder,
            files=dict(sorted(self.files.items())),
            notices=tuple(notice(kind, paths, folder) for kind, paths in self.notes.items() if paths),
            commit=None if self.repository is None else self.repository.commit,
            left_out=dict(self.left_out),
        )


def _relative(path: str, folder: str) -> str:
    """A real path inside `folder`, relative to it; "" for the folder itself."""
    return path[len(folder) :].lstrip("/")
