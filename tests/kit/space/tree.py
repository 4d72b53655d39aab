"""A Space's main as git itself tells it, in localhub's own repository: no route of the Hub and no code of ours between."""

import hashlib
from collections.abc import Mapping

from tests.kit.gitrepo import git
from tests.kit.local import LocalHub


class SpaceTree:
    """The repository behind a Space."""

    def __init__(self, hub: LocalHub, space: str) -> None:
        self.path = hub.data / "spaces" / space / "git"

    def blobs(self) -> dict[str, str]:
        """The blob id of each file on main, with the mode where it is not that of a plain file. Without .gitattributes,
        which is the Hub's own."""
        found = {}
        for line in git(self.path, "ls-tree", "-r", "-z", "--full-tree", "main").split("\0")[:-1]:
            about, _, path = line.partition("\t")
            mode, _, blob = about.split()
            found[path] = blob if mode == "100644" else f"{mode} {blob}"
        del found[".gitattributes"]
        return found

    def commits(self) -> list[str]:
        """The titles of main's commits, newest first, without the one that the Hub makes itself."""
        *titles, first = git(self.path, "log", "--first-parent", "--format=%s", "main").splitlines()
        assert first == "initial commit"
        return titles


def stored(contents: Mapping[str, bytes]) -> dict[str, str]:
    """The blob ids that a Space should have for these files: of the content, or of the pointer for what its .gitattributes
    gives to LFS."""
    return {
        path: blob(pointer(content) if content and path.endswith((".bin", ".safetensors")) else content)
        for path, content in contents.items()
    }


def blob(content: bytes) -> str:
    """Git's id of a file."""
    return hashlib.sha1(b"blob %d\0%s" % (len(content), content)).hexdigest()


def pointer(content: bytes) -> bytes:
    """What git-lfs puts in a file's place."""
    oid = hashlib.sha256(content).hexdigest().encode()
    return b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n" % (oid, len(content))
