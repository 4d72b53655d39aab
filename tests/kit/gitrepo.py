"""Real git repositories for tests, away from anybody's own configuration."""

import atexit
import functools
import os
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from hfspace_action.checkout.git.libgit2 import pygit2

ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    **{f"GIT_{role}_{field}": "test@example.com" for role in ("AUTHOR", "COMMITTER") for field in ("NAME", "EMAIL")},
}


def git(folder: Path, *arguments: str, stdin: bytes = b"") -> str:
    """Run git in a folder; its output. Fails with git's own words."""
    command = [
        "git",
        "-c",
        "init.defaultBranch=main",
        "-c",
        "protocol.file.allow=always",
        "-c",
        "maintenance.auto=false",  # a process more after each commit, for nothing
        "-C",
        str(folder),
        *arguments,
    ]
    done = subprocess.run(command, input=stdin, capture_output=True, env=ENVIRONMENT, check=False)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode()


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files below a folder; the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for path, content in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def commit(folder: Path, files: Mapping[str, str | bytes] | None = None) -> Path:
    """Commit files, and all else that is there, in a repository that is made if need be; its folder."""
    write(folder, files or {})
    if not (folder / ".git").exists():
        shutil.copytree(empty(), folder / ".git")
    record(folder, "test", pygit2.Signature("test", "test@example.com"))
    return folder


def record(folder: Path, message: str, who: pygit2.Signature) -> str:
    """Commit all that is there; the commit's id. By libgit2, which takes a quarter of the time of git's two processes."""
    repository = pygit2.Repository(folder)
    if not _add_all(repository):
        git(folder, "add", "--all")
        repository.index.read()
    parents = [] if repository.head_is_unborn else [repository.head.target]
    tree = repository.index.write_tree()
    return str(repository.create_commit("HEAD", who, who, f"{message}\n", tree, parents))


def _add_all(repository: pygit2.Repository) -> bool:
    """Whether libgit2 could put all that is there into the index: it runs no filter, and goes no deeper than a hundred folders."""
    if any(each.name.startswith("filter.") for each in repository.config):
        return False
    try:
        repository.index.add_all()
        repository.index.write()
    except pygit2.GitError:
        return False
    return True


@functools.cache
def empty() -> Path:
    """Git's own part of a repository without a commit, made once in a process of pytest, to be copied."""
    made = tempfile.TemporaryDirectory(prefix="repository-")
    atexit.register(made.cleanup)
    git(Path(made.name), "init", "--quiet", "--template=")
    return Path(made.name, ".git")
