"""Shell scripts with line ends that a shell does not take."""

import re

from .files import Files

_SHELL = re.compile(r"#!\s*/\S*(?:sh|env)\b")
_WITH_INTERPRETER = re.compile(r"\.(?:py|pl|rb|m?js)$")


def with_windows_line_ends(files: Files) -> list[str]:
    """The shell scripts that have CRLF line ends, the shallow ones first."""
    found = [path for path in files.paths if path.endswith((".sh", ".bash")) or "." not in path.rpartition("/")[2]]
    return sorted((path for path in found if _is(path, files)), key=lambda path: (path.count("/"), path))


def with_windows_interpreter(files: Files) -> list[str]:
    """The programs in other languages whose first line, which names their interpreter, ends with CR."""
    found = (path for path in files.paths if _WITH_INTERPRETER.search(path))
    return [path for path in found if re.match(r"#![^\n]*\r\n", files.text(path) or "")]


def _is(path: str, files: Files) -> bool:
    text = files.text(path) or ""
    return "\r\n" in text and (path.endswith((".sh", ".bash")) or _SHELL.match(text) is not None)
