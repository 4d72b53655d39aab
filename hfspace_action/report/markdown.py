"""Values made safe for the job summary, which GitHub renders as Markdown with HTML.

Whatever a template inserts goes through `escape`, unless one of the other functions here has made markup of it. Punctuation
becomes numeric entities: those are never structure to Markdown, and plain characters to a reader.
"""

import html
import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from markupsafe import Markup

from hfspace_action import text

LONGEST_VALUE = 600  # characters of one inserted value
LONGEST_LOG_LINE = 400
MOST_LOG_LINES = 60

# Punctuation: kept where it can mean nothing (inside a word; www. would become a link), an entity elsewhere. White space at
# the beginning would make code of a list's item.
_PUNCTUATION = re.compile(
    r"(?<=[A-Za-z0-9])(?<!www)[-._](?=[A-Za-z0-9])|[/,;?%']|(?P<structure>[!-/:-@\[-`{-~]|^(?:\t|[ \t]{2,}))"
)
_LINKABLE = re.compile(r"https?://[^\s\x00-\x20\x7f\\]+", re.ASCII)
_PROSE = re.compile(r"`([^`\n]+)`|(https://(?:status\.)?huggingface\.co(?:/[\w/#-]*)?)")
_AUTOMATIC = {"@", ":", "#"}  # mail addresses, :emoji:, mentions and issue numbers, found even where they are escaped


def escape(value: object) -> Markup:
    """`value` as text and nothing else, in a paragraph, a table cell or an element; no more than LONGEST_VALUE characters."""
    if isinstance(value, Markup):
        return value
    shown = "" if value is None else text.cut(text.plain(text.printable(str(value))), LONGEST_VALUE)

    def entity(found: re.Match[str]) -> str:
        if not found["structure"]:
            return found[0]
        return "".join(f"&#{ord(each)};" for each in found[0]) + ("<!---->" if found[0] in _AUTOMATIC else "")

    return Markup(_PUNCTUATION.sub(entity, shown).replace("\n", "<br>"))  # noqa: S704


def code(value: object) -> Markup:
    """`value` in a fixed-width face."""
    return Markup(f"<code>{escape(value)}</code>")  # noqa: S704


def link(label: object, url: str | None) -> Markup:
    """`label`, leading to `url` if that is a plain http or https address."""
    if not url or len(url) > LONGEST_VALUE or not _LINKABLE.fullmatch(url) or not urlsplit(url).hostname:
        return escape(label)
    address = re.sub(r"[^\w:/.?=%-]", lambda found: f"&#{ord(found[0])};", url)
    return Markup(f'<a href="{address}">{escape(label)}</a>')  # noqa: S704


def prose(value: str) -> Markup:
    """A text from errors.toml: `code` between backticks is set as such, addresses on huggingface.co can be followed."""
    shown, parts, end = text.cut(text.printable(value), LONGEST_VALUE * 2), [], 0
    for found in _PROSE.finditer(shown):
        parts.append(escape(shown[end : found.start()]))
        parts.append(code(found[1]) if found[1] else link(found[2], found[2]))
        end = found.end()
    return Markup("").join([*parts, escape(shown[end:])])


def log(lines: Sequence[str]) -> Markup:
    """The last MOST_LOG_LINES lines of a log, as they are but for colours."""
    shown = [text.cut(text.printable(text.plain(line)), LONGEST_LOG_LINE) for line in lines[-MOST_LOG_LINES:]]
    return Markup("<pre>\n" + html.escape("\n".join(shown)) + "\n</pre>")  # noqa: S704
