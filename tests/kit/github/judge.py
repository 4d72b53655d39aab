"""Judges requests and replies by GitHub's own OpenAPI description, cut to what the action asks (scripts/github_description.py)."""

import functools
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry
from referencing.jsonschema import DRAFT202012

_ADDRESS = "urn:github"


@functools.cache
def description() -> dict[str, Any]:
    """GitHub's description, as far as it is kept here."""
    found: dict[str, Any] = json.loads(Path(__file__).with_name("description.json").read_text("utf-8"))
    return found


def operation(method: str, path: str) -> tuple[dict[str, Any], dict[str, str]] | None:
    """What is said of a request, and the parameters in its path; None if the description has no such request."""
    for template, methods in description()["paths"].items():
        pattern = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(template))
        pattern = pattern.replace("(?P<ref>[^/]+)", "(?P<ref>.+)")  # the name of a branch has slashes
        found = re.fullmatch(pattern, urlsplit(path).path)
        if found and method.lower() in methods:
            return methods[method.lower()], found.groupdict()
    return None


def of_request(method: str, path: str, body: Any) -> Iterator[str]:
    """Yield what is wrong with a request."""
    known = operation(method, path)
    if known is None:
        yield f"{method} {path}: no such request"
        return
    about, in_path = known
    parameters = [resolved(each) for each in about.get("parameters", ())]
    query = dict(parse_qsl(urlsplit(path).query, keep_blank_values=True))
    given: Mapping[str, Mapping[str, str]] = {"path": in_path, "query": query}
    for each in parameters:
        value = given.get(each["in"], {}).get(each["name"])
        if value is not None:
            yield from _against(
                each["schema"], _typed(value, resolved(each["schema"])), f"{method} {path}: {each['name']}"
            )
    named = {each["name"] for each in parameters if each["in"] == "query"}
    yield from (f"{method} {path}: unknown parameter {name}" for name in query.keys() - named)
    if "requestBody" in about:
        yield from _against(about["requestBody"]["content"]["application/json"]["schema"], body, f"{method} {path}")
        wanted = resolved(about["requestBody"]["content"]["application/json"]["schema"]).get("properties", {})
        yield from (f"{method} {path}: unknown key {name}" for name in (body or {}).keys() - wanted.keys())
    elif body is not None:
        yield f"{method} {path}: a body, where none is wanted"


def of_reply(method: str, path: str, status: int, body: Any) -> Iterator[str]:
    """Yield what is wrong with a reply of the stand-in's own. GitHub describes no refusal for a token that may not."""
    known = operation(method, path)
    if known is None or status in (401, 403):
        return
    answers = known[0]["responses"]
    if str(status) not in answers:
        yield f"{method} {path}: no answer with {status}"
        return
    content = resolved(answers[str(status)]).get("content", {}).get("application/json")
    if content:
        yield from _against(content["schema"], body, f"{method} {path} -> {status}")
    elif body is not None:
        yield f"{method} {path} -> {status}: a body, where none is sent"


def filled(schema: str, /, **known: Any) -> Any:
    """Return an object of the description's schema that has what is known, and whatever fits for the rest."""
    return _filled({"$ref": f"#/components/schemas/{schema}"}) | known


def resolved(part: dict[str, Any]) -> dict[str, Any]:
    """Return what a part of the description refers to."""
    while "$ref" in part:
        _, _, kind, name = part["$ref"].split("/")
        part = description()["components"][kind][name]
    return part


def _filled(schema: dict[str, Any]) -> Any:
    schema = resolved(schema)
    for key in ("anyOf", "oneOf", "allOf"):
        if key in schema:
            return _filled(schema[key][0])
    kinds = schema.get("type")
    kind = kinds[0] if isinstance(kinds, list) else kinds
    if schema.get("nullable") or (isinstance(kinds, list) and "null" in kinds):
        return None
    if "enum" in schema:
        return schema["enum"][0]
    texts = {"uri": "https://api.github.com/x", "date-time": "2026-01-01T00:00:00Z", "email": "x@example.org"}
    match kind:
        case "string":
            return texts.get(schema.get("format", ""), "x")
        case "integer" | "number":
            return 1
        case "boolean":
            return False
        case "array":
            return []
        case _:
            return {each: _filled(schema["properties"][each]) for each in schema.get("required", ())}


def _against(schema: dict[str, Any], value: Any, where: str) -> Iterator[str]:
    registry: Registry[Any] = Registry().with_resource(_ADDRESS, DRAFT202012.create_resource(_as_json_schema()))
    pointed = json.loads(json.dumps(_nullable(schema)).replace('"#/', f'"{_ADDRESS}#/'))
    judge = Draft202012Validator(pointed, registry=registry, format_checker=FormatChecker())
    yield from (f"{where}: {'.'.join(map(str, each.path))} {each.message[:200]}" for each in judge.iter_errors(value))


@functools.cache
def _as_json_schema() -> Any:
    """The description with OpenAPI 3.0's `nullable` in the words of JSON Schema."""
    return _nullable(description())


def _nullable(value: Any) -> Any:
    if isinstance(value, list):
        return [_nullable(each) for each in value]
    if not isinstance(value, dict):
        return value
    mended = {key: _nullable(each) for key, each in value.items()}
    if mended.pop("nullable", None) is True:
        return {"anyOf": [{"type": "null"}, mended]}
    return mended


def _typed(value: str, schema: Mapping[str, Any]) -> Any:
    return int(value) if schema.get("type") == "integer" and value.isdigit() else value
