"""Commits on a Space, by the API: no push. A deploy that changes nothing does not load what the client needs for them."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from typing import Any, NamedTuple

from huggingface_hub import CommitOperationAdd, CommitOperationCopy, CommitOperationDelete, HfApi
from huggingface_hub.errors import FileDuplicationError

from hfspace_action.errors import Failure
from hfspace_action.file import Entry, File

from .calls import Calls
from .connection.client import Contents, Known
from .errors import said
from .git import Commit, Message, validation_errors

CommitOperation = CommitOperationAdd | CommitOperationCopy | CommitOperationDelete
_NOTHING_IGNORED = "#\n"
"""A .gitignore. An empty one might count as none, and then that of the Space decides."""
_left_behind: list[ExitStack] = []
# Longer files are not held in memory until they are committed.
_LONGEST_HELD = 256 * 1024


class Prepared(NamedTuple):
    """Files that are ready to be committed. `opened` are those that the client reads by itself, open until it has."""

    files: Sequence[CommitOperationAdd | CommitOperationCopy]
    opened: ExitStack


class Origin(NamedTuple):
    """A commit of another Space, and its files by their paths, which another Space is to get. `contents` returns a blob by its id,
    or None where it is not at hand."""

    space: str
    sha: str
    files: Mapping[str, Entry]
    contents: Callable[[str], bytes | None]


class Copied(NamedTuple):
    """A file of another commit, and its content where that is at hand. `written`: it is not in that commit, but has this content."""

    entry: Entry
    content: bytes | None = None
    written: bool = False


class Commits:
    """Makes commits on Spaces."""

    def __init__(self, api: HfApi, calls: Calls, contents: Contents) -> None:
        self._api, self._calls, self._contents = api, calls, contents

    def prepare(self, space: str, revision: str, files: Sequence[File]) -> Prepared:
        """Ask the Hub how it stores each file and upload what goes to LFS; the rest goes with the commit itself. What a
        .gitignore on the Space says must not drop a file of the checkout."""
        deadline, doing = self._calls.deadline, f"upload files to {space}"
        with ExitStack() as opened, deadline.under_way(doing, upload=True):
            additions = [CommitOperationAdd(file.path, _sent(file, opened)) for file in files]
            try:
                self._calls.repeat(
                    doing,
                    space,
                    self._upload,
                    opened,
                    space,
                    additions,
                    repo_type="space",
                    revision=revision,
                    free_memory=False,
                    gitignore_content=_NOTHING_IGNORED,
                )
            except (OSError, RuntimeError) as error:
                raise self._not_uploaded(error, space) from error
            return Prepared(additions, opened.pop_all())

    def taken(self, origin: Origin, files: Sequence[File]) -> Prepared:
        """Return these files as another Space has them. The Hub itself copies what it keeps in LFS; the client downloads the rest, to
        send it with the commit, but for what is at hand."""
        entries = [origin.files[file.path] for file in files]
        at_hand = {each: None if each.lfs_sha256 else origin.contents(each.oid) for each in entries}
        self._know(origin.space, origin.sha, at_hand)
        copies = [
            CommitOperationCopy(
                each.path, each.path, src_revision=origin.sha, src_repo_id=origin.space, src_repo_type="space"
            )
            for each in entries
        ]
        return Prepared(copies, ExitStack())

    def _upload(self, opened: ExitStack, *args: Any, **options: Any) -> None:
        """Upload large files: in native code, which knows no deadline. Raises `Failure`."""
        try:
            self._calls.deadline.bound(lambda: self._api.preupload_lfs_files(*args, **options))
        except TimeoutError as late:
            # It may still read them, by numbers that must not become other files'.
            _left_behind.append(opened.pop_all())
            raise self._calls.deadline.failure() from late

    def _not_uploaded(self, error: Exception, space: str) -> Exception:
        """Return the `Failure` of what hf_xet raises, which has nothing but a text, or of what the client wraps; the error itself
        where it is this machine's."""
        if isinstance(error.__cause__, Exception):
            return self._calls.failure(error.__cause__, f"upload files to {space}", space)
        if isinstance(error, OSError) and error.errno is not None:
            return error
        return Failure("upload-failed", said=said(error))

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
        with added.opened, self._calls.deadline.under_way(f"commit to {space}", upload=True):
            return self._commit(space, [*_removals(removed), *added.files], revision, parent, message)

    def restore(
        self,
        space: str,
        *,
        parent: str,
        origin: str,
        copies: Sequence[Copied],
        removed: Sequence[str],
        message: Message,
    ) -> Commit:
        """Make one commit on main that takes the files `copies` as they are listed for the commit `origin`. Raises as `commit`.

        The client downloads those that are not in LFS, to send them with the commit: what is at hand is given to it in place of
        that, and what comes is compared with its id before it is sent."""
        copied = [each for each in copies if not each.written]
        copying = [CommitOperationCopy(each.entry.path, each.entry.path, src_revision=origin) for each in copied]
        adding = [CommitOperationAdd(each.entry.path, each.content or b"") for each in copies if each.written]
        self._know(space, origin, {each.entry: each.content for each in copied})
        return self._commit(space, [*_removals(removed), *copying, *adding], "main", parent, message)

    def _know(self, space: str, sha: str, contents: Mapping[Entry, bytes | None]) -> None:
        """Tell the client the ids of files of a commit, and their contents where they are at hand. A large file's is that of its pointer,
        so that it is never downloaded and sent as a small one, whatever an answer says of it."""
        known = {
            f"/spaces/{space}/resolve/{sha}/{each.path}": Known(each.oid, content) for each, content in contents.items()
        }
        self._contents.update(known)

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
        except (ValueError, FileDuplicationError) as error:
            origins = (each.src_repo_id for each in operations if isinstance(each, CommitOperationCopy))
            if twin := next(filter(None, origins), None):
                raise Failure("copy-refused", space=space, twin=twin, said=said(error)) from error
            if isinstance(error, ValueError):
                raise Failure("readme-refused", said=validation_errors(error)) from error
            raise
        self._calls.recent.committed(made.oid)
        return Commit(made.oid, made.commit_url)


def _sent(file: File, opened: ExitStack) -> str | bytes:
    """Return what the client is to send of a file: its bytes, or a name by which it can't open another file.

    Under the file's own name somebody may have put a link since it was read, which the client would follow.
    """
    if isinstance(file.source, bytes):
        return file.source
    if file.size <= _LONGEST_HELD:
        return file.read()
    return f"/proc/self/fd/{opened.enter_context(file.open()).fileno()}"


def _removals(paths: Sequence[str]) -> list[CommitOperationDelete]:
    return [CommitOperationDelete(path, is_folder=path.endswith("/")) for path in paths]
