"""The fixed sentences of headlines.toml, with the facts of a run in them."""

import tomllib
from functools import cache
from pathlib import Path

from hfspace_action.errors import PLACEHOLDER


@cache
def _written() -> dict[str, dict[str, str]]:
    return tomllib.loads(Path(__file__).with_name("headlines.toml").read_text("utf-8"))


def sentence(group: str, name: str, **facts: str) -> str:
    """Return a sentence with its facts."""
    return PLACEHOLDER.sub(lambda found: facts[found[1]], _written()[group][name])


def exists(group: str, name: str) -> bool:
    """Whether there is such a sentence."""
    return name in _written()[group]


def count(number: int, noun: str) -> str:
    """Return a number with its noun: "1 file", "1,204 files"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
