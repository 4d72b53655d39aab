"""The entries of a folder, read from the very folder that was meant."""

import os
from stat import S_ISDIR
from typing import NamedTuple

from hfspace_action.errors import Failure

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC


class Entry(NamedTuple):
    """What is in a folder under one name. The status is its own, also that of a symbolic link."""

    name: str
    status: os.stat_result

    @property
    def is_folder(self) -> bool:
        """Whether it is a folder, and not a link to one."""
        return S_ISDIR(self.status.st_mode)


def entries(path: str, shown: str) -> list[Entry]:
    """Return the entries of the folder at a real path, by name. Raises `Failure`, in which the folder is `shown`.

    Another process may put a link in the place of a folder above it. So what was opened is asked where it is.
    """
    try:
        descriptor = os.open(path, _FOLDER)
        try:
            if os.readlink(f"/proc/self/fd/{descriptor}") != path:
                raise Failure("checkout-changed", path=shown, said="it is not the folder that was found")
            with os.scandir(descriptor) as scan:
                return sorted(Entry(entry.name, entry.stat(follow_symlinks=False)) for entry in scan)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Failure("checkout-changed", path=shown, said=error.strerror) from error


def status(path: str, shown: str) -> os.stat_result:
    """Return the status of what is at a real path, and nowhere else. Raises `Failure` as `entries` does."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            if os.readlink(f"/proc/self/fd/{descriptor}") != path:
                raise Failure("checkout-changed", path=shown, said="it is not what the link led to")
            return os.fstat(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise Failure("checkout-changed", path=shown, said=error.strerror) from error
