"""Prints, as JSON, what the official client is to a step: `python -m tests.kit.fork.told forked|fresh HOME VARIABLES`.

Its plain globals; and, of a forked step, what is left of the placeholders wherever its modules or ours lead.
"""

import gc
import importlib
import json
import os
import re
import sys
import types
from pathlib import Path
from typing import Any

from hfspace_action.hub.connection import environment

from . import server
from .client import CLIENT, PLACEHOLDERS

ENDPOINT = "http://127.0.0.1:9"
_OURS = (CLIENT, "hfspace_action")
_HOLD = (
    types.ModuleType, types.FunctionType, types.MethodType, types.CellType, type, property, classmethod, staticmethod,
    dict, list, tuple, set, frozenset,
)  # fmt: skip


def main(how: str, home: str, variables: str) -> None:
    """Load the client as a step does, and tell."""
    if how == "forked":
        server.preload("hfspace_action")
    os.environ.update(json.loads(variables))
    environment.prepare(ENDPOINT, Path(home))
    importlib.import_module("hfspace_action.commands.deploy")
    modules = {name: module for name, module in sys.modules.items() if name.partition(".")[0] in _OURS}
    plain = {
        f"{name}.{each}": str(value)
        for name, module in modules.items()
        if name.partition(".")[0] == CLIENT
        for each, value in vars(module).items()
        if isinstance(value, str | bool | int | float | Path | None) and each != "__cached__"
    }
    print(json.dumps({"globals": plain, "left": left([*modules.values()])}))


def left(things: list[Any]) -> list[str]:
    """Return what texts, paths and patterns that these lead to were made of a placeholder."""
    seen, found = set(), []
    while things:
        thing = things.pop()
        if id(thing) in seen:
            continue
        seen.add(id(thing))
        text = thing.pattern if isinstance(thing, re.Pattern) else thing if isinstance(thing, str | Path) else ""
        if thing not in PLACEHOLDERS.values() and any(each in str(text) for each in PLACEHOLDERS.values()):
            found.append(str(text))
        where = thing.__name__ if isinstance(thing, types.ModuleType) else getattr(thing, "__module__", None)
        elsewhere = isinstance(where, str) and where.partition(".")[0] not in _OURS
        if isinstance(thing, _HOLD) and not elsewhere:
            things += gc.get_referents(thing)
    return found


if __name__ == "__main__":
    main(*sys.argv[1:])
