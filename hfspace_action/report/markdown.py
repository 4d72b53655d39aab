"""Markdown for the job summary, in which nothing that others wrote can act.

A value becomes `Safe` by one of the functions here and by nothing else; what composes blocks takes `Safe` only, and mypy holds it
to that. What needs no escape has none, so that the source reads as text too.
"""

import html
import re
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NewType

from hfspace_action import text

Safe = NewType("Safe", str)
"""Markdown that shows what it should and does nothing else."""

LONGEST_VALUE = 600  # characters of one inserted value
LONGEST_BLOCK = 2000  # of lines to be copied
LONGEST_LOG_LINE = 400
MOST_LOG_LINES = 60

# `<!---->` ends a text node: GitHub looks for mentions, references, :emoji: and addresses in what is rendered, escaped or not.
_ACTIVE = re.compile(
    r"(?P<blank>\A[ \t]+)|(?P<list>\A[0-9]{1,9}(?=[.)]))|(?P<start>\A[-+=>#])"
    r"|(?P<kept>(?<=[A-Za-z0-9])_(?=[A-Za-z0-9]))|(?P<escaped>[`*_\[\]~|]|\\(?=[!-/:-@\[-`{-~\n]|\Z)|(?<!\w)\#)"
    r"|(?P<broken>(?:https?|ftp|mailto|xmpp):|www(?=\.)|GH(?=-[0-9])|:(?=[\w+-]+:)|@(?=\S)|(?<=\w)\#(?=\w))"
    r"|(?P<entity>[<$]|&(?=\#?\w))",
    re.IGNORECASE,
)
_PLAIN_ADDRESS = re.compile(r"https?://[A-Za-z0-9.:/_~%=?,+-]+(?:#[\w-]*)?", re.ASCII)
_LINKABLE = re.compile(r"https?://[^\s\x00-\x20\x7f\\]+", re.ASCII)
_PROSE = re.compile(
    r"`(?P<project>[\w.-]+)` \((?P<page>https://pypi\.org/project/(?P=project)/)\)"
    r"|`(?P<code>[^`\n]+)`"
    r"|(?P<address>https://(?:(?:status\.)?huggingface\.co|pypi\.org|packages\.debian\.org|docs\.github\.com)(?:/[\w/#-]*)?)"
)
_FENCED = re.compile(r"\n?```([a-z]*)\n(.*?)\n```\n?", re.DOTALL)
_TICKS = re.compile(r"`+")


def escape(value: object) -> Safe:
    """Return a value as text and nothing else, for a paragraph or a table's cell; no more than LONGEST_VALUE characters."""
    return _inert(_shown(value, LONGEST_VALUE))


def inline(value: object) -> Safe:
    """Return a value as text, for the inside of a line only, where a number is no list and a dash no item."""
    return _inert(_shown(value, LONGEST_VALUE), begins=False)


def _inert(shown: str, *, begins: bool = True) -> Safe:
    """Return a text without what acts; `begins` says that it may stand at the beginning of a line."""
    before = "" if begins else "."  # behind which nothing opens a block
    return Safe(_ACTIVE.sub(_inactive, before + shown)[len(before) :].replace("\n", "<br>"))


def _shown(value: object, longest: int) -> str:
    return "" if value is None else text.cut(text.plain(text.printable(str(value))), longest)


def _inactive(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "blank":
            return "".join(f"&#{ord(each)};" for each in found[0])
        case "list":
            return found[0] + "\\"
        case "start" | "escaped":
            after = found.string[found.end() : found.end() + 1]
            return f"\\{found[0]}" + ("<!---->" if found[0] == "#" and after.isalnum() else "")
        case "broken":
            return f"{found[0]}<!---->"
        case "entity":
            return {"<": "&lt;", "&": "&amp;"}.get(found[0], f"&#{ord(found[0])};")
        case _:
            return found[0]


def code(value: object) -> Safe:
    """Return a value in a fixed-width face."""
    shown = " ".join(text.lines(_shown(value, LONGEST_VALUE)))
    if not shown.strip():
        return Safe("")
    if "|" in shown:  # which a table's cell would end at
        return Safe(f"<code>{escape(shown)}</code>")
    ticks = "`" * (1 + max(map(len, _TICKS.findall(shown)), default=0))
    pad = " " if shown[0] in "` " or shown[-1] in "` " else ""
    return Safe(f"{ticks}{pad}{shown}{pad}{ticks}")


def link(label: Safe, url: str | None) -> Safe:
    """Return `label`, leading to `url` if that is a plain http or https address."""
    if not url or len(url) > LONGEST_VALUE or not _LINKABLE.fullmatch(url) or not text.host(url):
        return label
    if _PLAIN_ADDRESS.fullmatch(url):
        return Safe(f"[{label}]({url})")
    address = re.sub(r"[^\w:/.?=%-]", lambda found: f"&#{ord(found[0])};", url)
    return Safe(f'<a href="{address}">{label}</a>')


def strong(shown: Safe) -> Safe:
    """Return it in bold."""
    return Safe(f"**{shown}**")


def prose(value: str, pages: Mapping[str, str] = MappingProxyType({})) -> Safe:
    """Return a text from errors.toml: `code` between backticks is set as such, lines between ``` are kept, and addresses that we
    name can be followed, and `pages` by the words that name them."""
    pieces = _FENCED.split(text.printable(value))
    shown = [sentences(pieces[0], pages)]
    for language, lines, after in zip(pieces[1::3], pieces[2::3], pieces[3::3], strict=True):
        shown += [fence(text.lines(text.cut(lines, LONGEST_BLOCK)), language), sentences(after, pages)]
    return Safe("\n\n".join(each for each in shown if each.strip()))


def cell(value: str) -> Safe:
    """Return a text as `prose` does, but on one line, as a table's cell needs it: the ends of lines to copy are entities."""
    pieces = _FENCED.split(text.printable(value))
    shown = [sentences(pieces[0])]
    for lines, after in zip(pieces[2::3], pieces[3::3], strict=True):
        block = html.escape(text.cut(lines, LONGEST_BLOCK)).replace("|", "&#124;").replace("\n", "&#10;")
        shown += [Safe(f"<pre>{block}</pre>"), sentences(after)]
    return Safe("".join(shown))


def sentences(value: str, pages: Mapping[str, str] = MappingProxyType({})) -> Safe:
    """Return a text without lines to copy as `prose` does."""
    shown = text.cut(text.plain(text.printable(value)), LONGEST_VALUE * 2)
    parts: list[str] = []
    end = 0
    for found in _PROSE.finditer(shown):
        parts.append(_leading(shown[end : found.start()], pages, begins=end == 0))
        parts.append(_named(found))
        end = found.end()
    return Safe("".join([*parts, _leading(shown[end:], pages, begins=end == 0)]))


def _named(found: re.Match[str]) -> Safe:
    """Return a code, an address, or the name of a package that leads to its page."""
    if found["project"]:
        return link(code(found["project"]), found["page"])
    return code(found["code"]) if found["code"] else Safe(f"<{found['address']}>")


def _leading(shown: str, pages: Mapping[str, str], *, begins: bool) -> Safe:
    """Return a text in which the words that name a page lead there."""
    for words, url in pages.items():
        before, named, after = shown.partition(words)
        if named:
            led = (_inert(before, begins=begins), link(Safe(words), url), _inert(after, begins=False))
            return Safe("".join(led))
    return _inert(shown, begins=begins)


def fill(template: str, *parts: Safe) -> Safe:
    """Return Markdown of ours with these parts in the places of its `{}`."""
    return Safe(template.format(*parts))


def join(separator: str, parts: Iterable[Safe]) -> Safe:
    """Return the parts that are not empty with Markdown of ours between them."""
    return Safe(separator.join(part for part in parts if part))


def fence(lines: Sequence[str], language: str = "text") -> Safe:
    """Return the last MOST_LOG_LINES lines in a block, unchanged but for colours."""
    shown = [text.cut(text.printable(text.plain(line)), LONGEST_LOG_LINE) for line in lines[-MOST_LOG_LINES:]]
    ticks = "`" * max(3, 1 + max((len(run) for line in shown for run in _TICKS.findall(line)), default=0))
    return Safe("\n".join([f"{ticks}{language}", *(line.replace("\n", " ") for line in shown), ticks]))


def details(title: str, body: Safe, *, is_open: bool = False) -> Safe:
    """Return a body that can be unfolded; its title is inside of HTML."""
    shown = " ".join(_shown(title, LONGEST_VALUE).split())
    label = re.sub(r"[@:#]", lambda found: f"&#{ord(found[0])};<!---->", html.escape(shown).replace("&#x27;", "'"))
    return Safe(f"<details{' open' if is_open else ''}><summary>{label}</summary>\n\n{body}\n\n</details>")


def table(head: Sequence[str], rows: Iterable[Sequence[Safe]]) -> Safe:
    """Return a table with a header row of ours."""
    lines = [head, [":-:", *(":--" for _ in head[1:])], *rows]
    return Safe("\n".join(f"| {' | '.join(cells)} |" for cells in lines))
