"""Markdown as GitHub reads it: the pages of this repository, with their headings, links, tables and blocks."""

import re
import subprocess
import textwrap
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import NamedTuple

from tests.kit import ROOT

_FENCE = re.compile(r"^( *)(```+)(\w*)[^\n]*\n(.*?)^ *\2[ \t]*$", re.MULTILINE | re.DOTALL)
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)")
_HEADING = re.compile(r"^#{1,6} +(.+?)(?: +#+)?$", re.MULTILINE)
_LINK = re.compile(r"!?\[(?:[^\[\]]|\[[^\]]*\])*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\)")
_HTML = re.compile(r"<(?:a|img|source)\b[^>]*?\b(?:href|src|srcset)=[\"']([^\"' ]+)")


class Block(NamedTuple):
    """A fenced block: the page it is on, its first line there, its language, its text without indentation."""

    page: Path
    line: int
    language: str
    text: str

    @property
    def name(self) -> str:
        """How a test calls it."""
        return f"{self.page.relative_to(ROOT)}:{self.line}"


@cache
def pages() -> tuple[Path, ...]:
    """Every Markdown file that is the repository's, tracked or new; not those of examples that are deployed, nor of tests' data."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "*.md"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout.split()
    return tuple(ROOT / name for name in sorted(set(listed)) if not name.startswith(("examples/", "tests/kit/")))


@cache
def text(page: Path) -> str:
    return page.read_text("utf-8")


def blocks(*languages: str) -> Iterator[Block]:
    """The blocks in one of these languages, on all pages but those that tests make (docs/errors.md has placeholders)."""
    for page in pages():
        if page == ROOT / "docs/errors.md":
            continue
        for found in _FENCE.finditer(text(page)):
            if found[3] in languages:
                line = text(page)[: found.start()].count("\n") + 2
                yield Block(page, line, found[3], textwrap.dedent(found[4]))


def prose(page: Path) -> str:
    """A page without its blocks and code spans: what may link."""
    return _CODE.sub("", _FENCE.sub("", text(page)))


def spans(page: Path) -> list[str]:
    """The code within a page's text."""
    return [found[0].strip("`") for found in _CODE.finditer(_FENCE.sub("", text(page)))]


def links(page: Path) -> list[str]:
    """Where a page leads, in its order."""
    return _LINK.findall(prose(page)) + _HTML.findall(prose(page))


@cache
def anchors(page: Path) -> frozenset[str]:
    """The addresses of a page's headings, as GitHub makes them: repeated ones are numbered."""
    seen: dict[str, int] = {}
    found: set[str] = set()
    for heading in _HEADING.findall(_FENCE.sub("", text(page))):
        plain = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
        slug = re.sub(r"[^\w\- ]", "", plain.strip().lower()).replace(" ", "-")
        number = seen.get(slug, 0)
        seen[slug] = number + 1
        found.add(f"{slug}-{number}" if number else slug)
    return frozenset(found)
