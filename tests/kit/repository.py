"""The repository of a user, as the checkout step leaves it in the workspace."""

import atexit
import functools
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import pygit2

from tests.kit import ROOT
from tests.kit.step.action import REPOSITORY


def create(folder: Path, files: Mapping[str, str]) -> Path:
    """A fresh git repository in `folder` (made if missing) with `files` committed on main."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(_empty(), folder / ".git", dirs_exist_ok=True)
    commit(folder, "First", files)
    return folder


def commit(folder: Path, message: str, files: Mapping[str, str]) -> str:
    """Write `files`, commit everything, and return the commit's id."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    _git(folder, "add", "--all")
    _git(
        folder,
        "-c",
        "user.name=Octo",
        "-c",
        "user.email=octo@example.invalid",
        "commit",
        "--quiet",
        "--message",
        message,
    )
    return str(pygit2.Repository(folder).head.target)


@functools.cache
def _empty() -> Path:
    """Git's own part of a repository without a commit, made once in a process of pytest."""
    made = tempfile.TemporaryDirectory(prefix="repository-")
    atexit.register(made.cleanup)
    folder = Path(made.name)
    _git(folder, "init", "--quiet", "--initial-branch", "main", "--template=")
    _git(folder, "remote", "add", "origin", f"https://github.com/{REPOSITORY}.git")
    return folder / ".git"


def copy_of_the_action(folder: Path) -> Path:
    """A repository that holds this project as it stands in the work tree, for a workflow that says `uses: ./`."""
    folder.mkdir(parents=True)
    for name in _git(ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return create(folder, {})


def _git(folder: Path, *arguments: str) -> str:
    return subprocess.run(["git", "-C", folder, *arguments], check=True, capture_output=True, text=True).stdout
