"""Edits of a git tree, collected first and written as trees in one go: only the folders they touch are read."""

from dataclasses import dataclass, field
from enum import Enum

import pygit2
from pygit2.enums import FileMode


class Removed(Enum):
    """What is to be taken away."""

    FILE = "file"
    FOLDER = "folder"


@dataclass
class Changes:
    """Edits of one folder, in the order they were made, so that a folder removed and filled again is a new one."""

    names: dict[str, "Changes | pygit2.Oid | Removed"] = field(default_factory=dict)
    """By name: what was done in a folder, a file's new blob, or that it is removed."""
    afresh: bool = False
    """The folder starts empty, whatever stood there before."""

    def put(self, path: str, blob: pygit2.Oid) -> None:
        """Write a file."""
        folder, name = self._folder_of(path)
        folder.names[name] = blob

    def remove(self, path: str, what: Removed = Removed.FILE) -> None:
        """Remove a file, or a folder with all it holds."""
        folder, name = self._folder_of(path)
        folder.names[name] = what

    def apply(self, repository: pygit2.Repository, tree: pygit2.Tree | None, path: str = "") -> pygit2.Oid | None:
        """The tree with these edits made, written to the repository; None if nothing is left of it.

        `path` is that of the tree, with a slash at its end. KeyError (a path) where something is to be removed that
        isn't there.
        """
        before = None if self.afresh else tree
        builder = repository.TreeBuilder() if before is None else repository.TreeBuilder(before)
        for name, change in self.names.items():
            was = tree[name] if tree is not None and name in tree else None
            old = None if self.afresh else was
            if isinstance(change, pygit2.Oid):
                builder.insert(name, change, FileMode.BLOB)
            elif isinstance(change, Changes):
                inner = change.apply(repository, was if isinstance(was, pygit2.Tree) else None, f"{path}{name}/")
                if inner is not None:
                    builder.insert(name, inner, FileMode.TREE)
                elif old is not None:
                    builder.remove(name)
            elif old is None and was is not None:
                continue  # it went with its folder
            elif old is None or (change is Removed.FOLDER and not isinstance(old, pygit2.Tree)):
                raise KeyError(path + name)
            else:
                builder.remove(name)
        return builder.write() if len(builder) else None

    def _folder_of(self, path: str) -> tuple["Changes", str]:
        *folders, name = path.split("/")
        node = self
        for part in folders:
            inner = node.names.get(part)
            if not isinstance(inner, Changes):  # where a file stood, or nothing any more, a new folder begins
                inner = node.names[part] = Changes(afresh=node.afresh or inner is not None)
            node = inner
        return node, name
