"""What a rule is given, and what it finds."""

import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple, Self

from hfspace_action.card.card import Card
from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Failure, Place
from hfspace_action.inputs.patterns.match import Patterns
from hfspace_action.inputs.schema import Inputs
from hfspace_action.readers import front_matter
from hfspace_action.readers.files import Deployed

DEFAULT_PORT = 7860
DEFAULT_PYTHON = "3.10"


class Finding(NamedTuple):
    """A failure that is to come; its place is a path in the Space. A certain one stops the deploy."""

    failure: Failure
    certain: bool


class Tree(NamedTuple):
    """A Space before it is built: its files, their sizes, its front matter, and the keys of that which the README lacks."""

    files: Deployed
    sdk: str
    data: Mapping[str, object]
    sizes: Mapping[str, int] = MappingProxyType({})
    added: frozenset[str] = frozenset()
    hardware: str | None = None
    kept: Callable[[str], bool] = lambda _path: False
    """Whether a path may be on the Space though it is not in the checkout: the input `keep` leaves it there."""

    @classmethod
    def of(cls, checkout: Checkout, card: Card, inputs: Inputs) -> Self:
        """The tree that a deploy of this checkout makes."""
        return cls(
            files=Deployed(checkout.files),
            sdk=card.sdk,
            data=card.data,
            sizes={path: file.size for path, file in checkout.files.items()},
            added=frozenset(card.added),
            hardware=inputs.hardware,
            kept=Patterns.parse(inputs.keep),
        )

    def has(self, path: str) -> bool:
        """Whether there is, or may be, a file or folder of this path."""
        path = path.strip("/")
        return (
            path in self.files.paths
            or any(one.startswith(f"{path}/") for one in self.files.paths)
            or self.kept(path)
            or self.kept(f"{path}/")
        )

    def key(self, *keys: str) -> Place | None:
        """The line of the README that sets the first of `keys` that it sets; its first line if it sets none of them."""
        own = [key for key in keys if key not in self.added]
        return front_matter.place(self.files, *own)

    def written(self, key: str) -> str:
        """What the README has behind `key`, as it is written, or the value that the step gives it."""
        text = "" if key in self.added else front_matter.value_of(self.files, key)
        return text.strip("'\"") or str(self.data.get(key, ""))

    @property
    def python(self) -> str:
        """The Python of a Gradio Space."""
        written = self.written("python_version")
        return written if re.fullmatch(r"3(?:\.\d{1,3}){1,2}", written) else DEFAULT_PYTHON

    @property
    def app_file(self) -> str:
        """The file that a Gradio or static Space starts with."""
        default = "index.html" if self.sdk == "static" else "app.py"
        return str(self.data.get("app_file") or default).removeprefix("./")

    @property
    def port(self) -> int:
        """The port on which the Hub asks the app."""
        port = str(self.data.get("app_port", ""))
        return int(port) if self.sdk == "docker" and re.fullmatch(r"[0-9]{1,5}", port) else DEFAULT_PORT


def certain(id: str, place: Place | None, **facts: object) -> Finding:  # noqa: A002
    """A failure that can't but happen."""
    return Finding(_failure(id, place, facts), True)


def likely(id: str, place: Place | None, **facts: object) -> Finding:  # noqa: A002
    """A failure that may well happen."""
    return Finding(_failure(id, place, facts), False)


def _failure(id: str, place: Place | None, facts: Mapping[str, object]) -> Failure:  # noqa: A002
    hint = str(facts.get("hint", ""))
    return Failure(id, place=place, **{**facts, "hint": hint and f" {hint}"})
