"""From what a log names to a line of a file in the repository."""

import re
from collections.abc import Callable, Iterable

from hfspace_action.errors import Place

from .case import Files

README = "README.md"
_INSTALLED = re.compile(r"/(?:site|dist)-packages/|/lib/python\d|/node_modules/|^(?:<|node:)")
_FRONT_MATTER = re.compile(r"\s*---[ \t]*\n(?P<block>.*?)^---[ \t]*$", re.DOTALL | re.MULTILINE)
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
    if found is None or line > len((files.text(found) or "").splitlines()):
        return None
    return Place(found, line)


def where(files: Files, paths: Iterable[str], test: Callable[[str], object]) -> Place | None:
    """The first line in the files `paths` that passes `test`."""
    for path in paths:
        for number, line in enumerate((files.text(path) or "").splitlines(), 1):
            if test(line):
                return Place(path, number)
    return None


def code(files: Files, first: Iterable[str] = ()) -> list[str]:
    """The files that may start a server: those named `first`, the Dockerfile, then the others, the shallow ones first."""
    rest = sorted((path for path in files.paths if _CODE.search(path)), key=lambda path: (path.count("/"), path))
    return [path for path in dict.fromkeys([*first, "Dockerfile", *rest[:200]]) if path in files.paths]


def front_matter(files: Files, *keys: str) -> Place | None:
    """The line of the README's front matter with the first of `keys` that it has; its first line where it has none of
    them, and None where the repository has no README (the action then adds one on the Space only)."""
    if README not in files.paths:
        return None
    text = files.text(README) or ""
    if found := _FRONT_MATTER.match(text):
        for key in keys:
            if at := re.search(rf"^{re.escape(key)}[ \t]*:", found["block"], re.MULTILINE):
                return Place(README, text.count("\n", 0, found.start("block") + at.start()) + 1)
    return Place(README, 1)
