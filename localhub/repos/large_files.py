"""The store of large files, by their content: what LFS and Xet upload and what downloads read."""

import secrets
from pathlib import Path


class Objects:
    """Files by the sha256 of their content. A file is either there and whole, or not there."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self._incoming = directory / "incoming"
        self._incoming.mkdir(parents=True, exist_ok=True)

    def path(self, sha256: str) -> Path:
        """Where an object is, or would be."""
        return self._directory / sha256[:2] / sha256[2:4] / sha256

    def has(self, sha256: str) -> bool:
        """Whether the object is there."""
        return self.path(sha256).is_file()

    def size(self, sha256: str) -> int:
        """Size in bytes. FileNotFoundError."""
        return self.path(sha256).stat().st_size

    def incoming(self, name: str | None = None) -> Path:
        """A file to write an object to before it is adopted; on the store's file system."""
        return self._incoming / (name or secrets.token_hex(16))

    def adopt(self, file: Path, sha256: str) -> None:
        """Take a complete file, whose sha256 the caller has checked, into the store."""
        target = self.path(sha256)
        target.parent.mkdir(parents=True, exist_ok=True)
        file.replace(target)
