"""Whether a static Space serves the files that were changed. Its page alone does not tell: a stylesheet may still be the old one."""

import hashlib
from collections.abc import Callable, Iterable
from typing import NamedTuple, Self
from urllib.parse import quote

from hfspace_action.file import File
from hfspace_action.report.sentences import count
from hfspace_action.result import Result

from .outcome import Outcome
from .page import serves
from .visit import Answer, Question

MOST = 12
"""Files that are asked for; of more, so many that are evenly spread over their sorted names."""
COMPARED = 4 * 1024 * 1024
"""Bytes of a file that are compared, from its start."""
# What the Hub's own script does: a page's own may read it. Source: https://huggingface.co/docs/hub/spaces-sdks-static
_SETS, _END = b"window.huggingface=", b"</script>"
_PAGES = (".html", ".htm")


class _Expected(NamedTuple):
    """One file as it is to be served: the digest of its first bytes, and of a page those bytes themselves."""

    path: str
    digest: bytes
    page: bytes | None

    @classmethod
    def of(cls, file: File) -> Self:
        content = file.read(COMPARED)
        return cls(file.path, _digest(content), content if file.path.lower().endswith(_PAGES) else None)

    def is_served(self, body: bytes) -> bool | None:
        """Whether it is what came; None where that is not to be told, because the Hub may have put more into a page than is known."""
        if self.page is None:
            return _digest(body[:COMPARED]) == self.digest
        if is_page(body, self.page):
            return True
        return None if serves(body.decode("utf-8", "replace"), self.page.decode("utf-8", "replace")) else False


class Served:
    """The files to be asked for. Each that was served once as it should be is not asked for again."""

    def __init__(self, files: Iterable[File]) -> None:
        """Raises `Failure` where a file is not what was read before."""
        reachable = sorted((file for file in files if is_reachable(file.path)), key=lambda file: file.path)
        self._left = [_Expected.of(file) for file in spread(reachable, MOST)]
        self._asked, self._all = len(self._left), len(reachable)

    def __bool__(self) -> bool:
        return self._asked > 0

    def ask(self, visit: Callable[[Question], Answer]) -> Outcome:
        """Ask for those that were not served yet; what came of the first that is not, otherwise of all."""
        while self._left:
            path = self._left[0].path
            answer = visit(Question(f"/{quote(path)}", most=2 * COMPARED, elsewhere=True))
            if answer.closed:
                words = f"{path} can't be checked: the edge shows it to nobody (HTTP {answer.status})"
                return Outcome(False, words, final=Result.PUBLISHED)
            if answer.status == 404:  # it may be a name that is never served
                return Outcome(False, f"{path}: the Hub serves no such file (HTTP 404)", final=Result.PUBLISHED)
            if answer.status != 200:
                return Outcome(False, f"{path}: HTTP {answer.status}")
            if not (same := self._left[0].is_served(answer.body)):
                final = Result.PUBLISHED if same is None else None
                return Outcome(False, f"{path}: the file served is not yet the published one", final=final)
            self._left.pop(0)
        part = "" if self._asked == self._all else f"{self._asked} of "
        return Outcome(True, f"{part}{count(self._all, 'file')} served as published")


def is_reachable(path: str) -> bool:
    """Whether visitors of a static Space may be meant to ask for a file: not for the Space's own card, nor for hidden ones."""
    return path != "README.md" and not any(part.startswith(".") for part in path.split("/"))


def spread(files: list[File], most: int) -> list[File]:
    """Return so many files at most, evenly spread, the first and the last among them."""
    if len(files) <= most:
        return files
    return [files[number * (len(files) - 1) // (most - 1)] for number in range(most)]


def is_page(body: bytes, page: bytes) -> bool:
    """Whether a body is a page, but for the script that the Hub puts into it, wherever that is."""
    return body == page or _own(body) == _own(page)


def _own(page: bytes) -> bytes:
    """Return a page without scripts that set what the Hub tells a page, and without white space."""
    parts: list[bytes] = []
    lower, at = page.lower(), 0
    while (start := lower.find(b"<script", at)) >= 0:
        end = lower.find(_END, start)
        end = len(page) if end < 0 else end + len(_END)
        parts.append(page[at:start] if _SETS in b"".join(lower[start:end].split()) else page[at:end])
        at = end
    return b"".join(b"".join([*parts, page[at:]]).split())


def _digest(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()
