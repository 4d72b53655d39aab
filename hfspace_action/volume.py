"""A volume of a Space: a repository or a bucket of the Hub's, mounted into the Space's container at a path."""

from typing import NamedTuple
from urllib.parse import quote

TYPES = {"models": "model", "datasets": "dataset", "spaces": "space", "buckets": "bucket"}
"""What can be mounted, by the word for it in an address."""
_WORDS = {kind: word for word, kind in TYPES.items()}
_BUCKET = "bucket"
_MAIN = "main"


class Volume(NamedTuple):
    """One volume, with the fields of the official client's. None is the Hub's default: the branch main, and read-only but for
    buckets. `path` is a folder of the source, empty for all of it."""

    type: str
    source: str
    mount_path: str
    revision: str | None = None
    read_only: bool | None = None
    path: str = ""

    @property
    def place(self) -> str:
        """The mount path as it is compared: two volumes can't have the same."""
        return self.mount_path.rstrip("/") or "/"

    @property
    def hidden(self) -> bool:
        """Whether the Hub masks the source, because the token may not see that repository.
        Source: https://huggingface.co/docs/hub/spaces-storage."""
        return "*" in self.source or not self.source

    @property
    def writable(self) -> bool:
        """Whether the app may write to it: of all that can be mounted only a bucket lets it."""
        return self.type == _BUCKET and not self.read_only

    def same(self, other: "Volume") -> bool:
        """Whether two volumes mount the same at the same path, whatever is written out and what is left to the Hub. A masked
        source may be any."""
        one, two = self.full, other.full
        return (one._replace(source=two.source) if self.hidden or other.hidden else one) == two

    @property
    def full(self) -> "Volume":
        """The volume with all defaults written out, in one spelling."""
        revision = self.revision or _MAIN
        return Volume(self.type, self.source.lower(), self.place, revision, not self.writable, self.path.strip("/"))

    def __str__(self) -> str:
        """Return the volume as the input `volumes` writes it, without what is the Hub's default."""
        revision = f"@{_written(self.revision)}" if self.revision and self.revision != _MAIN else ""
        path = f"/{self.path.strip('/')}" if self.path.strip("/") else ""
        only = ":ro" if self.type == _BUCKET and self.read_only else ""
        return f"hf://{_WORDS.get(self.type, self.type)}/{self.source}{revision}{path}:{self.place}{only}"


def _written(revision: str) -> str:
    """Return a revision as an address has it: with its slashes only where it is the reference of a pull request or a conversion."""
    return quote(revision, safe="/" if revision.startswith(("refs/pr/", "refs/convert/")) else "")
