"""What others have changed on a Space since its last deploy, as the Space alone shows it: there need be no checkout."""

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple

from hfspace_action.hub.api import Hub
from hfspace_action.hub.revisions.history import Made
from hfspace_action.inputs.patterns.match import Patterns

from .drift import Drift, Edit, is_deploy

_MOST_COMMITS = 1000  # that are looked through for the last deploy


class Since(NamedTuple):
    """The commits of main back to the last `deploy`, the newest first, that one left out. It is None where there is none."""

    theirs: tuple[Made, ...]
    deploy: Made | None

    @property
    def newest(self) -> Made | None:
        """The head of main."""
        return self.theirs[0] if self.theirs else self.deploy


def last_deploy(hub: Hub, space: str, head: str) -> Since:
    """Look for the last deploy. One request where nobody else has committed since, or few times."""
    commits = hub.history.until(space, head, is_deploy, _MOST_COMMITS)
    if commits and is_deploy(commits[-1]):
        return Since(tuple(commits[:-1]), commits[-1])
    return Since(tuple(commits), None)


def edits(hub: Hub, space: str, since: Since, keep: Sequence[str]) -> Drift:
    """Return what differs now from what was deployed, with who made it so. What was changed and changed back is no edit, nor is
    what happens to files that only the Space has by what `keep` says."""
    if since.deploy is None or not since.theirs:
        return Drift()
    head, kept = since.theirs[0].sha, Patterns.parse(keep)
    now, then = _files(hub, space, head), _files(hub, space, since.deploy.sha)
    touched = [path for path, oid in now.items() if then.get(path) != oid and not kept(path)]
    last = hub.history.found(space, head, touched) if touched else {}
    paths = defaultdict[str, list[str]](list)
    for path in touched:
        paths[last[path][1] if path in last else head].append(path)
    made = tuple(Edit(each, tuple(paths[each.sha])) for each in since.theirs if each.sha in paths)
    return Drift(made, missing=tuple(path for path in then if path not in now and not kept(path)))


def _files(hub: Hub, space: str, revision: str) -> dict[str, str]:
    listed = hub.git.list_folder(space, revision, "", recursive=True)
    return {each.path: each.oid for each in listed if each.kind == "file"}
