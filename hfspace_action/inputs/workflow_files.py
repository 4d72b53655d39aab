"""The workflows of the checkout, as far as they can be read: for finding out why an input is empty, never for more."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from . import safe_yaml

_FOLDER = ".github/workflows"
_MOST = 50  # files
_LARGEST = 200_000  # bytes


def read(env: Mapping[str, str]) -> dict[str, Any]:
    """Return the content of each workflow by its path in the repository."""
    top = Path(env.get("GITHUB_WORKSPACE") or ".")
    found: dict[str, Any] = {}
    try:
        paths = sorted((top / _FOLDER).glob("*.y*ml"))[:_MOST]
        for path in paths:
            if path.is_file() and not path.is_symlink() and path.stat().st_size <= _LARGEST:
                found[f"{_FOLDER}/{path.name}"] = _content(path)
    except OSError:
        return found
    return found


def _content(path: Path) -> Any:
    try:
        return safe_yaml.load(path.read_text("utf-8", "replace"))
    except yaml.YAMLError:
        return None
