"""The commits of a Space: who made them, and which of them last touched a file."""

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, NamedTuple
from urllib.parse import quote

from huggingface_hub import HfApi
from huggingface_hub.utils import build_hf_headers  # type: ignore[attr-defined]
from huggingface_hub.utils._pagination import paginate

from hfspace_action.file import Entry
from hfspace_action.hub.calls import Calls
from hfspace_action.hub.connection.faults import Malformed
from hfspace_action.hub.git import entry

_MOST_PATHS = 500  # in one question


class Made(NamedTuple):
    """A commit of a Space: its id, the two parts of its message, who made it, and when (ISO 8601, in UTC)."""

    sha: str
    title: str
    message: str
    authors: tuple[str, ...]
    at: str


class History:
    """Reads commits."""

    def __init__(self, api: HfApi, calls: Calls) -> None:
        self._api, self._calls = api, calls

    def until(self, space: str, revision: str, last: Callable[[Made], bool], most: int) -> list[Made]:
        """Return the commits from a revision back to the first for which `last` is true, that one included; `most` at most.

        The client's own function asks for all pages before it returns the first commit.
        """

        def read() -> list[Made]:
            found: list[Made] = []
            for item in islice(self._pages(space, revision), most):
                found.append(_made(space, item))
                if last(found[-1]):
                    break
            return found

        return self._calls.repeat(f"list the commits of {space}", space, read)

    def found(self, space: str, revision: str, paths: Sequence[str]) -> dict[str, tuple[Entry, str]]:
        """Return those of these files that are there at a revision, each with the id of the commit that last changed it."""
        known = self._paths(space, revision, paths, expand=True)
        return {item.path: (entry(item), item.last_commit.oid if item.last_commit else "") for item in known}

    def entries(self, space: str, revision: str, paths: Sequence[str]) -> dict[str, Entry]:
        """Return those of these files that are there at a revision."""
        return {item.path: entry(item) for item in self._paths(space, revision, paths, expand=False)}

    def _paths(self, space: str, revision: str, paths: Sequence[str], *, expand: bool) -> list[Any]:
        return [
            item
            for start in range(0, len(paths), _MOST_PATHS)
            for item in self._calls.repeat(
                f"read who wrote files of {space}",
                space,
                self._api.get_paths_info,
                space,
                list(paths[start : start + _MOST_PATHS]),
                expand=expand,
                revision=revision,
                repo_type="space",
            )
        ]

    def _pages(self, space: str, revision: str) -> Any:
        address = f"{self._api.endpoint}/api/spaces/{space}/commits/{quote(revision, safe='')}"
        headers = build_hf_headers(token=self._api.token, library_name="hf-space-deploy")
        return paginate(address, params={}, headers=headers)


def _made(space: str, item: Any) -> Made:
    """Return a commit of the Hub's list. Raises `Malformed`."""
    try:
        authors = tuple(str(author["user"]) for author in item["authors"])
        made = Made(item["id"], item["title"], item["message"], authors, item["date"])
    except (KeyError, TypeError) as other:
        raise Malformed(f"GET /api/spaces/{space}/commits", "has no commits as the Hub lists them") from other
    if not all(isinstance(each, str) for each in (made.sha, made.title, made.message, made.at)):
        raise Malformed(f"GET /api/spaces/{space}/commits", "has a commit whose id, title, message or date is no text")
    return made
