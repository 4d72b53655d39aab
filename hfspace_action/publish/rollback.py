"""Back to the commit that ran before: its tree, put onto main in one commit, without downloading what did not change."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from hfspace_action.errors import Failure
from hfspace_action.file import Entry, blob_id
from hfspace_action.hub.api import Hub
from hfspace_action.hub.commits import Copied
from hfspace_action.hub.errors import HeadMoved, OutcomeUnknown
from hfspace_action.hub.git import Commit, Message
from hfspace_action.plan import hold
from hfspace_action.plan.large_files import RULES
from hfspace_action.space import SERVING, Space

_ATTEMPTS = 4
_PAGE = 1000  # entries
Contents = Callable[[str], bytes | None]
"""Returns a blob by its id, or None where it is not at hand."""


class Way(NamedTuple):
    """Back on a Space from main's head to the files of the commit `to`. `hold`: whether no deploy is to write to it from then on;
    None leaves that as it is."""

    space: str
    head: str
    to: str
    hold: bool | None = None


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
    space, head, to, held = way
    past = {to, *earlier} - {head}
    lost: Failure | None = None
    # The client leaves out the files that main, as it is shown to it, has already: so not before it shows this one.
    if earlier:
        hub.git.head_after(space, *past)
    folders = _Folders(hub, space, held)
    for _ in range(_ATTEMPTS):
        copies, removed = folders.difference(to, head)
        if not copies and not removed:
            raise Failure("rollback-same", space=space, to=to[:12])
        try:
            made = hub.commits.restore(
                space,
                parent=head,
                origin=to,
                copies=[folders.copied(each, contents) for each in copies],
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
    """The folders of a Space's commits, each listed once; those below one that differs in one request, where they are few. The
    Hub's own `.gitattributes` has the hold that is wanted, or that it had, whatever the commit to go back to has."""

    def __init__(self, hub: Hub, space: str, held: bool | None) -> None:
        self._hub, self.space, self._held = hub, space, held
        self._known: dict[tuple[str, str], list[Entry]] = {}
        self._rules: bytes | None = None

    def copied(self, entry: Entry, contents: Contents) -> Copied:
        """Return a file with its content, where that is at hand or is its own."""
        if entry.path == RULES and self._rules is not None:
            return Copied(entry, self._rules, written=True)
        return Copied(entry, None if entry.lfs_sha256 else contents(entry.oid))

    def difference(self, to: str, head: str) -> tuple[list[Entry], list[str]]:
        """What to copy from `to` and what to remove, so that `head` is as that was."""
        if self._rules is None:
            self._rules = self._wanted_rules(to, head)
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

    def _wanted_rules(self, to: str, head: str) -> bytes | None:
        """Return what `.gitattributes` is to be where that is not just what it was."""
        old, new = self._by_path(to, "").get(RULES), self._by_path(head, "").get(RULES)
        held = self._held
        if held is None:  # as it is
            if new is None or (old and old.oid == new.oid) or not hold.is_in(self._text(head, new)):
                return None
            held = True
        rules = self._text(to, old) if old else ""
        return (hold.put(rules) if held else hold.taken(rules)).encode("utf-8", "surrogateescape")

    def _text(self, revision: str, listed: Entry) -> str:
        if listed.lfs_sha256:
            return self._hub.git.read(self.space, revision, RULES).decode("utf-8", "surrogateescape")
        return self._hub.git.read_entry(self.space, revision, listed).decode("utf-8", "surrogateescape")

    def _difference(self, to: str, head: str, path: str) -> tuple[list[Entry], list[str]]:
        old, new = self._aimed_at(to, path), self._by_path(head, path)
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

    def _aimed_at(self, to: str, path: str) -> dict[str, Entry]:
        """The entries of a folder as they are to be."""
        found = self._by_path(to, path)
        if not path and self._rules is not None:
            found[RULES] = Entry(RULES, "file", blob_id(self._rules), len(self._rules), None)
        return found

    def _list_below(self, revision: str, path: str) -> None:
        """List all folders below one, unless that takes more than a page or they are known."""
        below = defaultdict[tuple[str, str], list[Entry]](list)
        for entry in self._hub.git.list_all(self.space, revision, path, _PAGE):
            below[revision, entry.path.rpartition("/")[0]].append(entry)
        self._known.update(below)


def _removal(entry: Entry) -> str:
    return entry.path + ("/" if entry.kind == "directory" else "")
