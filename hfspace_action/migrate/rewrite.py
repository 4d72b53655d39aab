"""A workflow, written anew where it deploys to a Space in a way that is known."""

import difflib
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import yaml

from . import actions, new, scripts, steps
from .new import New, Unknown
from .steps import Old


class Remark(NamedTuple):
    """What somebody should know of a line (from 1 on)."""

    line: int
    text: str


class Rewritten(NamedTuple):
    """A workflow after it was looked at: its text, how many steps became ours, and what to know about it."""

    text: str
    found: int
    remarks: tuple[Remark, ...]
    unknown: tuple[Remark, ...]


def workflow(text: str, asked: str, uses: str = new.USES) -> Rewritten:
    """Return a workflow with each known deploy as a step of ours. `asked` is the Space where the workflow names none; `uses` names
    this action."""
    try:
        old = steps.read(text)
    except yaml.YAMLError:
        return Rewritten(text, 0, (), ())
    remarks: list[Remark] = []
    unknown: list[Remark] = []
    known = {id(step): each for step in old if (each := _known(step, asked, unknown))}
    lines = text.splitlines(keepends=True)
    for step in reversed(old):
        if each := known.get(id(step)):
            end = "\r\n" if lines[step.first].endswith("\r\n") else "\n"
            lines[step.first : step.end] = [line + end for line in _lines(step, each, uses)]
            remarks += [Remark(step.first + 1, said) for said in each.remarks]
        elif scripts.is_setup(step) and _only_deploys([other for other in old if other.job == step.job], known):
            del lines[step.first : step.end]
    return Rewritten("".join(lines), len(known), tuple(sorted(remarks)), tuple(sorted(unknown)))


def difference(before: str, after: str, path: str) -> str:
    """Return what changed, as `git apply` takes it."""
    return "".join(
        difflib.unified_diff(
            before.splitlines(keepends=True), after.splitlines(keepends=True), f"a/{path}", f"b/{path}"
        )
    )


def _only_deploys(job: Sequence[Old], known: Mapping[int, New]) -> bool:
    """Return whether a job runs nothing beside its deploys that might need what was made ready for them."""
    runs = [step for step in job if step.script and id(step) not in known]
    return all(scripts.is_setup(step) for step in runs) and any(id(step) in known for step in job)


def _known(step: Old, asked: str, unknown: list[Remark]) -> New | None:
    try:
        found = actions.known(step) if step.uses else scripts.known(step, asked)
    except (Unknown, ValueError) as why:  # ValueError: a script that shlex can't read
        unknown.append(Remark(step.first + 1, str(why)))
        return None
    if (
        found is None
        and scripts.speaks_to_the_hub(step)
        and not scripts.is_setup(step)
        and "hf-space-deploy" not in step.uses
    ):
        unknown.append(Remark(step.first + 1, "it has to do with the Hub, in a way that is not known"))
    return found


def _lines(step: Old, made: New, uses: str) -> Iterator[str]:
    if made.before:
        margin = " " * step.indent
        folder = step.keys.get("working-directory")
        yield f"{margin}- run: |"
        yield from (f"{margin}    {line}" for line in made.before)
        if folder:
            yield f"{margin}  working-directory: {folder}"
    yield from new.lines(made, step.indent, step.keys, uses)
