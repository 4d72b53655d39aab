"""A report without secrets: they are hidden in each text while it is whole, before anything is cut or escaped."""

from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any

from hfspace_action.errors import Failure
from hfspace_action.space import KNOWN

from .facts import Report

_LONGEST = 16_384  # characters of a text that are looked at: several times what is shown of it at most
_OURS = frozenset({"command", "result", "plan_document", "matrix"})  # words of ours, or hidden where they were made


def hidden(report: Report, redact: Callable[[str], str]) -> Report:
    """Return the report with `redact` applied to everything that others wrote."""
    shown = {
        each.name: _hidden(getattr(report, each.name), redact)
        for each in fields(report)
        if each.name not in _OURS and not (each.name == "stage" and report.stage in KNOWN)
    }
    return replace(report, **shown)


def _hidden(value: Any, redact: Callable[[str], str]) -> Any:
    if isinstance(value, str):
        return redact(value[:_LONGEST])
    if isinstance(value, Report):
        return hidden(value, redact)
    if isinstance(value, Failure):
        return _failure(value, redact)
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return type(value)(*(_hidden(each, redact) for each in value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{each.name: _hidden(getattr(value, each.name), redact) for each in fields(value)})
    if isinstance(value, Sequence) and value:
        return (
            _lines(value, redact)
            if all(isinstance(each, str) for each in value)
            else [_hidden(each, redact) for each in value]
        )
    return value


def _lines(lines: Sequence[str], redact: Callable[[str], str]) -> Sequence[str]:
    """Redact lines together, because a secret may go over several of them."""
    short = [line[:_LONGEST] for line in lines]
    if any("\n" in line for line in short):
        return [redact(line) for line in short]
    return redact("\n".join(short)).split("\n")


def _failure(failure: Failure, redact: Callable[[str], str]) -> Failure:
    shown = Failure.__new__(Failure)  # a copy would be made of its message alone, as of any exception
    vars(shown).update(vars(failure))
    for name in ("message", "reason", "detail", "advice", "place", "excerpt"):
        setattr(shown, name, _hidden(getattr(failure, name), redact))
    return shown
