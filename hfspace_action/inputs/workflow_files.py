"""The workflows of the checkout, as far as they can be read: for finding out why an input is empty or wrong, never for more."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml

from hfspace_action.errors import Place

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


def place(env: Mapping[str, str], name: str, text: str) -> Place | None:
    """Return where the run's own workflow gives an input this text; None where that is not one place, or can't be read."""
    file = env.get("GITHUB_WORKFLOW_REF", "").partition("@")[0].removeprefix(f"{env.get('GITHUB_REPOSITORY', '')}/")
    path = Path(env.get("GITHUB_WORKSPACE") or ".") / file
    if not file.startswith(f"{_FOLDER}/") or ".." in file or path.is_symlink():
        return None
    try:
        if not path.is_file() or path.stat().st_size > _LARGEST:
            return None
        jobs = dict(_pairs(safe_yaml.compose(path.read_text("utf-8", "replace")))).get("jobs")
    except (OSError, yaml.YAMLError):
        return None
    lines = [
        key.start_mark.line + 1
        for job, steps in _pairs(jobs)
        if job == env.get("GITHUB_JOB")
        for step in _items(dict(_pairs(steps)).get("steps"))
        for key, value in _keys(dict(_pairs(step)).get("with"))
        if key.value == name and isinstance(value, yaml.ScalarNode) and value.value.strip() == text
    ]
    return Place(file, lines[0]) if len(lines) == 1 else None


def _keys(node: yaml.Node | None) -> Iterator[tuple[yaml.ScalarNode, yaml.Node]]:
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if isinstance(key, yaml.ScalarNode):
            yield key, value


def _pairs(node: yaml.Node | None) -> Iterator[tuple[str, yaml.Node]]:
    yield from ((key.value, value) for key, value in _keys(node))


def _items(node: yaml.Node | None) -> Iterator[yaml.Node]:
    yield from node.value if isinstance(node, yaml.SequenceNode) else ()
