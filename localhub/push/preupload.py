"""Preupload: the Hub decides, file by file, what goes into git and what into large-file storage.

A file is large if `.gitattributes` gives it to LFS, if it is over 10 MiB, or if its sample shows that it is binary and it
is over about a megabyte: huggingface_hub pull 657, huggingface.js and the OpenAPI description speak of "automatic LFS
detection", and a live Space has a small png in LFS. Where the limit lies is not documented.
"""

from base64 import b64decode
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any, Self

from anyio.to_thread import run_sync
from pathspec import GitIgnoreSpec
from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from localhub.access import the_hub
from localhub.discussion_store import open_to_change
from localhub.refusal import Refusal
from localhub.repos.git import Entry, Repository
from localhub.request import json_object, known_revision
from localhub.variants.uploads import GITIGNORE_ABSENT, LFS_BY_NAME, SMALL_BINARIES_LFS

LARGEST_REGULAR = 10 * 1024 * 1024
"""Bytes: what is larger can't be a regular file."""
LARGEST_BINARY = 1_000_000
"""Bytes: a binary file that is larger goes to LFS."""
LFS = "filter=lfs diff=lfs merge=lfs -text"
LFS_PATTERNS = (
    *("*.7z", "*.arrow", "*.bin", "*.bz2", "*.ckpt", "*.ftz", "*.gz", "*.h5", "*.joblib", "*.lfs.*", "*.mlmodel"),
    *("*.model", "*.msgpack", "*.npy", "*.npz", "*.onnx", "*.ot", "*.parquet", "*.pb", "*.pickle", "*.pkl", "*.pt"),
    *("*.pth", "*.rar", "*.safetensors", "saved_model/**/*", "*.tar.*", "*.tar", "*.tflite", "*.tgz", "*.wasm", "*.xz"),
    *("*.zip", "*.zst", "*tfevents*"),
)
FIRST_GITATTRIBUTES = "".join(f"{pattern} {LFS}\n" for pattern in LFS_PATTERNS)
"""The `.gitattributes` that every repository starts with."""
_SPACE = "[[:space:]]"


class Attributes:
    """The rules of a `.gitattributes` file, as far as they send files to LFS."""

    def __init__(self, text: str) -> None:
        self._rules: list[tuple[GitIgnoreSpecPattern, bool]] = []
        for line in text.splitlines():
            pattern, *attributes = line.split() or ["#"]
            filters = [word for word in attributes if word.lstrip("-!").partition("=")[0] == "filter"]
            if filters and not pattern.startswith(("#", "!")):
                rule = GitIgnoreSpecPattern(pattern.replace(_SPACE, "[ ]"))
                self._rules.append((rule, filters[-1] == "filter=lfs"))

    def lfs(self, path: str) -> bool:
        """Whether a file belongs in LFS: as in git, the last rule that matches decides."""
        for pattern, lfs in reversed(self._rules):
            found = pattern.match_file(path)
            # The patterns are those of .gitignore, save that a folder's name says nothing about the files inside.
            if found is not None and not found.match.group("ps_d"):
                return lfs
        return False


def track(gitattributes: str, paths: Iterable[str]) -> str:
    """`.gitattributes` with a line for every large file that it does not send to LFS yet."""
    attributes = Attributes(gitattributes)
    lines = [f"{_pattern(path)} {LFS}\n" for path in paths if not attributes.lfs(path)]
    end = "\n" if lines and gitattributes and not gitattributes.endswith("\n") else ""
    return gitattributes + end + "".join(lines)


def text_at(git: Repository, rev: str, path: str) -> str:
    """A small text file of a revision; empty where there is none."""
    try:
        return git.read(rev, path).decode("utf-8", "replace")
    except KeyError:
        return ""


async def preupload(request: Request) -> Response:
    """POST /api/{kind}s/{id}/preupload/{rev}: uploadMode, shouldIgnore and present oid of up to 256 files."""
    repo, _ = open_to_change(request)
    body = await json_object(request)
    try:
        files = [_File.parse(file) for file in body["files"]]
    except (KeyError, TypeError, ValueError) as error:
        raise Refusal(400, '"files" must be an array of objects with "path", "sample" and "size"') from error
    commit = await known_revision(request, repo)
    gitattributes, gitignore = body.get("gitAttributes"), body.get("gitIgnore")
    on = partial(the_hub(request).variants.on, repo_id=repo.id)
    if gitignore == "" and on(GITIGNORE_ABSENT):
        gitignore = None
    largest = LARGEST_REGULAR if on(LFS_BY_NAME) else 0 if on(SMALL_BINARIES_LFS) else LARGEST_BINARY

    def judge() -> list[dict[str, Any]]:
        attributes = Attributes(text_at(repo.git, commit, ".gitattributes") if gitattributes is None else gitattributes)
        ignore = text_at(repo.git, commit, ".gitignore") if gitignore is None else gitignore
        ignored = GitIgnoreSpec.from_lines(ignore.splitlines())
        present = repo.git.entries(commit, [file.path for file in files])
        return [
            {
                "path": file.path,
                "uploadMode": "lfs" if file.is_large(attributes, largest) else "regular",
                "shouldIgnore": ignored.match_file(file.path),
            }
            | _present(present.get(file.path))
            for file in files
        ]

    return JSONResponse({"files": await run_sync(judge), "commitOid": commit})


@dataclass(frozen=True, slots=True)
class _File:
    """A file that a client wants to upload; `sample` is how it begins."""

    path: str
    size: int
    sample: bytes

    @classmethod
    def parse(cls, value: Any) -> Self:
        return cls(str(value["path"]), int(value["size"]), b64decode(value.get("sample") or ""))

    def is_large(self, attributes: Attributes, largest_binary: int) -> bool:
        binary = b"\0" in self.sample  # as git tells
        too_big = self.size > LARGEST_REGULAR or (binary and self.size > largest_binary)
        return too_big or (self.size > 0 and attributes.lfs(self.path))  # an empty file has nothing to store


def _present(entry: Entry | None) -> dict[str, str]:
    """What the Hub says of a file that is there already."""
    if entry is None or entry.kind != "file":
        return {}
    return {"oid": entry.lfs.sha256 if entry.lfs else entry.oid}


def _pattern(path: str) -> str:
    """A path as a pattern that matches it alone."""
    escaped = "".join(f"\\{char}" if char in "*?[\\" else char for char in path)
    if escaped.startswith(("#", "!", '"')):
        escaped = f"\\{escaped}"
    return escaped.replace(" ", _SPACE)


routes: list[BaseRoute] = [Route("/api/{kind:kind}/{owner}/{name}/preupload/{rev:rev}", preupload, methods=["POST"])]
