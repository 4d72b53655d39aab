"""The releases of a Space, as its tags and its commits tell: no other record is kept."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from hfspace_action import text
from hfspace_action.hub.api import Hub
from hfspace_action.hub.revisions.history import Made
from hfspace_action.plan.foreign.drift import is_deploy
from hfspace_action.workflow import run

from . import names

_MOST_COMMITS = 1000  # that are looked through
_SHOWN = 80  # characters of a subject


class Release(NamedTuple):
    """A deploy's commit on the Space. `tag` is empty where it has none, `made` is None where the history no longer has it."""

    tag: str
    sha: str
    made: Made | None

    @property
    def source(self) -> str:
        """The commit on GitHub, or the beginning of its id; empty where it is not known."""
        if self.made is None:
            return self.tag[23:30]
        return run.deployed_from(self.made.message) or run.deployed_commit(self.made.title)

    @property
    def subject(self) -> str:
        """The first line of the message of that commit; empty where it is not known, or not to be shown."""
        return self._line("Subject")

    @property
    def actor(self) -> str:
        """Who started the run; where there was none, who committed."""
        return self._line("Actor") or (", ".join(self.made.authors) if self.made else "")

    def _line(self, name: str) -> str:
        said = run.line_of(self.made.message, name) if self.made else ""
        return text.cut(" ".join(text.printable(said).split()), _SHOWN)

    @property
    def name(self) -> str:
        """The tag, or the beginning of the commit's id."""
        return self.tag or text.short(self.sha)

    def __str__(self) -> str:
        """Return when, what and who, in a line."""
        when = f"{self.made.at[:16].replace('T', ' ')} UTC" if self.made else "its commit is no longer in main"
        subject = f"'{self.subject}'" if self.subject else ""
        source = f"GitHub {text.short(self.source)}" if self.source else "no commit of GitHub"
        return ", ".join(filter(None, [when, source, subject, f"by {self.actor}" if self.actor else ""]))


class Trail:
    """Follows main's commits, the newest first, to the deploy whose files main holds: the last one, or that to which the last one
    went back. Edits by others since then are left aside."""

    def __init__(self) -> None:
        self.end: Made | None = None
        self._wanted = ""

    def reached(self, commit: Made) -> bool:
        """Take the next commit, and return whether the deploy is found."""
        if self.end is None and (commit.sha.startswith(self._wanted) if self._wanted else is_deploy(commit)):
            self._wanted = run.rolled_back_to(commit.title)
            self.end = None if self._wanted else commit
        return self.end is not None


class History(NamedTuple):
    """The commits of main that were read, the newest first, the releases among them, the newest first, and the one whose files
    main holds, tagged or not."""

    commits: Sequence[Made]
    releases: Sequence[Release]
    running: Release | None

    def before(self, release: Release) -> Release | None:
        """Return the newest release that is older than another."""
        order = [each.sha for each in self.commits]
        older = set(order[order.index(release.sha) + 1 :]) if release.sha in order else set()
        return next((each for each in self.releases if each.sha in older), None)


def read(hub: Hub, space: str, head: str, tags: Mapping[str, str]) -> History:
    """Read main's commits back to the oldest release, and to the deploy whose files main holds."""
    left, trail = {sha for name, sha in tags.items() if names.is_release(name)}, Trail()

    def reached(commit: Made) -> bool:
        left.discard(commit.sha)
        return trail.reached(commit) and not left

    found = commits(hub, space, head, reached)
    releases = _releases(tags, found)
    tagged = {each.sha: each for each in releases}
    held = trail.end
    return History(found, releases, tagged.get(held.sha, Release("", held.sha, held)) if held else None)


def commits(hub: Hub, space: str, head: str, last: Callable[[Made], bool]) -> list[Made]:
    """Read main's commits back to the first for which `last` is true; tags are not asked for."""
    return hub.history.until(space, head, last, _MOST_COMMITS)


def is_release(commit: Made) -> bool:
    """Whether a commit is a deploy's, and no rollback."""
    return is_deploy(commit) and not commit.title.startswith(("Roll back", run.HOLD_ENDS))


def _releases(tags: Mapping[str, str], found: Sequence[Made]) -> list[Release]:
    """Return the releases, the newest first: in the order of main, behind them those that main no longer has."""
    order = {each.sha: number for number, each in enumerate(found)}
    known = [
        Release(name, tags[name], found[order[tags[name]]] if tags[name] in order else None)
        for name in reversed(names.releases(tags))
    ]
    return sorted(known, key=lambda each: order.get(each.sha, len(order)))
