"""What pyhfapi's types refuse of an exchange."""

import functools
import json
import sys
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails
from typing_extensions import is_typeddict

from .routes import Known, aliases, find


class Refused(NamedTuple):
    """A field that a type refuses: `side` is request or answer, `problem` is pydantic's word (missing, extra_forbidden, …)."""

    route: str
    side: str
    field: str
    problem: str
    said: str = ""
    test: str = ""
    body: Any = None


def judge(sample: Mapping[str, Any]) -> list[Refused] | None:
    """All that is refused of an exchange; None where pyhfapi doesn't know its route.

    A request is judged if it was answered well: tests also send what a Hub must refuse. Of an answer with an error pyhfapi
    knows nothing.
    """
    found = find(sample["method"], sample["path"])
    if found is None:
        return None
    if sample["status"] >= 400:
        return []
    route, parameters = found
    sides = {"request": _request(route, parameters, sample), "answer": _answer(route, sample)}
    name = f"{route.method} {route.template}"
    return [
        Refused(name, side, field, problem, said, sample.get("test", ""), sample[side])
        for side, errors in sides.items()
        for field, problem, said in dict.fromkeys(errors)
    ]


Error = tuple[str, str, str]


def _request(route: Known, parameters: Mapping[str, str], sample: Mapping[str, Any]) -> Iterator[Error]:
    """Text (a path, a query, a form) counts as what it can be read as; JSON as what it is."""
    query, form, body = sample["query"], sample["form"], sample["request"]
    if not route.query:
        yield from ((f"?{name}", "extra_forbidden", "no such parameter") for name in query)
    if route.params is None:
        yield from ((name, "extra_forbidden", "no such field") for name in [*form, *(body or {})])
        return
    known = _fields(route.params)
    named = {known[name]: value for name, value in parameters.items() if name in known}
    texts = {**form, **(query if route.query else {})}
    if texts:
        single = {name: values[0] if len(values) == 1 else values for name, values in texts.items()}
        errors = _errors(route.params, {**named, **single}, strict=False)
        lists = {field: texts[field] for field, problem, _ in errors if problem == "list_type" and field in texts}
        yield from _errors(route.params, {**named, **single, **lists}, strict=False) if lists else errors
    else:
        yield from _errors(route.params, {**named, **(body or {})}, strict=True)


def _answer(route: Known, sample: Mapping[str, Any]) -> Iterator[Error]:
    if route.answer is not None and sample["answer"] is not None:
        yield from _errors(route.answer, sample["answer"], strict=True)


def _fields(params: Any) -> Mapping[str, str]:
    return aliases(params) if is_typeddict(params) else {}


def _errors(wanted: Any, value: Any, *, strict: bool) -> list[Error]:
    """Where a value is not of a type, or has fields that the type does not have."""
    try:
        _adapter(wanted).validate_json(json.dumps(value), strict=strict, extra="forbid")
    except ValidationError as error:
        refused = [_Place(_steps(each, value), each["type"], each["msg"]) for each in error.errors(include_url=False)]
        return [(".".join(place.steps), place.problem, place.said) for place in _of_the_nearest(refused)]
    return []


class _Place(NamedTuple):
    steps: tuple[str, ...]
    """The way to a field; `|User` is no field, but the member of a union that was tried there."""
    problem: str
    said: str


def _steps(error: ErrorDetails, value: Any) -> tuple[str, ...]:
    """The way to a field, by what is really there."""
    steps: list[str] = []
    way = error["loc"]
    for number, step in enumerate(way, 1):
        if isinstance(value, list) and isinstance(step, int):
            value = value[step]
            steps.append("[]")
        elif isinstance(value, dict) and (step in value or (number == len(way) and error["type"] == "missing")):
            value = value.get(step)
            steps.append(str(step))
        else:
            steps.append(f"|{step}")
    return tuple(steps)


def _of_the_nearest(refused: list[_Place]) -> list[_Place]:
    """Of a union what its nearest member refuses: the one whose fixed words (`type: "user"`) are right, and then the one with
    the fewest complaints. pydantic has those of all members."""
    kept: list[_Place] = []
    unions: dict[tuple[str, ...], dict[str, list[_Place]]] = {}
    for place in refused:
        mark = next((number for number, step in enumerate(place.steps) if step.startswith("|")), None)
        if mark is None:
            kept.append(place)
        else:
            members = unions.setdefault(place.steps[:mark], {})
            members.setdefault(place.steps[mark], []).append(
                place._replace(steps=place.steps[:mark] + place.steps[mark + 1 :])
            )
    for members in unions.values():
        nearest: list[_Place] = min((_of_the_nearest(of_member) for of_member in members.values()), key=_distance)
        kept += nearest
    return kept


def _distance(refused: list[_Place]) -> tuple[int, int]:
    return sum(place.problem == "literal_error" for place in refused), len(refused)


@functools.cache
def _adapter(wanted: Any) -> TypeAdapter[Any]:
    _prepare()
    return TypeAdapter(wanted)


@functools.cache
def _prepare() -> None:
    """Give pyhfapi's TypedDicts the names that their fields have on the wire, and lists in place of what pydantic would not
    look into. Their annotations are text, which is read in their modules."""
    for module in [module for name, module in sys.modules.items() if name.startswith("pyhfapi.types.")]:
        for name in {"Iterable", "SequenceNotStr"} & vars(module).keys():
            setattr(module, name, list)
        for params in filter(is_typeddict, vars(module).values()):
            params.__pydantic_config__ = {"alias_generator": aliases(params).__getitem__}
