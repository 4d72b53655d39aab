"""The Space's card: the README that goes to the Space, with what the Hub needs in its front matter.

From the inputs, else from the README, else from the files. The repository's own README is never changed.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from hfspace_action.checkout.notices import notice
from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Failure, Failures, Note, Place
from hfspace_action.file import File, is_locked, is_unfetched
from hfspace_action.inputs import safe_yaml
from hfspace_action.readers import decode
from hfspace_action.text import closest

from . import front_matter as readmes
from . import keys, space_readme
from .detect import choice, encodings
from .detect.choice import Found
from .detect.survey import Survey
from .front_matter import PATH

# What a Space looks like in lists, where nobody said. The Hub takes these colours by name only.
_LOOKS = {"emoji": "🚀", "colorFrom": "blue", "colorTo": "indigo"}
_ORDER = ("title", *_LOOKS, "sdk", "sdk_version", "app_build_command", "app_file", "app_port")
_APPS = (".py", ".html", "Dockerfile", "package.json")
_INPUT = "the input front-matter"
_SAID = re.compile(r'"([A-Za-z_]+)(?:[.\[][^"]*)?" ')


@dataclass(frozen=True)
class Card:
    """The README for the Space and its front matter.

    `added` says for each key that the step set where it came from, `removed` are those that the inputs took out. `origin` says
    what shows the SDK. `files` are all that the Space gets, `log` are lines that explain what was found.
    """

    readme: File
    data: Mapping[str, Any]
    sdk: str
    app_port: int | None
    added: Mapping[str, str]
    notices: tuple[Note, ...]
    origin: str
    removed: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    files: Mapping[str, File] = field(default_factory=dict, repr=False)
    places: Mapping[str, Place] = field(default_factory=dict)
    has_front_matter: bool = False
    """Whether the checkout's own README has front matter."""
    name: str = ""
    """The name of the Space that the title may come from."""
    own: str = ""
    """The front matter of the Space's own README that was merged in, as YAML."""

    def judged_by(self, judge: Callable[[str], list[str]]) -> list[str]:
        """Return the warnings of a judge of READMEs, the Hub. Its `Failure` gets the line and the value that it is about."""
        try:
            return judge(self.readme.read().decode())
        except Failure as failure:
            if failure.id != "readme-refused":
                raise
            named = [key for key in dict.fromkeys(_SAID.findall(failure.message)) if key in self.data]
            if not named:
                raise
            seen = ", ".join(f"{key} is {self.data[key]!r}{_meant(key, self.data[key])}" for key in named)
            said = failure.message.partition(": ")[2].rstrip(".")
            raise Failure(failure.id, place=self.places.get(named[0]), said=f"{said} ({seen})") from failure


def complete(
    checkout: Checkout, *, space: str, sdk: str | None, front_matter: Mapping[str, Any], of_space: str | None = None
) -> Card:
    """Return the card of a checkout. `space` (owner/name) gives the title if nothing else does; `sdk` and `front_matter` are the
    inputs, `of_space` the README that the Space has: its front matter stays where the checkout's README has none. A README
    that says all that is needed stays byte for byte as it is. Raises `Failure`, or `Failures` where there are
    several, those of the checkout included."""
    obstacles = list(checkout.obstacles)
    try:
        made = _Completion(checkout, front_matter, of_space).card(space, sdk)
    except Failure as failure:
        if failure.id != "sdk-unknown" or not _is_hidden(checkout):
            obstacles.append(failure)
    if obstacles:
        raise obstacles[0] if len(obstacles) == 1 else Failures(obstacles)
    return made


def _is_hidden(checkout: Checkout) -> bool:
    """Whether a file that may be the app can't be seen yet: its content was not fetched, or is locked."""
    wanted = {"checkout-lfs", "checkout-encrypted"} & {each.id for each in checkout.obstacles}
    likely = (file for path, file in checkout.files.items() if "/" not in path and path.endswith(_APPS))
    return bool(wanted) and any(is_unfetched(text) or is_locked(text) for file in likely if (text := file.read(200)))


class _Completion:
    """One completion: what the front matter holds so far, and where each key came from."""

    def __init__(self, checkout: Checkout, given: Mapping[str, Any], of_space: str | None) -> None:
        self.checkout, self.survey, self.given = checkout, Survey(checkout), given
        if inside := next((path for path in checkout.files if path.startswith(f"{PATH}/")), None):
            raise Failure("readme-folder", place=checkout.place(inside), inside=inside)
        self.written = readmes.read(checkout)
        self.readme = self.written
        if of_space is not None and not self.written.block:
            self.readme = space_readme.under(self.written, of_space, self.survey)
        self.data = dict(self.readme.data)
        self.added: dict[str, str] = {}
        self.removed = tuple(key for key, value in given.items() if value is None)

    def put(self, key: str, value: object, origin: str) -> None:
        """Set a key, unless it has that value or is to have none."""
        differs = key not in self.data or type(self.data[key]) is not type(value) or self.data[key] != value
        if differs and key not in self.removed:
            self.data[key], self.added[key] = value, origin

    def card(self, space: str, sdk: str | None) -> Card:
        """Complete the card."""
        self.name = space.rpartition("/")[2]
        self._from_inputs(sdk)
        self._correct()
        own = self.readme.data.get("sdk")
        declared = self.data.get("sdk") is not None
        if not declared:
            self.put("sdk", *choice.sdk(self.survey, self.data))
        if self.data.get("sdk") == "streamlit":
            raise choice.streamlit(self.survey, self.data, self._place("sdk"))
        place = self._place("app_file") or self._place("sdk")
        needs = choice.needs(self.survey, self.data, place, declared=declared and own is not None)
        for key, found in needs.settings.items():
            if key not in self.readme.data or self.readme.data[key] is None:
                self.put(key, *found)
        if own is None:  # until now not the README of a Space
            for key, found in self._looks().items():
                if key not in self.data:
                    self.put(key, *found)
        notices = [
            *self._notices(own),
            *needs.notices,
            *encodings.notices(self.survey),
        ]
        return self._made(tuple(notices), (*needs.log, *self._of_the_top()))

    def _from_inputs(self, sdk: str | None) -> None:
        for key, value in self.given.items():
            if value is not None:
                self.put(key, _text(value) if key in keys.TEXTS else value, _INPUT)
        for key in self.removed:
            self.data.pop(key, None)
        self.removed = tuple(key for key in self.removed if key != "sdk")  # it needs one: found anew, or the input's
        if sdk is not None and self.given.get("sdk") is None:
            self.put("sdk", sdk, "the input sdk")

    def _correct(self) -> None:
        """Write what the README means so that the Hub reads it so."""
        for key in self.readme.unquoted:
            if key in self.data and key not in self.added:
                self.added[key] = f"{self._at(key)}, in quotes to be a text"
        named = self.data.get("sdk")
        if isinstance(named, str) and named not in keys.VALUES["sdk"] and named.strip().lower() in keys.VALUES["sdk"]:
            self.put("sdk", named.strip().lower(), f"{self._at('sdk')}, in lower case")

    def _at(self, key: str) -> str:
        return f"{self.readme.path}:{self.readme.lines[key]}" if key in self.readme.lines else _INPUT

    def _place(self, key: str) -> Place | None:
        """Where the README names a value that counts."""
        line = self.readme.lines.get(key)
        overridden = self.added.get(key, "").startswith("the input")
        return None if line is None or overridden else self.checkout.place(self.readme.path, line)

    def _looks(self) -> dict[str, Found]:
        from . import title  # not before: a README that names an sdk needs no title, and the parser takes time to load

        path = readmes.find(self.checkout)
        found = title.of_markdown(self.readme.body)
        if not found and path and not self.readme.path:
            found = title.of_restructured_text(decode.lenient(self.checkout.files[path].read()))
        looks = {key: Found(value, "the step's default") for key, value in _LOOKS.items()}
        name = Found(self.name, "the Space's name")
        return {"title": Found(found, f"the heading of {path}") if found else name, **looks}

    def _of_the_top(self) -> list[str]:
        """Say what becomes of the repository's README where a folder without one is deployed."""
        folder = self.checkout.folder
        if not folder or readmes.find(self.checkout):
            return []
        top = self.checkout.root.parents[folder.count("/")]
        if not any(readmes.is_readme(each.name) and each.is_file() for each in top.iterdir()):
            return []
        return [f"{folder}/ has no README.md, and the one at the top of the checkout is not used for it."]

    def _notices(self, own: object) -> list[Note]:
        found: list[Note] = []
        if own is not None and str(own).strip().lower() != self.data["sdk"]:
            found.append(notice("sdk", [str(own)]))
        if self.readme.odd and (self.readme.block or "byte order" not in self.readme.odd):
            line = max(1, min(self.readme.lines.values(), default=2) - 1)
            found.append(self.survey.notice("front-matter", self.readme.path, line, why=self.readme.odd))
        if self.readme.again:
            found.append(self.survey.notice("front-matter-again", self.readme.path, self.readme.again))
        if self.readme.path not in (PATH, ""):
            found.append(self.survey.notice("readme-name", self.readme.path, None, name=self.readme.path))
        for key in self.data:
            near = _like(str(key)) if key not in keys.ALL else None
            written = self.given if key in self.given else self.readme.data
            if near and near not in written:
                found.append(
                    self.survey.notice("key", self.readme.path or PATH, self.readme.lines.get(key), key=key, near=near)
                )
        return found

    def _made(self, notices: tuple[Note, ...], log: tuple[str, ...]) -> Card:
        order = {key: place for place, key in enumerate(_ORDER)}
        changes = {key: self.data[key] for key in sorted(self.added, key=lambda key: order.get(key, len(order)))}
        removed = tuple(key for key in self.removed if key in self.readme.data)
        as_written = self.readme is self.written and not changes and not removed
        unchanged = as_written and self.readme.path == PATH and self.readme.is_the_hubs
        content = self.readme.with_values(changes, removed).encode()
        readme = self.checkout.files[PATH] if unchanged else File.of(PATH, content)
        files = {path: file for path, file in self.checkout.files.items() if path != self.readme.path} | {PATH: readme}
        port = self.data.get("app_port")
        return Card(
            readme=readme,
            data=self.data,
            sdk=str(self.data["sdk"]),
            app_port=port if isinstance(port, int) else None,
            added={key: self.added[key] for key in changes},
            notices=notices,
            origin=self.added.get("sdk", self._at("sdk")),
            removed=removed,
            log=log,
            files=files,
            places={key: place for key in self.readme.lines if (place := self._place(key))},
            has_front_matter=bool(self.written.block),
            name=self.name,
            own="" if self.readme is self.written else self.readme.block,
        )


def _text(value: object) -> object:
    """A value of the input front-matter as the text that was written, where that is a text to the Hub."""
    if isinstance(value, safe_yaml.Written):
        return value.text
    return str(value) if isinstance(value, int | date) and not isinstance(value, bool) else value


def _like(key: str) -> str | None:
    """The Hub's key that is most like another one, whatever its capitals; None if none is."""
    known = {each.lower(): each for each in keys.ALL}
    near = closest(re.sub(r"[\s-]", "_", key.strip()), known, 0.8)
    return known[near] if near else None


def _meant(key: str, value: object) -> str:
    near = closest(str(value), keys.VALUES.get(key, ()), 0.5)
    return f": did you mean {near}?" if near else ""
