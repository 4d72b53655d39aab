"""A Dockerfile that the Hub won't find: it looks for `Dockerfile` at the top."""

import posixpath
import re
from collections.abc import Iterator

from hfspace_action.readers import dockerfile
from hfspace_action.readers.files import DOCKERFILE, Deployed

from .evidence import Candidate, Clue

FOUND = Clue(58)
LESS = Clue(-8)
"""For one of another purpose or deeper down."""
_NAME = re.compile(r"(?:dockerfile(?:\.[\w.-]+)?|[\w.-]+\.dockerfile|containerfile)", re.IGNORECASE)
_OTHER = re.compile(r"dev|test|gpu|cuda|base|ci\b|lint|docs", re.IGNORECASE)
_ELSEWHERE = frozenset((".devcontainer", ".github", "test", "tests", "node_modules", "vendor", "examples"))


def candidates(files: Deployed) -> Iterator[Candidate]:
    """Every Dockerfile of another name or in a folder; those that need only their own folder are of the kind `folder`."""
    for path in files.paths:
        folder, name = posixpath.split(path)
        if (
            path == DOCKERFILE
            or not _NAME.fullmatch(name)
            or folder.count("/") > 1
            or _ELSEWHERE & set(folder.split("/"))
        ):
            continue
        clues = [FOUND, *([LESS] if _OTHER.search(path) else []), Clue(-folder.count("/") - bool(folder))]
        own = name == DOCKERFILE and folder and _needs_only(folder, path, files)
        yield Candidate("folder" if own else "dockerfile", path, clues)


def _needs_only(folder: str, path: str, files: Deployed) -> bool:
    """Whether all that it copies lies in its own folder, and not at the top."""
    copied = [
        source
        for each in dockerfile.read(files.text(path) or "")
        if each.word in ("COPY", "ADD") and "--from" not in each.rest and not each.heredoc
        for source in [word for word in each.words if not word.startswith("--")][:-1]
    ]
    named = [
        posixpath.normpath(source).lstrip("/") for source in copied if source not in (".", "./") and "*" not in source
    ]
    if named:
        return all(_is_there(f"{folder}/{each}", files) for each in named)
    beside = sum(posixpath.dirname(each) == folder for each in files.paths)
    return beside > 1 and not posixpath.basename(folder).lower().startswith(("docker", "deploy", "build", "ci"))


def _is_there(path: str, files: Deployed) -> bool:
    return path in files.paths or any(each.startswith(path + "/") for each in files.paths)
