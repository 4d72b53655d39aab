"""The lines of a README's front matter."""

import re

from hfspace_action.errors import Place

from .files import Files

README = "README.md"
_BLOCK = re.compile(r"\s*---[ \t]*\r?\n(?P<block>.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)


def place(files: Files, *keys: str) -> Place | None:
    """The line of the README's front matter with the first of `keys` that it has; its first line where it has none of
    them, and None where the repository has no README (the action then adds one on the Space only)."""
    if README not in files.paths:
        return None
    return next((at for key in keys if (at := line_of(files, key))), Place(README, 1))


def block(files: Files) -> str:
    """Return the README's front matter as it is written; empty where there is none."""
    found = _BLOCK.match(files.text(README) or "")
    return found["block"] if found else ""


def line_of(files: Files, key: str) -> Place | None:
    """The line of the README's front matter that sets `key`."""
    text = files.text(README) or ""
    found = _BLOCK.match(text)
    at = re.search(rf"^{re.escape(key)}[ \t]*:", found["block"], re.MULTILINE) if found else None
    if found is None or at is None:
        return None
    return Place(README, text.count("\n", 0, found.start("block") + at.start()) + 1)


def value_of(files: Files, key: str) -> str:
    """What the README's front matter has behind `key`, as it is written; empty where it has no such key."""
    at = line_of(files, key)
    line = (files.text(README) or "").splitlines()[(at.line or 1) - 1] if at else ""
    return re.sub(r"\s+#.*$", "", line.partition(":")[2]).strip()
