"""What is really on the Space, read with git from localhub's own repository."""

import hashlib
from pathlib import Path

from tests.kit.gitrepo import git


def commits_on_main(repository: Path) -> set[str]:
    """Their ids, without the one that the Hub makes with a Space; none where there is no repository yet."""
    if not repository.exists():
        return set()
    return set(git(repository, "rev-list", "--invert-grep", "--grep=^initial commit$", "main").split())


def wrong_files(repository: Path, checkout: Path) -> list[str]:
    """The paths at which main holds something else, nothing, or too much. What is called .git… (.gitignore, .github) is left
    out of account: the contenders differ in what they take of it on purpose. A README may have got front matter."""
    wanted = {path: about.split()[1] for about, path in _lines(git(checkout, "ls-files", "-s", "-z"))}
    held = {path: about.split()[2] for about, path in _lines(git(repository, "ls-tree", "-r", "-z", "main"))}
    return sorted(
        path
        for path in wanted.keys() | held.keys()
        if not any(part.startswith(".git") for part in path.split("/"))
        and wanted.get(path) != held.get(path)
        and not (path in wanted and path in held and _same(repository, held[path], checkout / path))
    )


def _same(repository: Path, blob: str, file: Path) -> bool:
    """Whether a blob that differs from git's stands for the file's content all the same: as an LFS pointer, or a README."""
    stored = git(repository, "cat-file", "blob", blob) if int(git(repository, "cat-file", "-s", blob)) < 100_000 else ""
    with file.open("rb") as stream:
        if f"\noid sha256:{hashlib.file_digest(stream, 'sha256').hexdigest()}\n" in stored:
            return True
    return file.name == "README.md" and stored.endswith(file.read_text("utf-8"))


def _lines(listing: str) -> list[tuple[str, str]]:
    parts = (line.partition("\t") for line in listing.split("\0") if line)
    return [(about, path) for about, _, path in parts]
