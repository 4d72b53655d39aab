"""Front matter that is no YAML: Hugo's TOML between `+++`, and JSON."""

import json
import tomllib
from collections.abc import Sequence
from typing import NamedTuple

from hfspace_action.inputs import safe_yaml


class Other(NamedTuple):
    """Front matter as YAML, the lines between its first and its first key, the line after its last, and why the Hub does not
    read it."""

    yaml: str
    offset: int
    end: int
    why: str


def find(lines: Sequence[str], first: int) -> Other | None:
    """Return the front matter that begins in a line and is one of these; None if it is none."""
    begins = lines[first].strip()
    if begins in ("+++", ";;;"):
        last = next((n for n in range(first + 1, len(lines)) if lines[n].rstrip() == begins), None)
        text = "".join(lines[first + 1 : last])
        read, name = (_toml, "TOML") if begins == "+++" else (_json, "JSON")
        return None if last is None or (found := read(text)) is None else Other(found, 1, last + 1, f"it is {name}")
    if begins.startswith("{"):
        last = next((n for n in range(first, len(lines)) if lines[n].rstrip().endswith("}")), None)
        found = _json("".join(lines[first : (last or 0) + 1])) if last is not None else None
        return Other(found, 0, (last or 0) + 1, "it is JSON, with no `---` around it") if found else None
    return None


def _toml(text: str) -> str | None:
    try:
        return safe_yaml.dump(tomllib.loads(text))
    except tomllib.TOMLDecodeError:
        return None


def _json(text: str) -> str | None:
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return safe_yaml.dump(data) if isinstance(data, dict) else None
