"""A Dockerfile that the Hub won't find: it looks for `Dockerfile` at the top."""

import posixpath
import re
from collections.abc import Iterator, Mapping

from hfspace_action.card.readers import decode, dockerfile
from hfspace_action.file import File

from .evidence import Candidate, Clue

FOUND = Clue(58)
LESS = Clue(-8)
"""For one of another purpose or deeper down."""
_NAME = re.compile(r"(?:dockerfile(?:\.[\w.-]+)?|[\w.-]+\.dockerfile|containerfile)", re.IGNORECASE)
_OTHER = re.compile(r"dev|test|gpu|cuda|base|ci\b|lint|docs", re.IGNORECASE)
_ELSEWHERE = frozenset((".devcontainer", ".github", "test", "tests", "node_modules", "vendor", "examples"))
_LARGEST = 1 << 20


def candidates(files: Mapping[str, File]) -> Iterator[Candidate]:
    """Every Dockerfile of another name or in a folder; those that need only their own folder are of the kind `folder`."""
    for path in files:
        folder, name = posixpath.split(path)
        if (
            path == dockerfile.PATH
            or not _NAME.fullmatch(name)
            or folder.count("/") > 1
            or _ELSEWHERE & set(folder.split("/"))
        ):
            continue
        clues = [FOUND, *([LESS] if _OTHER.search(path) else []), Clue(-folder.count("/") - bool(folder))]
        own = name == dockerfile.PATH and folder and _needs_only(folder, path, files)
        yield Candidate("folder" if own else "dockerfile", path, clues)


def _needs_only(folder: str, path: str, files: Mapping[str, File]) -> bool:
    """Whether all that it copies lies in its own folder, and not at the top."""
    copied = [
        source
        for each in dockerfile.instructions(decode.lenient(files[path].read(_LARGEST)))
        if each.word in ("COPY", "ADD") and "--from" not in each.text and "<<" not in each.text
        for source in [word for word in each.words if not word.startswith("--")][:-1]
    ]
    named = [
        posixpath.normpath(source).lstrip("/") for source in copied if source not in (".", "./") and "*" not in source
    ]
    if named:
        return all(_is_there(f"{folder}/{each}", files) for each in named)
    beside = sum(posixpath.dirname(each) == folder for each in files)
    return beside > 1 and not posixpath.basename(folder).lower().startswith(("docker", "deploy", "build", "ci"))


def _is_there(path: str, files: Mapping[str, File]) -> bool:
    return path in files or any(each.startswith(path + "/") for each in files)
