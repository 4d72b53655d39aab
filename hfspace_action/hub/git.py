"""What a Space's repository holds: its tree, its files and its commits. `commits.py` adds to them."""

import codecs
import time
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple
from urllib.parse import quote

import httpx2
from huggingface_hub import HfApi, RepoUrl, get_session
from huggingface_hub.errors import EntryNotFoundError
from huggingface_hub.hf_api import RepoFile, RepoFolder
from huggingface_hub.utils import hf_raise_for_status  # type: ignore[attr-defined]

from hfspace_action.errors import Failure
from hfspace_action.file import Entry, blob_id

from .calls import Calls
from .connection.client import MOST_BYTES, SLOWEST, bounded
from .connection.faults import Malformed
from .connection.session import Session
from .recent import COMMIT

_BUILD = "build"  # the branch refs/convert/build
_LONGEST_TEXT = 1024 * 1024  # bytes


class Message(NamedTuple):
    """What a commit says: its title, and its description."""

    title: str
    description: str


class Commit(NamedTuple):
    """A commit on the Space: its id and the page that shows it."""

    sha: str
    url: str


class GitCalls:
    """The git side of Spaces, by the API: no clone."""

    def __init__(self, api: HfApi, calls: Calls, session: Session) -> None:
        self._api, self._calls, self._session = api, calls, session

    def list_folder(self, space: str, revision: str, path: str, *, recursive: bool = False) -> list[Entry]:
        """The entries of one folder ("" is the root) with their git object ids, or of all folders below it as well."""
        return self._listed(space, revision, path, recursive=recursive)

    def list_root(self, space: str, revision: str, *, titles: bool) -> list[Entry]:
        """The entries of the root; with the `titles` of their last commits, 50 of them take a request each."""
        return self._listed(space, revision, "", expand=titles)

    def list_all(self, space: str, revision: str, path: str, most: int) -> list[Entry]:
        """The entries of all folders below one; none, if there are more than so many."""
        found = self._listed(space, revision, path, recursive=True, most=most + 1)
        return found if len(found) <= most else []

    def _listed(
        self,
        space: str,
        revision: str,
        path: str,
        *,
        recursive: bool = False,
        expand: bool = False,
        most: int | None = None,
    ) -> list[Entry]:
        def entries() -> list[Entry]:
            listed = self._api.list_repo_tree(
                space, path or None, recursive=recursive, expand=expand, revision=revision, repo_type="space"
            )
            return [entry(item) for item in islice(listed, most)]

        return self._calls.repeat(f"list the files of {space}", space, entries)

    def last_titles(self, space: str, revision: str, paths: Sequence[str]) -> dict[str, str]:
        """The title of the commit that last changed each of these files and folders, as far as the Hub knows them."""
        known = self._calls.repeat(
            f"read who wrote files of {space}",
            space,
            self._api.get_paths_info,
            space,
            list(paths),
            expand=True,
            revision=revision,
            repo_type="space",
        )
        return {item.path: item.last_commit.title for item in known if item.last_commit}

    def read_card(self, space: str, revision: str, path: str) -> str | None:
        """Return a README of which the Hub has read front matter, as far as `_LONGEST_TEXT` goes; None where it is missing or is no
        UTF-8. Raises `Failure` where what comes has none."""

        def download() -> bytes:
            from huggingface_hub import hf_hub_url  # not before: with it come tqdm and asyncio

            url = hf_hub_url(space, path, repo_type="space", revision=revision, endpoint=self._api.endpoint)
            headers = self._api._build_hf_headers()  # noqa: SLF001
            with get_session().stream("GET", url, headers=headers) as answer:
                hf_raise_for_status(answer)
                content = bytearray()
                for piece in bounded(answer, f"GET {path}", SLOWEST, MOST_BYTES):
                    content += piece
                    if len(content) > _LONGEST_TEXT:
                        break
                if not content.removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"---"):
                    raise Malformed(f"GET {url}", "has no front matter, of which the Hub has read some")
                return bytes(content[:_LONGEST_TEXT])

        try:
            return self._calls.repeat(f"read {path} of {space}", space, download).decode()
        except UnicodeDecodeError:
            return None
        except Failure as failure:
            if isinstance(failure.__cause__, EntryNotFoundError):
                return None
            raise

    def head(self, space: str) -> Commit:
        """The newest commit of main, as far as the Hub shows it."""
        return self.commit_page(space, self._calls.repeat(f"read {space}", space, self._sha, space, None))

    def head_after(self, space: str, *left: str) -> Commit:
        """The newest commit of main, which is known to have left the commits `left`: the Hub may show it late."""
        until = time.monotonic() + COMMIT
        while (found := self.head(space)).sha in left and time.monotonic() < until and self._calls.pause():
            pass
        return found

    def parents(self, space: str, sha: str) -> list[str]:
        """The ids of the commits that led to a commit, the newest first; not of all, if there are many."""

        def ids() -> list[str]:
            listed = self._api.list_repo_commits(space, repo_type="space", revision=sha)
            return [each.commit_id for each in listed if each.commit_id != sha]

        return self._calls.repeat(f"list the commits of {space}", space, ids)

    def branch_head(self, space: str, revision: str) -> str:
        """The commit id at the tip of a branch such as refs/pr/3."""
        return self._calls.repeat(f"read {revision} of {space}", space, self._sha, space, revision)

    def _sha(self, space: str, revision: str | None) -> str:
        """Ask for the commit of a revision, or of main. An answer without one is none."""
        info = self._api.space_info(space, revision=revision, expand=["sha"])
        if not info.sha:
            raise Malformed(f"GET /api/spaces/{space}", "has no `sha`")
        return info.sha

    def static_build(self, space: str) -> str | None:
        """Return the commit that holds what the Hub built of a static Space, or None where there is none. Source for its
        name: https://huggingface.co/docs/hub/spaces-sdks-static."""
        refs = self._calls.repeat(
            f"list the branches of {space}", space, self._api.list_repo_refs, space, repo_type="space"
        )
        return next((ref.target_commit for ref in refs.converts if ref.name == _BUILD), None)

    def read(self, space: str, revision: str, path: str) -> bytes:
        """Return the content of one file as it is in a commit, in one request."""
        return self._calls.repeat(
            f"read {path} of {space}", space, self._session.content, _address(space, revision, path)
        )

    def read_entry(self, space: str, revision: str, listed: Entry) -> bytes:
        """Return the content of a file that is not in LFS, if it is the listed one. Raises `Failure`."""

        def checked() -> bytes:
            address = _address(space, revision, listed.path)
            content = self._session.content(address)
            if blob_id(content) != listed.oid:
                raise Malformed(f"GET {address}", "has another content than that file")
            return content

        return self._calls.repeat(f"read {listed.path} of {space}", space, checked)

    def text(self, space: str, revision: str, path: str) -> str:
        """Return a small text file as it is in a commit."""
        return self.read(space, revision, path).decode("utf-8", "replace")

    def commit_page(self, space: str, sha: str) -> Commit:
        """A commit with its address as the client builds it for an existing repository."""
        return Commit(sha, f"{space_page(self._api.endpoint, space)}/commit/{sha}")


def _address(space: str, revision: str, path: str) -> str:
    """Return where the Hub serves a file as it is in a commit."""
    return f"/spaces/{space}/resolve/{quote(revision, safe='')}/{quote(path)}"


def entry(item: RepoFile | RepoFolder) -> Entry:
    """Return what the client lists as an entry."""
    title = item.last_commit.title if item.last_commit else None
    if isinstance(item, RepoFile):
        return Entry(item.path, "file", item.blob_id, item.size, item.lfs.sha256 if item.lfs else None, title)
    return Entry(item.path, "directory", item.tree_id, 0, None, title)


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
