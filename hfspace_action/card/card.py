"""The Space's card: the README that goes to the Space, with what the Hub needs in its front matter.

From the inputs, else from the README, else from the files. The repository's own README is never changed.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hfspace_action.checkout.notices import notice
from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Failure, Note
from hfspace_action.file import File

from . import detect
from .detect import Found
from .front_matter import PATH
from .front_matter import read as read_readme

# What a Space looks like in lists, where nobody said. The Hub takes these colours by name only.
_LOOKS = {"emoji": "🚀", "colorFrom": "blue", "colorTo": "indigo"}
_ORDER = ("title", *_LOOKS, "sdk", "sdk_version", "app_file", "app_port")


@dataclass(frozen=True)
class Card:
    """The README for the Space and its front matter. `added` says for each key that the step set where it came from."""

    readme: File
    data: Mapping[str, Any]
    sdk: str
    app_port: int | None
    added: Mapping[str, str]
    notices: tuple[Note, ...]


def complete(checkout: Checkout, *, space: str, sdk: str | None, front_matter: Mapping[str, Any]) -> Card:
    """The card of a checkout. `space` (owner/name) gives the title if nothing else does; `sdk` and `front_matter` are the
    inputs. A README that says all that is needed stays byte for byte as it is. Raises `Failure`."""
    readme = read_readme(checkout)
    data, added = dict(readme.data), dict[str, str]()

    def put(key: str, value: object, origin: str) -> None:
        if key not in data or type(data[key]) is not type(value) or data[key] != value:
            data[key], added[key] = value, origin

    for key, value in front_matter.items():
        put(key, value, "the input front-matter")
    if sdk is not None and "sdk" not in front_matter:
        put("sdk", sdk, "the input sdk")
    if data.get("sdk") is None:
        put("sdk", *detect.sdk(checkout))
    if data["sdk"] == "streamlit":
        raise Failure("sdk-streamlit", place=checkout.place(PATH), origin=PATH)
    for key, found in detect.settings(checkout, data).items():
        put(key, *found)
    own = readme.data.get("sdk")
    if own is None:  # until now not the README of a Space
        for key, found in _looks(readme.body, space).items():
            if key not in data:
                put(key, *found)

    changes = {
        key: data[key] for key in sorted(added, key=lambda key: _ORDER.index(key) if key in _ORDER else len(_ORDER))
    }
    port = data.get("app_port")
    return Card(
        readme=File.of(PATH, readme.with_values(changes).encode()) if added else checkout.files[PATH],
        data=data,
        sdk=str(data["sdk"]),
        app_port=port if isinstance(port, int) else None,
        added=added,
        notices=(notice("sdk", [str(own)]),) if own is not None and own != data["sdk"] else (),
    )


def _looks(body: str, space: str) -> dict[str, Found]:
    name = space.rpartition("/")[2]
    title = _heading(body)
    looks = {key: Found(value, "the step's default") for key, value in _LOOKS.items()}
    return {"title": Found(title, "the heading of README.md") if title else Found(name, "the Space's name"), **looks}


_FENCED = re.compile(r"^(```|~~~).*?^\1", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"^# +(.+?)[ #]*$|^(?! )(.+)\r?\n=+[ \t]*\r?$|<h1[^>]*>(.*?)</h1>", re.DOTALL | re.MULTILINE)
_MARKUP = (
    (re.compile(r"!\[[^\]]*\](?:\([^)]*\)|\[[^\]]*\])"), ""),  # pictures
    (re.compile(r"\[([^\]]*)\](?:\([^)]*\)|\[[^\]]*\])"), r"\1"),  # links
    (re.compile(r"<[^>]*>|:[a-z0-9_+-]+:|[*`]"), ""),  # HTML, :rocket:, emphasis
)


def _heading(body: str) -> str:
    """The first heading as plain text, without pictures and emoji; "" if there is none."""
    found = _HEADING.search(_FENCED.sub("", body))
    if found is None:
        return ""
    text = next(group for group in found.groups() if group is not None)
    for pattern, replacement in _MARKUP:
        text = pattern.sub(replacement, text)
    # So: pictograms; Sk: skin tones; the rest joins and varies them.
    letters = (
        each
        for each in text
        if unicodedata.category(each) not in ("So", "Sk", "Cn") and each not in "\ufe0f\u200d\u20e3"
    )
    return " ".join("".join(letters).split())
