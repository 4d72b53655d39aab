"""A Space's repository: its tree, its commits, its pull requests."""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx2
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationCopy,
    CommitOperationDelete,
    HfApi,
    RepoUrl,
)
from huggingface_hub.hf_api import RepoFile, RepoFolder

from hfspace_action.errors import Failure
from hfspace_action.file import Entry, File

from .calls import Calls

CommitOperation = CommitOperationAdd | CommitOperationCopy | CommitOperationDelete


@dataclass(frozen=True)
class Prepared:
    """Files that are ready to be committed."""

    additions: Sequence[CommitOperationAdd]


@dataclass(frozen=True)
class Message:
    """What a commit says: its title, and its description."""

    title: str
    description: str


@dataclass(frozen=True)
class Commit:
    """A commit on the Space: its id and the page that shows it."""

    sha: str
    url: str


class GitCalls:
    """The git side of Spaces, by the API: no clone, no push."""

    def __init__(self, api: HfApi, calls: Calls) -> None:
        self._api, self._calls = api, calls

    # Reading

    def list_folder(self, space: str, revision: str, path: str, *, recursive: bool = False) -> list[Entry]:
        """The entries of one folder ("" is the root) with their git object ids, or of all folders below it as well."""

        def entries() -> list[Entry]:
            listed = self._api.list_repo_tree(
                space, path or None, recursive=recursive, revision=revision, repo_type="space"
            )
            return [_entry(item) for item in listed]

        return self._calls.passed_on(f"list the files of {space}", space, entries)

    def head(self, space: str) -> Commit:
        """The newest commit of main."""
        info = self._calls.repeat(f"read {space}", space, self._api.space_info, space, expand=["sha"])
        return self.commit_page(space, str(info.sha))

    def commit_page(self, space: str, sha: str) -> Commit:
        """A commit with its address as the client builds it for an existing repository."""
        return Commit(sha, f"{space_page(self._api.endpoint, space)}/commit/{sha}")

    # Changing

    def prepare(self, space: str, revision: str, files: Sequence[File]) -> Prepared:
        """Ask the Hub how it stores each file and upload what goes to LFS; the rest goes with the commit itself. What a
        .gitignore on the Space says must not drop a file of the checkout."""
        additions = [CommitOperationAdd(file.path, file.source) for file in files]
        self._calls.passed_on(
            f"upload files to {space}",
            space,
            self._api.preupload_lfs_files,
            space,
            additions,
            repo_type="space",
            revision=revision,
            free_memory=False,
            gitignore_content="",
        )
        return Prepared(additions)

    def commit(
        self,
        space: str,
        *,
        revision: str,
        parent: str,
        added: Prepared,
        removed: Sequence[str],
        message: Message,
    ) -> Commit:
        """Make one commit on a branch. Raises `HeadMoved` when `parent` is no longer its head, `OutcomeUnknown` when the
        answer was lost. `removed` are paths; a folder's ends with "/"."""
        return self._commit(space, [*_removals(removed), *added.additions], revision, parent, message)

    def restore(
        self,
        space: str,
        *,
        parent: str,
        origin: str,
        copies: Sequence[str],
        removed: Sequence[str],
        message: Message,
    ) -> Commit:
        """Make one commit on main that takes the files `copies` as they were in the commit `origin`. Raises as `commit`."""
        copying = [CommitOperationCopy(path, path, src_revision=origin) for path in copies]
        return self._commit(space, [*_removals(removed), *copying], "main", parent, message)

    def _commit(
        self, space: str, operations: list[CommitOperation], revision: str, parent: str, message: Message
    ) -> Commit:
        try:
            made = self._calls.once(
                f"commit to {space}",
                space,
                self._api.create_commit,
                space,
                operations,
                repo_type="space",
                revision=revision,
                parent_commit=parent,
                commit_message=message.title,
                commit_description=message.description,
            )
        except ValueError as error:
            raise Failure("readme-refused", said=validation_errors(error)) from error
        return Commit(made.oid, made.commit_url)

    def open_pull_request(self, space: str, title: str, description: str) -> int:
        """Open a draft pull request on the Space; its number. Its branch is refs/pr/NUMBER."""
        opened = self._calls.once(
            f"open a pull request on {space}",
            space,
            self._api.create_pull_request,
            space,
            title,
            repo_type="space",
            description=description,
        )
        return opened.num

    def pull_requests(self, space: str) -> list[tuple[int, str]]:
        """The number and title of each unfinished pull request, newest first."""

        def unfinished() -> list[tuple[int, str]]:
            listed = self._api.get_repo_discussions(
                space, repo_type="space", discussion_type="pull_request", discussion_status="open"
            )
            return [(each.num, each.title) for each in listed if each.status in ("draft", "open")]

        return sorted(self._calls.repeat(f"list the pull requests of {space}", space, unfinished), reverse=True)

    def branch_head(self, space: str, revision: str) -> str:
        """The commit id at the tip of a branch such as refs/pr/3."""
        info = self._calls.repeat(
            f"read {revision} of {space}",
            space,
            self._api.space_info,
            space,
            revision=revision,
            expand=["sha"],
        )
        return str(info.sha)

    def merge(self, space: str, number: int, comment: str) -> None:
        """Merge a pull request: main moves once. Raises `OutcomeUnknown` when the answer was lost."""
        doing = f"merge pull request {number} of {space}"
        self._calls.repeat(
            doing,
            space,
            self._api.change_discussion_status,
            space,
            number,
            "open",
            repo_type="space",
        )
        self._calls.once(doing, space, self._api.merge_pull_request, space, number, repo_type="space", comment=comment)

    def close_pull_request(self, space: str, number: int, comment: str) -> None:
        """Close a pull request without merging it."""
        self._calls.repeat(
            f"close pull request {number} of {space}",
            space,
            self._api.change_discussion_status,
            space,
            number,
            "closed",
            repo_type="space",
            comment=comment,
        )


def _entry(item: RepoFile | RepoFolder) -> Entry:
    if isinstance(item, RepoFile):
        return Entry(item.path, "file", item.blob_id, item.size, item.lfs.sha256 if item.lfs else None)
    return Entry(item.path, "directory", item.tree_id, 0, None)


def _removals(paths: Sequence[str]) -> list[CommitOperationDelete]:
    return [CommitOperationDelete(path, is_folder=path.endswith("/")) for path in paths]


def validation_errors(error: ValueError) -> str:
    """The Hub's own sentences out of the client's ValueError, which holds the answer as JSON or as a list of lines."""
    text = str(error)
    try:
        found = [item["message"] for item in httpx2.Response(400, text=text).json()["errors"]]
    except (ValueError, KeyError, TypeError):
        found = [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")] or [text]
    return "; ".join(found).rstrip(".")


def space_page(endpoint: str, space: str) -> str:
    """The page of a Space, as the client builds its address."""
    return str(RepoUrl(f"{endpoint}/spaces/{space}", endpoint=endpoint))
