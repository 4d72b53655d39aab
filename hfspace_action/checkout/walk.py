"""The files to deploy: what is in, what is out, and what can't be carried over.

What git tracks is deployed, as it is on disk, and nothing that nobody chose. Where there is no git, the .gitignore files
decide.
"""

import os
from collections import Counter, defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path
from stat import S_ISDIR, S_ISLNK, S_ISREG
from typing import NamedTuple

from hfspace_action.errors import Failure, Failures
from hfspace_action.file import POINTER_LENGTHS, File, stamp

from . import encrypted, executables, folder, names
from .checkout import Checkout, not_as_committed, relative, remarks
from .folder import Entry
from .git import location
from .git.identity import Attributes, Findings, is_pointer
from .git.location import is_inside
from .git.repository import Repository
from .ignore_rules import IgnoreRules, downwards, is_ignored
from .notices import exclude_lines, listed, notice
from .selection import LeftOut, Reason, Selection, is_machinery

__all__ = ["Checkout", "File", "read"]

# Source: https://huggingface.co/docs/hub/storage-limits
_MOST_ENTRIES = 10_000
# Fifteen links in a row, each to a folder with two of the next, make 65,536 files of one.
_MOST_LINKED = 10_000
_DEEPEST = 100


def read(workspace: Path, folder: str, *, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> Checkout:
    """Return the files of `folder` in `workspace`. `include` brings what would be left out, `exclude` has the last word; both
    in .gitignore syntax, relative to the folder. Raises `Failure` for what can't be deployed faithfully, `Failures` for several
    such things."""
    found = look(workspace, folder, include=include, exclude=exclude)
    if found.obstacles:
        raise found.obstacles[0] if len(found.obstacles) == 1 else Failures(list(found.obstacles))
    return found


def look(workspace: Path, folder: str, *, include: Sequence[str] = (), exclude: Sequence[str] = ()) -> Checkout:
    """Return the same with its obstacles, for whom more has to be read before all that is wrong is known."""
    top = os.path.realpath(workspace)
    try:
        disk = os.path.realpath(os.path.join(top, folder))
        missing = not os.path.isdir(disk)
    except ValueError as error:  # a zero byte
        raise Failure("path-missing", path=folder, meant="") from error
    if not is_inside(disk, top) or ".git" in disk[len(top) :].split("/"):
        raise Failure("path-outside", path=folder)
    if missing:
        raise Failure("path-missing", path=folder, meant=names.meant(top, folder))
    walk = _Walk(top, disk, Selection(include, exclude))
    walk.folder(walk.start())
    return walk.checkout()


class _Folder(NamedTuple):
    """Where the walk is: on disk, in the Space (`path`) and in git (`within`); the last two are "" or end with "/".

    `out` is why the folder is left out, if it is; `trail` holds the real paths of the folders that led here, `linked` whether
    one of them was a link.
    """

    disk: str
    path: str
    git: Repository | None
    within: str
    attributes: Attributes
    rules: IgnoreRules
    out: Reason | None
    trail: frozenset[str]
    linked: bool


class _Walk:
    """One walk over the deployed folder, gathering files, what to report, and what to refuse."""

    def __init__(self, top: str, root: str, selection: Selection) -> None:
        self.top, self.root, self.selection = top, root, selection
        self.repositories: dict[str, Repository] = {}
        self.repository = self.repository_of(root, top)
        # A folder that `path` names is wanted, though git does not track it: a built dist/ is taken whole.
        self.whole = root != top and self.is_unknown(root)
        self.files: dict[str, File] = {}
        self.executables: list[str] = []
        self.findings = Findings()
        self.untracked = 0  # of the files
        self.linked = 0  # entries reached by links
        self.notes: defaultdict[str, list[str]] = defaultdict(list)
        self.refused: defaultdict[str, list[str]] = defaultdict(list)

    # Where it is

    def start(self) -> _Folder:
        """The deployed folder."""
        return self.located(self.root, "", None, frozenset(), linked=False)

    def repository_of(self, disk: str, top: str) -> Repository | None:
        """The repository that a folder belongs to, searched for up to `top`."""
        found = location.find(disk, top)
        if found is None:
            return None
        if found not in self.repositories:
            self.repositories[found] = Repository(found)
        return self.repositories[found]

    def is_unknown(self, disk: str) -> bool:
        """Whether git tracks nothing in a folder; without git, whether a .gitignore file ignores it."""
        if self.repository is not None:
            return not self.repository.tracks(relative(disk, self.repository.root))
        return is_ignored(self.top, disk)

    def located(self, disk: str, path: str, out: Reason | None, trail: frozenset[str], *, linked: bool) -> _Folder:
        """A folder that was not reached from the one above it. What is in it is not known yet."""
        git = None if self.whole and is_inside(disk, self.root) else self.repository_of(disk, self.top)
        attributes, rules, within = Attributes(), IgnoreRules(), relative(disk, git.root if git else self.top)
        for above in downwards(git.root if git else self.top, disk)[:-1]:
            if git is not None:
                attributes = attributes.within(above)
            elif not self.whole:
                base = relative(above, self.top)
                rules = rules.within(above, base and base + "/")
        return _Folder(disk, path, git, within and within + "/", attributes, rules, out, trail, linked)

    # What is in it

    def folder(self, here: _Folder) -> bool:
        """Take a folder's files; whether there were any."""
        if here.disk in here.trail:
            self.refused["checkout-link"].append(f"{here.path.rstrip('/')} (leads round in a circle)")
            return False
        if len(here.trail) >= _DEEPEST:
            raise Failure("checkout-deep", path=here.path, deepest=_DEEPEST)
        entries = folder.entries(here.disk, here.path or "./")
        self.linked += len(entries) if here.linked else 0
        if self.linked > _MOST_LINKED:
            raise Failure(
                "checkout-link",
                paths=f"{here.path} (links lead to more than {_MOST_LINKED:,} files)",
                lines=exclude_lines([here.path.rstrip("/")]),
            )
        here = self.entered(here, {entry.name for entry in entries})
        taken = [entry.name for entry in entries if self.entry(entry, here)]
        if len(taken) > _MOST_ENTRIES:
            self.refused["checkout-crowded"].append(f"{here.path or './'} ({len(taken):,} entries)")
        if len({name.casefold() for name in taken}) < len(taken):
            counts = Counter(name.casefold() for name in taken)
            self.notes["case"] += (here.path + name for name in taken if counts[name.casefold()] > 1)
        return bool(taken)

    def entered(self, here: _Folder, inside: Collection[str]) -> _Folder:
        """The folder with the rules that are in it."""
        attributes, rules = here.attributes, here.rules
        if here.git is not None and ".gitattributes" in inside:
            attributes = attributes.within(here.disk)
        elif here.git is None and not self.whole and here.out is None and ".gitignore" in inside:
            rules = rules.within(here.disk, here.within)
        return here._replace(attributes=attributes, rules=rules, trail=here.trail | {here.disk})

    def entry(self, entry: Entry, here: _Folder) -> bool:
        """Take what has one name; whether there was a file in it."""
        path, is_folder = here.path + entry.name, entry.is_folder
        shown = path + "/" if is_folder else path
        if entry.name == ".git" or self.selection.excludes(shown):
            return False
        out = self.reason(here, entry, path)
        disk = f"{here.disk.rstrip('/')}/{entry.name}"
        if out is not None and not self.brings(shown, disk):
            self.selection.leave_out(out, shown)
            return False
        if path == ".gitattributes":  # always the Space's own
            return False
        problem = names.problem(entry.name)
        if problem:
            self.refused["checkout-name"].append(f"{path} ({problem})")
            return False
        if is_folder:
            mark = self.selection.mark()
            taken = self.folder(self.below(here, entry.name, disk, out))
            if out is not None and not taken:
                self.selection.collapse(mark, out, shown)
            return taken
        if S_ISLNK(entry.status.st_mode):
            return self.link(disk, path, out, here.trail)
        return self.file(path, disk, entry.status, here)

    def reason(self, here: _Folder, entry: Entry, path: str) -> Reason | None:
        """Why a path is left out unless `include` brings it; None if it is in."""
        if is_machinery(entry.name, path):
            return "machinery"
        if here.out is not None:
            return here.out
        if here.git is not None:
            return None if here.git.tracks(here.within + entry.name) else "untracked"
        return "ignored" if here.rules.ignore(here.within + entry.name, folder=entry.is_folder) else None

    def brings(self, path: str, disk: str) -> bool:
        """Whether `include` names what is left out, or may name something in it if `path` is a folder's."""
        if not path.endswith("/"):
            return self.selection.includes(path)
        return self.selection.searches(path) and not os.path.lexists(f"{disk}/pyvenv.cfg")

    def below(self, here: _Folder, name: str, disk: str, out: Reason | None) -> _Folder:
        """A folder of the one that the walk is in. A submodule, or any other repository, is asked for itself."""
        path, within = f"{here.path}{name}/", f"{here.within}{name}/"
        submodule = here.git is not None and here.git.index.is_submodule(within[:-1])
        if out is not None or not (submodule or os.path.lexists(f"{disk}/.git")):
            return here._replace(disk=disk, path=path, within=within, out=out)
        if submodule and not os.listdir(disk):
            self.notes["submodule"].append(path[:-1])
        git = self.repository_of(disk, disk)
        if submodule and git is not None and here.git is not None and git.head != here.git.index.blob(within[:-1]):
            self.findings.changed.append(path[:-1])
        rules = IgnoreRules()
        return here._replace(disk=disk, path=path, git=git, within="", attributes=Attributes(), rules=rules)

    def link(self, disk: str, path: str, out: Reason | None, trail: frozenset[str]) -> bool:
        """Take what a symbolic link leads to, if that is part of the checkout."""
        try:
            target = os.path.realpath(disk, strict=True)
        except OSError:
            return self.refuse_link(path, "leads nowhere")
        if not is_inside(target, self.top) or ".git" in target[len(self.top) :].split("/"):
            return self.refuse_link(path, "leads out of the checkout")
        if is_inside(self.root, target):
            return self.refuse_link(path, "leads round in a circle")
        parent, name = os.path.split(target)
        status = folder.status(target, path)
        home = self.located(parent, path, out, trail, linked=True)
        home = home._replace(attributes=home.attributes.within(parent) if home.git else home.attributes)
        inside = relative(target, self.root) + ("/" if S_ISDIR(status.st_mode) else "")
        chosen = is_inside(target, self.root) and self.selection.include(inside)
        if not chosen and home.git is not None and not home.git.tracks(home.within + name):
            return self.refuse_link(path, "leads to what git does not track")
        if not chosen and home.git is None and not self.whole and self.is_unknown(target):
            return self.refuse_link(path, "leads to what .gitignore names")
        self.notes["link"].append(path)
        if S_ISDIR(status.st_mode):
            there = self.located(target, path + "/", out, trail, linked=True)
            return self.folder(there._replace(git=None) if chosen else there)
        return self.file(path, target, status, home, name)

    def refuse_link(self, path: str, problem: str) -> bool:
        """Refuse a link, in which there is no file then."""
        self.refused["checkout-link"].append(f"{path} ({problem})")
        return False

    def file(self, path: str, disk: str, status: os.stat_result, home: _Folder, name: str | None = None) -> bool:
        """Take one file. `home` and `name` are where git knows it."""
        if not S_ISREG(status.st_mode):
            self.notes["special"].append(path)
            return False
        if "/.cache/" in f"/{path}/":
            self.refused["checkout-cache"].append(path)
        file = File(path, status.st_size, None, disk, seen=stamp(status))
        tracked = home.within + (name or path.rpartition("/")[2])
        if home.git is not None and tracked in home.git.index:
            file = self.findings.identified(file, home.git, tracked, status, home.attributes)
        else:
            self.untracked += 1
        if is_pointer(file, POINTER_LENGTHS):
            self.refused["checkout-lfs"].append(path)
        if status.st_mode & 0o111:
            self.executables.append(path)
        self.files[path] = file
        return True

    # What came of it

    def checkout(self) -> Checkout:
        """What the walk found. Raises `Failure` if there is nothing to deploy."""
        self.refused["checkout-encrypted"] += encrypted.find(self.files, self.root, self.top)
        obstacles = tuple(
            Failure(refusal, paths=listed(paths), lines=exclude_lines(paths))
            for refusal, paths in self.refused.items()
            if paths
        )
        deployed = relative(self.root, self.top)
        left_out = LeftOut(self.selection.left_out)
        if not self.files and not obstacles:
            raise Failure("checkout-empty", path=deployed or ".", left_out=f" {left_out}" if str(left_out) else "")
        self.notes["executable"] += executables.run_directly(self.executables, self.files)
        if self.repository is None:
            self.notes["no-git"].append(deployed or ".")
        git = None if self.whole else self.repository
        gone = not_as_committed(git, self.root, self.files, self.selection) if git is not None else ()
        changed = sorted({*self.findings.changed, *gone})
        head = None if self.repository is None else self.repository.head
        whole = [f"`path: {deployed}` is not tracked by git, and so is deployed whole."] if self.whole else []
        return Checkout(
            root=Path(self.root),
            folder=deployed,
            files=dict(sorted(self.files.items())),
            notices=(
                *(notice(kind, paths, deployed) for kind, paths in self.notes.items() if paths),
                *self.selection.unused([*self.files], deployed),
            ),
            head=head,
            commit=None if changed or self.untracked else head,
            left_out=left_out,
            remarks=(*whole, *remarks(git, self.findings, changed, self.selection)),
            obstacles=obstacles,
        )
