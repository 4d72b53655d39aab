"""The files of a commit in a folder, where a build can work on them."""

import asyncio
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from pygit2.enums import FileMode

from localhub.repos.large_files import Objects
from localhub.repos.repository import Repo

T = TypeVar("T")


async def check_out(repo: Repo, commit: str, objects: Objects, folder: Path) -> None:
    """Write all files of a commit to a new folder, large ones with their content."""
    await in_thread(lambda: _write(repo, commit, objects, folder))


async def in_thread(work: Callable[[], T]) -> T:
    """The result of `work`. Cancelled, it first waits for it: no thread works on in a folder that is being removed."""
    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(running)
    finally:
        await asyncio.wait([running])


def _write(repo: Repo, commit: str, objects: Objects, folder: Path) -> None:
    folder.mkdir()
    for entry in repo.git.list(commit, recursive=True):
        path = folder / entry.path
        if entry.kind == "directory":
            path.mkdir()
        elif entry.lfs:
            shutil.copyfile(objects.path(entry.lfs.sha256), path)
        elif entry.mode == FileMode.LINK:
            path.symlink_to(repo.git.read(commit, entry.path).decode())
        elif entry.mode != FileMode.COMMIT:  # a submodule's files are elsewhere
            path.write_bytes(repo.git.read(commit, entry.path))
            path.chmod(0o755 if entry.mode == FileMode.BLOB_EXECUTABLE else 0o644)
