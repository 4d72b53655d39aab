"""What the register of inputs says about the options: their names, their texts and their forms."""

from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

from hfspace_action.inputs import schema

_PACKAGE = Path(__file__).parents[1]
_SPACE = "space"  # the one that is no option
ENVIRONMENT = {"hf-token": "HF_TOKEN", "github-token": "GITHUB_TOKEN"}
"""Inputs that are tokens, and the variables they are read from: other processes see a command line."""


class Input(NamedTuple):
    """An input as action.yml describes it."""

    name: str
    text: str
    default: str


@cache
def inputs() -> tuple[Input, ...]:
    """Return the inputs in their order. Their texts are action.yml's, which lies in the wheel, else beside the package."""
    files = (_PACKAGE / "action.yml", _PACKAGE.parent / "action.yml")
    file = next(each for each in files if each.exists())
    declared = yaml.safe_load(file.read_text("utf-8"))["inputs"]
    return tuple(Input(name, declared[name]["description"], declared[name].get("default", "")) for name in schema.NAMES)


def space() -> Input:
    """Return the input that is given by its place on the command line."""
    return next(each for each in inputs() if each.name == _SPACE)


def options() -> tuple[Input, ...]:
    """Return those that are options."""
    return tuple(each for each in inputs() if each.name != _SPACE)
