"""Pull requests on a Space: opened as drafts, filled by commits on refs/pr/N, merged in one move of main."""

from contextlib import suppress
from typing import Any, NamedTuple

from huggingface_hub import HfApi

from hfspace_action.errors import Failure

from .calls import Calls
from .connection.session import Session


class PullRequest(NamedTuple):
    """A pull request that is not finished."""

    number: int
    title: str
    author: str


def branch(number: int) -> str:
    """Return the branch of a pull request."""
    return f"refs/pr/{number}"


class PullRequests:
    """The pull requests of Spaces."""

    def __init__(self, api: HfApi, calls: Calls, session: Session) -> None:
        self._api, self._calls, self._session = api, calls, session

    def unfinished(self, space: str) -> list[PullRequest]:
        """Each that is open or a draft, newest first."""

        def listed() -> list[PullRequest]:
            found = self._api.get_repo_discussions(
                space, repo_type="space", discussion_type="pull_request", discussion_status="open"
            )
            return [
                PullRequest(each.num, each.title, each.author) for each in found if each.status in ("draft", "open")
            ]

        return sorted(self._calls.repeat(f"list the pull requests of {space}", space, listed), reverse=True)

    def open(self, space: str, title: str, description: str) -> int:
        """Open a draft; its number. Raises `OutcomeUnknown` when the answer was lost. (The client would read it as well, and
        by an error of that hide that it is there.)"""
        about = {"title": title, "description": description, "pullRequest": True}
        doing, path = f"open a pull request on {space}", f"/api/spaces/{space}/discussions"
        return int(self._calls.once(doing, space, self._session.add, path, about)["num"])

    def publish(self, space: str, number: int) -> None:
        """Make a draft a pull request that can be merged."""
        self._status(space, number, "open", None)

    def merge(self, space: str, number: int, comment: str) -> None:
        """Merge one: main moves once. Raises `OutcomeUnknown` when the answer was lost."""
        doing = f"merge pull request {number} of {space}"
        self._calls.once(doing, space, self._api.merge_pull_request, space, number, repo_type="space", comment=comment)

    def merged_as(self, space: str, number: int) -> str | None:
        """Return the commit on main that a pull request was merged as; None where the Hub does not say. (The client would ask
        for the whole difference with it.)"""
        with suppress(Failure):  # main's head tells, too
            changes = self._about(space, number).get("changes")
            sha = changes.get("mergeCommitId") if isinstance(changes, dict) else None
            if isinstance(sha, str) and sha:
                self._calls.recent.committed(sha)
                return sha
        return None

    def commits(self, space: str, number: int) -> set[str]:
        """The ids of the commits that a pull request has, or had; as far as the Hub says."""
        with suppress(Failure):
            events = self._about(space, number).get("events")
            data = [each.get("data") for each in events if isinstance(each, dict)] if isinstance(events, list) else []
            return {each["oid"] for each in data if isinstance(each, dict) and isinstance(each.get("oid"), str)}
        return set()

    def _about(self, space: str, number: int) -> dict[str, Any]:
        doing, path = f"read pull request {number} of {space}", f"/api/spaces/{space}/discussions/{number}"
        about = self._calls.repeat(doing, space, self._session.json, path)
        return about if isinstance(about, dict) else {}

    def close(self, space: str, number: int, comment: str) -> None:
        """Close one without merging it."""
        self._status(space, number, "closed", comment)

    def delete_branch(self, space: str, number: int) -> None:
        """Delete the branch of one that is merged or closed: its commits take storage."""
        doing, path = f"delete the branch of pull request {number}", f"/api/spaces/{space}/discussions/{number}/ref"
        self._calls.repeat(doing, space, self._session.delete, path)

    def _status(self, space: str, number: int, status: str, comment: str | None) -> None:
        doing = f"{'close' if status == 'closed' else 'open'} pull request {number} of {space}"
        self._calls.repeat(
            doing,
            space,
            self._api.change_discussion_status,
            space,
            number,
            status,  # type: ignore[arg-type]
            repo_type="space",
            comment=comment,
        )
