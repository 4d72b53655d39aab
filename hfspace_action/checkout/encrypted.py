"""Files that git-crypt keeps encrypted: without its key, what is on disk is of no use to anybody."""

import os
from collections.abc import Mapping

from hfspace_action.file import File, is_locked, read_own

_HEADER = 10  # bytes


def find(files: Mapping[str, File], root: str, top: str) -> list[str]:
    """Return the paths of locked files. Files are opened only where a .gitattributes at or above their folder names git-crypt, or
    git-crypt keeps its keys at the top."""
    folders: dict[str, bool] = {top: _names_git_crypt(top) or os.path.isdir(f"{top}/.git-crypt")}

    def encrypts(folder: str) -> bool:
        if folder not in folders:
            above = len(folder) > len(top) and encrypts(os.path.dirname(folder))
            folders[folder] = above or _names_git_crypt(folder)
        return folders[folder]

    # Of very many files most share their folder with others.
    inside = {
        folder for folder in {path.rpartition("/")[0] for path in files} if encrypts(f"{root}/{folder}".rstrip("/"))
    }
    if not inside:
        return []
    return [path for path, file in files.items() if path.rpartition("/")[0] in inside and is_locked(file.read(_HEADER))]


def _names_git_crypt(folder: str) -> bool:
    try:
        return b"git-crypt" in read_own(f"{folder}/.gitattributes", 1 << 20)
    except OSError:  # there is none that git would read
        return False
