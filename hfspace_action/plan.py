"""The wanted state against the Space's state: a `Plan` that can be printed, and applied by `settings` and `publish`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from . import settings, tree
from .errors import Failure
from .files import File
from .hub import Hub, Space
from .inputs import Inputs

# What the Hub stores in LFS (or Xet): files above this size, and those that the `.gitattributes` names which it gives to a
# new Space. Source: the Hub's documentation and any new Space.
LFS_FROM = 10 * 1024 * 1024
LFS_SUFFIXES = (
    ".7z", ".arrow", ".bin", ".bz2", ".ckpt", ".ftz", ".gz", ".h5", ".joblib", ".mlmodel", ".model", ".msgpack", ".npy", ".npz",
    ".onnx", ".ot", ".parquet", ".pb", ".pickle", ".pkl", ".pt", ".pth", ".rar", ".safetensors", ".tar", ".tflite", ".tgz",
    ".wasm", ".xz", ".zip", ".zst",
)  # fmt: skip


@dataclass(frozen=True)
class Plan:
    """What a deploy will change. `existing` is None when the Space is to be created."""

    space: str
    existing: Space | None
    sdk: str
    wanted: tree.Folder
    difference: tree.Difference
    settings: tuple[settings.Change, ...]

    def lines(self) -> Iterator[str]:
        """The plan in words, a line each."""
        if self.existing is None:
            yield f"create the Space {self.space} (sdk: {self.sdk})"
        for change in self.settings:
            yield f"set {change}"
        yield describe(self.difference)


def make(hub: Hub, inputs: Inputs, space: str, existing: Space | None, sdk: str, files: Sequence[File]) -> Plan:
    """Compare what is wanted with what the Space holds; changes nothing. Raises `Failure` for wishes that can't be met."""
    if sdk == "static" and inputs.secrets:
        raise Failure("static-secrets")
    wanted = tree.build(files, stored_as_lfs)
    if existing is None:
        return Plan(
            space, None, sdk, wanted, tree.Difference(added=tuple(sorted(wanted, key=lambda file: file.path))), ()
        )
    difference = compare(hub, existing.id, existing.head or "main", wanted, inputs.keep)
    return Plan(existing.id, existing, sdk, wanted, difference, settings.changes(hub, inputs, existing))


def compare(hub: Hub, space: str, revision: str, wanted: tree.Folder, keep: Sequence[str]) -> tree.Difference:
    """How the Space's tree at a revision differs from the wanted one; asks for a folder only where ids differ."""
    return tree.difference(
        wanted,
        lambda path: hub.list_folder(space, revision, path),
        tree.keeps(keep),
        lambda path: hub.list_folder(space, revision, path, recursive=True),
    )


def stored_as_lfs(file: File) -> bool:
    """Whether the Hub is expected to keep a file as an LFS pointer. A wrong guess costs a request, never a wrong result."""
    return file.size > LFS_FROM or file.path.endswith(LFS_SUFFIXES)


def describe(difference: tree.Difference) -> str:
    """One line on what changes in the files."""
    if not difference:
        return "no file differs"
    counts = (
        (len(difference.added), "added"),
        (len(difference.changed), "changed"),
        (len(difference.removed), "removed"),
    )
    return "files: " + ", ".join(f"{count} {word}" for count, word in counts if count)
