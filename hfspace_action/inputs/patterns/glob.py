"""Git's wildcards as regular expressions of RE2, byte by byte as in git's wildmatch.c.

RE2 takes linear time whatever is written in a pattern; Python's `re` takes minutes for `*a*a*a*a*a*b`.
"""

import re
from collections.abc import Callable, Iterator

Matches = Callable[[bytes], bool]

_CLASSES = {
    b"alnum": rb"[A-Za-z0-9]",
    b"alpha": rb"[A-Za-z]",
    b"blank": rb"[ \t]",
    b"cntrl": rb"[\x00-\x1f\x7f]",
    b"digit": rb"[0-9]",
    b"graph": rb"[!-~]",
    b"lower": rb"[a-z]",
    b"print": rb"[ -~]",
    b"punct": rb"[!-/:-@\[-`{-~]",
    b"space": rb"[ \t-\r]",
    b"upper": rb"[A-Z]",
    b"xdigit": rb"[A-Fa-f0-9]",
}
_SLASH = ord("/")


class _Unmatchable(Exception):
    """A range that is never closed, or a backslash at the end."""


def compiled(glob: bytes, *, path: bool) -> Matches:
    """Return what tells whether a text matches `glob`. Of a whole `path`, only "**" reaches over a slash."""
    import re2  # not before: most deploys have no wildcard

    options = re2.Options()
    options.encoding = re2.Options.Encoding.LATIN1
    options.log_errors = False  # it writes past us, into the step's log
    options.dot_nl = True
    try:
        expression = re2.compile(b"".join(_translated(glob, path)), options)
    except _Unmatchable:
        return lambda _: False
    return lambda text: expression.fullmatch(text) is not None


def _translated(glob: bytes, path: bool) -> Iterator[bytes]:
    at = 0
    while at < len(glob):
        letter, start = glob[at : at + 1], at
        at += 1
        if letter == b"*":
            while glob[at : at + 1] == b"*":
                at += 1
            yield from _stars(glob, start, at, path)
            at += path and _is_folders(glob, start, at) and glob[at : at + 1] == b"/"
        elif letter == b"?":
            yield b"[^/]" if path else b"."
        elif letter == b"[":
            members, at = _bracket(glob, at)
            yield _class(members - {_SLASH} if path else members)
        elif letter == b"\\":
            if at == len(glob):
                raise _Unmatchable
            yield re.escape(glob[at : at + 1])
            at += 1
        else:
            yield re.escape(letter)


def _is_folders(glob: bytes, start: int, end: int) -> bool:
    """Whether these asterisks stand for any number of folders: two or more of them, alone between slashes. Git compares what
    is before the first wildcard by itself, so that the first asterisks count as standing at the beginning."""
    before = start == 0 or glob[start - 1] == _SLASH or start == len(re.split(rb"[*?\[\\]", glob, maxsplit=1)[0])
    after = end == len(glob) or glob[end] == _SLASH or glob[end : end + 2] == rb"\/"
    return end - start > 1 and before and after


def _stars(glob: bytes, start: int, end: int, path: bool) -> Iterator[bytes]:
    if not path:
        yield b".*"
    elif not _is_folders(glob, start, end):
        yield b"[^/]*"
    elif glob[end : end + 1] == b"/":
        yield b"(?:.*/)?"  # with the slash that follows, or none of both
    else:
        yield b".*"


def _class(members: set[int]) -> bytes:
    if not members:
        raise _Unmatchable
    return b"[" + b"".join(b"\\x%02x" % member for member in sorted(members)) + b"]"


def _bracket(glob: bytes, at: int) -> tuple[set[int], int]:
    """Return the bytes that the range beginning before `at` stands for, and where it ends."""
    negated = glob[at : at + 1] in (b"!", b"^")
    at += negated
    members: set[int] = set()
    before: int | None = None  # the letter that a "-" would go on from
    first = True
    while first or glob[at : at + 1] != b"]":
        first = False
        if glob[at : at + 2] == b"[:" and (name := _class_name(glob, at)) is not None:
            members |= {byte for byte in range(256) if re.fullmatch(_class_of(name), bytes([byte]))}
            at += len(name) + 4
            before = None
        elif glob[at : at + 1] == b"-" and before is not None and glob[at + 1 : at + 2] not in (b"", b"]"):
            last, at = _letter(glob, at + 1)
            members |= set(range(before, last + 1))
            before = None
        else:
            before, at = _letter(glob, at)
            members.add(before)
    return set(range(256)) - members if negated else members, at + 1


def _letter(glob: bytes, at: int) -> tuple[int, int]:
    at += glob[at : at + 1] == b"\\"
    if at >= len(glob):
        raise _Unmatchable
    return glob[at], at + 1


def _class_name(glob: bytes, at: int) -> bytes | None:
    """Return the name in "[:name:]"; None where it is no class, so that "[" is a letter."""
    end = glob.find(b"]", at + 2)
    if end == -1:
        raise _Unmatchable
    return glob[at + 2 : end - 1] if end > at + 2 and glob[end - 1 : end] == b":" else None


def _class_of(name: bytes) -> bytes:
    if name not in _CLASSES:
        raise _Unmatchable
    return _CLASSES[name]
