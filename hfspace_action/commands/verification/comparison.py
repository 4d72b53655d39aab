"""The files that a checkout gives against those that a Space holds, each by git's id, or by sha256 where it is in LFS."""

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from hfspace_action.file import File
from hfspace_action.hub.clone import Stored
from hfspace_action.inputs.patterns.match import Patterns
from hfspace_action.plan.large_files import RULES


class Compared(NamedTuple):
    """What came of it, by path, sorted. `changed` are files with another content, `modes` those with the same content that are
    executable or a link there, `missing` are not on the Space, `extra` only there. `kept` may differ: the deploy left
    them as the Space had them. The Hub's own file is in none."""

    same: tuple[str, ...]
    changed: tuple[str, ...]
    modes: tuple[str, ...]
    missing: tuple[str, ...]
    extra: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def differences(self) -> Mapping[str, tuple[str, ...]]:
        """The paths that differ, by how."""
        named = {"changed": self.changed, "modes": self.modes, "missing": self.missing, "extra": self.extra}
        return {name: paths for name, paths in named.items() if paths}


def compare(
    wanted: Mapping[str, File], there: Mapping[str, Stored], keep: Iterable[str], spared: Collection[str]
) -> Compared:
    """Compare. `keep` has patterns of what only the Space has, `spared` are files that stay as they are there. Raises `Failure` where
    a file of the checkout can't be read any more."""
    patterns = Patterns.parse(keep)
    found: dict[str, list[str]] = {name: [] for name in Compared._fields}
    for path in sorted({*wanted, *there} - {RULES}):
        file, stored = wanted.get(path), there.get(path)
        if file is None:
            kind = "kept" if path in spared or patterns(path) else "extra"
        elif stored is None:
            kind = "missing"
        elif path in spared:
            kind = "kept"
        elif not _has_content(file, stored):
            kind = "changed"
        else:
            kind = "same" if stored.is_plain else "modes"
        found[kind].append(path)
    return Compared(**{name: tuple(paths) for name, paths in found.items()})


def _has_content(file: File, stored: Stored) -> bool:
    """Whether what git has is the content of a file of the checkout, or the pointer to it."""
    if (pointer := stored.pointer) and pointer.size == file.size and file.with_sha256().sha256 == pointer.sha256:
        return True
    return file.with_blob().blob == stored.blob
