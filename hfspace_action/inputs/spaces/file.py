"""Reads spaces.yaml at the top of a checkout: text of others, of which nothing is believed, and no value of it is a secret."""

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from stat import S_ISREG
from typing import Any, NamedTuple

import yaml

from hfspace_action import text as texts
from hfspace_action.errors import Failure, Place
from hfspace_action.inputs import safe_yaml, schema, yaml_mistakes
from hfspace_action.inputs.schema import BadInputs, Inputs
from hfspace_action.readers import decode

from . import keys, nodes
from .keys import Given
from .nodes import Pair, Wrong

NAME = schema.SPACES_FILE
MOST = 256
"""Spaces in one file: so many jobs GitHub makes of a matrix."""

_FORM = "Write `spaces:`, and below it one `- space: owner/name` for each, with its inputs below that, indented."


class Declared(NamedTuple):
    """One Space of the file: the inputs of a deploy to it, where it is declared, why it can't be deployed by this step, and the
    names of the other Spaces in the file."""

    inputs: Inputs
    place: Place
    failures: tuple[Failure, ...] = ()
    others: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The Space, as owner/name."""
        return self.inputs.space


def read(workspace: Path, step: Inputs) -> Sequence[Declared]:
    """Return the Spaces that are declared, in their order, or those that the input `only` names; what the file does not say of one
    is as the step's inputs say. Raises `BadInputs` with every problem, each at its line."""
    text = _text(workspace / NAME)
    try:
        root = safe_yaml.compose(text)
    except yaml.YAMLError as error:
        raise BadInputs([_not_yaml(error, text)]) from error
    wrong: list[Wrong] = []
    try:
        found = _spaces(root, step, wrong)
    except Wrong as each:
        wrong.append(each)
    if wrong:
        raise BadInputs([_failure(each) for each in sorted(wrong, key=lambda each: each.line)])
    return _chosen(found, step.only)


def _text(path: Path) -> str:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        with open(descriptor, "rb") as file:
            if not S_ISREG(os.fstat(descriptor).st_mode):
                raise _unreadable("it is not a plain file")
            content = file.read(4 * safe_yaml.LONGEST + 1)  # a character has 4 bytes at most
        return decode.strict(content)
    except FileNotFoundError:
        raise BadInputs([Failure("spaces-missing")]) from None
    except OSError as error:
        said = "it is a symbolic link" if path.is_symlink() else error.strerror
        raise _unreadable(str(said)) from error
    except UnicodeDecodeError as error:
        raise _unreadable(f"it is not UTF-8 ({error.reason})", content[: error.start].count(b"\n") + 1) from error


def _unreadable(said: str, line: int | None = None) -> BadInputs:
    return BadInputs([Failure("spaces-unreadable", place=Place(NAME, line), said=said)])


def _not_yaml(error: yaml.YAMLError, text: str) -> Failure:
    conflict = yaml_mistakes.conflict(text)
    mended = yaml_mistakes.mended(text, error) if conflict is None else None
    line = (mended.line if mended else yaml_mistakes.line_of(error, text)) if conflict is None else conflict
    problem = yaml_mistakes.problem(error) if conflict is None else "a merge was not finished, its marks are there"
    said = f"{problem}{f'; {mended}' if mended else ''}"
    return Failure("spaces-yaml", place=Place(NAME, line + 1), line=line + 1, said=said)


def _failure(wrong: Wrong) -> Failure:
    return Failure(
        "spaces-invalid", place=Place(NAME, wrong.line), line=wrong.line, problem=str(wrong), advice=wrong.advice
    )


def _spaces(root: yaml.Node | None, step: Inputs, wrong: list[Wrong]) -> list[Declared]:
    """Read the whole file. Raises `Wrong` where it can't go on."""
    if root is None:
        raise Wrong(None, "no Space is declared", _FORM)
    top = nodes.mapping(root, "the file", _FORM)
    for name, pair in top.items():
        if name not in ("defaults", "spaces"):
            guess = texts.did_you_mean(name, ("defaults", "spaces")).strip()
            wrong.append(Wrong(pair.key, f"`{nodes.shown(name)}` is not known", guess or _FORM))
    defaults = _defaults(top, wrong)
    if "spaces" not in top or nodes.is_empty(top["spaces"].value):
        raise Wrong(root, "no Space is declared", _FORM)
    entries = nodes.sequence(top["spaces"].value, "`spaces`", _FORM)
    if not entries:
        raise Wrong(top["spaces"].value, "no Space is declared", _FORM)
    if len(entries) > MOST:
        raise Wrong(entries[MOST], f"{len(entries)} Spaces are declared", f"{MOST} are the most in one file.")
    found: dict[str, Declared] = {}
    for entry in entries:
        try:
            each = _space(entry, defaults, step, wrong)
            before = found.get(each.name.lower())
            if before:
                raise Wrong(
                    entry, f"{each.name} is declared twice, first in line {before.place.line}", "Keep one of them."
                )
            found[each.name.lower()] = each
        except Wrong as problem:
            wrong.append(problem)
    return list(found.values())


def _defaults(top: Mapping[str, Pair], wrong: list[Wrong]) -> Given:
    if "defaults" not in top or nodes.is_empty(top["defaults"].value):
        return Given({}, {}, {})
    pairs = dict(nodes.mapping(top["defaults"].value, "`defaults`", "Write one `input: value` a line."))
    if keys.SPACE in pairs:
        wrong.append(Wrong(pairs.pop(keys.SPACE).key, "`space` can't be a default", "Write it for each Space."))
    return keys.read(pairs, wrong)


def _space(entry: yaml.Node, defaults: Given, step: Inputs, wrong: list[Wrong]) -> Declared:
    """Read one Space. Raises `Wrong` where it has no name of its own."""
    pairs = nodes.mapping(entry, "a Space", _FORM)
    if keys.SPACE not in pairs or nodes.is_empty(pairs[keys.SPACE].value):
        raise Wrong(entry, "a Space has no name", "Write `space: owner/name`.")
    before = len(wrong)
    own = keys.read(pairs, wrong)
    if len(wrong) > before:
        raise wrong.pop()
    if "/" not in str(own.values[keys.SPACE]):
        raise Wrong(pairs[keys.SPACE].value, "the Space's owner is missing", "Write `space: owner/name`.")
    return _declared(own, defaults, step, nodes.line(entry))


def _declared(own: Given, defaults: Given, step: Inputs, line: int) -> Declared:
    """Return a Space with all that holds for it: its own, then the file's defaults, then the step's."""
    names = {**defaults.secrets, **own.secrets}
    place = Place(NAME, line)
    failures = [
        Failure("spaces-secret", place=Place(NAME, each.line), line=each.line, space=own.values[keys.SPACE])
        for each in names.values()
        if each.of_step not in step.secrets
    ]
    secrets = {name: step.secrets[each.of_step] for name, each in names.items() if each.of_step in step.secrets}
    values: dict[str, Any] = {**defaults.values, **own.values}
    for name in keys.MERGED[:2]:
        layers: list[Any] = [
            getattr(step, schema.field_of(name)),
            defaults.values.get(name, {}),
            own.values.get(name, {}),
        ]
        values[name] = {key: value for layer in layers for key, value in layer.items()}
    failures += [
        Failure("input-collision", place=place, key=key) for key in sorted(secrets.keys() & values["variables"])
    ]
    inputs = replace(step, only=(), path=".", secrets=secrets, notes=())
    inputs = replace(inputs, **{schema.field_of(name): value for name, value in values.items()})
    return Declared(inputs, place, tuple(failures))


def _chosen(found: Sequence[Declared], only: Iterable[str]) -> Sequence[Declared]:
    """Return the Spaces that are named, in the file's order; all where none is."""
    names = {name.lower() for name in only}
    known = {each.name.lower(): each.name for each in found}
    if unknown := sorted(names - known.keys()):
        problem = f"{NAME} declares no Space '{unknown[0]}'"
        guess = texts.did_you_mean(unknown[0], known.values()).strip()
        raise BadInputs([Failure("input-invalid", input="only", problem=problem, advice=guess or "Write owner/name.")])
    chosen = [each for each in found if not names or each.name.lower() in names]
    return [each._replace(others=tuple(other.name for other in found if other is not each)) for each in chosen]
