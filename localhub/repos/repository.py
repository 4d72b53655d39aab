"""A repository: its git, what the Hub knows about it besides, and the lock of those who write to it."""

import secrets
import threading
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from localhub.json_files import timestamp, write_json

from . import card
from .git import Repository

Visibility = Literal["public", "protected", "private"]
Region = Literal["us", "eu"]


@dataclass
class Meta:
    """What the Hub knows about a repository that isn't in git."""

    id: str
    creator: str
    visibility: Visibility = "public"
    gated: Literal["auto", "manual", False] = False
    discussions_disabled: bool = False
    region: Region = "us"
    resource_group: str | None = None
    object_id: str = field(default_factory=lambda: secrets.token_hex(12))
    created_at: str = field(default_factory=timestamp)


class Repo:
    """A repository: `kind` is model, dataset or space; git lives in `dir/git`, the rest beside it as JSON."""

    def __init__(self, kind: str, directory: Path, meta: Meta) -> None:
        self.kind = kind
        self.dir = directory
        self.meta = meta
        self.git = Repository(directory / "git")
        self.lock = threading.Lock()
        """Held by whoever writes to git."""

    @property
    def id(self) -> str:
        """`owner/name`."""
        return self.meta.id

    @property
    def owner(self) -> str:
        """The namespace."""
        return self.meta.id.partition("/")[0]

    def front_matter(self, commit: str) -> dict[str, Any] | None:
        """What the README of a commit says about the repository; None if there is nothing, or nothing legible."""
        try:
            return card.front_matter(self.git.read(commit, "README.md").decode("utf-8", "replace"))
        except (KeyError, ValueError):
            return None

    def save_meta(self) -> None:
        """Write the metadata to disk."""
        write_json(self.dir / "repo.json", asdict(self.meta))
