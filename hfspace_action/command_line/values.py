"""The values of options: from the command line itself, from files, and for secrets from the environment."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

import yaml

from hfspace_action.inputs import key_values

FILES = ("secrets", "variables", "front-matter", "checks")
"""Options that take a file's content as @FILE."""
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Unusable(Exception):
    """What is wrong with the value of an option; no secret is in it."""


def text(name: str, given: str | Sequence[str]) -> str:
    """Return the text of an input for what was given with its option, once or several times. Raises `Unusable`."""
    if isinstance(given, str):
        return given
    if name == "secrets":
        return _secrets(given)
    return "\n".join(_content(name, each[1:]) if _is_file(name, each) else each for each in given)


def _secrets(given: Sequence[str]) -> str:
    """Return the secrets that were named, as YAML in which each value is what it was, whatever its characters and lines."""
    pairs: dict[str, str] = {}
    for each in given:
        if _is_file("secrets", each):
            try:
                pairs |= key_values.secrets(_content("secrets", each[1:]))
            except key_values.Refused as refused:
                raise Unusable(f"--secrets {each}: {refused}. {refused.advice}") from refused
        elif not _NAME.fullmatch(each):
            raise Unusable(
                "--secrets takes a secret's name, not its value: other processes see a command line. Set the value in the "
                "environment and write --secrets NAME, or keep KEY=value lines in a file and write --secrets @FILE."
            )
        elif each in os.environ:
            pairs[each] = os.environ[each]
        else:
            raise Unusable(f"--secrets {each}: the environment has no variable of that name.")
    return yaml.safe_dump(pairs, default_style='"', width=float("inf"), sort_keys=False)


def _is_file(name: str, value: str) -> bool:
    return name in FILES and value.startswith("@")


def _content(name: str, path: str) -> str:
    try:
        return Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no UTF-8"
        raise Unusable(f"--{name} @{path}: the file can't be read ({reason}).") from error
