"""Texts that name inputs as a workflow spells them, spelled as this command line does: `wait: false` is `--no-wait` here."""

import re
import shlex

from hfspace_action.inputs import schema

from . import register

_NAMED = re.compile(r"`([a-z][a-z-]*)(?:: +([^`\n]*))?`")
_KIND = re.compile(r"\b([Ii])nput `(--|[A-Z_]+`)")
_STEP = re.compile(r"```yaml\nwith:\n((?: +[a-z-]+: .*\n)+)```")
_LINE = re.compile(r" +([a-z-]+): (.*)\n")
_ALSO_KEYS = frozenset({"sdk"})
"""Inputs that are keys of README.md's front matter too, of which a text may speak."""


def options(words: str) -> str:
    """Return a text of ours with each input, and each `with:` of a step, as options and variables of the environment."""
    words = _STEP.sub(_step, words)
    words = _NAMED.sub(lambda found: f"`{_inline(found[1], found[2])}`", words)
    return _KIND.sub(_kind, words)


def _kind(found: re.Match[str]) -> str:
    kind = "option" if found[2] == "--" else "variable"
    return f"{kind.capitalize() if found[1] == 'I' else kind} `{found[2]}"


def _step(found: re.Match[str]) -> str:
    pairs = _LINE.findall(found[1])
    if not all(name in schema.NAMES for name, _ in pairs):
        return found[0]
    return "```\n" + " ".join(_option(name, value) for name, value in pairs) + "\n```"


def _inline(name: str, value: str | None) -> str:
    if name not in schema.NAMES or name in _ALSO_KEYS:
        return name if value is None else f"{name}: {value}"
    return _option(name, value)


def _option(name: str, value: str | None) -> str:
    """Return an input as it is given here."""
    if variable := register.ENVIRONMENT.get(name):
        return variable
    if name == "space":
        return value or "SPACE"
    if value is None:
        return f"--{name}"
    if name in schema.SWITCHES and value in ("true", "false"):
        return f"--{name}" if value == "true" else f"--no-{name}"
    return f"--{name} {shlex.quote(value) if ' ' in value else value}"
