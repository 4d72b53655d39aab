"""What an answer is, compared with what a check wants: the first thing that differs, in words."""

import json
import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from hfspace_action import durations, text
from hfspace_action.inputs.checks import Check

from .visit import Answer

MOST = 1 << 20
"""Bytes of an answer that are compared."""
_SHOWN = 80  # characters of an answer that a row shows
_INDEX = re.compile(r"\[(\d{1,6})\]")
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_NOTHING = object()


def difference(check: Check, answer: Answer) -> str | None:
    """Return what came in place of what the check wants, or None where all is as wanted."""
    if not any(answer.status in wanted for wanted in check.status):
        return f"HTTP {answer.status} instead of {_statuses(check)}"
    for name, wanted in check.header.items():
        found = answer.headers.get(name)
        if found is None or wanted.lower() not in found.lower():
            came = "there is none" if found is None else f"it is {shown(found)}"
            return f"the header {name} is not {shown(wanted)}: {came}"
    body = body_of(answer)
    if problem := lacking(check, body):
        return problem
    if check.json:
        try:
            content = json.loads(body)
        except (ValueError, RecursionError):
            return f"the answer is not JSON: it begins with {shown(body)}"
        if problem := differing(check, content):
            return problem
    if check.within is not None and answer.seconds > check.within:
        return f"it took {durations.words(answer.seconds)} instead of {durations.words(check.within)} at most"
    return None


def body_of(answer: Answer) -> str:
    """Return the text of an answer, in the encoding that its content type names, otherwise in UTF-8."""
    named = _CHARSET.search(answer.headers.get("content-type", ""))
    try:
        return answer.body.decode(named[1] if named else "utf-8", "replace").removeprefix("\ufeff")
    except LookupError:
        return answer.body.decode("utf-8", "replace")


def lacking(check: Check, body: str) -> str | None:
    """Return which text is not in the answer, if one is not."""
    for wanted in check.contains:
        if wanted not in body:
            begins = f"it begins with {shown(body)}" if body.strip() else "it is empty"
            return f"the answer does not contain {shown(wanted)}: {begins}"
    return None


def differing(check: Check, content: Any) -> str | None:
    """Return which value of JSON is another one than is wanted, if one is."""
    for path, wanted in check.json.items():
        found = at(content, path)
        if found is _NOTHING:
            return f"`{path}` is not in the answer: {_keys(content)}"
        if not same(wanted, found):
            return f"`{path}` is {shown(found)} instead of {shown(wanted)}"
    return None


def at(content: Any, path: str) -> Any:
    """Return the value at a path such as `models.0.id` or `$.models[0].id`; a mark of its own where there is none."""
    steps = [step for step in _INDEX.sub(r".\1", path.removeprefix("$")).split(".") if step]
    for number, step in enumerate(steps):
        rest = ".".join(steps[number:])
        if isinstance(content, dict) and rest in content:  # a key may have dots of its own
            return content[rest]
        if isinstance(content, dict) and step in content:
            content = content[step]
        elif (
            isinstance(content, list)
            and step.isascii()
            and step.isdigit()
            and len(step) < 10
            and int(step) < len(content)
        ):
            content = content[int(step)]
        else:
            return _NOTHING
    return content


def same(wanted: object, found: object) -> bool:
    """Return whether two values are equal as JSON: true is not 1, and 1.0 is."""
    if isinstance(wanted, Mapping) and isinstance(found, Mapping):
        wanted = {str(key): value for key, value in wanted.items()}
        return wanted.keys() == found.keys() and all(same(value, found[key]) for key, value in wanted.items())
    if isinstance(wanted, list) and isinstance(found, list):
        return len(wanted) == len(found) and all(map(same, wanted, found))
    if isinstance(wanted, date):  # which YAML makes of 2026-11-25
        return found == wanted.isoformat()
    return wanted == found and isinstance(wanted, bool) == isinstance(found, bool)


def shown(value: object) -> str:
    """Return a value as a row shows it: on one line, quoted, and of bounded length."""
    words = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    words = " ".join(text.printable(text.plain(words[: 4 * _SHOWN])).split())
    words = f"{words[:_SHOWN]}…" if len(words) > _SHOWN else words
    return f"'{words}'" if isinstance(value, str) else words


def _statuses(check: Check) -> str:
    return " or ".join(
        str(wanted.start) if len(wanted) == 1 else f"{wanted.start} to {wanted.stop - 1}" for wanted in check.status
    )


def _keys(content: Any) -> str:
    if isinstance(content, dict):
        return f"it has {shown(', '.join(map(str, list(content)[:20])))}" if content else "it is an empty object"
    return f"it is {shown(content)}"
