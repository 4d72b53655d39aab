"""What package.json and its lock file say."""

import json
import re
from collections.abc import Mapping
from typing import Any

from hfspace_action.errors import Place

from .files import Files, first_line

MANIFEST = "package.json"
LOCKS = ("package-lock.json", "npm-shrinkwrap.json")
_KINDS = ("dependencies", "devDependencies", "optionalDependencies", "peerDependencies")


def manifests(files: Files) -> list[str]:
    """Every package.json of the repository itself, the shallow ones first."""
    found = [path for path in files.paths if path.rpartition("/")[2] == MANIFEST and "node_modules/" not in path]
    return sorted(found, key=lambda path: (path.count("/"), path))


def read(files: Files, path: str) -> Mapping[str, Any] | None:
    """A JSON file's mapping; None where it is missing, is none, or can't be read."""
    try:
        loaded = json.loads((files.text(path) or "").removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        return None
    return loaded if isinstance(loaded, dict) else None


def scripts(files: Files, path: str) -> dict[str, str]:
    """The scripts of a package.json by their names."""
    found = (read(files, path) or {}).get("scripts")
    return {name: str(command) for name, command in found.items()} if isinstance(found, dict) else {}


def dependencies(package: Mapping[str, Any], *kinds: str) -> dict[str, str]:
    """What a package asks for: the range of each name, of all kinds or those given."""
    found = [package.get(kind) for kind in kinds or _KINDS]
    return {name: str(wanted) for each in found if isinstance(each, dict) for name, wanted in each.items()}


def key(files: Files, path: str, name: str) -> Place | None:
    """The line of a JSON file that has the key `name`."""
    return first_line(files, [path], re.compile(rf'"{re.escape(name)}"\s*:').search)
