"""A plan as JSON, after docs/plan.schema.json, small enough for an environment variable."""

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

LARGEST = 100_000
"""Bytes of a document. Linux takes no environment variable of more than 131,072."""
MOST_PATHS = 1000
_LONGEST_VALUE = 300  # characters of a variable's value
_RESERVE = 20_000  # bytes that the paths get whatever the changes take


def fitted(
    document: Mapping[str, Any], changes: Sequence[Mapping[str, Any]], paths: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Return the document with as many of the changes and of the paths as there is room for; paths of each kind in turn."""
    room = LARGEST - _size(document) - 200  # for the names of what follows
    shown = list(_fitting((_shortened(change) for change in changes), room - _RESERVE))
    room -= sum(_size(change) + 2 for change in shown)
    lists: dict[str, list[str]] = {name: [] for name in paths}
    waiting = {name: iter(sorted(some)[:MOST_PATHS]) for name, some in paths.items()}
    while waiting:
        for name in list(waiting):
            path = next(waiting[name], None)
            if path is None or (room := room - _size(path) - 2) < 0:
                del waiting[name]
            else:
                lists[name].append(path)
    return {**document, "changes": shown, "changes_left_out": len(changes) - len(shown), "paths": lists}


def _fitting(changes: Iterator[Mapping[str, Any]], room: int) -> Iterator[Mapping[str, Any]]:
    for change in changes:
        room -= _size(change) + 2
        if room < 0:
            return
        yield change


def _shortened(change: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value[: _LONGEST_VALUE - 1] + "…" if isinstance(value, str) and len(value) > _LONGEST_VALUE else value
        for name, value in change.items()
    }


def _size(value: object) -> int:
    return len(json.dumps(value))
