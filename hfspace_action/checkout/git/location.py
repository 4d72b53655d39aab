"""The `.git` that a folder belongs to, and what in it must not be opened.

libgit2 opens what it finds: a pipe in place of its config would make it wait for ever, without a chance to end it.
"""

import os
import re
from stat import S_ISDIR, S_ISREG

from hfspace_action.errors import Failure
from hfspace_action.file import read_own

_LONGEST_POINTER = 4096
_LARGEST_CONFIG = 1024 * 1024
_MOST_INCLUDES = 100
_INCLUDED = re.compile(r"(?im)^[ \t]*path[ \t]*=[ \t]*(.{1,4096})$")


def find(folder: str, top: str) -> str | None:
    """Return the work tree that a folder belongs to, searched for up to `top` and never above; None without one."""
    here = folder
    while is_inside(here, top):
        if os.path.lexists(os.path.join(here, ".git")):
            return here
        here = os.path.dirname(here)
    return None


def is_inside(path: str, folder: str) -> bool:
    """Whether a real path is `folder` or lies in it."""
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def unreadable(work_tree: str, said: str) -> Failure:
    """Return the failure of a repository that can't be read."""
    return Failure("checkout-repository", path=work_tree, said=said)


def check(work_tree: str) -> None:
    """Raise `Failure` if the `.git` here leads to no repository, or something in it can't be opened safely."""
    git = os.path.join(work_tree, ".git")
    try:
        if not os.path.isdir(git):
            git = _pointed_to(work_tree, git)
        if not os.path.isfile(os.path.join(git, "HEAD")):
            raise unreadable(work_tree, "its .git leads to no repository")
        common = os.path.join(git, "commondir")
        folders = [git]
        if os.path.lexists(common):  # of a linked work tree
            folders.append(os.path.join(git, os.fsdecode(read_own(common, _LONGEST_POINTER)).strip()))
        for each in folders:
            _refuse_special(work_tree, each)
            _refuse_special_includes(work_tree, os.path.join(each, "config"))
    except (OSError, ValueError) as error:
        raise unreadable(work_tree, str(error)) from error


def _pointed_to(work_tree: str, pointer: str) -> str:
    """Return the folder that a `.git` file names, as in a submodule."""
    text = os.fsdecode(read_own(pointer, _LONGEST_POINTER))
    if not text.startswith("gitdir:"):
        raise unreadable(work_tree, "its .git is neither a folder nor names one")
    return os.path.join(work_tree, text.removeprefix("gitdir:").strip())


def _refuse_special(work_tree: str, folder: str) -> None:
    """Raise `Failure` for a pipe, a socket or a device at any depth."""
    waiting = [folder]
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)
                elif not entry.is_file(follow_symlinks=False) and not _leads_to_file(entry):
                    raise unreadable(work_tree, f"{os.path.relpath(entry.path, work_tree)} is no regular file")


def _leads_to_file(entry: os.DirEntry[str]) -> bool:
    """Whether a symbolic link leads to a file or a folder, or nowhere."""
    if not entry.is_symlink():
        return False
    try:
        mode = entry.stat().st_mode
    except OSError:
        return True
    return S_ISREG(mode) or S_ISDIR(mode)


def _refuse_special_includes(work_tree: str, config: str) -> None:
    """Raise `Failure` if a config file includes what is no regular file."""
    waiting, seen = [config], set[str]()
    while waiting and len(seen) < _MOST_INCLUDES:
        path = waiting.pop()
        if path in seen or not os.path.lexists(path):
            continue
        seen.add(path)
        try:
            text = os.fsdecode(read_own(os.path.realpath(path), _LARGEST_CONFIG))
        except OSError as error:
            raise unreadable(work_tree, f"{path}: {error}") from error
        for found in _INCLUDED.finditer(text):
            named = os.path.expanduser(found[1].strip().strip('"'))
            waiting.append(os.path.join(os.path.dirname(path), named))
