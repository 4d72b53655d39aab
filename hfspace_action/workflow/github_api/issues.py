"""Issues that are kept up to date, one for each subject, known by a label and by a marker that their readers don't see.

Only who may triage can put a label on an issue, so a stranger's issue is never taken for one of ours. Source: the REST API's
pages on issues.
"""

from typing import Literal, NamedTuple

from github.Issue import Issue

from .client import Access, repository
from .comments import LONGEST, is_ours

LABEL = "hf-space-deploy"
"""The label of every issue of ours; GitHub makes it with the first one."""


class Kept(NamedTuple):
    """An issue of ours as it was when it was listed. `muted`: a person closed it as not planned, and it is to stay closed.
    `labelled`: it has our label, without which it is not found again."""

    number: int
    url: str
    is_open: bool
    muted: bool
    title: str
    body: str
    labelled: bool


def listed(access: Access) -> list[Kept]:
    """Return all issues with our label, the newest first. One request for a hundred of them. Raises `NoAnswer`."""
    with repository(access) as asked:
        found = asked.get_issues(state="all", labels=[LABEL])
        # Pull requests are in the list as well. (To read `pull_request`, which an issue lacks, would be a request for each.)
        return [_kept(each) for each in found if "/pull/" not in each.html_url and is_ours(each, "<!--")]


def of(found: list[Kept], marker: str) -> list[Kept]:
    """Return those of these issues whose body begins with a marker, those that are open first, then the newest."""
    ours = [each for each in found if each.body.startswith(marker)]
    return sorted(ours, key=lambda each: (not each.is_open, -each.number))


def create(access: Access, title: str, body: str) -> Kept:
    """Open an issue; its body begins with its marker. Raises `NoAnswer`."""
    with repository(access) as asked:
        return _kept(asked.create_issue(title, body=body[:LONGEST], labels=[LABEL]))


def write(access: Access, kept: Kept, title: str, body: str, *, state: Literal["open", "closed"] | None = None) -> Kept:
    """Write an issue anew, and open or close it. What is so already is not sent. Raises `NoAnswer`."""
    body = body[:LONGEST]
    is_open = kept.is_open if state is None else state == "open"
    if (title, body, is_open) == (kept.title, kept.body, kept.is_open):
        return kept
    with repository(access) as asked:
        issue = asked.get_issue(kept.number)
        if is_open == kept.is_open:
            issue.edit(title=title, body=body)
        else:
            issue.edit(title=title, body=body, state=state or "", state_reason="reopened" if is_open else "completed")
    return kept._replace(title=title, body=body, is_open=is_open)


def comment(access: Access, kept: Kept, words: str) -> None:
    """Add a comment, which those who follow the issue are told of. Raises `NoAnswer`."""
    with repository(access) as asked:
        asked.get_issue(kept.number).create_comment(words[:LONGEST])


def _kept(issue: Issue) -> Kept:
    is_open = issue.state == "open"
    muted = not is_open and issue.state_reason == "not_planned"
    labelled = any(label.name.lower() == LABEL for label in issue.labels)
    return Kept(issue.number, issue.html_url, is_open, muted, issue.title, issue.body or "", labelled)
