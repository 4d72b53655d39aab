"""One comment on a pull request that is kept up to date, known by a marker that its readers don't see."""

from github.Issue import Issue
from github.IssueComment import IssueComment
from github.PullRequest import PullRequest

from .client import Access, repository

LONGEST = 60_000
"""Characters; GitHub takes 65,536."""
_OURS = frozenset({"OWNER", "MEMBER", "COLLABORATOR"})


def keep(access: Access, number: int, marker: str, text: str, *, create: bool = True) -> bool:
    """Make `text` the comment that begins with `marker`, and whether there is one now. Without `create`, one that is not there
    is not made. What two runs at once made twice is made one. Raises `NoAnswer`."""
    body = f"{marker}\n{text}"[:LONGEST]
    with repository(access) as asked:
        issue = asked.get_issue(number)
        found = [each for each in issue.get_comments() if is_ours(each, marker)]
        if not found:
            if create:
                issue.create_comment(body)
            return create
        first, *others = found
        if first.body != body:
            first.edit(body)
        for other in others:
            other.delete()
    return True


def is_ours(written: IssueComment | Issue | PullRequest, marker: str) -> bool:
    """Return whether a comment, an issue or a pull request is one of ours: anybody can copy the marker, but not write in the name of the
    repository."""
    if not (written.body or "").startswith(marker):
        return False
    author = written.user
    return (author is not None and author.type == "Bot") or written.author_association in _OURS
