"""The README's front matter: reading it, and judging it as POST /api/validate-yaml does.

The keys are those of https://huggingface.co/docs/hub/spaces-config-reference. The Hub validates with Joi; the messages
about colours, lengths and ports were seen in its replies, the others follow Joi's wording. Which licences exist is not
checked: a list here would age.
"""

import copy
import functools
import re
from collections.abc import Callable
from typing import Any

import yaml

from .hardware import FLAVORS, ZEROGPU, ZEROGPU_ALIAS

BLOCK = re.compile(r"\A\s*---[ \t]*\r?\n(.*?)^---[ \t\r]*$", re.DOTALL | re.MULTILINE)
NO_METADATA = "empty or missing yaml metadata in repo card (https://huggingface.co/docs/hub/{page})"
REFERENCE = {
    "model": "model-cards#model-card-metadata",
    "dataset": "datasets-cards",
    "space": "spaces-config-reference",
}
COLORS = ("red", "yellow", "green", "blue", "indigo", "purple", "pink", "gray")
SDKS = ("gradio", "docker", "static")
HARDWARE = (*FLAVORS, ZEROGPU, ZEROGPU_ALIAS)
HEADERS = ("cross-origin-embedder-policy", "cross-origin-opener-policy", "cross-origin-resource-policy")

Rule = Callable[[str, Any], str | None]
"""Given a key and its value, what is wrong with it."""


def front_matter(readme: str) -> dict[str, Any] | None:
    """The mapping between the `---` lines; None if there is none or it is empty. ValueError for bad YAML."""
    block = BLOCK.match(readme.removeprefix("\ufeff"))
    data = None if block is None else _parsed(block[1])
    return copy.deepcopy(data) or None


@functools.lru_cache(4096)
def _parsed(block: str) -> dict[str, Any] | None:
    """What a block says. It is kept, because a list of Spaces asks for that of each."""
    try:
        data = yaml.safe_load(block)
    except yaml.YAMLError as error:
        raise ValueError(f"YAML Metadata Error: {error}") from error
    if not isinstance(data, dict | None):
        raise ValueError("YAML Metadata Error: the front matter must be a mapping")  # noqa: TRY004 - a value of the user's
    return data


def check(readme: str, kind: str) -> tuple[list[str], list[str]]:
    """What is wrong with a repository card (errors) and what is missing from it (warnings)."""
    try:
        data = front_matter(readme)
    except ValueError as error:
        return [str(error)], []
    if data is None:
        return [], [NO_METADATA.format(page=REFERENCE[kind])]
    rules = COMMON | (SPACE if kind == "space" else {})
    found = (rules[key](key, value) for key, value in data.items() if key in rules and value is not None)
    return [message for message in found if message], []


def first_readme(name: str, sdk: str) -> str:
    """The README that a new Space starts with."""
    title = re.sub(r"[-_.]+", " ", name).title()
    data = {"title": title, "emoji": "🚀", "colorFrom": "blue", "colorTo": "indigo", "sdk": sdk, "pinned": False}
    block = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    return f"---\n{block}---\n\nCheck out the configuration reference at https://huggingface.co/docs/hub/{REFERENCE['space']}\n"


def _text(key: str, value: Any) -> str | None:
    return None if isinstance(value, str) else f'"{key}" must be a string'


def _version(key: str, value: Any) -> str | None:
    return None if isinstance(value, str | int | float) else f'"{key}" must be a string'  # unquoted 3.11 is a number


def _flag(key: str, value: Any) -> str | None:
    return None if isinstance(value, bool) else f'"{key}" must be a boolean'


def _texts(key: str, value: Any) -> str | None:
    if not isinstance(value, list):
        return f'"{key}" must be an array'
    return next((f'"{key}[{n}]" must be a string' for n, item in enumerate(value) if not isinstance(item, str)), None)


def _text_or_texts(key: str, value: Any) -> str | None:
    return _texts(key, value) if isinstance(value, list) else _text(key, value)


def _one_of(*allowed: str) -> Rule:
    return lambda key, value: None if value in allowed else f'"{key}" must be one of [{", ".join(allowed)}]'


def _at_most(length: int) -> Rule:
    def rule(key: str, value: Any) -> str | None:
        too_long = f'"{key}" length must be less than or equal to {length} characters long'
        return _text(key, value) or (too_long if len(value) > length else None)

    return rule


def _between(lowest: int, highest: int) -> Rule:
    def rule(key: str, value: Any) -> str | None:
        if isinstance(value, bool) or not isinstance(value, int):
            return f'"{key}" must be a number'
        if value < lowest:
            return f'"{key}" must be greater than or equal to {lowest}'
        return f'"{key}" must be less than or equal to {highest}' if value > highest else None

    return rule


def _matches(pattern: str, meaning: str) -> Rule:
    return lambda key, value: None if re.fullmatch(pattern, str(value)) else f'"{key}" must be {meaning}'


def _emoji(key: str, value: Any) -> str | None:
    plain = (
        not isinstance(value, str) or not value or any(char.isascii() and char not in "0123456789#*" for char in value)
    )
    return f'"{key}" must be a single emoji' if plain or value.isascii() else None


def _headers(key: str, value: Any) -> str | None:
    if not isinstance(value, dict):
        return f'"{key}" must be of type object'
    return next((f'"{key}.{name}" is not allowed' for name in value if name not in HEADERS), None)


COMMON: dict[str, Rule] = {
    "license": _text_or_texts,
    "tags": _texts,
    "thumbnail": _text,
}
SPACE: dict[str, Rule] = {
    "title": _text,
    "emoji": _emoji,
    "colorFrom": _one_of(*COLORS),
    "colorTo": _one_of(*COLORS),
    "sdk": _one_of(*SDKS),
    "python_version": _version,
    "sdk_version": _version,
    "suggested_hardware": _one_of(*HARDWARE),
    "app_file": _text,
    "app_build_command": _text,
    "app_port": _between(1025, 65535),
    "base_path": _matches("/.*", "a path that starts with /"),
    "fullWidth": _flag,
    "header": _one_of("mini", "default"),
    "short_description": _at_most(60),
    "models": _texts,
    "datasets": _texts,
    "pinned": _flag,
    "hf_oauth": _flag,
    "hf_oauth_scopes": _texts,
    "hf_oauth_expiration_minutes": _between(1, 43200),
    "hf_oauth_authorized_org": _text_or_texts,
    "disable_embedding": _flag,
    "startup_duration_timeout": _matches(r"\d+(\.\d+)?\s*(s|m|h|d|w)?", "a duration such as 30m or 1h"),
    "custom_headers": _headers,
    "preload_from_hub": _texts,
}
