"""The tree of a Space as git itself hands it out: with the modes, which the Hub's listings leave out. A public Space asks for no token."""

import os
import ssl
import tempfile
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, NamedTuple

from hfspace_action.errors import Failure
from hfspace_action.file import POINTER_LENGTHS, Pointer

from .api import Hub
from .errors import said

if TYPE_CHECKING:
    import pygit2
    from pygit2.settings import Settings

_HEAD = "refs/heads/main"
_PLAIN, _FOLDER, _SUBMODULE = 0o100644, 0o40000, 0o160000
_USER = "user"  # the Hub takes any name beside a token
_TRIES = 2


class Stored(NamedTuple):
    """A file as git has it: its mode, its id, and what its pointer names where the content is in LFS or Xet."""

    mode: int
    blob: str
    pointer: Pointer | None = None

    @property
    def is_plain(self) -> bool:
        """Whether it has the mode of what a deploy writes: no link, no submodule, not executable."""
        return self.mode == _PLAIN


class Clone(NamedTuple):
    """The head of main: its id, that of its tree, and the files by their paths, in git's order."""

    commit: str
    tree: str
    files: Mapping[str, Stored]

    @property
    def listing(self) -> bytes:
        """What `git ls-tree -r -z --full-tree` prints of it."""
        return b"".join(
            b"%06o %s %s\t%s\0"
            % (each.mode, b"commit" if each.mode == _SUBMODULE else b"blob", each.blob.encode(), os.fsencode(path))
            for path, each in self.files.items()
        )


def read(hub: Hub, space: str) -> Clone:
    """Fetch the newest commit of main, without those before it; what is in LFS stays there. Raises `Failure`."""
    for tries in range(_TRIES):
        try:
            with tempfile.TemporaryDirectory(prefix="clone-", ignore_cleanup_errors=True) as folder:
                return hub.deadline.bound(lambda: _read(hub, space, folder))
        except TimeoutError as late:
            raise hub.deadline.failure() from late
        except _Unread as error:
            if tries + 1 == _TRIES or not hub.pause():
                raise Failure("fetch-failed", space=space, said=said(error)) from error
    raise AssertionError(space)


class _Unread(Exception):
    """Git's words on why it did not fetch."""


def _read(hub: Hub, space: str, folder: str) -> Clone:
    import pygit2  # not before: few commands fetch

    _trust(pygit2.settings)
    try:
        repository = pygit2.init_repository(folder, bare=True)
        remote = repository.remotes.create_anonymous(f"{hub.endpoint}/spaces/{space}")
        with hub.deadline.under_way(f"fetch {space} with git"):
            remote.fetch([f"+{_HEAD}:{_HEAD}"], depth=1, callbacks=_callbacks(hub), proxy=True)
        commit = repository.references[_HEAD].peel(pygit2.Commit)
        return Clone(str(commit.id), str(commit.tree.id), dict(_files(commit.tree, "")))
    except (pygit2.GitError, KeyError, ValueError, OSError) as error:
        raise _Unread(str(error) or type(error).__name__) from error


def _callbacks(hub: Hub) -> "pygit2.RemoteCallbacks":
    """Return what answers git when it is asked who it is: the token, to the Hub alone."""
    import pygit2

    class Callbacks(pygit2.RemoteCallbacks):
        def credentials(self, url: str, _user: str | None, _allowed: object) -> pygit2.UserPass:
            if not hub.token or not url.startswith(f"{hub.endpoint}/"):
                raise ValueError("the Hub asks for a token")
            return pygit2.UserPass(_USER, hub.token)

    return Callbacks()


def _trust(settings: "Settings") -> None:
    """Let git trust the certificates that all else trusts: without this it knows none."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile or paths.capath:
        settings.set_ssl_cert_locations(paths.cafile, paths.capath)


def _files(tree: "pygit2.Tree", above: str) -> Iterator[tuple[str, Stored]]:
    for entry in tree:
        path = above + os.fsdecode(entry.raw_name or b"")
        if entry.filemode == _FOLDER:
            yield from _files(entry, path + "/")  # type: ignore[arg-type]  # its mode says what it is
        else:
            yield path, Stored(int(entry.filemode), str(entry.id), _pointer(entry))


def _pointer(entry: "pygit2.Object") -> Pointer | None:
    size, content = getattr(entry, "size", None), getattr(entry, "data", b"")
    return Pointer.parse(content) if size in POINTER_LENGTHS else None
