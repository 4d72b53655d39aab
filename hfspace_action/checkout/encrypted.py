"""Files that git-crypt keeps encrypted: without its key, what is on disk is of no use to anybody."""

import os
from collections.abc import Mapping

from hfspace_action.file import File, read_own

_HEADER = b"\0GITCRYPT\0"


def find(files: Mapping[str, File], root: str, top: str) -> list[str]:
    """Return the paths of locked files. Files are opened only where a .gitattributes at or above their folder names git-crypt."""
    folders: dict[str, bool] = {}

    def encrypts(folder: str) -> bool:
        if folder not in folders:
            above = folder != top and len(folder) > len(top) and encrypts(os.path.dirname(folder))
            folders[folder] = above or _names_git_crypt(folder)
        return folders[folder]

    wanted = (path for path in files if encrypts(os.path.dirname(os.path.join(root, path))))
    return [path for path in wanted if files[path].size > len(_HEADER) and files[path].read(len(_HEADER)) == _HEADER]


def _names_git_crypt(folder: str) -> bool:
    try:
        return b"git-crypt" in read_own(f"{folder}/.gitattributes", 1 << 20)
    except OSError:  # there is none that git would read
        return False
