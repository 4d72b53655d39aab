"""The Hub as this action needs it: few verbs, every call bounded in time, retried where that is safe, and every error
in our words. Only this module, `hub_calls` and `hub_errors` know `huggingface_hub`; `client.prepare` runs before its import.
"""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import httpx2
from huggingface_hub import (
    CommitOperationAdd,
    CommitOperationCopy,
    CommitOperationDelete,
    HfApi,
    RepoCard,
    RepoUrl,
    SpaceInfo,
    set_client_factory,
)
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError
from huggingface_hub.hf_api import ExpandSpaceProperty_T, RepoFile, RepoFolder

from . import __version__, account, token_kinds
from .account import Account
from .errors import Failure
from .files import File
from .hub_answers import Answers
from .hub_calls import Calls
from .hub_errors import status
from .hub_settings import SettingsCalls
from .tree import Entry

CommitOperation = CommitOperationAdd | CommitOperationCopy | CommitOperationDelete

_TIMEOUT = httpx2.Timeout(connect=10, read=90, write=90, pool=90)  # seconds; the Hub itself gives up after 60
_POLL_TIMEOUT = 15.0  # seconds; a poll that takes longer is better asked again
_STATE: list[ExpandSpaceProperty_T] = ["sha", "runtime", "sdk", "private"]


@dataclass(frozen=True)
class Space:
    """A Space as the Hub describes it. What the Hub did not say is None; nothing is filled in by us."""

    id: str
    url: str
    head: str | None
    stage: str | None
    runtime_sha: str | None
    error_message: str | None
    sdk: str | None
    host: str | None
    visibility: str | None
    hardware: str | None
    requested_hardware: str | None
    sleep_time: int | None
    dev_mode: bool


@dataclass(frozen=True)
class Prepared:
    """Files that are ready to be committed."""

    additions: Sequence[CommitOperationAdd]


@dataclass(frozen=True)
class Commit:
    """A commit on the Space: its id and the page that shows it."""

    sha: str
    url: str


class _BoundedClient(httpx2.Client):
    """An HTTP client on which no request is without a time limit: `huggingface_hub` passes `timeout=None` in places."""

    def build_request(self, *args: Any, **kwargs: Any) -> httpx2.Request:
        if kwargs.get("timeout", self) is None:
            del kwargs["timeout"]
        return super().build_request(*args, **kwargs)


class Hub:
    """One Hub with one token. `say` is told about each wait before another try."""

    def __init__(self, endpoint: str, token: str, *, say: Callable[[str], None]) -> None:
        self.answers = Answers(endpoint)
        set_client_factory(
            lambda: _BoundedClient(follow_redirects=True, timeout=_TIMEOUT, event_hooks=self.answers.hooks)
        )
        self.endpoint = endpoint
        self._calls = Calls(endpoint, token_kinds.kind(token), say)
        self._account: Account | None = None
        self._publisher = token_kinds.is_publishers(token)
        self._api = HfApi(endpoint=endpoint, token=token, library_name="hf-space-deploy", library_version=__version__)
        self.settings = SettingsCalls(self._api, self._calls)

    # Reading

    def account(self) -> Account:
        """The token's account; asked for once, because the Hub limits this question more strictly than others."""
        if self._account is None:
            self._account = account.read(self._calls.repeat("read the token's account", "", self._api.whoami))
        return self._account

    def space(self, space: str) -> Space | None:
        """A Space, or None where it is missing or hidden from this token. Its `host` is not asked for: that answer would
        carry the list of all files."""
        try:
            return self._calls.repeat(f"read {space}", space, lambda: self._state(space))
        except Failure as shown:
            if isinstance(shown.__cause__, RepositoryNotFoundError):
                return None
            raise

    def spaces_of(self, owner: str) -> list[str]:
        """The full names of an owner's Spaces, as far as this token sees them."""
        return self._calls.repeat(
            f"list the Spaces of {owner}", owner, lambda: [each.id for each in self._api.list_spaces(author=owner)]
        )

    def observe(self, space: str, *, address: bool = False) -> Space | None:
        """The same for polling: one try only, of at most 15 seconds; the caller decides what a miss means. `address`
        asks for the `host` too."""
        try:
            expand = None if address else _STATE
            return self._described(self._api.space_info(space, expand=expand, timeout=_POLL_TIMEOUT))
        except Exception as error:
            # With 401 the Hub may mean the token, which was good when the watch began: a trusted publisher's ends in an hour.
            if isinstance(error, RepositoryNotFoundError) and status(error) != 401:
                return None
            raise self._calls.failure(error, f"read the state of {space}", space) from error

    def describe(self, space: str) -> Space:
        """A Space with its `host`, the address of its app."""
        return self._calls.repeat(f"read {space}", space, lambda: self._described(self._api.space_info(space)))

    def check_write_access(self, space: str) -> None:
        """Raise a `Failure` that says why, if the token may not write to an existing Space."""
        doing = f"check the write access to {space}"
        try:
            self._calls.repeat(doing, space, lambda: self._api.auth_check(space, repo_type="space", write=True))
        except Failure as refused:
            raise self._no_write(space, refused) from refused

    def list_folder(self, space: str, revision: str, path: str, *, recursive: bool = False) -> list[Entry]:
        """The entries of one folder ("" is the root) with their git object ids, or of all folders below it as well."""

        def entries() -> list[Entry]:
            listed = self._api.list_repo_tree(
                space, path or None, recursive=recursive, revision=revision, repo_type="space"
            )
            return [_entry(item) for item in listed]

        return self._calls.repeat(f"list the files of {space}", space, entries)

    def head(self, space: str) -> Commit:
        """The newest commit of main."""
        info = self._calls.repeat(f"read {space}", space, lambda: self._api.space_info(space, expand=["sha"]))
        return self.commit_page(space, str(info.sha))

    def follow_log(self, space: str, *, build: bool) -> Iterator[str]:
        """The build or run log from its start, in pieces as they come, until the Hub closes it. Raises `Failure`."""
        try:
            yield from self._api.fetch_space_logs(space, build=build, follow=True)
        except Exception as error:
            raise self._calls.failure(error, f"read a log of {space}", space) from error

    def commit_page(self, space: str, sha: str) -> Commit:
        """A commit with its address as the client builds it for an existing repository."""
        return Commit(sha, f"{self._url(space)}/commit/{sha}")

    # Changing

    def validate_readme(self, text: str) -> list[str]:
        """Ask the Hub whether it accepts a README's front matter; its warnings, or the `Failure` readme-refused."""
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                card = RepoCard(text, ignore_metadata_errors=True)
                self._calls.repeat("check the README", "", lambda: card.validate(repo_type="space"))
            except ValueError as error:
                raise Failure("readme-refused", said=_validation_errors(error)) from error
        return [str(warning.message) for warning in caught]

    def create(
        self,
        space: str,
        *,
        sdk: str,
        visibility: str | None,
        hardware: str | None,
        sleep_time: int | None,
        secrets: Mapping[str, tuple[str, str]],
        variables: Mapping[str, str],
    ) -> None:
        """Create a Space with its settings; secrets come with their descriptions. One that appears meanwhile (a lost answer, another run) is no error."""
        doing = f"create {space}"
        try:
            self._calls.repeat(
                doing,
                space,
                lambda: self._api.create_repo(
                    space,
                    repo_type="space",
                    exist_ok=True,
                    visibility=visibility,  # type: ignore[arg-type]  # inputs.py knows the three words
                    space_sdk=sdk,
                    space_hardware=hardware,  # type: ignore[arg-type]  # any name is sent, the Hub decides
                    space_sleep_time=sleep_time,
                    space_secrets=[
                        {"key": key, "value": value, "description": description}
                        for key, (value, description) in secrets.items()
                    ]
                    or None,
                    space_variables=[{"key": key, "value": value} for key, value in variables.items()] or None,
                ),
            )
        except Failure as refused:
            raise self._no_write(space, refused) from refused

    def delete(self, space: str) -> None:
        """Delete a Space for good. One that is gone already (a lost answer) is no error."""
        try:
            self._calls.repeat(
                f"delete {space}", space, lambda: self._api.delete_repo(space, repo_type="space", missing_ok=True)
            )
        except Failure as refused:
            raise self._no_write(space, refused) from refused

    def restart(self, space: str, *, factory: bool = False) -> str | None:
        """Start the app again; `factory` builds it anew without cache. The stage that it is in then."""
        runtime = self._calls.repeat(
            f"restart {space}", space, lambda: self._api.restart_space(space, factory_reboot=factory)
        )
        return runtime.stage

    # Publishing

    def prepare(self, space: str, revision: str, files: Sequence[File]) -> Prepared:
        """Ask the Hub how it stores each file and upload what goes to LFS; the rest goes with the commit itself. What a
        .gitignore on the Space says must not drop a file of the checkout."""
        additions = [CommitOperationAdd(file.path, file.source) for file in files]
        self._calls.repeat(
            f"upload files to {space}",
            space,
            lambda: self._api.preupload_lfs_files(
                space, additions, repo_type="space", revision=revision, free_memory=False, gitignore_content=""
            ),
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
        title: str,
        description: str,
    ) -> Commit:
        """Make one commit on a branch. Raises `HeadMoved` when `parent` is no longer its head, `OutcomeUnknown` when the
        answer was lost. `removed` are paths; a folder's ends with "/"."""
        return self._commit(space, [*_removals(removed), *added.additions], revision, parent, title, description)

    def restore(
        self,
        space: str,
        *,
        parent: str,
        origin: str,
        copies: Sequence[str],
        removed: Sequence[str],
        title: str,
        description: str,
    ) -> Commit:
        """Make one commit on main that takes the files `copies` as they were in the commit `origin`. Raises as `commit`."""
        copying = [CommitOperationCopy(path, path, src_revision=origin) for path in copies]
        return self._commit(space, [*_removals(removed), *copying], "main", parent, title, description)

    def _commit(
        self, space: str, operations: list[CommitOperation], revision: str, parent: str, title: str, description: str
    ) -> Commit:
        try:
            made = self._calls.once(
                f"commit to {space}",
                space,
                lambda: self._api.create_commit(
                    space,
                    operations,
                    repo_type="space",
                    revision=revision,
                    parent_commit=parent,
                    commit_message=title,
                    commit_description=description,
                ),
            )
        except ValueError as error:
            raise Failure("readme-refused", said=_validation_errors(error)) from error
        return Commit(made.oid, made.commit_url)

    def open_pull_request(self, space: str, title: str, description: str) -> int:
        """Open a draft pull request on the Space; its number. Its branch is refs/pr/NUMBER."""
        opened = self._calls.once(
            f"open a pull request on {space}",
            space,
            lambda: self._api.create_pull_request(space, title, repo_type="space", description=description),
        )
        return opened.num

    def pull_requests(self, space: str) -> list[tuple[int, str]]:
        """The number and title of each unfinished pull request, newest first."""
        found = self._calls.repeat(
            f"list the pull requests of {space}",
            space,
            lambda: [
                (each.num, each.title)
                for each in self._api.get_repo_discussions(
                    space, repo_type="space", discussion_type="pull_request", discussion_status="open"
                )
                if each.status in ("draft", "open")
            ],
        )
        return sorted(found, reverse=True)

    def branch_head(self, space: str, revision: str) -> str:
        """The commit id at the tip of a branch such as refs/pr/3."""
        info = self._calls.repeat(
            f"read {revision} of {space}",
            space,
            lambda: self._api.space_info(space, revision=revision, expand=["sha"]),
        )
        return str(info.sha)

    def merge(self, space: str, number: int, comment: str) -> None:
        """Merge a pull request: main moves once. Raises `OutcomeUnknown` when the answer was lost."""
        doing = f"merge pull request {number} of {space}"
        self._calls.repeat(
            doing,
            space,
            lambda: self._api.change_discussion_status(space, number, "open", repo_type="space"),
        )
        self._calls.once(
            doing, space, lambda: self._api.merge_pull_request(space, number, repo_type="space", comment=comment)
        )

    def close_pull_request(self, space: str, number: int, comment: str) -> None:
        """Close a pull request without merging it."""
        self._calls.repeat(
            f"close pull request {number} of {space}",
            space,
            lambda: self._api.change_discussion_status(space, number, "closed", repo_type="space", comment=comment),
        )

    # What answers mean

    def _state(self, space: str) -> Space:
        return self._described(self._api.space_info(space, expand=_STATE))

    def _described(self, info: SpaceInfo) -> Space:
        runtime = info.runtime
        raw: Mapping[str, Any] = runtime.raw if runtime else {}
        return Space(
            id=info.id,
            url=self._url(info.id),
            head=info.sha,
            stage=runtime.stage if runtime else None,
            runtime_sha=raw.get("sha"),
            error_message=raw.get("errorMessage"),
            sdk=info.sdk,
            host=info.host,
            visibility=_visibility(info),
            hardware=(runtime.hardware or runtime.requested_hardware) if runtime else None,
            requested_hardware=runtime.requested_hardware if runtime else None,
            sleep_time=runtime.sleep_time if runtime else None,
            dev_mode=bool(runtime and runtime.dev_mode),
        )

    def _url(self, space: str) -> str:
        return str(RepoUrl(f"{self.endpoint}/spaces/{space}", endpoint=self.endpoint))

    def _no_write(self, space: str, refused: Failure) -> Failure:
        """The refusal of a write, told by its cause: one more question, asked on this path only."""
        cause = refused.__cause__
        if not isinstance(cause, HfHubHTTPError) or refused.id != "forbidden":
            return refused
        reason = "the Space does not trust it with that" if self._publisher else self.account().why_no_write(space)
        return Failure("no-write-access", space=space, reason=reason, said=cause.server_message or "HTTP 403")


def _entry(item: RepoFile | RepoFolder) -> Entry:
    if isinstance(item, RepoFile):
        return Entry(item.path, "file", item.blob_id, item.size, item.lfs.sha256 if item.lfs else None)
    return Entry(item.path, "directory", item.tree_id, 0, None)


def _removals(paths: Sequence[str]) -> list[CommitOperationDelete]:
    return [CommitOperationDelete(path, is_folder=path.endswith("/")) for path in paths]


def _validation_errors(error: ValueError) -> str:
    """The Hub's own sentences out of the client's ValueError, which holds the answer as JSON or as a list of lines."""
    text = str(error)
    try:
        found = [item["message"] for item in httpx2.Response(400, text=text).json()["errors"]]
    except (ValueError, KeyError, TypeError):
        found = [line.removeprefix("- ") for line in text.splitlines() if line.startswith("- ")] or [text]
    return "; ".join(found).rstrip(".")


def _visibility(info: SpaceInfo) -> str | None:
    named = getattr(info, "visibility", None)
    if isinstance(named, str):
        return named
    return None if info.private is None else ("private" if info.private else "public")
