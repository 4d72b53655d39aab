"""The releases of a Space, as its tags and its commits tell: no other record is kept."""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from hfspace_action import text
from hfspace_action.hub.api import Hub
from hfspace_action.hub.revisions.history import Made
from hfspace_action.plan.foreign.drift import is_deploy
from hfspace_action.workflow.run import deployed_commit

from . import names

_MOST_COMMITS = 1000  # that are looked through
_BACK = re.compile(r"Roll back to ([0-9a-f]{12})")
_SOURCE = re.compile(r"^Source: \S*/([0-9a-f]{40})$", re.MULTILINE)
_LINE = r"^{}: (.*)$"
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
        found = _SOURCE.search(self.made.message)
        return found[1] if found else deployed_commit(self.made.title)

    @property
    def subject(self) -> str:
        """The first line of the message of that commit; empty where it is not known, or not to be shown."""
        return self._line("Subject")

    @property
    def actor(self) -> str:
        """Who started the run; where there was none, who committed."""
        return self._line("Actor") or (", ".join(self.made.authors) if self.made else "")

    def _line(self, name: str) -> str:
        found = re.search(_LINE.format(name), self.made.message, re.MULTILINE) if self.made else None
        return text.cut(" ".join(text.printable(found[1]).split()), _SHOWN) if found else ""

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


class History(NamedTuple):
    """The commits of main that were read, the newest first, and the releases among them, the newest first."""

    commits: Sequence[Made]
    releases: Sequence[Release]

    @property
    def running(self) -> Release | None:
        """The deploy whose files main holds, whether by itself or by a rollback; edits by others since then left aside."""
        at = next((number for number, each in enumerate(self.commits) if is_deploy(each)), None)
        while at is not None:
            commit = self.commits[at]
            back = _BACK.fullmatch(commit.title)
            if back is None:
                return self.of(commit)
            older = range(at + 1, len(self.commits))
            at = next((number for number in older if self.commits[number].sha.startswith(back[1])), None)
        return None

    def of(self, commit: Made) -> Release:
        """Return the release that a commit is, tagged or not."""
        known = next((each for each in self.releases if each.sha == commit.sha), None)
        return known or Release("", commit.sha, commit)

    def before(self, release: Release) -> Release | None:
        """Return the newest release that is older than another."""
        order = [each.sha for each in self.commits]
        older = set(order[order.index(release.sha) + 1 :]) if release.sha in order else set()
        return next((each for each in self.releases if each.sha in older), None)


def read(hub: Hub, space: str, head: str, tags: Mapping[str, str]) -> History:
    """Read main's commits back to the oldest release, and to the deploy whose files main holds."""
    left = {sha for name, sha in tags.items() if names.is_release(name)}

    def reached(commit: Made) -> bool:
        left.discard(commit.sha)
        return not left and is_release(commit)

    found = commits(hub, space, head, reached)
    return History(found, _releases(tags, found))


def commits(hub: Hub, space: str, head: str, last: Callable[[Made], bool]) -> list[Made]:
    """Read main's commits back to the first for which `last` is true; tags are not asked for."""
    return hub.history.until(space, head, last, _MOST_COMMITS)


def is_release(commit: Made) -> bool:
    """Whether a commit is a deploy's, and no rollback."""
    return is_deploy(commit) and not commit.title.startswith("Roll back")


def _releases(tags: Mapping[str, str], found: Sequence[Made]) -> list[Release]:
    """Return the releases, the newest first: in the order of main, behind them those that main no longer has."""
    order = {each.sha: number for number, each in enumerate(found)}
    known = [
        Release(name, tags[name], found[order[tags[name]]] if tags[name] in order else None)
        for name in reversed(names.releases(tags))
    ]
    return sorted(known, key=lambda each: order.get(each.sha, len(order)))
