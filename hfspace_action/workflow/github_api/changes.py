"""A change to the repository as one open pull request from a branch of ours, written through the git data API: no clone, no push.

Source: the REST API's pages on blobs, trees, commits, references and pull requests.
"""

import base64
import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from github.GitCommit import GitCommit
from github.GithubException import GithubException
from github.InputGitTreeElement import InputGitTreeElement
from github.PullRequest import PullRequest
from github.Repository import Repository

from .client import Access, NoAnswer, repository
from .comments import LONGEST, is_ours

_STATE = re.compile(r"<!-- edits: ([0-9a-f]{64}); commit: ([0-9a-f]{40}) -->")
_UNKNOWN = (404, 409, 422)
"""How GitHub answers for a commit that it has not."""
_MODES = frozenset({"100644", "100755"})
_PLAIN = "100644"


class Written(NamedTuple):
    """A file as it is to be; without content it goes."""

    path: str
    content: bytes | None


class Change(NamedTuple):
    """What to propose: files on a `branch` that starts at the first of the commits `onto` that GitHub has, for the branch `into`
    (empty: the repository's default). `digest` (64 hexadecimal digits) is the same where the files are; `marker` begins the
    body and tells whose pull request it is."""

    branch: str
    into: str
    onto: Sequence[str]
    files: Sequence[Written]
    digest: str
    marker: str
    title: str
    message: str
    body: str


class Proposed(NamedTuple):
    """The pull request that has a change: opened or `updated` now, `open` with it since before, or `closed` with it, by a person."""

    number: int
    url: str
    state: Literal["opened", "updated", "open", "closed"]


class Touched(Exception):
    """Somebody else has committed to the branch of the open pull request, whose address the text is."""


def propose(access: Access, change: Change) -> Proposed:
    """Propose a change, unless that is done. Raises `NoAnswer`, and `Touched`: what others committed to the branch is theirs."""
    with repository(access) as asked:
        head = f"{access.repository.partition('/')[0]}:{change.branch}"
        found = [each for each in asked.get_pulls(state="all", head=head) if is_ours(each, change.marker)]
        is_open = next((each for each in found if each.state == "open"), None)
        same = next((each for each in found if _state(each)[0] == change.digest), None)
        if same and (same.state == "open" or is_open is None):
            return Proposed(same.number, same.html_url, "open" if same.state == "open" else "closed")
        if is_open and is_open.head.sha != _state(is_open)[1]:
            raise Touched(is_open.html_url)
        commit = _committed(asked, change)
        _move(asked, change.branch, commit)
        body = f"{change.marker}\n<!-- edits: {change.digest}; commit: {commit} -->\n{change.body}"[:LONGEST]
        if is_open:
            is_open.edit(title=change.title, body=body)
            return Proposed(is_open.number, is_open.html_url, "updated")
        into = change.into or asked.default_branch
        made = asked.create_pull(into, change.branch, title=change.title, body=body)
        return Proposed(made.number, made.html_url, "opened")


def _state(pull: PullRequest) -> tuple[str, str]:
    """Return the digest of the files and the commit that a pull request of ours was written with."""
    found = _STATE.search(pull.body or "")
    return (found[1], found[2]) if found else ("", "")


def _committed(asked: Repository, change: Change) -> str:
    """Make the commit; its id."""
    base = _first_known(asked, change.onto)
    whole = asked.get_git_tree(base.tree.sha, recursive=True)
    modes = {each.path: each.mode for each in whole.tree}
    elements = []
    for file in change.files:
        mode = modes.get(file.path, _PLAIN)
        if file.content is not None:
            blob = asked.create_git_blob(base64.b64encode(file.content).decode(), "base64").sha
            elements.append(InputGitTreeElement(file.path, mode if mode in _MODES else _PLAIN, "blob", sha=blob))
        elif file.path in modes:
            elements.append(InputGitTreeElement(file.path, mode, "blob", sha=None))
    return asked.create_git_commit(change.message, asked.create_git_tree(elements, whole), [base]).sha


def _first_known(asked: Repository, commits: Sequence[str]) -> GitCommit:
    """Return the first of these commits that GitHub has. Raises `NoAnswer`."""
    for sha in commits:
        try:
            return asked.get_git_commit(sha)
        except GithubException as refused:
            if refused.status not in _UNKNOWN:
                raise
    raise NoAnswer(f"it has none of the commits {', '.join(sha[:7] for sha in commits)}")


def _move(asked: Repository, branch: str, commit: str) -> None:
    """Make a branch, or move it."""
    try:
        asked.create_git_ref(f"refs/heads/{branch}", commit)
    except GithubException as refused:
        if refused.status != 422:
            raise
        there = asked.get_git_ref(f"heads/{branch}")
        there.complete()  # with the address that it is changed at, which is another than the one that it is read at
        there.edit(commit, force=True)
