"""Whether two Spaces hold the same files, by the ids that the Hub lists."""

from collections.abc import Mapping, Sequence

from hfspace_action.errors import Failure
from hfspace_action.file import Entry
from hfspace_action.hub.api import Hub
from hfspace_action.inputs.patterns.match import Patterns
from hfspace_action.plan.large_files import RULES

_SHOWN = 5

At = tuple[str, str]
"""A Space, and one of its commits."""


def files(hub: Hub, at: At) -> Mapping[str, Entry]:
    """Return the files of a Space at a commit, without the Hub's own."""
    listed = hub.git.list_folder(*at, "", recursive=True)
    return {each.path: each for each in listed if each.kind == "file" and each.path != RULES}


def content(entry: Entry) -> str:
    """Return what stands for an entry's content: its sha256 where the Hub keeps it in LFS, as one of both may, else git's id."""
    return entry.lfs_sha256 or entry.oid


def paths(hub: Hub, twin: At, space: At, keep: Sequence[str]) -> int:
    """Return how many files the two have in common. Raises `Failure` tree-differs where a file is not the same, but for what only one
    of them has and `keep` names."""
    there, here, kept = files(hub, twin), files(hub, space), Patterns.parse(keep)
    differing = sorted(path for path in {*there, *here} if _differs(there.get(path), here.get(path), kept))
    if differing:
        raise Failure("tree-differs", space=space[0], paths=", ".join(differing[:_SHOWN]))
    return len(here.keys() & there.keys())


def _differs(there: Entry | None, here: Entry | None, kept: Patterns) -> bool:
    if there is None or here is None:
        only = there or here
        return only is not None and not kept(only.path)
    return there.oid != here.oid and content(there) != content(here)
