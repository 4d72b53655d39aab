"""The file part of a plan: one move of `main`, proved afterwards by the git object ids that the Hub lists.

A small change is one commit. A large one goes to a pull request in several commits, is checked there and merged, so
that visitors never get half of it and the Space builds once. Whatever goes wrong on the way is settled by one rule:
look at main's head, compare it with the wanted tree, and go on from there.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from . import plan as planning
from .errors import Failure
from .files import File
from .hub import Commit, Hub, Space
from .hub_errors import HeadMoved, OutcomeUnknown
from .plan import Plan
from .source import Source
from .tree import Difference

# One commit carries the whole of its regular files in one request of about seven times their size in memory, and the
# Hub documents about a hundred files as a good measure and 60 seconds as the limit of a request.
BATCH_FILES = 500
BATCH_BYTES = 32 * 1024 * 1024
_ATTEMPTS = 4

Route = Literal["nothing", "commit", "pull request", "several commits"]


@dataclass(frozen=True)
class Published:
    """Where main stands now, and how this step moved it there."""

    commit: Commit
    route: Route


@dataclass(frozen=True)
class _Batch:
    files: tuple[File, ...]
    removed: tuple[str, ...]


def publish(
    hub: Hub, plan: Plan, space: Space, keep: Sequence[str], source: Source, say: Callable[[str], None]
) -> Published:
    """Bring main of `space` to the wanted tree and prove it. Raises `Failure`; main is then as it was, or as wanted."""
    head = hub.commit_page(space.id, space.head) if space.head else hub.head(space.id)
    difference = plan.difference if plan.existing else planning.compare(hub, space.id, head.sha, plan.wanted, keep)
    route: Route = "nothing"
    lost: Failure | None = None
    for _ in range(_ATTEMPTS):
        if not difference:
            return Published(head, route)
        batches = tuple(_batches(difference))
        try:
            if len(batches) == 1:
                route = "commit"
                head = _commit(hub, plan.space, "main", head.sha, batches[0], source)
            else:
                route = _large(hub, plan, head.sha, batches, keep, source, say)
                head = hub.head(plan.space)
        except OutcomeUnknown as unknown:
            lost = unknown.failure
            say("The Hub's answer was lost; looking at main before trying again.")
            head = hub.head(plan.space)
        except HeadMoved:
            lost = None
            say("Main moved meanwhile; comparing again.")
            head = hub.head(plan.space)
        else:
            _prove(hub, plan, head.sha, keep)
            return Published(head, route)
        difference = planning.compare(hub, plan.space, head.sha, plan.wanted, keep)
    raise lost or Failure("head-moved", space=plan.space, times=_ATTEMPTS)


def _large(
    hub: Hub,
    plan: Plan,
    base: str,
    batches: tuple[_Batch, ...],
    keep: Sequence[str],
    source: Source,
    say: Callable[[str], None],
) -> Route:
    """Publish through a pull request; where the Space takes none, through several commits on main."""
    try:
        number, fresh = _pull_request(hub, plan.space, base, source)
    except Failure as refused:
        if refused.id not in ("forbidden", "hub-refused"):
            raise
        say(
            f"The Space takes no pull requests, so main moves {len(batches)} times and the Space may build in between. "
            f"({refused.message})"
        )
        _commits(hub, plan.space, "main", base, batches, source)
        return "several commits"
    branch = f"refs/pr/{number}"
    tip = hub.branch_head(plan.space, branch)
    if not fresh:
        say(f"Going on with the unfinished pull request {number}.")
        batches = tuple(_batches(planning.compare(hub, plan.space, tip, plan.wanted, keep)))
    say(f"A large change: {len(batches)} commits on pull request {number}, then one merge.")
    tip = _commits(hub, plan.space, branch, tip, batches, source)
    _prove(hub, plan, tip, keep)
    if hub.head(plan.space).sha != base:
        hub.close_pull_request(plan.space, number, "Main has moved since; this deploy starts again from there.")
        raise HeadMoved
    hub.merge(plan.space, number, source.description)
    return "pull request"


def _pull_request(hub: Hub, space: str, base: str, source: Source) -> tuple[int, bool]:
    """The pull request to fill, and whether it is fresh. An unfinished one on the same base, known by its title, goes on."""
    title = f"Deploy onto {base[:12]} (hf-space-deploy)"
    unfinished = hub.pull_requests(space, title)
    if unfinished:
        return unfinished[0], False
    return hub.open_pull_request(space, title, source.description), True


def _commits(hub: Hub, space: str, branch: str, tip: str, batches: Sequence[_Batch], source: Source) -> str:
    for number, batch in enumerate(batches, 1):
        part = f" (part {number} of {len(batches)})" if len(batches) > 1 else ""
        tip = _commit(hub, space, branch, tip, batch, source, part).sha
    return tip


def _commit(hub: Hub, space: str, branch: str, parent: str, batch: _Batch, source: Source, part: str = "") -> Commit:
    return hub.commit(
        space,
        revision=branch,
        parent=parent,
        files=batch.files,
        removed=batch.removed,
        title=source.title + part,
        description=source.description,
    )


def _prove(hub: Hub, plan: Plan, revision: str, keep: Sequence[str]) -> None:
    """Raise `Failure` unless the tree at a revision is the wanted one; where it is, one listing proves it."""
    left = planning.compare(hub, plan.space, revision, plan.wanted, keep)
    if left:
        paths = [*(file.path for file in left.files), *left.removed]
        shown = ", ".join(paths[:5]) + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")
        raise Failure("tree-differs", space=plan.space, paths=shown)


def _batches(difference: Difference) -> Iterator[_Batch]:
    """The change cut into commits of bounded size; removals ride in the first. What goes to LFS has no weight here."""
    removed = difference.removed
    batch: list[File] = []
    weight = 0
    for file in difference.files:
        size = 0 if planning.stored_as_lfs(file) else file.size
        if batch and (len(batch) == BATCH_FILES or weight + size > BATCH_BYTES):
            yield _Batch(tuple(batch), removed)
            batch, weight, removed = [], 0, ()
        batch.append(file)
        weight += size
    if batch or removed:
        yield _Batch(tuple(batch), removed)
