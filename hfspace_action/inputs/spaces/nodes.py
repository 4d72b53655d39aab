"""The nodes of a YAML text, as the keys and values that somebody wrote, and the lines that they are in."""

from collections.abc import Mapping
from typing import NamedTuple

import yaml

from hfspace_action.inputs.key_values import Refused

_MERGE = "tag:yaml.org,2002:merge"
_NULL = "tag:yaml.org,2002:null"


class Wrong(Refused):
    """What is wrong with a node: the line of the text that it is in, from 1 on, and how a right one looks."""

    def __init__(self, node: yaml.Node | None, problem: str, advice: str) -> None:
        super().__init__(problem, advice)
        self.line = line(node) if node else 1


class Pair(NamedTuple):
    """A key's node and its value's."""

    key: yaml.Node
    value: yaml.Node


def line(node: yaml.Node) -> int:
    """Return the line that a node begins in, from 1 on."""
    return int(node.start_mark.line) + 1


def is_empty(node: yaml.Node) -> bool:
    """Whether nothing is written there, or a word for nothing."""
    return isinstance(node, yaml.ScalarNode) and (node.tag == _NULL or not node.value.strip())


def mapping(node: yaml.Node, what: str, advice: str) -> Mapping[str, Pair]:
    """Return the pairs of a mapping by their keys, what `<<` merges into it included. Raises `Wrong` for what is no mapping, and
    for a key that is there twice."""
    if not isinstance(node, yaml.MappingNode):
        raise Wrong(node, f"{what} is no mapping", advice)
    own: dict[str, Pair] = {}
    merged: dict[str, Pair] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode):
            raise Wrong(key, f"a key of {what} is no word", advice)
        if key.tag == _MERGE:
            for each in value.value if isinstance(value, yaml.SequenceNode) else [value]:
                merged = {**mapping(each, f"what `<<` merges into {what}", advice), **merged}
        elif key.value in own:
            raise Wrong(
                key,
                f"`{shown(key.value)}` is there twice, first in line {line(own[key.value].key)}",
                "Keep one of them.",
            )
        else:
            own[key.value] = Pair(key, value)
    return {**merged, **own}


def sequence(node: yaml.Node, what: str, advice: str) -> list[yaml.Node]:
    """Return the entries of a list. Raises `Wrong` for what is none."""
    if not isinstance(node, yaml.SequenceNode):
        raise Wrong(node, f"{what} is no list", advice)
    return list(node.value)


def scalar(node: yaml.Node, what: str, advice: str) -> str:
    """Return one value as it is written. Raises `Wrong` for a mapping or a list."""
    if not isinstance(node, yaml.ScalarNode):
        raise Wrong(node, f"{what} is no single value", advice)
    return str(node.value).strip()


def text(node: yaml.Node) -> str:
    """Return a node as a YAML text of its own, with its values as they are written."""
    return str(yaml.serialize(node, Dumper=yaml.SafeDumper, allow_unicode=True, width=10**9))


def shown(word: str) -> str:
    """Return a word of the file for a message: on one line, and not all of a long one."""
    return " ".join(word.split())[:60]
