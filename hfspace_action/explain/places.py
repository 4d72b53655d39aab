"""From what a log names to a line of a file in the repository."""

import re
from collections.abc import Iterable

from hfspace_action.errors import Place
from hfspace_action.readers.files import Files

_INSTALLED = re.compile(r"/(?:site|dist)-packages/|/lib/python\d|/node_modules/|^(?:<|node:)")
_CODE = re.compile(r"(?:Dockerfile|\.(?:py|sh|m?js|cjs|ts|toml|json|ya?ml|conf|cfg))$")


def in_repository(files: Files, path: str) -> str | None:
    """The file in the Space that a path in the container stands for, or None if it is of something installed.

    The Hub runs Gradio Spaces in /home/user/app; a Dockerfile may copy the files, or one folder of them, anywhere. So it
    is the file whose path the container's ends with, or else the only one that ends as the container's path does.
    """
    path = path.removeprefix("file://")
    if _INSTALLED.search(path):
        return None
    parts = [part for part in path.split("/") if part not in ("", ".")][-20:]
    tails = ["/".join(parts[start:]) for start in range(len(parts))]
    for tail in tails:
        if tail in files.paths:
            return tail
        ends = [one for one in files.paths if one.endswith("/" + tail)]
        if len(ends) == 1:
            return ends[0]
    return None


def place(files: Files, path: str, line: int) -> Place | None:
    """The place of a line in a container's file; None where the repository has no such file or not so many lines."""
    found = in_repository(files, path)
    if found is None or not 0 < line <= len((files.text(found) or "").splitlines()):
        return None
    return Place(found, line)


def code(files: Files, first: Iterable[str] = ()) -> list[str]:
    """The files that may start a server: those named `first`, the Dockerfile, then the others, the shallow ones first."""
    rest = sorted((path for path in files.paths if _CODE.search(path)), key=lambda path: (path.count("/"), path))
    return [path for path in dict.fromkeys([*first, "Dockerfile", *rest[:200]]) if path in files.paths]
