"""The release that somebody wants to go back to: the one before, by its tag, or by its commit on GitHub."""

import re
from collections.abc import Iterable

from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.hub.revisions.history import Made
from hfspace_action.space import Space

from . import listed
from .listed import Release

PREVIOUS = "previous"
_SHA = re.compile(r"[0-9a-f]{7,40}")
_PART = re.compile(r"\(part (\d+) of (\d+)\)")
_SHOWN = 5


def find(hub: Hub, space: Space, to: str) -> Release:
    """Return the release. By a commit of GitHub any whole deploy of it counts, tagged or not, the newest first. Raises `Failure`."""
    head = space.head or "main"
    if _SHA.fullmatch(to):
        return _of_source(hub, space.id, head, to)
    tags = hub.tags.listed(space.id)
    found = listed.read(hub, space.id, head, tags)
    if to != PREVIOUS:
        release = next((each for each in found.releases if each.tag == to), None)
    else:
        running = found.running
        release = found.before(running) if running else None
    return release or _unknown(space.id, to, (each.tag for each in found.releases))


def _of_source(hub: Hub, space: str, head: str, sha: str) -> Release:
    """Return the newest deploy of a commit of GitHub. Its tag is not asked for."""

    def is_of(commit: Made) -> bool:
        if not listed.is_release(commit) or _is_partial(commit):
            return False
        source = Release("", commit.sha, commit).source
        return len(source) >= 7 and (source.startswith(sha) or (len(source) < 40 and sha.startswith(source)))

    commits = listed.commits(hub, space, head, is_of)
    if commits and is_of(commits[-1]):
        return Release("", commits[-1].sha, commits[-1])
    known = (Release("", each.sha, each).source[:7] for each in commits if listed.is_release(each))
    return _unknown(space, sha, filter(None, known))


def _is_partial(commit: Made) -> bool:
    """Whether a commit has a part of a deploy only, or other files than those of the commit that it names."""
    part = _PART.search(commit.title)
    return bool(part and part[1] != part[2]) or " with changes" in commit.title


def _unknown(space: str, to: str, known: Iterable[str]) -> Release:
    shown = list(dict.fromkeys(known))[:_SHOWN]
    raise Failure("release-unknown", space=space, to=to, known=", ".join(shown) or "none")
