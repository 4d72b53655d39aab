"""Pull requests as GitHub has them: which there are, who labelled them and when, and since when their branch stands where it does."""

from datetime import datetime
from typing import NamedTuple

from github.PullRequest import PullRequest

from .client import Access, client, repository


class Label(NamedTuple):
    """A label as it was put on last: by whom, and when."""

    actor: str
    at: datetime


class Pull(NamedTuple):
    """A pull request. `repository` and `branch` are where its commit `sha` comes from; `repository` is empty if that is gone."""

    number: int
    sha: str
    repository: str
    branch: str
    labels: frozenset[str]
    url: str


def is_open(access: Access, number: int) -> bool:
    """Whether a pull request is open. Raises `NoAnswer`; GitHub knows no such pull request: `NotAllowed`."""
    with repository(access) as asked:
        return asked.get_pull(number).state == "open"


def of_branch(access: Access, head: str, branch: str) -> list[Pull]:
    """Return the open pull requests that come from the branch of a repository (owner/name). Raises `NoAnswer`."""
    with repository(access) as asked:
        owner = head.partition("/")[0]
        found = [_pull(each) for each in asked.get_pulls(state="open", head=f"{owner}:{branch}")]
    return [each for each in found if (each.repository.lower(), each.branch) == (head.lower(), branch)]


def label(access: Access, number: int, name: str) -> Label | None:
    """Return the label as it was put on last; None where nobody did. Raises `NoAnswer`."""
    found: Label | None = None
    with repository(access) as asked:
        for event in asked.get_issue(number).get_events():
            if event.event in ("labeled", "unlabeled") and event.label.name.lower() == name.lower():
                found = Label(event.actor.login, event.created_at) if event.event == "labeled" else None
    return found


def take_label(access: Access, number: int, name: str) -> None:
    """Take a label off. Raises `NoAnswer`."""
    with repository(access) as asked:
        asked.get_issue(number).remove_from_labels(name)


def may_write(access: Access, user: str) -> bool:
    """Whether a user may write to the repository. Raises `NoAnswer`."""
    with repository(access) as asked:
        return asked.get_collaborator_permission(user) in ("admin", "write")


def last_push(access: Access, head: str, branch: str) -> tuple[str, datetime] | None:
    """Return the commit that a branch of a repository (owner/name) was moved to last, and when; None where GitHub does not say.

    A commit's own dates are whatever its author wrote; this is GitHub's record. Source: "List repository activities" of the REST
    API. Raises `NoAnswer`.
    """
    with client(access) as connected:
        path = f"{access.api.rstrip('/')}/repos/{head}/activity"
        parameters = {"ref": f"refs/heads/{branch}", "per_page": 1}
        _, found = connected.requester.requestJsonAndCheck("GET", path, parameters=parameters)
        if not isinstance(found, list) or not found:
            return None
        return found[0]["after"], datetime.fromisoformat(found[0]["timestamp"])


def _pull(shown: PullRequest) -> Pull:
    head = shown.head
    labels = frozenset(label.name.lower() for label in shown.labels)
    repository = head.repo.full_name if head.repo else ""
    return Pull(shown.number, head.sha, repository, head.ref, labels, shown.html_url)
