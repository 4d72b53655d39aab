"""The lines of a log, made fit to be searched and shown."""

import re
from collections.abc import Sequence

from hfspace_action import text

LONGEST = 4000  # characters of a line that are looked at; pip's lists of versions are the longest that matter
MOST = 5_000  # lines that are looked at, counted from the end

# What BuildKit puts before each line of a step's output: its number and the seconds since its start.
_BUILDKIT = re.compile(r"#\d+ (?:\d+\.\d+ )?|\d+\.\d{3} (?=\S)")
_NOISE = re.compile(
    r"$|[-=─━█▏ #|]+$|.*[━█]{3}|.*\d%\|"  # rules and progress bars
    r"|\s*(?:Collecting|Downloading|Using cached|Requirement already satisfied|Obtaining|Preparing metadata"
    r"|Installing build dependencies|Getting requirements to build)\b"
    r"|\s*(?:Get|Hit|Ign|Fetched|Selecting previously|Preparing to unpack|Unpacking|Setting up)(?::| )"
    r"| ?-+> (?:Running in |[0-9a-f]{12})|(?:CACHED|DONE [\d.]+s|sha256:|transferring |Removing intermediate|Sending build)"
    r"|DEPRECATED: The legacy builder|(?:\[notice\]|npm (?:notice|warn))|={3,} .* ={3,}$"
)


def clean(lines: Sequence[str]) -> list[str]:
    """The lines without colours, control characters, overwritten progress and builders' prefixes."""
    found: list[str] = []
    for raw in reversed(lines):
        if len(found) >= MOST:
            break
        found += map(_clean, reversed(raw.removesuffix("\n").rsplit("\n", MOST)[-MOST:]))
    return found[MOST - 1 :: -1] if len(found) >= MOST else found[::-1]


def _clean(line: str) -> str:
    before, _, last = line.rstrip("\r\n").rpartition("\r")
    if not text.plain(last[:LONGEST]).strip():  # what ends with CR is not overwritten, and colours overwrite nothing
        last = before.rstrip("\r").rpartition("\r")[2]
    shown = text.printable(text.plain(last[:LONGEST])).rstrip()
    return _BUILDKIT.sub("", shown, count=1) if _BUILDKIT.match(shown) else shown


def is_noise(line: str) -> bool:
    """Whether a line says nothing about a failure: blank, a progress bar, a download that went well."""
    return _NOISE.match(line) is not None


def excerpt(lines: Sequence[str], most: int = 10) -> tuple[str, ...]:
    """A few of the lines, to be shown: the first and the last ones where there are more than `most`."""
    told = [text.cut(line, 300) for line in lines if line.strip()]
    if len(told) > most:
        told = [*told[: most // 2], "…", *told[len(told) - (most - most // 2 - 1) :]]
    return tuple(told)
