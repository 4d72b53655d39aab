"""Files that the Space would read otherwise than its owner's machine: Windows line ends, encodings."""

import re
from collections.abc import Iterator

from hfspace_action.card.readers import dockerfile
from hfspace_action.checkout import decode
from hfspace_action.errors import Note
from hfspace_action.file import File

from .survey import Survey

PACKAGES = "packages.txt"
_LARGEST = 1 << 18
_MOST = 200  # files that are opened
_SHEBANG = re.compile(rb"(?:\xef\xbb\xbf)?#![^\r\n]*\r\n")


def notices(survey: Survey) -> list[Note]:
    """What to say about the files that programs on the Space read to the letter."""
    return [*_packages(survey), *_scripts(survey), *_sources(survey)]


def _packages(survey: Survey) -> Iterator[Note]:
    if PACKAGES not in survey.files:
        return
    content = survey.files[PACKAGES].read(_LARGEST)
    if decode.marked(content):
        yield survey.notice("packages-encoding", PACKAGES, 1, encoding=_encoding(content))
        return
    for number, line in enumerate(content.decode("utf-8", "replace").split("\n"), 1):
        if line.endswith("\r"):
            yield survey.notice("crlf", PACKAGES, number, what=f"`{line.strip()}` is no package", name=PACKAGES)
            return
        if "#" in line:
            yield survey.notice("packages-comment", PACKAGES, number, line=line.strip())
            return


def _scripts(survey: Survey) -> Iterator[Note]:
    """Scripts whose first line names an interpreter that is not found because it seems to end with a CR."""
    opened = 0
    for path, file in survey.files.items():
        name = path.rpartition("/")[2]
        if name.endswith((".sh", ".bash")) or "." not in name:
            opened += 1
            if opened > _MOST:
                return
            if _SHEBANG.match(_head(file)):
                what = "Linux does not find the program that its first line names"
                yield survey.notice("crlf", path, 1, what=what, name=path)


def _sources(survey: Survey) -> Iterator[Note]:
    content = _head(survey.files[dockerfile.PATH]) if dockerfile.PATH in survey.files else b""
    if decode.marked(content) not in (None, "utf-8"):
        yield survey.notice("dockerfile-encoding", dockerfile.PATH, 1, encoding=decode.name(content))
    for source in survey.sources.by_path.values() if survey.python_matters else ():
        if source.unreadable and source.depth == 0:
            yield survey.notice("source-encoding", source.path, 1, reason=source.unreadable)


def _head(file: File) -> bytes:
    return file.read(256)


def _encoding(content: bytes) -> str:
    return "UTF-8 with a byte order mark" if decode.marked(content) == "utf-8" else decode.name(content)
