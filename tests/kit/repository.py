"""The repository of a user, as the checkout step leaves it in the workspace."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

from hfspace_action.checkout.git.libgit2 import pygit2
from tests.kit import ROOT, gitrepo
from tests.kit.step.action import REPOSITORY


def create(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """A fresh git repository in `folder` (made if missing) with `files` committed on main."""
    folder.mkdir(parents=True, exist_ok=True)
    shutil.copytree(gitrepo.empty(), folder / ".git", dirs_exist_ok=True)
    pygit2.Repository(folder).remotes.create("origin", f"https://github.com/{REPOSITORY}.git")
    commit(folder, "First", files)
    return folder


def commit(folder: Path, message: str, files: Mapping[str, str | bytes]) -> str:
    """Write `files`, commit everything, and return the commit's id."""
    gitrepo.write(folder, files)
    return gitrepo.record(folder, message, pygit2.Signature("Octo", "octo@example.invalid"))


def copy_of_the_action(folder: Path) -> Path:
    """A repository that holds this project as it stands in the work tree, for a workflow that says `uses: ./`."""
    folder.mkdir(parents=True)
    tracked = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.check_output(tracked, text=True).split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return create(folder, {})
