"""True answers mangled on their way: valid JSON that is not the Hub's. What was asked for is done all the same."""

import json
from collections.abc import Callable, Iterator
from typing import Any, Literal

How = Literal["type", "null", "list", "missing", "lacking", "mistyped", "mistaken", "swollen"]
"""Another type for all of it (`type`, `null`, `list`); all keys gone or one (`missing`, `lacking`); every value of another type or one
(`mistyped`, `mistaken`); values of a million characters and numbers of 400 digits (`swollen`)."""

_LONG = 1_000_000
_MANY_DIGITS = 10**400
Place = tuple[Any, Any]
"""A container, and the key or index of a value in it."""


def mangled(body: bytes, how: How, seed: int) -> bytes:
    """Return an answer's body mangled; `seed` chooses the one value or key. A body that is no JSON counts as an empty object."""
    try:
        value = json.loads(body)
    except ValueError:
        value = {}
    match how:
        case "type":
            value = 7
        case "null":
            value = None
        case "list":
            value = {} if isinstance(value, list) else []
        case "missing":
            value = [{} for _ in value] if isinstance(value, list) else {}
        case "lacking":
            if keys := [place for place in _places(value) if isinstance(place[0], dict)]:
                container, key = keys[seed % len(keys)]
                del container[key]
        case "mistyped":
            _each(value, _of_another_type)
        case "mistaken":
            if places := list(_places(value)):
                container, key = places[seed % len(places)]
                container[key] = _of_another_type(container[key], seed // len(places))
        case "swollen":
            _each(value, _swollen)
    return json.dumps(value).encode()


def _places(value: Any) -> Iterator[Place]:
    """Yield the place of every value in a value, however deep."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in list(items):
        yield value, key
        yield from _places(item)


def _each(value: Any, change: Callable[[Any], Any]) -> None:
    """Change every value that contains no others."""
    for container, key in list(_places(value)):
        if not isinstance(container[key], dict | list):
            container[key] = change(container[key])


def _of_another_type(value: Any, turn: int = 0) -> Any:
    """Return a value of a type that this one does not have; which one of several, `turn` says."""
    others: list[Any] = [7, -1, 0.5, "x", "", True, None, [], ["x"], {}, {"x": 1}, 2**70]
    return [each for each in others if type(each) is not type(value)][turn % 8]


def _swollen(value: Any) -> Any:
    if isinstance(value, str):
        return (value or "x") * (_LONG // len(value or "x"))
    return _MANY_DIGITS if isinstance(value, int) and not isinstance(value, bool) else value
