"""The packages that a pyproject.toml or a Pipfile asks for, which a Gradio Space does not read and a Dockerfile has to name."""

import tomllib
from collections.abc import Mapping
from typing import Any

from .files import Files

PATH = "pyproject.toml"
_MOST = 60


def dependencies(files: Files) -> list[str]:
    """Return the dependencies as pip takes them; of Poetry's and pipenv's, whose versions pip can't read, the names."""
    data = _read(files, PATH)
    project = _table(data.get("project")).get("dependencies")
    poetry = _table(_table(_table(data.get("tool")).get("poetry")).get("dependencies"))
    pipfile = _table(_read(files, "Pipfile").get("packages"))
    found = project if isinstance(project, list) else [name for name in poetry or pipfile if name != "python"]
    return [each for each in found if isinstance(each, str)][:_MOST]


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _read(files: Files, path: str) -> dict[str, Any]:
    try:
        return tomllib.loads(files.text(path) or "")
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}
