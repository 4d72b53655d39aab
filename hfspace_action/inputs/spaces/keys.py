"""What a Space may have in spaces.yaml: the inputs of a step that are about one Space, each written as YAML is."""

from collections.abc import Mapping
from typing import NamedTuple

import yaml

from hfspace_action import text as texts
from hfspace_action.inputs import schema
from hfspace_action.inputs.key_values import KEY, Refused

from . import nodes
from .nodes import Pair, Wrong

SPACE = "space"
SECRETS = "secrets"
"""Which secrets of the step a Space gets: names, never values."""
MERGED = ("variables", "front-matter", SECRETS)
"""Mappings, which a Space's own adds to those of `defaults` and of the step; all else replaces them."""

_ONE = (
    "path", "sdk", "hardware", "sleep-time", "visibility", "region", "resource-group", "prune-settings", "on-drift", "wait", "probe", "healthy", "soak",
    "on-failure", "keep-releases", "resume", "rebuild", "max-price", "create",
)  # fmt: skip
_LISTS = {
    **dict.fromkeys(("include", "exclude", "keep", "allow-credentials"), "pattern"),
    "volumes": "volume",
}
"""Inputs with one entry a line, and what an entry is."""
_STRUCTURED = ("front-matter", "variables", "checks")
_OF_THE_STEP = (
    "hf-token", "command", "confirm", "timeout", "fail-on", "dry-run", "comment", "max-previews", "max-age", "label", "endpoint",
    "github-token", "only", "to", "hold", "through", "from",
)  # fmt: skip
_FORM = "Write one `input: value` a line."
_NAMES = "Write names, each behind `- `; a secret's value never goes into a file of the repository."


class Secret(NamedTuple):
    """A secret that a Space gets: the name of the step's that has its value, and where that is written. The name is not to be
    shown: who mistakes it for the value writes that there."""

    of_step: str
    line: int


class Given(NamedTuple):
    """What is written for a Space, or for all of them: the values of inputs, and the secrets by their names on the Space."""

    values: Mapping[str, object]
    secrets: Mapping[str, Secret]
    lines: Mapping[str, int]


def names() -> tuple[str, ...]:
    """Return the keys of a Space, in the order of the inputs."""
    known = {SPACE, SECRETS, *_ONE, *_LISTS, *_STRUCTURED}
    return tuple(name for name in schema.NAMES if name in known)


def read(pairs: Mapping[str, Pair], wrong: list[Wrong]) -> Given:
    """Read the inputs of a mapping; what is wrong with them is added to `wrong`."""
    values: dict[str, object] = {}
    secrets: dict[str, Secret] = {}
    for name, pair in pairs.items():
        try:
            if name not in names():
                raise Wrong(pair.key, *_unknown(name))
            if nodes.is_empty(pair.value):
                continue
            if name == SECRETS:
                secrets = _secrets(pair.value)
            else:
                values[name] = _value(name, pair.value)
        except Wrong as each:
            wrong.append(each)
        except Refused as refused:
            wrong.append(Wrong(pair.value, f"`{name}` can't be used: {refused}", refused.advice))
    return Given(values, secrets, {name: nodes.line(pair.value) for name, pair in pairs.items()})


def _value(name: str, node: yaml.Node) -> object:
    """Read one input by the reader that the step's own has."""
    if name in _LISTS and not isinstance(node, yaml.ScalarNode):
        form = f"Write one {_LISTS[name]} a line, each behind `- `."
        entries = nodes.sequence(node, f"`{name}`", form)
        each = [nodes.scalar(entry, f"a {_LISTS[name]} of `{name}`", form) for entry in entries]
        return schema.value(name, "\n".join(each))
    if name in _STRUCTURED and not isinstance(node, yaml.ScalarNode):
        return schema.value(name, nodes.text(node))
    return schema.value(name, nodes.scalar(node, f"`{name}`", _FORM))


def _unknown(name: str) -> tuple[str, str]:
    shown = nodes.shown(name)
    if name in _OF_THE_STEP:
        return f"`{shown}` is an input of the step, not of a Space", "Write it under `with:` in the workflow."
    guess = texts.did_you_mean(name.replace("_", "-"), names()).strip()
    return f"`{shown}` is not known", guess or f"Known: {', '.join(names())}."


def _secrets(node: yaml.Node) -> dict[str, Secret]:
    """Read names of secrets: a list, or a mapping from names on the Space to names in the step."""
    if isinstance(node, yaml.MappingNode):
        pairs = nodes.mapping(node, "`secrets`", _NAMES)
        return {_name(pair.key): Secret(_name(pair.value), nodes.line(pair.value)) for pair in pairs.values()}
    entries = nodes.sequence(node, "`secrets`", _NAMES)
    return {_name(each): Secret(_name(each), nodes.line(each)) for each in entries}


def _name(node: yaml.Node) -> str:
    name = node.value.strip() if isinstance(node, yaml.ScalarNode) else ""
    if not KEY.fullmatch(name):
        raise Wrong(node, "what is here can't be the name of a secret", _NAMES)
    return name
