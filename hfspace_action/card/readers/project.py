"""The packages that a pyproject.toml asks for, which a Gradio Space does not read and a Dockerfile has to name."""

import tomllib
from collections.abc import Mapping
from typing import Any

from hfspace_action.file import File

from . import decode

PATH = "pyproject.toml"
_LARGEST = 1 << 18
_MOST = 60


def dependencies(files: Mapping[str, File]) -> list[str]:
    """Return the dependencies as pip takes them; of Poetry's, whose versions pip can't read, the names."""
    try:
        data: dict[str, Any] = tomllib.loads(decode.lenient(files[PATH].read(_LARGEST))) if PATH in files else {}
    except (tomllib.TOMLDecodeError, RecursionError):
        return []
    project = _table(data.get("project")).get("dependencies")
    poetry = _table(_table(_table(data.get("tool")).get("poetry")).get("dependencies"))
    found = project if isinstance(project, list) else [name for name in poetry if name != "python"]
    return [each for each in found if isinstance(each, str)][:_MOST]


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
