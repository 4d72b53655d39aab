"""What decided the tree of a deploy beside the checkout: recorded in the Space's commit, so that the tree can be computed again.

The record is a line of JSON at the end of the commit's message. Who may write to the Space may write it, so it is read like any other
text of strangers: by the readers of the inputs, within bounds.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hfspace_action import __version__
from hfspace_action.card import card
from hfspace_action.card.card import Card
from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Failure
from hfspace_action.inputs import safe_yaml, schema
from hfspace_action.inputs.key_values import Refused
from hfspace_action.inputs.schema import Inputs

KEY = "Deployed-With: "
LONGEST = 8000
"""Characters of a record. A longer one is not written, nor read."""
_LISTS = ("include", "exclude", "keep")


@dataclass(frozen=True, kw_only=True)
class Recipe:
    """What decides the tree beside the files: the inputs, the name of the Space that the title may come from, the front matter of
    the Space that was merged in (`own`, its YAML), and the files that stay as the Space has them (`spared`)."""

    name: str
    path: str = "."
    sdk: str | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    front_matter: Mapping[str, object] = field(default_factory=dict)
    keep: tuple[str, ...] = ()
    own: str = ""
    spared: tuple[str, ...] = ()
    version: str = __version__

    def complete(self, found: Checkout) -> Card:
        """Return the card of a checkout, as the deploy made it. Raises `Failure`."""
        own = f"---\n{self.own}---\n" if self.own else None
        return card.complete(found, space=self.name, sdk=self.sdk, front_matter=self.front_matter, of_space=own)

    @property
    def inputs(self) -> dict[str, Any]:
        """The inputs as JSON; those that are not given are left out."""
        given: dict[str, Any] = {"path": self.path if self.path != "." else "", "sdk": self.sdk}
        given |= {name: list(getattr(self, name)) for name in _LISTS}
        given["front-matter"] = safe_yaml.dump(dict(self.front_matter)) if self.front_matter else ""
        return {name: value for name, value in given.items() if value}


def of_inputs(inputs: Inputs, name: str = "") -> Recipe:
    """Return the recipe of a deploy with these inputs; `name` is the name for the title, where it is not the Space's."""
    return Recipe(
        name=name or inputs.space.rpartition("/")[2],
        path=inputs.path,
        sdk=inputs.sdk,
        include=inputs.include,
        exclude=inputs.exclude,
        front_matter=inputs.front_matter,
        keep=inputs.keep,
    )


def decides(inputs: Inputs) -> bool:
    """Whether the inputs name any of what decides the tree."""
    return bool(of_inputs(inputs).inputs)


def line(recipe: Recipe, redact: Callable[[str], str]) -> str:
    """Return the record for the commit's message. What holds a secret, or is too long, is not recorded, and the line says so."""
    text = json.dumps(_document(recipe), separators=(",", ":"))
    shown = json.dumps(_document(recipe), separators=(",", ":"), ensure_ascii=False)
    if len(text) > LONGEST or redact(shown) != shown or redact(text) != text:
        text = json.dumps({"v": 1, "version": recipe.version, "left-out": True}, separators=(",", ":"))
    return KEY + text


def read(message: str) -> Recipe | None:
    """Return the recipe that a commit's message records; None where there is none that can be read."""
    written = [each for each in message.splitlines() if each.startswith(KEY)]
    if not written or len(written[-1]) > LONGEST + len(KEY):
        return None
    try:
        return _recipe(json.loads(written[-1].removeprefix(KEY)))
    except (ValueError, TypeError, KeyError, RecursionError, Refused, Failure):
        return None


def _document(recipe: Recipe) -> dict[str, Any]:
    known = {"v": 1, "version": recipe.version, "name": recipe.name, **recipe.inputs}
    merged: dict[str, Any] = {"own": recipe.own, "spared": list(recipe.spared)}
    return known | {name: value for name, value in merged.items() if value}


def _recipe(written: Any) -> Recipe:
    """Return the recipe of a record. Raises what `read` knows for one that is none."""
    if written["v"] != 1 or "left-out" in written:
        raise ValueError("it has no recipe")
    lists = {name: _read(name, "\n".join(_texts(written.get(name, [])))) or () for name in _LISTS}
    return Recipe(
        name=str(schema.value("space", _text(written["name"]))),
        path=_text(written.get("path", ".")),
        sdk=_read("sdk", _text(written.get("sdk", ""))),
        include=lists["include"],
        exclude=lists["exclude"],
        keep=lists["keep"],
        front_matter=_read("front-matter", _text(written.get("front-matter", ""))) or {},
        own=_text(written.get("own", "")),
        spared=tuple(_texts(written.get("spared", []))),
        version=_text(written.get("version", "")),
    )


def _read(name: str, text: str) -> Any:
    """Return what an input's text means, None for none. Raises `Refused`, or `Failure`."""
    return schema.value(name, text) if text else None


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("it is no text")
    return value


def _texts(value: object) -> Sequence[str]:
    if not isinstance(value, list):
        raise TypeError("it is no list")
    return [_text(each) for each in value]
