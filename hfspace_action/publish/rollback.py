"""Back to the commit that ran before: its tree, put onto main in one commit, without downloading what did not change."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from hfspace_action.errors import Failure
from hfspace_action.file import Entry
from hfspace_action.hub.api import Hub
from hfspace_action.hub.commits import Copied
from hfspace_action.hub.errors import HeadMoved, OutcomeUnknown
from hfspace_action.hub.git import Commit, Message
from hfspace_action.space import SERVING, Space

_ATTEMPTS = 4
_PAGE = 1000  # entries
Contents = Callable[[str], bytes | None]
"""Returns a blob by its id, or None where it is not at hand."""


class Way(NamedTuple):
    """Back on a Space from main's head to the files of the commit `to`."""

    space: str
    head: str
    to: str


def message(to: str, description: str) -> Message:
    """Return what a commit says that brings the files of the commit `to` back."""
    return Message(f"Roll back to {to[:12]}", description)


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


def roll_back(
    hub: Hub, way: Way, message: Message, earlier: Collection[str] = (), contents: Contents = lambda _blob: None
) -> Commit:
    """Make main's tree that of an earlier commit again, in one commit. Raises `Failure`, also where main has moved on: what
    others have published since is not ours to undo. `earlier` are commits that main stood at before. `contents` gives a blob
    that is at hand, so that nobody has to download it."""
    space, head, to = way
    past = {to, *earlier} - {head}
    lost: Failure | None = None
    # The client leaves out the files that main, as it is shown to it, has already: so not before it shows this one.
    if earlier:
        hub.git.head_after(space, *past)
    folders = _Folders(hub, space)
    for _ in range(_ATTEMPTS):
        copies, removed = folders.difference(to, head)
        if not copies and not removed:
            raise Failure("rollback-same", space=space, to=to[:12])
        try:
            made = hub.commits.restore(
                space,
                parent=head,
                origin=to,
                copies=[Copied(each, None if each.lfs_sha256 else contents(each.oid)) for each in copies],
                removed=removed,
                message=message,
            )
            return _proved(folders, to, made)
        except (OutcomeUnknown, HeadMoved) as unclear:
            # The commit may be made all the same, by the try whose answer was lost: main's tree tells.
            main = hub.git.head_after(space, *past, *([head] if isinstance(unclear, HeadMoved) else []))
            if main.sha != head:
                if not any(folders.difference(to, main.sha)):
                    return main
                reason = "somebody else has published there meanwhile"
                raise Failure("rollback-impossible", space=space, reason=reason) from unclear
            lost = unclear.failure if isinstance(unclear, OutcomeUnknown) else lost
    raise lost or Failure("head-moved", space=space, times=_ATTEMPTS)


def _proved(folders: "_Folders", to: str, made: Commit) -> Commit:
    """Return the commit that was made, if it has the tree of `to`. Raises `Failure`."""
    copies, removed = folders.difference(to, made.sha)
    if paths := [*(entry.path for entry in copies), *removed]:
        raise Failure("tree-differs", space=folders.space, paths=", ".join(sorted(paths)[:5]))
    return made


class _Folders:
    """The folders of a Space's commits, each listed once; those below one that differs in one request, where they are few."""

    def __init__(self, hub: Hub, space: str) -> None:
        self._hub, self.space = hub, space
        self._known: dict[tuple[str, str], list[Entry]] = {}

    def difference(self, to: str, head: str) -> tuple[list[Entry], list[str]]:
        """What to copy from `to` and what to remove, so that `head` is as that was."""
        old, new = self._by_path(to, ""), self._by_path(head, "")
        differing = [
            path
            for path, entry in old.items()
            if entry.kind == "directory" and (path not in new or new[path].oid != entry.oid)
        ]
        if differing:
            above = differing[0] if len(differing) == 1 else ""
            self._list_below(to, above)
            if any(path in new and new[path].kind == "directory" for path in differing):
                self._list_below(head, above)
        return self._difference(to, head, "")

    def _difference(self, to: str, head: str, path: str) -> tuple[list[Entry], list[str]]:
        old, new = self._by_path(to, path), self._by_path(head, path)
        removed = [_removal(entry) for name, entry in new.items() if name not in old or old[name].kind != entry.kind]
        copies: list[Entry] = []
        for name, entry in old.items():
            present = new.get(name)
            if present is not None and present.oid == entry.oid:
                continue
            if entry.kind == "file":
                copies.append(entry)
            elif present is not None and present.kind == "directory":
                below, gone = self._difference(to, head, name)
                copies, removed = copies + below, removed + gone
            else:
                copies += self._files(to, entry)
        return copies, removed

    def _files(self, revision: str, folder: Entry) -> Iterator[Entry]:
        for entry in self._by_path(revision, folder.path).values():
            if entry.kind == "file":
                yield entry
            else:
                yield from self._files(revision, entry)

    def _by_path(self, revision: str, path: str) -> dict[str, Entry]:
        if (revision, path) not in self._known:
            self._known[revision, path] = self._hub.git.list_folder(self.space, revision, path)
        return {entry.path: entry for entry in self._known[revision, path]}

    def _list_below(self, revision: str, path: str) -> None:
        """List all folders below one, unless that takes more than a page or they are known."""
        below = defaultdict[tuple[str, str], list[Entry]](list)
        for entry in self._hub.git.list_all(self.space, revision, path, _PAGE):
            below[revision, entry.path.rpartition("/")[0]].append(entry)
        self._known.update(below)


def _removal(entry: Entry) -> str:
    return entry.path + ("/" if entry.kind == "directory" else "")
