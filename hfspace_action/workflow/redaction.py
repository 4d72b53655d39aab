"""Hides secrets in text: whole or in part, in the spellings that programs give them on the way into a log.

A text is searched as it stands, and again with its escapes (percent, backslash, HTML) undone and its lines joined; what is found
there is replaced where it stands. Base64 and hex are searched for as such.
"""

import base64
import html
import re
from bisect import bisect_right
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from hfspace_action import text as texts

SHORTEST = 5  # characters; redacting "1", "true" or the braces of a JSON secret would garble our own words
SHORTEST_JOINED = 12  # characters of a secret that is looked for with blanks in it
SHORTEST_PART = 6  # characters of a part, and of half a word that lines divide
MASK = "***"
_ROUNDS = 3  # of undoing escapes: JSON in JSON in a URL
_MOST_LINES = 8  # that one secret is looked for in, where lines come one by one

# What one begins with is looked for first: most characters begin none.
_ESCAPE = re.compile(
    r"(?=[%\\&<\s\x1b\u200b\u00ad])(?:"
    r"(?P<percent>(?:%[0-9A-Fa-f]{2})+)"
    r"|(?P<unicode>(?:\\u[0-9A-Fa-f]{4})+)"
    r"|(?P<hex>(?:\\x[0-9A-Fa-f]{2})+)"
    r"|(?P<gap>(?:(?<![ \t])[ \t]+)?\\?(?:\r\n|\n|\r)[ \t]*|\x1b\[[0-9;]*[A-Za-z]|<!---->|[\u200b\u00ad])"
    r"|\\(?P<letter>[nrtbf])"
    r"|\\(?P<character>[!-/:-@\[-`{-~])"
    r"|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|amp|lt|gt|quot|apos);))"
)
_WORD = re.compile(r"\S+")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_CUT = re.compile(r"[\"'`]?(?:\Z|[\r\n]| ?(?:…|\.\.\.))")  # where a text was cut off, or a line
_CUT_BEFORE = re.compile(r"(?:…|\.\.\.)\Z")

Span = tuple[int, int]


class _Piece(NamedTuple):
    """A stretch of a text with its escapes undone: where it begins there, where and how long it is in the text itself."""

    at: int
    origin: int
    length: int
    is_escape: bool


class Redactor:
    """Knows the secrets, and hides them."""

    def __init__(self) -> None:
        self._secrets: list[str] = []
        self._lines: deque[str] = deque(maxlen=_MOST_LINES)

    def add(self, secret: str) -> None:
        """Hide this secret from now on, if it is not too short for that."""
        if len(secret) >= SHORTEST and secret not in self._secrets:
            self._secrets.append(secret)

    def __call__(self, text: str) -> str:
        """Return `text` with `***` in the place of each secret, and of the part of one that was cut off."""
        return _replaced(text, self._spans(text)) if self._secrets and text else text

    def next_line(self, line: str) -> str:
        """Return a line of a longer text that comes line by line, redacted; a secret may have begun in the lines before."""
        before = "".join(each + "\n" for each in self._lines)
        self._lines.append(line)
        if not self._secrets:
            return line
        start = len(before)
        spans = [(max(a - start, 0), b - start) for a, b in self._spans(before + line) if b > start]
        return _replaced(line, spans)

    def _spans(self, text: str) -> list[Span]:
        found: list[Span] = []
        for secret in self._secrets:
            found += _occurrences(text, _needles(secret))
            found += _parts(text, secret)
        view, back = text, [[_Piece(0, 0, len(text), False)]]
        for _ in range(_ROUNDS):
            decoded, pieces = _decoded(view)
            if len(pieces) < 2:
                break
            view, back = decoded, [pieces, *back]
            for secret in self._secrets:
                if len(secret) >= SHORTEST_PART:
                    seen = [*_occurrences(view, _needles(secret)), *_parts(view, secret)]
                    found += [_origin(span, back) for span in seen]
        joined, pieces = _joined(text)
        for secret in self._secrets:
            if len(secret) >= SHORTEST_JOINED:  # a shorter one may be made of the ends of words
                seen = [
                    *_occurrences(joined, _needles("".join(secret.split()))),
                    *_parts(joined, "".join(secret.split())),
                ]
                found += [_origin(span, [pieces]) for span in seen]
        return _merged(found)


def _occurrences(text: str, needles: tuple[str, ...]) -> Iterator[Span]:
    for needle in needles:
        at = text.find(needle)
        while at >= 0:
            yield at, at + len(needle)
            at = text.find(needle, at + len(needle))


@lru_cache(maxsize=256)
def _needles(secret: str) -> tuple[str, ...]:
    """What to look for: the secret, what becomes of it when escapes are undone, and its encodings that have none."""
    found = {secret, secret.replace(" ", "+")}
    plain = secret
    for _ in range(_ROUNDS):  # a secret may hold what looks like an escape
        plain = _decoded(plain)[0]
        found.add(plain)
    content = secret.encode("utf-8", "surrogatepass")
    found |= {content.hex(), content.hex().upper()}
    for shift in range(3):
        # Of the first and the last letter, some bits belong to what is before and after the secret.
        whole = base64.b64encode(bytes(shift) + content).decode()
        core = whole[-(-shift * 8 // 6) : (shift + len(content)) * 8 // 6]
        found |= {core, core.replace("+", "-").replace("/", "_")}
    return tuple(sorted((each for each in found if len(each) >= SHORTEST), key=len, reverse=True))


def _parts(text: str, secret: str) -> Iterator[Span]:
    """Beginnings of a secret where the text was cut off or a line ends, and ends of one behind an ellipsis."""
    if len(secret) <= SHORTEST_PART:
        return
    head, tail = secret[:SHORTEST_PART], secret[-SHORTEST_PART:]
    at = text.find(head)
    while at >= 0:
        end = at + _common(text[at : at + len(secret)], secret)
        if _CUT.match(text, end):
            yield at, end
        at = text.find(head, max(at + 1, end - SHORTEST_PART))
    at = text.find(tail)
    while at >= 0:
        end = at + len(tail)
        begin = end - _common(text[max(end - len(secret), 0) : end][::-1], secret[::-1])
        if _CUT_BEFORE.search(text, max(begin - 3, 0), begin):
            yield begin, end
        at = text.find(tail, end - SHORTEST_PART + 1)


def _common(one: str, other: str) -> int:
    """Return the length of what two texts begin with in common."""
    length = 0
    for mine, others in zip(one, other, strict=False):
        if mine != others:
            break
        length += 1
    return length


def _joined(text: str) -> tuple[str, list[_Piece]]:
    """Return a text without its blanks, and the pieces that it is made of: what was over several lines may be on one by now."""
    pieces: list[_Piece] = []
    at = 0
    for word in _WORD.finditer(text):
        pieces.append(_Piece(at, word.start(), len(word[0]), False))
        at += len(word[0])
    return "".join(text.split()), pieces


def _decoded(text: str) -> tuple[str, list[_Piece]]:
    """Return a text with its escapes undone once, and the pieces that it is made of."""
    parts: list[str] = []
    pieces: list[_Piece] = []
    at = end = 0

    def add(part: str, origin: int, length: int, *, is_escape: bool) -> None:
        nonlocal at
        if part:
            pieces.append(_Piece(at, origin, length, is_escape))
            parts.append(part)
            at += len(part)

    for found in _ESCAPE.finditer(text):
        add(text[end : found.start()], end, found.start() - end, is_escape=False)
        end = found.end()
        for character, start, stop in _meant(found):
            add(character, start, stop - start, is_escape=True)
    add(text[end:], end, len(text) - end, is_escape=False)
    return "".join(parts), pieces


def _meant(found: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """The characters that an escape stands for, each with its place in the text."""
    start, end = found.span()
    match found.lastgroup:
        case "percent":
            content = bytes.fromhex(found[0].replace("%", ""))
            yield from _characters(content, ("utf-8", "surrogateescape"), start, 3)
        case "unicode":
            content = bytes.fromhex(found[0].replace("\\u", ""))
            yield from _characters(content, ("utf-16-be", "surrogatepass"), start, 3)
        case "hex":
            content = bytes.fromhex(found[0].replace("\\x", ""))
            yield from _characters(content, ("utf-8" if _is_utf8(content) else "latin-1", "surrogateescape"), start, 4)
        case "letter":
            yield _LETTERS[found["letter"]], start, end
        case "character":
            yield found["character"], start, end
        case "entity":
            yield html.unescape(found[0]), start, end
        case _:
            return


def _characters(content: bytes, coding: tuple[str, str], start: int, width: int) -> Iterator[tuple[str, int, int]]:
    r"""The characters of some bytes, each of which takes `width` letters of the text: `%c3`, `\xc3`, half of `\u00e9`."""
    for character in content.decode(*coding):
        length = width * len(character.encode(*coding))
        yield character, start, start + length
        start += length


def _is_utf8(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def _origin(span: Span, back: list[list[_Piece]]) -> Span:
    """Return where in the text itself a span of it with escapes undone stands."""
    begin, end = span
    for pieces in back:
        starts = [piece.at for piece in pieces]
        first, last = (pieces[bisect_right(starts, at) - 1] for at in (begin, end - 1))
        begin = first.origin if first.is_escape else first.origin + begin - first.at
        end = last.origin + last.length if last.is_escape else last.origin + end - last.at
    return begin, end


def _merged(spans: list[Span]) -> list[Span]:
    """Return the spans in their order, those that overlap as one."""
    merged: list[Span] = []
    for start, stop in sorted(spans):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(stop, merged[-1][1])
        else:
            merged.append((start, stop))
    return merged


def _replaced(text: str, spans: list[Span]) -> str:
    """Return the text with each span masked; the ends of its lines and their indentation stay."""
    parts: list[str] = []
    end = 0
    for start, stop in spans:
        parts += text[end:start], "\n".join(map(_mask, texts.lines(text[start:stop])))
        end = stop
    return "".join([*parts, text[end:]])


def _mask(line: str) -> str:
    body = line.lstrip()
    return line[: len(line) - len(body)] + MASK if body else line
