"""The inputs `variables` and `secrets`: KEY=value lines or a YAML mapping, whose values stay the text that was written.

No message shows a value. Of secrets it shows no name either: where lines are mixed up, a name may be a part of a value.
"""

import re

import yaml

from hfspace_action import text as texts

from . import safe_yaml

KEY = re.compile(r"[a-zA-Z][_a-zA-Z0-9]*")
"""The name of a secret or a variable; source: the Hub's OpenAPI description."""
_LINE = re.compile(r"\s*(?P<export>export\s+)?(\w+)=(.*)", re.DOTALL)
_QUOTED = re.compile(r"\s*(?:\"([^\"]*)\"|'([^']*)')\s*", re.DOTALL)
_NAME = re.compile(r"[^:=]*[:=](.*)", re.DOTALL)
_FEWEST = 3  # characters; to hide a "=" or a "|" would garble the log
_FORM = "Write KEY=value lines or a YAML mapping of KEY: value."
_BLOCK = "A value of several lines needs the YAML form: `KEY: |`, and its lines below, indented."


class Refused(Exception):
    """What is wrong with an input, and how a right one looks."""

    def __init__(self, problem: str, advice: str) -> None:
        super().__init__(problem)
        self.advice = advice


def variables(text: str) -> dict[str, str]:
    """The pairs of a text. Raises `Refused`."""
    pairs = _read(text)
    for key in pairs:
        if not KEY.fullmatch(key):
            raise Refused(f"'{key}' can't be a name", "A name is a letter followed by letters, digits and '_'.")
    return pairs


def secrets(text: str) -> dict[str, str]:
    """The same for secrets, where nothing may be cut off or taken for something else unseen. Raises `Refused`."""
    pairs = _read(text, strict=True)
    for number, (key, value) in enumerate(pairs.items(), 1):
        if not KEY.fullmatch(key):
            raise Refused(
                f"the name of its entry {number} can't be one",
                f"A name is a letter, then letters, digits and '_'. {_BLOCK}",
            )
        if not value.strip():
            raise Refused(
                f"its entry {number} has no value",
                "A secret that the repository does not have is empty: look at its name, and at whether this run gets secrets "
                f"at all (those of forks and of Dependabot don't). {_BLOCK}",
            )
        if value.strip("= ") == "":  # the end of a base64 text that was broken into lines
            raise Refused(f"its entry {number} is the end of the one before", _BLOCK)
    return pairs


def remarks(name: str, text: str) -> list[str]:
    """Return what to say about an input whose lines are written as in a shell; without a name or value in it."""
    lines = [line for line in texts.lines(text) if line.strip() and not line.lstrip().startswith("#")]
    found = [each for line in lines if (each := _LINE.fullmatch(line))]
    if len(found) < len(lines):
        return []
    quoted = sum(_QUOTED.fullmatch(each[3]) is not None for each in found)
    exported = sum(each["export"] is not None for each in found)
    said = [
        (quoted, "value", "the quotes around it", "the quotes around them"),
        (exported, "line", "`export` before it", "`export` before them"),
    ]
    return [
        f"In `{name}`, {count} {what}{'s are' if count > 1 else ' is'} taken without {many if count > 1 else one}."
        for count, what, one, many in said if count
    ]  # fmt: skip


def _unquoted(value: str) -> str:
    found = _QUOTED.fullmatch(value)
    return value if found is None else found[1] if found[1] is not None else found[2]


def suspects(text: str) -> list[str]:
    """What may be secret in a text that `secrets` refuses: all of it, and in each line what follows a name."""
    named = (_NAME.fullmatch(line) for line in texts.lines(text))
    rests = [each[1].strip() for each in named if each]
    return [text, *(rest for rest in rests if len(rest) > _FEWEST)]


def _read(text: str, *, strict: bool = False) -> dict[str, str]:
    lines = [line for line in texts.lines(text) if line.strip() and not line.lstrip().startswith("#")]
    found = [_LINE.fullmatch(line) for line in lines]
    if all(found):
        return {each[2]: _unquoted(each[3]) for each in found if each}
    try:
        loaded = safe_yaml.load(text, typed=False)
    except yaml.YAMLError as error:
        raise Refused("it is neither KEY=value lines nor valid YAML", _FORM) from error
    if not isinstance(loaded, dict) or not all(isinstance(each, str) for pair in loaded.items() for each in pair):
        raise Refused("it is neither KEY=value lines nor a YAML mapping of plain values", _FORM)
    root = yaml.compose(text, Loader=yaml.BaseLoader) if strict else None
    if isinstance(root, yaml.MappingNode):
        for _, node in root.value:
            if isinstance(node, yaml.ScalarNode) and not _as_written(text, node):
                raise Refused(
                    f"the value in line {node.start_mark.line + 1} means something else in YAML than it looks like",
                    f"Put it in single quotes, or write KEY=value lines. {_BLOCK}",
                )
    return loaded


def _as_written(text: str, node: yaml.ScalarNode) -> bool:
    """Whether a value is what stands there: no comment behind it, no anchor, alias or tag, no lines that are folded."""
    start, end = node.start_mark.index, node.end_mark.index
    if node.style in ("|", ">", "'", '"'):
        return text[start] == node.style
    rest = texts.lines(text[end:])[0]
    return text[start:end] == node.value and not rest.strip()
