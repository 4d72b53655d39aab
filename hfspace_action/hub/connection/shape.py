"""Shapes of JSON: what an answer must have for the rest of the program to rely on it. More than that may be in it.

A shape is a type, a tuple of shapes of which one must fit, a list with the shape of its items, a dict with shapes by key (a key that
ends with "?" may be missing), `{str: shape}` for a mapping with any keys, or a function that tells whether a value fits.
"""

import re
from collections.abc import Callable
from typing import Any

_LONGEST = 60  # characters of a value that are shown
Shape = Any


def problem(value: Any, shape: Shape, where: str = "") -> str | None:
    """Return what of a value does not fit a shape, in words; None if it fits."""
    if isinstance(shape, dict):
        return _mapping(value, shape, where)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return _not(value, "a list", where)
        # Where it is, is said of the item that does not fit alone: there may be 100,000 others.
        wrong = next((at for at, item in enumerate(value) if problem(item, shape[0]) is not None), None)
        return None if wrong is None else problem(value[wrong], shape[0], f"{where}[{wrong}]")
    if isinstance(shape, tuple):
        tried = [problem(value, each, where) for each in shape]
        return None if None in tried else tried[0]
    if isinstance(shape, type):
        fits = isinstance(value, shape) and not (isinstance(value, bool) and shape in (int, float))
        return None if fits else _not(value, shape.__name__, where)
    if shape is None:
        return None if value is None else _not(value, "null", where)
    return None if shape(value) else _not(value, shape.__doc__ or shape.__name__, where)


def _mapping(value: Any, shape: dict[Any, Shape], where: str) -> str | None:
    if not isinstance(value, dict):
        return _not(value, "an object", where)
    if str in shape:
        return next(
            (found for key, item in value.items() if (found := problem(item, shape[str], f"{where}.{key}"))), None
        )
    for key, each in shape.items():
        name, optional = key.removesuffix("?"), key.endswith("?")
        if name in value:
            if (value[name] is not None or not optional) and (found := problem(value[name], each, f"{where}.{name}")):
                return found
        elif not optional:
            return f"has no `{f'{where}.{name}'.lstrip('.')}`"
    return None


def _not(value: Any, wanted: str, where: str) -> str:
    shown = repr(value) if isinstance(value, int | float | bool | None) else type(value).__name__
    return f"has {shown[:_LONGEST]} for `{where.lstrip('.') or 'all of it'}`, where {wanted} belongs"


def text(pattern: str, words: str) -> Callable[[Any], bool]:
    """Return the shape of a text that matches a regular expression whole; `words` say what it is."""
    expression = re.compile(pattern)

    def fits(value: Any) -> bool:
        return isinstance(value, str) and expression.fullmatch(value) is not None

    fits.__doc__ = words
    return fits


def among(*values: object) -> Callable[[Any], bool]:
    """Return the shape of a value that is one of these."""

    def fits(value: Any) -> bool:
        return any(value is each or (isinstance(value, str) and value == each) for each in values)

    fits.__doc__ = "one of " + ", ".join(map(str, values))
    return fits


def count(value: Any) -> bool:
    """a number of at least 0"""  # noqa: D403 - a shape's docstring is shown as the end of a sentence
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**63
