"""Executable bits: the Hub has none, which matters only where something runs a file directly."""

import re
from collections.abc import Iterable, Mapping, Sequence

from hfspace_action.file import File

# A path where a command stands: at the start of a line, after a Dockerfile's instruction, an operator or a keyword, or
# first in an exec form such as CMD ["./start.sh"].
_RUN = re.compile(
    r"""(?:^|\b(?:RUN|CMD|ENTRYPOINT|HEALTHCHECK\ CMD|exec|sudo|then|do|else)\s|[;&|(]\s*|\[\s*["'])
        \s*(?P<path>(?:\./|/)[\w./+-]+)""",
    re.MULTILINE | re.VERBOSE,
)
# With one of these a Dockerfile sets the bits by itself.
_CHMOD = re.compile(r"\bchmod\b|--chmod=")
_LARGEST_SCRIPT = 1024 * 1024


def run_directly(executables: Sequence[str], files: Mapping[str, File]) -> list[str]:
    """Those of the executable files that a Dockerfile or a shell script runs as `./file`, sorted."""
    if not executables:
        return []
    commands: set[str] = set()
    for file in _scripts(files.values()):
        text = file.read().decode("utf-8", "replace")
        if not _CHMOD.search(text):
            commands.update(found["path"].lstrip("./") for found in _RUN.finditer(text))
    # Where a script will lie in the image is not known, so a path is taken for the file if one ends with the other.
    return sorted(
        path
        for path in executables
        if any(f"/{path}".endswith(f"/{command}") or f"/{command}".endswith(f"/{path}") for command in commands)
    )


def _scripts(files: Iterable[File]) -> Iterable[File]:
    for file in files:
        name = file.path.rpartition("/")[2]
        if (name == "Dockerfile" or name.endswith(".sh")) and file.size <= _LARGEST_SCRIPT:
            yield file
