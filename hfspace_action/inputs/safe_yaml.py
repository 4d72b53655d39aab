"""YAML that others wrote."""

import json
from typing import Any

import yaml


def load(text: str, loader: type[yaml.SafeLoader | yaml.BaseLoader] = yaml.SafeLoader) -> Any:
    """What a YAML text holds. Raises `yaml.YAMLError` for all that can't be read, or not be written again: PyYAML lets other
    errors through for values such as the date 2020-13-45, tags that don't fit their value, and thousands of brackets, and it
    takes a mapping that holds itself."""
    try:
        loaded = yaml.load(text, Loader=loader)  # noqa: S506 - both build plain values only
        json.dumps(loaded, default=str, skipkeys=True)  # refuses what holds itself
        return loaded
    except (ValueError, TypeError, AttributeError, OverflowError) as error:
        raise yaml.YAMLError(f"a value in it can't be read ({error})") from error
    except RecursionError as error:
        raise yaml.YAMLError("it is nested too deeply") from error
