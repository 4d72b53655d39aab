"""The blobs of the repository that was checked out, by their ids, whatever commit they are of."""

from collections.abc import Callable
from pathlib import Path

from .libgit2 import enums, pygit2


def blobs(folder: Path) -> Callable[[str], bytes | None]:
    """Return what reads a blob of the repository that a folder is the top of; it gives None for one that is not there."""
    try:
        database = pygit2.Repository(str(folder), enums.RepositoryOpenFlag.NO_SEARCH).odb
    except pygit2.GitError:
        return lambda _blob: None

    def read(blob: str) -> bytes | None:
        try:
            kind, content = database.read(pygit2.Oid(hex=blob))[:2]
        except (KeyError, ValueError, pygit2.GitError):
            return None
        return bytes(content) if kind == enums.ObjectType.BLOB else None

    return read
