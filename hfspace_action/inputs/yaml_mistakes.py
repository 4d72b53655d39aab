"""What is wrong in a YAML text: the line, the words, and what would mend it."""

import re
from typing import NamedTuple

import yaml

from . import safe_yaml

_PAIR = re.compile(r"(\s*(?:- )?[\w-]+:[ \t]+)(\S.*?)[ \t]*")
_GLUED = re.compile(r"(\s*[\w-]+)(?::(?=[^\s/])|\uff1a[ \t]*)(.*)")  # no space behind the colon, or a colon of Chinese
_CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7}) |={7}$")
_BEFORE = 4  # lines; an error may show up that much later


def problem(error: yaml.YAMLError) -> str:
    """Return what is wrong in a text, in PyYAML's words."""
    if isinstance(error, yaml.MarkedYAMLError):
        return " ".join(each for each in (error.context, error.problem) if each)
    return str(error).partition("\n")[0]


def line_of(error: yaml.YAMLError, text: str) -> int:
    """Return the line of the text, from 0 on, that an error is about."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return error.problem_mark.line
    if isinstance(error, yaml.reader.ReaderError):
        return text.count("\n", 0, error.position)
    return 0


class Mended(NamedTuple):
    """A line, from 0 on, how it is right, and what makes it right."""

    line: int
    text: str
    by: str

    def __str__(self) -> str:
        """The end of a sentence."""
        return f"{self.by} it is right: `{self.text}`"


def conflict(text: str) -> int | None:
    """Return the line, from 0 on, of a mark that an unfinished merge left."""
    return next((number for number, line in enumerate(text.splitlines()) if _CONFLICT.match(line)), None)


def mended(text: str, error: yaml.YAMLError) -> Mended | None:
    """Return the line that quotes or a space would mend; None if they don't mend the text."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return None
    lines, last = text.splitlines(), line_of(error, text)
    near = range(min(last, len(lines) - 1), max(last - _BEFORE, -1), -1)
    for number in near:
        found = _GLUED.fullmatch(lines[number])
        if found and _helps(candidate := f"{found[1]}: {found[2]}", number, lines, last):
            return Mended(number, candidate.strip(), "with a space after a plain colon")
    for number in near:
        found = _PAIR.fullmatch(lines[number])
        if found and _helps(candidate := f"{found[1]}'{_bare(found[2])}'", number, lines, last):
            return Mended(number, candidate.strip(), "in quotes")
    return None


def _helps(candidate: str, number: int, lines: list[str], last: int) -> bool:
    """Whether the text is right with another line, or wrong only further down."""
    text = "\n".join([*lines[:number], candidate, *lines[number + 1 :]])
    try:
        safe_yaml.load(text)
    except yaml.YAMLError as other:
        return line_of(other, text) > last
    return True


def _bare(value: str) -> str:
    """A value as it is between single quotes; its own half of a pair of quotes is left out."""
    if value[0] in "\"'" and value.count(value[0]) == 1:
        value = value[1:]
    return value.replace("'", "''")
