"""The packages that a pyproject.toml asks for, which a Gradio Space does not read and a Dockerfile has to name."""

import tomllib
from collections.abc import Mapping
from typing import Any

from .files import Files

PATH = "pyproject.toml"
_MOST = 60


def dependencies(files: Files) -> list[str]:
    """Return the dependencies as pip takes them; of Poetry's, whose versions pip can't read, the names."""
    try:
        data: dict[str, Any] = tomllib.loads(files.text(PATH) or "")
    except (tomllib.TOMLDecodeError, RecursionError):
        return []
    project = _table(data.get("project")).get("dependencies")
    poetry = _table(_table(_table(data.get("tool")).get("poetry")).get("dependencies"))
    found = project if isinstance(project, list) else [name for name in poetry if name != "python"]
    return [each for each in found if isinstance(each, str)][:_MOST]


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
