"""JSON files that are either the old or the new ones, whatever happens in between; and times as the Hub writes them."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any


def read_json(file: Path) -> Any:
    """What `write_json` wrote."""
    return json.loads(file.read_text("utf-8"))


def write_json(file: Path, value: Any) -> None:
    """Replace `file` in one step."""
    new = file.with_name(file.name + ".new")
    new.write_text(json.dumps(value, indent=1, ensure_ascii=False), "utf-8")
    new.replace(file)


def timestamp(when: datetime | None = None) -> str:
    """A moment (now) as the Hub writes it: 2025-03-07T12:24:18.657Z."""
    return (when or datetime.now(UTC)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
