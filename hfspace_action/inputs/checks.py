"""The input `checks`: a YAML list of what to ask the app, and what it must answer."""

import math
import re
from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import yaml

from hfspace_action.text import closest

from . import safe_yaml
from .key_values import Refused

METHODS = ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE")
KINDS = ("text", "number", "boolean", "list", "object", "file", "image", "audio", "video", "nothing", "anything")
"""What an output of a Gradio endpoint can be."""
MOST = 50
"""Checks in one input; each costs the app a request for each time that it has to answer."""
LONGEST_WAIT = 600.0
"""Seconds of `within` at most."""

_FORM = "Write a list: `- path: /health`, and below it, indented, what is expected, such as `status: 200`."
_STATUS = re.compile(r"([1-5])xx|([1-5]\d\d)(?:\s*-\s*([1-5]\d\d))?", re.IGNORECASE)
_TIME = re.compile(r"(\d{1,6}(?:\.\d{1,3})?)\s*(ms|s|m)?")
_SECONDS = {"ms": 0.001, "s": 1.0, "m": 60.0, None: 1.0}
_HEADER = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_UNFIT = re.compile(r"[\x00-\x20\x7f]")  # in a path
_NOTHING: Mapping[str, object] = MappingProxyType({})
_WITH_API = frozenset({"api", "arguments", "returns", "path", "contains", "json", "within", "name"})


class Check(NamedTuple):
    """One request to the app and what its answer must be. `path` is None for the app's default path; for a call of the
    Gradio endpoint `api` it is where the Gradio app is mounted, if not at the root.

    `status` are ranges, any of which will do. `json` has values by their paths in the answer, `header` texts by the names of
    the headers that must contain them. The answer must be whole `within` so many seconds.
    """

    name: str
    path: str | None = None
    method: str = "GET"
    status: tuple[range, ...] = (range(200, 400),)
    contains: tuple[str, ...] = ()
    json: Mapping[str, object] = _NOTHING
    header: Mapping[str, str] = MappingProxyType({})
    within: float | None = None
    api: str | None = None
    arguments: tuple[object, ...] | Mapping[str, object] = ()
    returns: tuple[str, ...] = ()

    @property
    def repeatable(self) -> bool:
        """Whether asking again costs and changes nothing, so that it is asked each time."""
        return self.api is None and self.method in ("GET", "HEAD", "OPTIONS")


def read(text: str) -> tuple[Check, ...]:
    """Return the checks of the input's text. Raises `Refused`."""
    try:
        entries = safe_yaml.load(text)
    except yaml.YAMLError as error:
        raise Refused(f"it is not valid YAML ({_first_line(error)})", _FORM) from error
    if not isinstance(entries, list) or not entries:
        raise Refused("it is not a list", _FORM)
    if len(entries) > MOST:
        raise Refused(f"it has {len(entries)} entries", f"{MOST} are the most.")
    checks = [_check(entry, number) for number, entry in enumerate(entries, 1)]
    names = [check.name for check in checks]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise Refused(f"two of its entries are called '{name}'", "Give each a `name` of its own.")
    return tuple(checks)


def _check(entry: object, number: int) -> Check:
    try:
        return _read(entry)
    except Refused as refused:
        raise Refused(f"in its entry {number}, {refused}", refused.advice) from refused


def _read(entry: object) -> Check:
    if not isinstance(entry, dict) or not all(isinstance(key, str) for key in entry):
        raise Refused("there is no mapping", _FORM)
    for key in entry:
        if key not in _READERS:
            near = closest(key, _READERS)
            raise Refused(f"'{key}' is not known", f"Did you mean `{near}`?" if near else _known())
    given = {key: _READERS[key](value) for key, value in entry.items() if value is not None}
    if not given:
        raise Refused("nothing is asked for", _FORM)
    _refuse_contradictions(given)
    return Check(**{"name": _name(given), **given})  # type: ignore[arg-type]  # each reader returns its field's type


def _refuse_contradictions(given: Mapping[str, object]) -> None:
    if "api" in given:
        if beside := sorted(given.keys() - _WITH_API):
            raise Refused(
                f"`{beside[0]}` can't stand beside `api`", "An endpoint's answer has `returns`, `contains`, `json`."
            )
        return
    if beside := sorted(given.keys() & {"arguments", "returns"}):
        raise Refused(f"`{beside[0]}` is of use with `api` only", "Name the endpoint: `api: /predict`.")
    if given.get("method") == "HEAD" and (beside := sorted(given.keys() & {"contains", "json"})):
        raise Refused(f"`{beside[0]}` can't be checked: the answer to HEAD has no body", "Use `method: GET`.")


def _name(given: Mapping[str, object]) -> str:
    if "api" in given:
        return f"api {given['api']}"
    return f"{given.get('method', 'GET')} {given.get('path', '(default path)')}"


def _known() -> str:
    return f"Known: {', '.join(_READERS)}."


def path(value: object) -> str:
    """Return a path of the app. Raises `Refused`."""
    if not isinstance(value, str) or not value.startswith("/") or value.startswith("//") or _UNFIT.search(value):
        raise Refused(f"'{_shown(value)}' is not a path", "Write one such as /health, without the host.")
    return value


def _method(value: object) -> str:
    named = str(value).upper()
    if named not in METHODS:
        raise Refused(f"'{_shown(value)}' is not a method", f"Known: {', '.join(METHODS)}.")
    return named


def _status(value: object) -> tuple[range, ...]:
    if isinstance(value, str):
        value = value.split(",")
    return tuple(_range(each) for each in (value if isinstance(value, list) and value else [value]))


def _range(value: object) -> range:
    found = _STATUS.fullmatch(str(value).strip()) if isinstance(value, int | str) else None
    if not found or isinstance(value, bool):
        raise Refused(f"'{_shown(value)}' is not an HTTP status", "Write 200, [200, 404], 200-299 or 2xx.")
    if found[1]:
        return range(int(found[1]) * 100, int(found[1]) * 100 + 100)
    first, last = int(found[2]), int(found[3] or found[2])
    if last < first:
        raise Refused(f"'{_shown(value)}' is an empty range", "Write the lower status first.")
    return range(first, last + 1)


def _contains(value: object) -> tuple[str, ...]:
    texts = value if isinstance(value, list) else [value]
    if not texts or not all(isinstance(each, str | int | float) and str(each) for each in texts):
        raise Refused("`contains` is not a text", "Write the text that the answer must contain, or a list of several.")
    return tuple(str(each) for each in texts)


def _json(value: object) -> dict[str, object]:
    if not isinstance(value, dict) or not value:
        raise Refused(
            "`json` is not a mapping", "Write paths and the values there: `json: {status: ok, models.0.id: a}`."
        )
    return {str(key): each for key, each in value.items()}


def _headers(value: object) -> dict[str, str]:
    if not isinstance(value, dict) or not value or not all(_HEADER.fullmatch(str(key)) for key in value):
        raise Refused("`header` is not a mapping", "Write names and texts: `header: {content-type: application/json}`.")
    return {str(key): "" if each is None else str(each) for key, each in value.items()}


def _within(value: object) -> float:
    found = _TIME.fullmatch(str(value).strip()) if not isinstance(value, bool) else None
    seconds = float(found[1]) * _SECONDS[found[2]] if found else 0.0
    if not 0 < seconds <= LONGEST_WAIT or not math.isfinite(seconds):
        raise Refused(f"'{_shown(value)}' is not a time", "Write 500ms, 2s or 1m; 10m is the most.")
    return seconds


def _api(value: object) -> str:
    return path(value if not isinstance(value, str) or value.startswith("/") else f"/{value}")


def _arguments(value: object) -> tuple[object, ...] | Mapping[str, object]:
    if isinstance(value, dict):
        return {str(key): each for key, each in value.items()}
    return tuple(value) if isinstance(value, list) else (value,)


def _returns(value: object) -> tuple[str, ...]:
    kinds = value if isinstance(value, list) and value else [value]
    for kind in kinds:
        if kind not in KINDS:
            raise Refused(f"'{_shown(kind)}' is not a kind of answer", f"Known: {', '.join(KINDS)}.")
    return tuple(kinds)


def _text(value: object) -> str:
    text = " ".join(str(value).split())
    if not text or len(text) > 80:
        raise Refused("`name` is empty or longer than 80 characters", "Write a few words.")
    return text


def _shown(value: object) -> str:
    return " ".join(str(value).split())[:60]


def _first_line(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"{getattr(error, 'problem', error)}" + (f", line {mark.line + 1}" if mark else "")


_READERS: dict[str, Callable[[object], object]] = {
    "name": _text,
    "path": path,
    "method": _method,
    "status": _status,
    "contains": _contains,
    "json": _json,
    "header": _headers,
    "within": _within,
    "api": _api,
    "arguments": _arguments,
    "returns": _returns,
}
assert _READERS.keys() == set(Check._fields)  # noqa: S101 - one reader for each field
