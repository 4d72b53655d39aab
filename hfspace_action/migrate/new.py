"""The step that takes an old one's place."""

from collections.abc import Mapping
from typing import NamedTuple

USES = "org/hf-space-deploy@v1"


class New(NamedTuple):
    """What an old step becomes: the inputs of ours, the lines of its script that come before, and what its owner should know."""

    inputs: Mapping[str, str]
    before: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()


class Unknown(Exception):
    """Why a step that speaks to the Hub is left alone."""


def lines(new: New, indent: int, keys: Mapping[str, object], uses: str) -> list[str]:
    """Return the new step, as lines of YAML in an old one's place; its name, id and condition stay."""
    kept = {name: keys[name] for name in ("name", "id", "if", "continue-on-error") if name in keys}
    shown: list[str] = [f"{name}: {_scalar(value)}" for name, value in kept.items()]
    shown += [f"uses: {uses}", "with:"]
    for name, value in new.inputs.items():
        if "\n" in value:
            shown += [f"  {name}: |", *(f"    {line}" for line in value.splitlines())]
        else:
            shown.append(f"  {name}: {_scalar(value)}")
    margin = " " * indent
    return [f"{margin}{'- ' if number == 0 else '  '}{line}" for number, line in enumerate(shown)]


def _scalar(value: object) -> str:
    """Return a value as YAML writes it, in quotes only where it needs them."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    import yaml

    try:
        same = yaml.safe_load(f"x: {text}") == {"x": value}
    except yaml.YAMLError:
        same = False
    return text if same and "#" not in text else "'" + text.replace("'", "''") + "'"
