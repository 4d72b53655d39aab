"""Lengths of time, in seconds and in words."""

import math
import re

NEVER = -1
"""The Hub's number for a sleep time without end."""

_UNITS = (r"d(?:ays?)?", r"h(?:(?:ou)?rs?)?", r"m(?:in(?:ute)?s?)?", r"(?:s(?:ec(?:ond)?s?)?)?")
_WRITTEN = "".join(f"(?:([0-9]{{1,7}}){unit})?" for unit in _UNITS)


def parse(text: str) -> int:
    """Return the seconds in a length of time such as 14d, 1h30m, 30 minutes, 90s or 90; 0 for what is none."""
    match = re.fullmatch(_WRITTEN, text.replace(" ", "").lower())
    days, hours, minutes, rest = (int(part or 0) for part in match.groups()) if match else (0, 0, 0, 0)
    return days * 86400 + hours * 3600 + minutes * 60 + rest


def parse_sleep_time(text: str) -> int:
    """Return the seconds in a sleep time, `NEVER` for "never"; 0 for what is none."""
    return NEVER if text.lower() in ("-1", "never") else parse(text)


def compact(seconds: int) -> str:
    """Return a sleep time as the input takes it: "1h30m", "never"."""
    if seconds == NEVER:
        return "never"
    parts = ((seconds // 3600, "h"), (seconds // 60 % 60, "m"), (seconds % 60, "s"))
    return "".join(f"{number}{unit}" for number, unit in parts if number)


def doubled(seconds: float) -> str:
    """Return at least twice as much, in whole minutes, as the input `timeout` takes it."""
    return compact(math.ceil(2 * seconds / 60) * 60)


def words(seconds: float) -> str:
    """Return a length of time as it is read: "3.1 s", "2 min", "1 min 21 s", "2 h 5 min", "14 days"."""
    if seconds < 9.95:
        return f"{max(seconds, 0):.1f}".removesuffix(".0") + " s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    if hours >= 48:
        days, hours = divmod(hours, 24)
        return f"{days} days" + (f" {hours} h" if hours else "")
    larger, smaller = ((hours, "h"), (minutes, "min")) if hours else ((minutes, "min"), (rest, "s"))
    return " ".join(f"{number} {unit}" for number, unit in (larger, smaller) if number)
