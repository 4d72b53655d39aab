"""The wanted tree against that of a Space at one of its commits, as its listings and its own `.gitattributes` show it."""

from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from hfspace_action.errors import Failure, Note
from hfspace_action.file import Entry
from hfspace_action.hub.api import Hub
from hfspace_action.inputs.patterns.match import Patterns

from . import hold, large_files, tree
from .foreign import kept
from .large_files import Storage

_PAGE_WITH_TITLES = 50  # entries
_PAGE = 1000  # entries; what is not wanted may be on the Space all the same


class Stays(NamedTuple):
    """What stays on the Space: what the patterns of the input `keep` name of what only it has, and the files `spared`, which
    stay as the Space has them whatever the checkout has."""

    keep: Sequence[str] = ()
    spared: frozenset[str] = frozenset()


def compare(hub: Hub, space: str, revision: str, wanted: tree.Folder, stays: Stays) -> tree.Difference:
    """How the Space's tree at a revision differs from the wanted one; asks for a folder only where ids differ."""
    root = hub.git.list_folder(space, revision, "")
    return _compared(hub, (space, revision), wanted, (Patterns.parse(stays.keep), stays.spared), root)


def compare_kept(
    hub: Hub, space: str, revision: str, wanted: tree.Folder, stays: Stays
) -> tuple[tree.Difference, tuple[Note, ...], Sequence[Entry]]:
    """Compare, and return also what to know about the patterns of the input `keep`, and the root with the titles of its last
    commits, where that takes no more requests. Raises `Failure` keep-conflict."""
    patterns = Patterns.parse(stays.keep)
    kept.refuse_conflicts(patterns, wanted)
    root = hub.git.list_root(space, revision, titles=len(wanted.files) + len(wanted.folders) < _PAGE_WITH_TITLES)
    difference = _compared(hub, (space, revision), wanted, (patterns, stays.spared), root)
    return difference, tuple(kept.notes(patterns, difference)), root


def _compared(
    hub: Hub, at: tuple[str, str], wanted: tree.Folder, stays: tuple[Patterns, frozenset[str]], root: Sequence[Entry]
) -> tree.Difference:
    (space, revision), (patterns, spared) = at, stays
    _expect(hub, space, revision, wanted, root)
    most = 2 * wanted.entries + _PAGE
    difference = tree.difference(
        wanted,
        lambda path: hub.git.list_folder(space, revision, path) if path else root,
        patterns or None,
        lambda path: hub.git.list_all(space, revision, path, most),
        spared,
    )
    held = bool(difference) and is_held(hub, space, revision, wanted, root)
    return difference._replace(held=held)


def is_held(hub: Hub, space: str, revision: str, wanted: tree.Folder, root: Sequence[Entry]) -> bool:
    """Whether no deploy is to write to the Space. Raises `Failure` where that can't be read."""
    rules, expected = _rules(root), wanted.stored_as_lfs
    if rules is None:
        return False
    if isinstance(expected, Storage) and expected.oid == rules.oid:
        return expected.held
    return hold.is_in(hub.git.read_entry(space, revision, rules).decode("utf-8", "replace"))


def _rules(root: Sequence[Entry]) -> Entry | None:
    """The Space's own `.gitattributes`, if it is worth reading: in LFS neither the Hub nor a hold puts it."""
    found = next((each for each in root if each.path == large_files.RULES and each.kind == "file"), None)
    return found if found and not found.lfs_sha256 and found.size <= large_files.LONGEST_RULES else None


def _expect(hub: Hub, space: str, revision: str, wanted: tree.Folder, root: Sequence[Entry]) -> None:
    """Read what the Space says itself about large files, where folders seem to differ: they may only be stored otherwise. Nothing is
    read where it is known how they are to be stored."""
    rules, expected = _rules(root), wanted.stored_as_lfs
    if rules is None or not isinstance(expected, Storage):
        return
    if expected.oid == rules.oid or not tree.folders_differ(wanted, root):
        return
    with suppress(Failure):
        read = Storage(hub.git.text(space, revision, large_files.RULES))
        if read.oid == rules.oid:
            wanted.expect(read)
