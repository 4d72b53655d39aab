"""What was read of a checkout: the files to deploy, and what there is to say about the choice."""

import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from hfspace_action.errors import Failure, Note, Place
from hfspace_action.file import File

from .git.identity import Findings
from .git.repository import Repository
from .notices import listed
from .selection import LeftOut, Selection


class Checkout(NamedTuple):
    """What is to be deployed. `root` is the deployed folder, `folder` its POSIX path in the workspace ("" for all of it),
    `files` are sorted by path.

    `head` is the commit that was checked out, `commit` the same where the files are that commit's, None otherwise. `left_out`
    is what is not deployed, `remarks` are lines on the choice that call for nothing, `notices` those that may, `obstacles` what
    keeps it from being deployed faithfully.
    """

    root: Path
    folder: str
    files: Mapping[str, File]
    notices: tuple[Note, ...]
    head: str | None
    commit: str | None
    left_out: LeftOut
    remarks: tuple[str, ...]
    obstacles: tuple[Failure, ...] = ()

    def place(self, path: str, line: int | None = None) -> Place:
        """Where a file of the Space is in the workspace."""
        return Place(f"{self.folder}/{path}" if self.folder else path, line)


def not_as_committed(git: Repository, root: str, files: Mapping[str, File], selection: Selection) -> Iterator[str]:
    """Yield the tracked files of the folder `root` that are gone, or staged otherwise than in the commit."""
    within = relative(root, git.root)
    prefix = within and within + "/"
    for tracked in git.index:
        path = tracked[len(prefix) :]
        if path in files or not tracked.startswith(prefix) or tracked in git.index.skipped:
            continue
        if not selection.exclude(path) and not os.path.lexists(f"{root}/{path}"):
            yield path
    for tracked in git.staged:
        if tracked.startswith(prefix) and not selection.exclude(tracked[len(prefix) :]):
            yield tracked[len(prefix) :]


def remarks(git: Repository | None, findings: Findings, changed: Sequence[str], selection: Selection) -> Iterator[str]:
    """Yield a line for each thing that was chosen or found and calls for nothing."""
    if changed and git is not None:
        head = f"commit {git.head[:7]}" if git.head else "the checkout"
        yield f"Not as in {head}, and deployed as they are here: {listed(changed)}."
    if findings.converted:
        converted = listed(findings.converted)
        yield f"Changed by git on the way to the disk (line ends or a filter), and deployed as they are here: {converted}."
    if git is not None and git.index.skipped:
        yield f"A sparse checkout: {len(git.index.skipped):,} files of the commit are not here."
    if brought := selection.remark():
        yield brought
    if left_out := str(LeftOut(selection.left_out)):
        yield left_out


def relative(path: str, folder: str) -> str:
    """A real path inside `folder`, relative to it; "" for the folder itself."""
    return path[len(folder) :].lstrip("/")
