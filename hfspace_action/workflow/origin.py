"""Who and what led to a deploy, in the lines of the commit on the Space."""

import re
from collections.abc import Mapping
from typing import Any

from hfspace_action import text

from . import pull_request

_LONGEST = 200  # characters of a subject or a name
_MERGED = re.compile(r"\AMerge pull request #([0-9]{1,10}) from |\(#([0-9]{1,10})\)\Z")
"""The subjects that GitHub gives the commit of a merge and of a squash."""


def actor(env: Mapping[str, str]) -> str:
    """Return who started the run, and who ran it again."""
    first, last = env.get("GITHUB_ACTOR", ""), env.get("GITHUB_TRIGGERING_ACTOR", "")
    return f"{first}, run again by {last}" if last and last != first else first


def pull(payload: Mapping[str, Any], subject: str, repository_url: str) -> str:
    """Return the address of the pull request that a run is about, or that a commit of this subject merged; or nothing."""
    found = pull_request.read(payload)
    if found:
        return f"{repository_url}/pull/{found.number}"
    merged = _MERGED.search(subject)
    return f"{repository_url}/pull/{merged[1] or merged[2]}" if merged else ""


def compare(payload: Mapping[str, Any], repository_url: str) -> str:
    """Return the address at which GitHub shows what a push or a pull request changes; or nothing."""
    found = pull_request.read(payload)
    if found and found.base_sha:
        return f"{repository_url}/compare/{found.base_sha}...{found.sha}"
    pushed = payload.get("compare")
    return pushed if isinstance(pushed, str) and pushed.startswith(f"{repository_url}/compare/") else ""


def line(value: str) -> str:
    """Return a text of others on one line, of bounded length."""
    return text.cut(" ".join(text.printable(value).split()), _LONGEST)
