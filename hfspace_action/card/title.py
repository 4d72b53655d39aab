"""The title of a README: its first heading, as CommonMark reads it."""

import re
from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from hfspace_action.readers import html

_LONGEST = 32 * 1024  # characters of a README that are looked at
_SHORTCODE = re.compile(r":[a-z0-9_+-]+:")
# Arrows and shapes that are shown in colour, pictograms with their joiners, variations and skin tones, and what is not seen.
_PICTURE = re.compile(
    "[\u00a9\u00ae\u2122\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\u3030\u303d\u3297\u3299\ufe0e\ufe0f\u20e3\u200b-\u200f\u2060-\u2064\ufeff"
    "\U0001f000-\U0001faff\U000e0000-\U000e007f\x00-\x08\x0e-\x1f\x7f-\x9f]"
)
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
    html.feed(parser, block)
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
    return " ".join(_PICTURE.sub("", _SHORTCODE.sub("", text)).split())
