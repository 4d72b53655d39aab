"""The first line of a commit's message, by which people know it."""

from pathlib import Path

from .git.libgit2 import pygit2


def subject(folder: Path, commit: str) -> str:
    """Return the subject of a commit of the repository that a folder belongs to; empty where it can't be read."""
    try:
        found = pygit2.Repository(str(folder)).get(commit)
    except (pygit2.GitError, ValueError):
        return ""
    return found.message.strip().partition("\n")[0].strip() if isinstance(found, pygit2.Commit) else ""
