"""What was committed on the Space by others than a deploy, since a deploy: the edits that the next one would overwrite.

A file is edited where the commit that touched it last is no deploy's and came after one. What came before the first deploy is
no edit: that deploy adopted the Space.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from hfspace_action import text
from hfspace_action.errors import Failure, Note
from hfspace_action.file import Entry
from hfspace_action.hub.api import Hub
from hfspace_action.hub.revisions.history import Made
from hfspace_action.plan.large_files import RULES
from hfspace_action.plan.tree import Difference, Folder
from hfspace_action.workflow.run import is_ours

from . import losses

_MOST_COMMITS = 1000  # that are looked through for the deploy before an edit
_MOST_LOOKS = 20  # deploys that are gone back through for the one that wrote an edited file; behind them none did
_SHOWN_EDITS, _SHOWN_FILES = 5, 5
LEAVING = frozenset({"keep", "import"})
"""The policies that leave edits on the Space."""


class Edit(NamedTuple):
    """A commit that no deploy made, and the files of it that the Space still has, but the checkout has otherwise or not at all."""

    commit: Made
    paths: tuple[str, ...]

    def __str__(self) -> str:
        """Return the edit in a line: title, author, day and files."""
        by = f" by {', '.join(self.commit.authors)}" if self.commit.authors else ""
        return f"'{text.cut(self.commit.title, 60)}'{by} on {self.commit.at[:10]} ({_listed(self.paths)})"


class Drift(NamedTuple):
    """The edits, the newest first. `both` are files that were edited there and changed here as well; `missing` those that a
    deploy wrote and somebody has removed since; `only` those that only the Space has; `since` is the deploy before all of it."""

    edits: tuple[Edit, ...] = ()
    both: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    since: Made | None = None

    def __bool__(self) -> bool:
        return bool(self.edits or self.missing)

    @property
    def kept(self) -> frozenset[str]:
        """The edited files that nothing but the edit changed since the deploy before it."""
        return frozenset(path for edit in self.edits for path in edit.paths) - frozenset(self.both)

    def spared(self, policy: str) -> frozenset[str]:
        """The files that a deploy leaves as the Space has them. A removal only until it is in a pull request: a file of the
        checkout that is missing on the Space is more often an accident."""
        if policy == "import":
            return self.kept | frozenset(self.missing)
        return self.kept if policy == "keep" else frozenset()

    def __str__(self) -> str:
        """Return what was done by hand, as the subject of a sentence."""
        shown = [str(edit) for edit in self.edits[:_SHOWN_EDITS]]
        if more := len(self.edits) - _SHOWN_EDITS:
            shown += [f"{more} more commits"] if more > 0 else []
        if self.missing:
            shown.append(f"the removal of {_listed(self.missing)}")
        return "; ".join(shown)


def may_be(root: Sequence[Entry], difference: Difference, policy: str) -> bool:
    """Whether to ask for a drift. The root's titles, where it has them, show whether others than deploys committed since the
    last one: each commit shows in an entry that it changed, or in whose folder it did; one that removed a file of the root shows
    in none, but that file is then added anew. Where it has none, a policy that only warns is not worth a request."""
    if policy in LEAVING:
        return True
    titles = [entry.title for entry in root if entry.path != RULES]
    if not all(titles):
        return policy != "warn" or bool(difference.removed)
    at_root = any("/" not in file.path for file in difference.added)
    return at_root or not all(title and is_ours(title) for title in titles)


def find(hub: Hub, space: str, head: str, compared: tuple[Folder, Difference], *, older: bool) -> Drift:
    """Return what others than a deploy have made of a difference between the wanted tree and the head. `older`: look also for
    edits that deploys have kept. One request where nobody but a deploy committed since the last one."""
    wanted, difference = compared
    commits = hub.history.until(space, head, is_deploy, _MOST_COMMITS)
    if not commits or (is_deploy(commits[0]) and not older):
        return Drift()
    paths = [*(file.path for file in difference.changed), *losses.files(hub, space, head, difference.removed)]
    last = {path: sha for path, (_, sha) in hub.history.found(space, head, paths).items()} if paths else {}
    added = [file.path for file in difference.added]
    fresh = is_deploy(commits[-1]) and not is_deploy(commits[0])
    missing = sorted(hub.history.entries(space, commits[-1].sha, added)) if fresh and added else []
    if older and not {*last.values()} <= {each.sha for each in commits}:
        commits = hub.history.until(space, head, _deploy_before({*last.values()}), _MOST_COMMITS)
    before = _deploys_before(commits)
    edits = tuple(_edits(commits, before, last))
    both = tuple(_changed_here(hub, space, wanted, before, edits))
    added_there = {path for edit in edits for path in edit.paths} - {file.path for file in difference.changed}
    oldest = before[edits[-1].commit.sha] if edits else commits[-1].sha
    since = next((each for each in commits if each.sha == oldest), None)
    return Drift(edits, both, tuple(missing), tuple(sorted(added_there)), since)


def settle(drift: Drift, policy: str, space: str) -> Note | None:
    """Return what to say of a drift that does not stop the deploy. Raises `Failure` drift where it does."""
    if not drift:
        return None
    if policy == "fail":
        raise Failure("drift", space=space, edits=str(drift))
    lines = [f"The Space was changed by hand since a deploy: {drift}."]
    kept = drift.spared(policy) - frozenset(drift.missing)
    lost = sorted({path for edit in drift.edits for path in edit.paths} - kept)
    if kept:
        lines.append(f"Kept as the Space has {'it' if len(kept) == 1 else 'them'}: {_listed(sorted(kept))}.")
    if lost:
        why = " (changed in the repository as well)" if policy in LEAVING else ""
        lines.append(f"Overwritten{why}: {_listed(lost)}.")
    if drift.missing:
        lines.append(f"{'Left out' if policy == 'import' else 'Published again'}: {_listed(drift.missing)}.")
    if policy == "warn":
        only = f" (or what only the Space has by its name: `keep: {drift.only[0]}`)" if drift.only else ""
        lines.append(f"To keep such edits write `on-drift: keep`{only}; to stop at them `on-drift: fail`.")
    return Note(" ".join(lines), id="drift")


def is_deploy(commit: Made) -> bool:
    """Whether a commit is a deploy's."""
    return is_ours(commit.title, commit.message)


def _deploy_before(shas: set[str]) -> Callable[[Made], bool]:
    """Return what is true at the first deploy behind all of these commits, of commits asked in the order of history."""
    left = set(shas)

    def reached(commit: Made) -> bool:
        left.discard(commit.sha)
        return not left and is_deploy(commit)

    return reached


def _deploys_before(commits: Sequence[Made]) -> dict[str, str]:
    """Return the deploy before each commit by others that came after one, of commits with the newest first."""
    before: dict[str, str] = {}
    deploy: str | None = None
    for commit in reversed(commits):
        if is_deploy(commit):
            deploy = commit.sha
        elif deploy is not None:
            before[commit.sha] = deploy
    return before


def _edits(commits: Sequence[Made], before: Mapping[str, str], last: Mapping[str, str]) -> Iterator[Edit]:
    """Yield the commits by others that came after a deploy and touched a file last."""
    paths = defaultdict[str, list[str]](list)
    for path, sha in sorted(last.items()):
        paths[sha].append(path)
    return (Edit(each, tuple(paths[each.sha])) for each in commits if each.sha in before and paths[each.sha])


def _changed_here(
    hub: Hub, space: str, wanted: Folder, before: Mapping[str, str], edits: Sequence[Edit]
) -> Iterator[str]:
    """Yield the edited files that the checkout has otherwise than a deploy wrote them last, before all edits."""
    asked = {path: before[edit.commit.sha] for edit in edits for path in edit.paths}
    for _ in range(_MOST_LOOKS):
        if not asked:
            return
        there = {
            path: found
            for revision in set(asked.values())
            for path, found in hub.history.found(
                space, revision, [p for p, at in asked.items() if at == revision]
            ).items()
        }
        settled = [path for path in asked if path not in there or there[path][1] not in before]
        for path in settled:
            folder, name = wanted.find(path)
            deployed = there[path][0] if path in there else None
            if (folder is None) != (deployed is None) or (folder and deployed and not folder.holds(name, deployed)):
                yield path
        # What the others had edited before that deploy as well, which kept it.
        asked = {path: before[there[path][1]] for path in asked if path not in settled}


def _listed(paths: Sequence[str]) -> str:
    return text.listed(paths, _SHOWN_FILES)
