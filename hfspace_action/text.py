"""Text from others, made fit to be shown: one line at a time, every character visible, nothing endless."""

import re
from collections.abc import Iterable, Sequence
from urllib.parse import SplitResult, urlsplit

_LINE_END = re.compile(r"\r\n|\r|\n")  # what the runner, reading our output, takes for the end of a line
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1a\x1c-\x1f\x7f]")  # all but tab, newline and escape
_ESCAPE = re.compile(
    r"\x1b(?:\[[0-?]*[ -/]*[@-~]"  # CSI: colours, cursor moves
    r"|\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # OSC: titles, links
    r"|[PX^_][^\x1b]*(?:\x1b\\)?"  # strings for the terminal's own use
    r"|[ -/]*[0-~])?"
)
_CSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]")
_LONE_ESCAPE = re.compile(r"\x1b(?!\[[0-9;:]*m)")


def lines(value: str) -> list[str]:
    """The lines of `value` without their ends. Unlike `str.splitlines`, splits where a runner does and nowhere else."""
    return _LINE_END.split(value)


def printable(value: str) -> str:
    r"""`value` with control characters and broken UTF-8 written out (``\x00``). Tabs, line ends and colours stay."""
    shown = _CONTROL.sub(lambda found: ascii(found[0])[1:-1], value.replace("\r\n", "\n"))
    return shown.encode("utf-8", "backslashreplace").decode("utf-8")


def plain(value: str) -> str:
    """`value` without colours and other terminal sequences."""
    return _ESCAPE.sub("", value)


def harmless(line: str, *, colours: bool) -> str:
    r"""`line` for a terminal: with colours at most, without what moves the cursor, and with any other sequence, such as one that
    fills the clipboard, written out (``\x1b]52``)."""

    def kept(found: re.Match[str]) -> str:
        return found[0] if colours and found[0].endswith("m") and found[0][2:-1].strip("0123456789;:") == "" else ""

    return _LONE_ESCAPE.sub(r"\\x1b", _CSI.sub(kept, line))


def inert(line: str) -> str:
    """`line`, looking the same, but never a workflow command: neither ``::name::`` at its start nor ``##[name]`` anywhere."""
    body = line.lstrip()
    if body.startswith("::"):
        line = line[: len(line) - len(body)] + ":\u200b" + body[1:]
    return undrawn(line)


def undrawn(line: str) -> str:
    """`line`, looking the same, without ``##[error]`` and the like, which the page of a log draws, commands or not."""
    return line.replace("##[", "##\u200b[")


def cut(value: str, longest: int) -> str:
    """`value`, or its first `longest` characters with a word on how many are missing."""
    if len(value) <= longest:
        return value
    end = "\x1b[0m" if "\x1b[" in value[:longest] else ""
    return f"{value[:longest]}{end} … ({len(value) - longest:,} more characters)"


def beginning(value: str, longest: int) -> str:
    """`value`, or as many of its first words as have at most `longest` characters, and "…". No word is divided: a secret in it, in
    whatever spelling, would no longer be known as one where it is to be hidden."""
    if len(value) <= longest:
        return value
    whole = value[: longest + 1].rpartition(" ")[0].rstrip()
    return f"{whole} …".lstrip()


def listed(values: Sequence[str], most: int) -> str:
    """The first values with commas between them, and how many more there are."""
    more = len(values) - most
    return ", ".join(values[:most]) + (f" and {more} more" if more > 0 else "")


def address(value: str) -> SplitResult | None:
    """Return the parts of an address; None where Python can't take it apart, as with brackets that hold no IPv6 address."""
    try:
        return urlsplit(value)
    except ValueError:
        return None


def host(value: str) -> str:
    """Return the host of an address; empty where it has none."""
    parts = address(value)
    return (parts.hostname if parts else None) or ""


def size(count: int) -> str:
    """Return a number of bytes in words: "1 byte", "1.9 kB", "24.0 MB"."""
    amount = float(count)
    for unit in ("bytes", "kB", "MB"):
        if amount < 1000:
            return (f"{amount:.0f} {unit}" if count != 1 else "1 byte") if unit == "bytes" else f"{amount:.1f} {unit}"
        amount /= 1000
    return f"{amount:.1f} GB"


def short(sha: str | None) -> str:
    """Return the beginning of a commit's id, as git and the Hub's pages show it."""
    return sha[:7] if sha else "unknown"


def closest(word: str, known: Iterable[str], alike: float = 0.6) -> str | None:
    """Return the known word that is most like `word`, whatever its capitals; None if none is `alike` (1: the same)."""
    from difflib import get_close_matches  # not before: few words are unknown

    found = get_close_matches(word.lower(), list(known), 1, alike)
    return found[0] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the question for the closest known word, with a space before it; "" if there is none."""
    found = closest(word, known)
    return f" Did you mean {found}?" if found else ""
