"""Back to the commit that ran before: its tree, put onto main in one commit, without downloading what did not change."""

from collections.abc import Iterable, Iterator

from .errors import Failure
from .hub import Commit, Hub, Space
from .source import Source
from .tree import Entry

# Stages in which an app serves, so that what runs is worth coming back to.
_SERVING = frozenset({"RUNNING", "RUNNING_BUILDING", "RUNNING_APP_STARTING", "SLEEPING"})


def target(before: Space) -> str | None:
    """The commit that a Space ran before the deploy, or None if it ran none that the Hub names."""
    if before.stage not in _SERVING:
        return None
    return before.head if before.sdk == "static" else before.runtime_sha


def roll_back(hub: Hub, space: str, to: str, head: str, source: Source) -> Commit:
    """Make main's tree that of commit `to` again, on top of `head`. Raises `Failure`."""
    copies, removed = _difference(hub, space, to, head, "")
    if not copies and not removed:
        raise Failure("rollback-same", space=space, to=to[:12])
    return hub.restore(
        space,
        parent=head,
        origin=to,
        copies=copies,
        removed=removed,
        title=f"Roll back to {to[:12]}",
        description=source.description,
    )


def _difference(hub: Hub, space: str, to: str, head: str, path: str) -> tuple[list[str], list[str]]:
    """What to copy from `to` and what to remove, so that a folder that differs is as it was."""
    old = {entry.path: entry for entry in hub.list_folder(space, to, path)}
    new = {entry.path: entry for entry in hub.list_folder(space, head, path)}
    removed = [_removal(entry) for name, entry in new.items() if name not in old or old[name].kind != entry.kind]
    copies: list[str] = []
    for name, entry in old.items():
        present = new.get(name)
        if present is not None and present.oid == entry.oid:
            continue
        if entry.kind == "file":
            copies.append(name)
        elif present is not None and present.kind == "directory":
            below, gone = _difference(hub, space, to, head, name)
            copies, removed = copies + below, removed + gone
        else:
            copies += _files(hub, space, to, entry)
    return copies, removed


def _files(hub: Hub, space: str, revision: str, folder: Entry) -> Iterator[str]:
    entries: Iterable[Entry] = hub.list_folder(space, revision, folder.path)
    for entry in entries:
        if entry.kind == "file":
            yield entry.path
        else:
            yield from _files(hub, space, revision, entry)


def _removal(entry: Entry) -> str:
    return entry.path + ("/" if entry.kind == "directory" else "")
