"""The repository of a user, as the checkout step leaves it in the workspace."""

import shutil
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pygit2

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
    repository = pygit2.Repository(folder)
    try:
        repository.index.add_all()
        repository.index.write()
    except pygit2.GitError:  # libgit2 goes no deeper than a hundred folders
        gitrepo.git(folder, "add", "--all")
        repository.index.read()
    parents = [] if repository.head_is_unborn else [repository.head.target]
    who = pygit2.Signature("Octo", "octo@example.invalid")
    tree = repository.index.write_tree()
    return str(repository.create_commit("HEAD", who, who, f"{message}\n", tree, parents))


def copy_of_the_action(folder: Path) -> Path:
    """A repository that holds this project as it stands in the work tree, for a workflow that says `uses: ./`."""
    folder.mkdir(parents=True)
    tracked = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.check_output(tracked, text=True).split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)
    return create(folder, {})
