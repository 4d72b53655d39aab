"""The front matter of a README: the YAML between the first two `---` lines, by which a Space is configured."""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Failure
from hfspace_action.inputs import safe_yaml

PATH = "README.md"
# Blank lines and a byte order mark before the first line are taken as the official client takes them.
_BLOCK = re.compile(r"\A(\ufeff?\s*---[ \t]*\r?\n)(.*?)(^---[ \t]*(?:\r?\n.*)?\Z)", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True)
class Readme:
    """A README in three parts: up to the front matter, the front matter (`block`, as text and as `data`), and the rest."""

    before: str
    block: str
    after: str
    data: Mapping[str, Any]

    @property
    def body(self) -> str:
        """The text without front matter, and without a byte order mark, which has no meaning but at the very start."""
        return re.sub(r"\A---[ \t]*(?:\r?\n|\Z)", "", self.after) if self.before else self.after.removeprefix("\ufeff")

    def with_values(self, changes: Mapping[str, Any]) -> str:
        """The README with these keys set. All other text stays as it was written."""
        newline = "\r\n" if "\r\n" in (self.before or self.after) else "\n"
        block = _rewritten(self.block, {**self.data, **changes}, changes).replace("\r\n", "\n").replace("\n", newline)
        if self.before:
            return self.before + block + self.after
        return f"---{newline}{block}---{newline}" + (newline + self.body if self.body else "")


def read(checkout: Checkout) -> Readme:
    """The checkout's README; an empty one if it has none. Raises `Failure` with the line of what can't be read."""
    file = checkout.files.get(PATH)
    content = b"" if file is None else file.read()
    try:
        text = content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Failure(
            "readme-encoding", place=checkout.place(PATH, line), said=f"{error.reason} in line {line}"
        ) from error
    found = _BLOCK.match(text)
    if found is None:
        return Readme("", "", text, {})
    before, block, after = found.groups()
    first = before.count("\n") + 1
    try:
        data = safe_yaml.load(block)
    except yaml.YAMLError as error:
        line = first + _line_of(error, block)
        raise Failure(
            "readme-yaml", place=checkout.place(PATH, line), said=f"{_problem(error)} in line {line}"
        ) from error
    if data is not None and not isinstance(data, dict):
        raise Failure("readme-mapping", place=checkout.place(PATH, first))
    return Readme(before, block, after, data or {})


def _rewritten(block: str, data: Mapping[str, Any], changes: Mapping[str, Any]) -> str:
    """The YAML text with these changes. Falls back to writing all of it anew where that would not mean `data`."""
    root = yaml.compose(block, Loader=yaml.SafeLoader)
    lines = block.splitlines(keepends=True)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    left = dict(changes)
    starts = [key.start_mark.line for key, _ in pairs]
    ends = [*starts[1:], len(lines)]
    for (key, _), start, end in reversed(list(zip(pairs, starts, ends, strict=False))):
        if key.value in left:
            while end > start + 1 and not lines[end - 1].partition("#")[0].strip():
                end -= 1  # comments before the next key belong to that
            lines[start:end] = [_dump({key.value: left.pop(key.value)})]
    text = "".join(lines) + (_dump(left) if left else "")
    try:
        return text if yaml.safe_load(text) == data else _dump(data)
    except yaml.YAMLError:
        return _dump(data)


def _dump(data: Mapping[str, Any]) -> str:
    return yaml.safe_dump(dict(data), sort_keys=False, allow_unicode=True, width=math.inf)


def _line_of(error: Exception, block: str) -> int:
    """The line of the block, from 0 on, that an error is about."""
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return error.problem_mark.line
    if isinstance(error, yaml.reader.ReaderError):
        return block.count("\n", 0, error.position)
    return 0


def _problem(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError):
        return " ".join(each for each in (error.context, error.problem) if each)
    return str(error).partition("\n")[0]
