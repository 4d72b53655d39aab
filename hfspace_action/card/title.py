"""The title of a README: its first heading, as CommonMark reads it."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

_LONGEST = 32 * 1024  # characters of a README that are looked at
_SHORTCODE = re.compile(r":[a-z0-9_+-]+:")
_UNDERLINE = re.compile(r"([=\-`:.'\"~^_*+#<>])\1+")


def of_markdown(text: str) -> str:
    """Return the first heading of the first level as plain text, without pictures and emoji; "" if there is none."""
    tokens = MarkdownIt("commonmark").parse(text[:_LONGEST])
    for place, token in enumerate(tokens):
        found = ""
        if token.type == "heading_open" and token.tag == "h1":
            found = "".join(_inline(tokens[place + 1].children or ()))
        elif token.type == "html_block":
            found = _of_html(token.content)
        if title := _plain(found):
            return title
    return ""


def of_restructured_text(text: str) -> str:
    """Return the first heading of a text in reStructuredText; "" if there is none."""
    lines = text[:_LONGEST].splitlines()
    for first, second in pairwise(lines):
        line, under = first.strip(), second.rstrip()
        if line and len(under) >= len(line) and _UNDERLINE.fullmatch(under) and not _UNDERLINE.fullmatch(line):
            return _plain(line.replace("`", "").replace("*", ""))
    return ""


def _inline(tokens: Sequence[Token]) -> Iterator[str]:
    for token in tokens:
        if token.type in ("text", "code_inline", "text_special"):
            yield token.content
        elif token.type in ("softbreak", "hardbreak") or (
            token.type == "html_inline" and token.content.lower().startswith("<br")
        ):
            yield " "


def _of_html(block: str) -> str:
    parser = _Heading()
    parser.feed(block)
    return "".join(parser.text)


class _Heading(HTMLParser):
    """The text of the first <h1>."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self._depth = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        """Enter the heading, or take a line's end for white space."""
        if tag == "h1" and not self.text:
            self._depth = 1
        elif tag == "br" and self._depth:
            self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        """Leave the heading."""
        if tag == "h1":
            self._depth = 0

    def handle_data(self, data: str) -> None:
        """Keep the heading's text."""
        if self._depth:
            self.text.append(data)


def _plain(text: str) -> str:
    # So: pictograms; Sk: skin tones; Cn: those that are newer than Python's tables; the rest joins and varies them.
    letters = (
        each
        for each in _SHORTCODE.sub("", text)
        if unicodedata.category(each) not in ("So", "Sk", "Cn", "Cc", "Cf") or each.isspace()
    )
    return " ".join("".join(letters).replace("\u20e3", "").split())
