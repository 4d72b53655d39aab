"""The shape of the Hub's addresses: which part of a path is what.

A route is written `/api/{kind:kind}/{owner}/{name}/tree/{rev:rev}/{path:file}`. Revisions such as `refs/pr/1` arrive
percent-encoded in one segment, so `KeepEncodedSlashes` leaves `%2F` alone and the convertors here decode it.
"""

import re
from urllib.parse import unquote

from starlette.convertors import Convertor, register_url_convertor
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

KINDS = ("model", "dataset", "space")


class KindConvertor(Convertor[str]):
    """`models`, `datasets` or `spaces` in an address; `model`, `dataset` or `space` in the code."""

    regex = "models|datasets|spaces"

    def convert(self, value: str) -> str:
        """`spaces` -> `space`."""
        return value.removesuffix("s")

    def to_string(self, value: str) -> str:
        """`space` -> `spaces`."""
        return value + "s"


class RevisionConvertor(Convertor[str]):
    """A branch, tag, commit or `refs/...`, with its slashes encoded (as clients do) or, for refs, plain."""

    regex = "refs/(?:pr|convert|heads|tags)/[^/]+|[^/]+"

    def convert(self, value: str) -> str:
        """The revision with its slashes."""
        return value.replace("%2F", "/")

    def to_string(self, value: str) -> str:
        """The revision as one segment."""
        return value.replace("/", "%2F")


class FileConvertor(RevisionConvertor):
    """The path of a file or folder inside a repository."""

    regex = ".*"


register_url_convertor("kind", KindConvertor())
register_url_convertor("rev", RevisionConvertor())
register_url_convertor("file", FileConvertor())


class KeepEncodedSlashes:
    """ASGI middleware: `scope["path"]` decoded, except for `%2F`, which is part of a segment and not a separator."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Rewrite the path of an HTTP request."""
        if scope["type"] == "http":
            raw = scope["raw_path"].decode("ascii")
            parts = re.split("(%2[fF])", raw)
            path = "".join("%2F" if part.upper() == "%2F" else unquote(part) for part in parts)
            scope = {**scope, "path": path}
        await self.app(scope, receive, send)


def web_path(kind: str, repo_id: str) -> str:
    """Where a repository's pages are: `/spaces/owner/name`, `/datasets/owner/name`, `/owner/name`."""
    return f"/{repo_id}" if kind == "model" else f"/{kind}s/{repo_id}"


def web_url(request: Request, kind: str, repo_id: str, tail: str = "") -> str:
    """The full address of a repository's page (or of `tail` below it), on the host name that the caller used."""
    return f"{request.url.scheme}://{request.url.netloc}{web_path(kind, repo_id)}{tail}"
