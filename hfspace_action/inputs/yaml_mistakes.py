"""What is wrong in a YAML text: the line, the words, and the quotes that would mend it."""

import re

import yaml

from . import safe_yaml

_PAIR = re.compile(r"(\s*(?:- )?[\w-]+:[ \t]+)(\S.*?)[ \t]*")
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


def quoted(text: str, error: yaml.YAMLError) -> tuple[int, str] | None:
    """Return the line, from 0 on, that is right in quotes, and how it then looks; None if quotes don't mend the text."""
    if not isinstance(error, yaml.MarkedYAMLError):
        return None
    lines, last = text.splitlines(), line_of(error, text)
    for number in range(min(last, len(lines) - 1), max(last - _BEFORE, -1), -1):
        found = _PAIR.fullmatch(lines[number])
        if not found:
            continue
        candidate = f"{found[1]}'{_bare(found[2])}'"
        mended = "\n".join([*lines[:number], candidate, *lines[number + 1 :]])
        try:
            safe_yaml.load(mended)
        except yaml.YAMLError as other:
            if line_of(other, mended) <= last:
                continue
        return number, candidate.strip()
    return None


def _bare(value: str) -> str:
    """A value as it is between single quotes; its own half of a pair of quotes is left out."""
    if value[0] in "\"'" and value.count(value[0]) == 1:
        value = value[1:]
    return value.replace("'", "''")
