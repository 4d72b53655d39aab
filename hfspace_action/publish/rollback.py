"""Back to the commit that ran before: its tree, put onto main in one commit, without downloading what did not change."""

from collections.abc import Collection, Iterable, Iterator

from hfspace_action.errors import Failure
from hfspace_action.file import Entry
from hfspace_action.hub.api import Hub
from hfspace_action.hub.errors import HeadMoved, OutcomeUnknown
from hfspace_action.hub.git import Commit, Message
from hfspace_action.space import SERVING, Space
from hfspace_action.workflow.run import Source

_ATTEMPTS = 4


def target(before: Space | None, deployed: str) -> tuple[Space, str]:
    """Return the Space as it was before `deployed` was published, and the commit that it ran. Raises `Failure` if none is known."""
    if before is None:
        raise Failure("rollback-impossible", space="The Space", reason="this was its first deploy")
    ran = before.head if before.sdk == "static" else before.runtime_sha
    if before.stage not in SERVING:
        reason = f"nothing ran there before, its stage was {before.stage}"
    elif ran is None:
        reason = "the Hub did not say which commit ran there before"
    elif ran == deployed:
        reason = "the commit that fails is the one that ran there before"
    else:
        return before, ran
    raise Failure("rollback-impossible", space=before.id, reason=reason)


def roll_back(hub: Hub, space: str, to: str, head: str, source: Source, earlier: Collection[str] = ()) -> Commit:
    """Make main's tree that of commit `to` again, on top of `head`. Raises `Failure`, also where main has moved on: what
    others have published since is not ours to undo. `earlier` are commits that main stood at before `head`."""
    past = {to, *earlier} - {head}
    lost: Failure | None = None
    # The client leaves out the files that main, as it is shown to it, has already: so not before it shows this one.
    hub.git.head_after(space, *past)
    for _ in range(_ATTEMPTS):
        copies, removed = _difference(hub, space, to, head, "")
        if not copies and not removed:
            raise Failure("rollback-same", space=space, to=to[:12])
        try:
            made = hub.commits.restore(
                space,
                parent=head,
                origin=to,
                copies=copies,
                removed=removed,
                message=Message(f"Roll back to {to[:12]}", source.description),
            )
            return _proved(hub, space, to, made)
        except (OutcomeUnknown, HeadMoved) as unclear:
            # The commit may be made all the same, by the try whose answer was lost: main's tree tells.
            main = hub.git.head_after(space, *past, *([head] if isinstance(unclear, HeadMoved) else []))
            if main.sha != head:
                if not any(_difference(hub, space, to, main.sha, "")):
                    return main
                reason = "somebody else has published there meanwhile"
                raise Failure("rollback-impossible", space=space, reason=reason) from unclear
            lost = unclear.failure if isinstance(unclear, OutcomeUnknown) else lost
    raise lost or Failure("head-moved", space=space, times=_ATTEMPTS)


def _proved(hub: Hub, space: str, to: str, made: Commit) -> Commit:
    """Return the commit that was made, if it has the tree of `to`. Raises `Failure`."""
    copies, removed = _difference(hub, space, to, made.sha, "")
    if paths := [*(entry.path for entry in copies), *removed]:
        raise Failure("tree-differs", space=space, paths=", ".join(sorted(paths)[:5]))
    return made


def _difference(hub: Hub, space: str, to: str, head: str, path: str) -> tuple[list[Entry], list[str]]:
    """What to copy from `to` and what to remove, so that a folder that differs is as it was."""
    old = {entry.path: entry for entry in hub.git.list_folder(space, to, path)}
    new = {entry.path: entry for entry in hub.git.list_folder(space, head, path)}
    removed = [_removal(entry) for name, entry in new.items() if name not in old or old[name].kind != entry.kind]
    copies: list[Entry] = []
    for name, entry in old.items():
        present = new.get(name)
        if present is not None and present.oid == entry.oid:
            continue
        if entry.kind == "file":
            copies.append(entry)
        elif present is not None and present.kind == "directory":
            below, gone = _difference(hub, space, to, head, name)
            copies, removed = copies + below, removed + gone
        else:
            copies += _files(hub, space, to, entry)
    return copies, removed


def _files(hub: Hub, space: str, revision: str, folder: Entry) -> Iterator[Entry]:
    entries: Iterable[Entry] = hub.git.list_folder(space, revision, folder.path)
    for entry in entries:
        if entry.kind == "file":
            yield entry
        else:
            yield from _files(hub, space, revision, entry)


def _removal(entry: Entry) -> str:
    return entry.path + ("/" if entry.kind == "directory" else "")
