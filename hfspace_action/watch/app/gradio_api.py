"""A call of a Gradio app's own API, by HTTP: what its endpoints take, a request, and the answer in a stream of events.

Source: https://www.gradio.app/guides/querying-gradio-apps-with-curl. Gradio 5 and later have it below /gradio_api, Gradio 4 at
the root.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from hfspace_action.inputs.checks import Check
from hfspace_action.result import Result

from . import check as checks
from .outcome import Outcome
from .visit import Answer, NoAnswer, Question

WITHIN = 60.0
"""Seconds for a call that names no `within` of its own."""
_PREFIXES = ("/gradio_api", "")
_TYPES: Mapping[str, tuple[type, ...]] = {
    "string": (str,), "number": (int, float), "integer": (int,), "boolean": (bool,), "array": (list,), "object": (dict,),
}  # fmt: skip
_MEDIA = {
    "image": (".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg", ".bmp", ".avif"),
    "audio": (".wav", ".mp3", ".ogg", ".flac", ".m4a", ".opus", ".aac"),
    "video": (".mp4", ".webm", ".mov", ".mkv", ".avi", ".ogv"),
}

_FILES = frozenset(["Audio", "File", "Image", "ImageEditor", "Model3D", "UploadButton", "Video"])

Ask = Callable[[Question], Answer]
"""Visits the app; may raise `NoAnswer`."""


class Refused(Exception):
    """A call that can't be made, or that came to nothing; `final`: the app's files would have to change."""

    def __init__(self, words: str, *, final: bool = False) -> None:
        super().__init__(words)
        self.final = final


class InItsPlace(Exception):
    """The edge answered, not the app."""


class _Api(NamedTuple):
    """The API of a running app: where it is, and what its endpoints take and return."""

    at: str
    endpoints: Mapping[str, Any]


def call(check: Check, ask: Ask) -> Outcome:
    """Call the endpoint of a check. May raise `NoAnswer`."""
    within = check.within or WITHIN
    try:
        api = _info(ask, (check.path or "").rstrip("/"))
        values = arguments(check, api.endpoints)
        output = _output(ask, f"{api.at}/call/{quote((check.api or '').removeprefix('/'))}", values, within)
    except InItsPlace as edge:
        return Outcome(False, str(edge))
    except Refused as refused:
        return Outcome(False, str(refused), reached=True, final=Result.UNREACHABLE if refused.final else None)
    problem = _kinds(check.returns, output) or checks.lacking(check, json.dumps(output, ensure_ascii=False))
    problem = problem or checks.differing(check, output)
    return Outcome(problem is None, problem or f"answers {checks.shown(output)}", reached=True)


def arguments(check: Check, endpoints: Mapping[str, Any]) -> list[object]:
    """Return the values for an endpoint's parameters in their order. Raises `Refused` where they don't fit."""
    name = check.api or ""
    if name not in endpoints:
        offered = ", ".join(sorted(endpoints)[:10]) or "none"
        raise Refused(f"the app has no endpoint {name}; it has {offered}", final=True)
    parameters = [each for each in _listed(endpoints[name], "parameters") if isinstance(each, Mapping)]
    try:
        given = _by_name(check.arguments, parameters)
        values = [_value(each, given) for each in parameters]
    except ValueError as error:
        raise Refused(f"{error}; the endpoint is now {name}({_signature(parameters)})", final=True) from error
    return values


def _by_name(
    given: Sequence[object] | Mapping[str, object], parameters: Sequence[Mapping[str, Any]]
) -> dict[str, object]:
    names = [_name(each) for each in parameters]
    if isinstance(given, Mapping):
        if unknown := sorted(given.keys() - set(names)):
            raise ValueError(f"it takes no argument `{unknown[0]}`")
        return dict(given)
    if len(given) > len(names):
        raise ValueError(f"it takes {len(names)} arguments, not {len(given)}")
    return dict(zip(names, given, strict=False))


def _value(parameter: Mapping[str, Any], given: Mapping[str, object]) -> object:
    name = _name(parameter)
    if name not in given:
        if parameter.get("parameter_has_default"):
            return parameter.get("parameter_default")
        raise ValueError(f"it needs an argument `{name}`")
    value, kind = _as_file(parameter, given[name]), _type(parameter)
    fits = value is None or kind not in _TYPES or isinstance(value, _TYPES[kind])
    if not fits or (isinstance(value, bool) and kind in ("number", "integer")):
        raise ValueError(f"its argument `{name}` is {checks.shown(value)}, where a {kind} is wanted")
    return value


def _as_file(parameter: Mapping[str, Any], value: object) -> object:
    """Return the address of a file as Gradio takes files."""
    takes_files = str(parameter.get("component")) in _FILES
    if takes_files and isinstance(value, str) and value.startswith(("https://", "http://")):
        return {"path": value, "meta": {"_type": "gradio.FileData"}}
    return value


def _signature(parameters: Sequence[Mapping[str, Any]]) -> str:
    return ", ".join(
        f"{_name(each)}: {_type(each) or 'anything'}"
        + (f" = {checks.shown(each.get('parameter_default'))}" if each.get("parameter_has_default") else "")
        for each in parameters[:20]
    )


def _name(parameter: Mapping[str, Any]) -> str:
    return str(parameter.get("parameter_name") or parameter.get("label") or "")


def _type(parameter: Mapping[str, Any]) -> str:
    described = parameter.get("type")
    return str(described.get("type") or "") if isinstance(described, Mapping) else ""


def _listed(endpoint: Any, key: str) -> Sequence[Any]:
    listed = endpoint.get(key) if isinstance(endpoint, Mapping) else None
    return listed if isinstance(listed, list) else []


# The three requests


def _info(ask: Ask, mount: str) -> _Api:
    for prefix in _PREFIXES:
        answer = _asked(ask, Question(f"{mount}{prefix}/info", most=checks.MOST * 4))
        if answer.status == 404:
            continue
        content = _content(answer, "its list of endpoints")
        endpoints = content.get("named_endpoints") if isinstance(content, Mapping) else None
        if isinstance(endpoints, Mapping):
            return _Api(f"{mount}{prefix}", endpoints)
    raise Refused(f"the app has no Gradio API at {mount or '/'}: neither /gradio_api/info nor /info is there")


def _output(ask: Ask, address: str, values: Sequence[object], within: float) -> list[Any]:
    """Return the outputs of a call."""
    sent = json.dumps({"data": values}, default=str).encode()
    answer = _asked(ask, Question(address, "POST", {"content-type": "application/json"}, sent, most=checks.MOST))
    content = _content(answer, "the call")
    event = content.get("event_id") if isinstance(content, Mapping) else None
    if not isinstance(event, str):
        raise Refused(f"the call got no event id: {checks.shown(content)}")
    try:
        stream = _asked(ask, Question(f"{address}/{quote(event, safe='')}", most=checks.MOST * 4, within=within))
    except NoAnswer as silent:
        raise Refused(f"the call gave no answer within {within:g} s") from silent
    return _completed(stream, within)


def _asked(ask: Ask, question: Question) -> Answer:
    answer = ask(question)
    if not answer.by_app:
        raise InItsPlace(f"the Hub, in the app's place, answers HTTP {answer.status}")
    return answer


def _content(answer: Answer, what: str) -> Any:
    body = answer.body.decode("utf-8", "replace")
    if answer.status != 200:
        raise Refused(f"{what} is answered by HTTP {answer.status}: {checks.shown(body)}")
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Refused(f"{what} is not answered by JSON: {checks.shown(body)}") from error


def _completed(stream: Answer, within: float) -> list[Any]:
    """Return the outputs out of a stream of events."""
    event = ""
    for line in stream.body.decode("utf-8", "replace").splitlines():
        field, _, value = line.partition(":")
        if field == "event":
            event = value.strip()
        elif field == "data" and event in ("complete", "error"):
            return _data(event, value.strip())
    if stream.status != 200:
        raise Refused(f"the call's events are answered by HTTP {stream.status}")
    raise Refused(f"the call gave no answer within {within:g} s")


def _data(event: str, value: str) -> list[Any]:
    try:
        content = json.loads(value)
    except (ValueError, RecursionError) as error:
        raise Refused(f"the answer is not JSON: {checks.shown(value)}") from error
    if event == "complete" and isinstance(content, list):
        return content
    said = content.get("error") if isinstance(content, Mapping) else content
    raise Refused(f"the function fails: {checks.shown(said) if said else 'the app hides why; its log has it'}")


# What kind of answer it is


def _kinds(wanted: Sequence[str], output: Sequence[Any]) -> str | None:
    if not wanted:
        return None
    if len(wanted) != len(output):
        return f"it returns {len(output)} outputs instead of {len(wanted)}: {checks.shown(list(output))}"
    for number, (kind, value) in enumerate(zip(wanted, output, strict=True), 1):
        if not is_a(kind, value):
            return f"output {number} is no {kind}: {checks.shown(value)}"
    return None


def is_a(kind: str, value: Any) -> bool:
    """Return whether an output is of a kind of `inputs.checks.KINDS`."""
    match kind:
        case "anything":
            return True
        case "nothing":
            return value is None
        case "text":
            return isinstance(value, str)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "boolean":
            return isinstance(value, bool)
        case "list":
            return isinstance(value, list)
        case "object":
            return isinstance(value, dict)
        case "file":
            return _is_file(value)
    return _is_media(kind, value)


def _is_file(value: Any) -> bool:
    return isinstance(value, dict) and bool(value.get("path") or value.get("url"))


def _is_media(kind: str, value: Any) -> bool:
    """Return whether a file is of a kind, by its media type, otherwise by its name; a video may be wrapped."""
    if isinstance(value, dict) and isinstance(value.get(kind), dict):
        value = value[kind]
    if not _is_file(value):
        return False
    named = str(value.get("mime_type") or "")
    path = str(value.get("path") or value.get("url")).partition("?")[0].lower()
    return named.startswith(f"{kind}/") or path.endswith(_MEDIA[kind])
