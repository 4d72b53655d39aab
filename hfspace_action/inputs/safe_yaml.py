"""YAML that others wrote, read within bounds."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import yaml

LONGEST = 256 * 1024
"""Characters of a text that is read: far more than a README's front matter or an input needs."""
MOST_NODES = 10_000
"""Values in a text once its aliases are followed; a text of 500 bytes can stand for millions."""
DEEPEST = 50
"""Brackets in brackets. PyYAML looks at all that are open for each token, so its time grows with their square."""


class _Bounded:
    """What both of PyYAML's loaders do here, within bounds."""

    flow_level: int

    def fetch_flow_collection_start(self, token: type[yaml.Token]) -> None:
        if self.flow_level >= DEEPEST:
            raise yaml.YAMLError("it is nested too deeply")
        super().fetch_flow_collection_start(token)  # type: ignore[misc]  # PyYAML's own method, of the other base


class Written(float):
    """A number that is written back with the digits that it was written with: 4.40 stays 4.40."""

    text: str

    def __new__(cls, value: float, text: str) -> "Written":
        """Keep the text beside the number."""
        number = super().__new__(cls, value)
        number.text = text
        return number


class _Safe(_Bounded, yaml.SafeLoader):
    """Values of YAML's plain types; numbers keep how they were written."""

    def construct_written(self, node: yaml.ScalarNode) -> float:
        return Written(self.construct_yaml_float(node), node.value)


_Safe.add_constructor("tag:yaml.org,2002:float", _Safe.construct_written)


class _Plain(_Bounded, yaml.BaseLoader):
    """Values that stay the text that was written."""


class _Dumper(yaml.SafeDumper):
    """Writes numbers as they were written."""

    def represent_written(self, number: Written) -> yaml.ScalarNode:
        return self.represent_scalar("tag:yaml.org,2002:float", number.text)


_Dumper.add_representer(Written, _Dumper.represent_written)


def load(text: str, *, typed: bool = True) -> Any:
    """Return what a YAML text holds; without `typed` every value stays text. Raises `yaml.YAMLError` for all that can't be read, or not within bounds.

    PyYAML lets other errors through for values such as the date 2020-13-45, tags that don't fit their value, and thousands of
    brackets; it takes a mapping that holds itself, and merges aliases of aliases without end.
    """
    with _reading(text, typed) as reader:
        node = _node(reader)
        return None if node is None else reader.construct_document(node)


def compose(text: str) -> yaml.Node | None:
    """Return the nodes of a YAML text, which know their lines; None where it is empty. Raises `yaml.YAMLError` as `load` does."""
    with _reading(text, typed=True) as reader:
        return _node(reader)


@contextmanager
def _reading(text: str, typed: bool) -> Iterator[_Safe | _Plain]:
    if len(text) > LONGEST:
        raise yaml.YAMLError(f"it is longer than {LONGEST // 1024} kB")
    reader = _Safe(text) if typed else _Plain(text)
    try:
        yield reader
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise yaml.YAMLError(f"a value in it can't be read ({error})") from error
    except RecursionError as error:
        raise yaml.YAMLError("it is nested too deeply") from error
    finally:
        reader.dispose()


def _node(reader: _Safe | _Plain) -> yaml.Node | None:
    node: yaml.Node | None = reader.get_single_node()
    if node is not None:
        _size(node, {}, set())
    return node


def _size(node: yaml.Node, known: dict[int, int], inside: set[int]) -> int:
    """Return the number of values that a node stands for; each node is counted once, whatever refers to it."""
    if isinstance(node, yaml.ScalarNode):
        return 1
    if id(node) in inside:
        raise yaml.YAMLError("a value in it holds itself")
    if id(node) not in known:
        inside.add(id(node))
        children = [each for pair in node.value for each in pair] if isinstance(node, yaml.MappingNode) else node.value
        known[id(node)] = 1 + sum(_size(child, known, inside) for child in children)
        inside.discard(id(node))
    if known[id(node)] > MOST_NODES:
        raise yaml.YAMLError(f"it stands for more than {MOST_NODES:,} values")
    return known[id(node)]


def dump(data: Any) -> str:
    """Return YAML, one key a line, in the order and with the numbers that were written."""
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10**9)
