"""The pull request that a workflow run is about, as its event describes it. All of it but the numbers is text of others.

Source: https://docs.github.com/webhooks/webhook-events-and-payloads#pull_request
"""

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

_SHA = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")


class PullRequest(NamedTuple):
    """A pull request of `base` (owner/name). `sha` is the last commit of its branch, `head` the repository that it comes from,
    empty where that is gone; `base_sha` is what it is compared with."""

    number: int
    sha: str
    head: str
    base: str
    base_sha: str = ""
    url: str = ""
    is_closed: bool = False
    is_merged: bool = False

    @property
    def is_fork(self) -> bool:
        """Whether its commits are those of another repository, whose authors may not write here."""
        return self.head.lower() != self.base.lower()


def read(payload: Mapping[str, Any]) -> PullRequest | None:
    """Return the pull request of an event's payload; None where it is about none."""
    pull = payload.get("pull_request")
    if not isinstance(pull, Mapping):
        return None
    head, base = (_mapping(pull.get(side)) for side in ("head", "base"))
    number, sha = pull.get("number"), head.get("sha")
    base_name = _mapping(base.get("repo")).get("full_name") or _mapping(payload.get("repository")).get("full_name")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1 or not base_name:
        return None
    if not isinstance(sha, str) or not _SHA.fullmatch(sha):
        return None
    return PullRequest(
        number,
        sha,
        str(_mapping(head.get("repo")).get("full_name") or ""),
        str(base_name),
        str(base.get("sha") or ""),
        str(pull.get("html_url") or ""),
        is_closed=pull.get("state") == "closed" or payload.get("action") == "closed",
        is_merged=pull.get("merged") is True,
    )


class Run(NamedTuple):
    """The run of another workflow that started this one: of which commit of which repository's branch, for which event."""

    sha: str
    head: str
    branch: str
    event: str


def finished_run(payload: Mapping[str, Any]) -> Run | None:
    """Return the run that a `workflow_run` event is about; None where it is about none, or the repository is gone."""
    run = payload.get("workflow_run")
    if not isinstance(run, Mapping):
        return None
    found = Run(
        str(run.get("head_sha") or ""),
        str(_mapping(run.get("head_repository")).get("full_name") or ""),
        str(run.get("head_branch") or ""),
        str(run.get("event") or ""),
    )
    return found if _SHA.fullmatch(found.sha) and found.head and found.branch else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
