"""The README of a checkout and its front matter: the YAML by which a Space is configured."""

import re
from collections.abc import Collection, Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

from hfspace_action.checkout.walk import Checkout
from hfspace_action.errors import Failure
from hfspace_action.inputs import safe_yaml
from hfspace_action.readers import decode

from . import blocks, keys

PATH = "README.md"
"""Where the Hub reads it."""
_OTHER_TYPES = frozenset(f"tag:yaml.org,2002:{name}" for name in ("float", "int", "bool", "timestamp"))
# A version that is the same text after it was read as a number, in any language.
_LASTING = re.compile(r"[1-9][0-9]*(?:\.[0-9]*[1-9])?")
_OTHERS = re.compile(r"readme(?:\.(?:md|markdown|mdown|rst|txt|org|adoc))?", re.IGNORECASE)


class Readme(NamedTuple):
    """A README in three parts: up to the front matter, the front matter (`block`, as text and as `data`), and the rest.

    `path` is its path in the checkout, "" without one. `lines` are those of its keys (from 1), `unquoted` the keys that
    need quotes to be the text that was written. `odd` says why the Hub would not read it as it is, None if it would. `again` is
    the line of a second front matter.
    """

    before: str
    block: str
    after: str
    data: Mapping[str, Any]
    path: str = PATH
    lines: Mapping[str, int] = MappingProxyType({})
    unquoted: Collection[str] = ()
    odd: str | None = None
    again: int | None = None

    @property
    def body(self) -> str:
        """The text without front matter."""
        return re.sub(r"\A---[ \t]*(?:\r?\n|\Z)", "", self.after) if self.before else self.after

    @property
    def is_the_hubs(self) -> bool:
        """Whether the Hub would read it under this name, as it is encoded, and where its front matter is."""
        return self.path in (PATH, "") and self.odd is None

    def without(self, removed: Collection[str]) -> str:
        """Return the front matter as text, without these keys."""
        data = {key: value for key, value in self.data.items() if key not in removed}
        return _rewritten(self.block, data, {}, removed)

    def with_values(self, changes: Mapping[str, Any], removed: Collection[str] = ()) -> str:
        """Return the README with these keys set and those removed. All other text stays as it was written."""
        newline = "\r\n" if "\r\n" in (self.block or self.after) else "\n"
        data = {key: value for key, value in {**self.data, **changes}.items() if key not in removed}
        block = _rewritten(self.block, data, changes, removed).replace("\r\n", "\n").replace("\n", newline)
        if self.before:
            after = self.after if not self.odd else re.sub(r"\A---\n", f"---{newline}", self.after)
            return (self.before if not self.odd else f"---{newline}") + block + after
        return f"---{newline}{block}---{newline}" + (newline + self.body if self.body else "")


def find(checkout: Checkout) -> str | None:
    """Return the path of the README at the top: the Hub's own spelling, or another one, Markdown first; None without one."""
    if PATH in checkout.files:
        return PATH
    found = [path for path in checkout.files if is_readme(path)]
    return min(found, key=lambda path: (not path.lower().endswith((".md", ".markdown", ".mdown")), path), default=None)


def is_readme(name: str) -> bool:
    """Whether a file's name is that of a README."""
    return _OTHERS.fullmatch(name) is not None


def read(checkout: Checkout) -> Readme:
    """Return the checkout's README; an empty one if it has none in Markdown. Raises `Failure` with the line of what can't be
    read."""
    path = find(checkout)
    if path is None or not path.lower().endswith((".md", ".markdown", ".mdown")):
        return Readme("", "", "", {}, "")
    content = checkout.files[path].read()
    text = _decoded(checkout, path, content)
    encoding = f"it is {decode.name(content)}" if decode.marked(content) not in (None, "utf-8") else None
    mark = "it begins with a byte order mark" if decode.marked(content) == "utf-8" else None
    if "\n" not in text and "\r" in text:
        text, mark = text.replace("\r", "\n"), "its lines end in CR alone"
    try:
        block = blocks.find(text)
    except blocks.Unended as error:
        line = error.line
        reason = f"line {line}, `{error.text}`, is no `key: value`" if line else "the file ends first"
        where = f", before line {line}" if line else ""
        raise Failure("readme-block", place=checkout.place(path, line or 1), reason=reason, where=where) from error
    if block is None:
        return Readme("", "", text, {}, path, odd=encoding)
    data, lines = _data(checkout, path, block)
    odd = block.odd or encoding or mark
    quotes = _needing_quotes(block.yaml)
    return Readme(block.before, block.yaml, block.after, data, path, lines, quotes, odd, block.again)


def from_text(checkout: Checkout, text: str) -> Readme | None:
    """Return the README that the Space has, as far as its front matter goes; None without any. Raises `Failure`, or
    `blocks.Unended`."""
    block = blocks.find(text)
    if block is None:
        return None
    data, _lines = _data(checkout, PATH, block)
    return Readme(block.before, block.yaml, block.after, data)


def _decoded(checkout: Checkout, path: str, content: bytes) -> str:
    try:
        text = decode.strict(content)
    except UnicodeDecodeError as error:
        line = decode.without_mark(content).count(b"\n", 0, error.start) + 1
        said = f"{error.reason} in line {line}"
        raise Failure("readme-encoding", place=checkout.place(path, line), said=said) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Failure(
            "readme-encoding", place=checkout.place(path, line), said=f"a NUL in line {line}, as UTF-16 has them"
        )
    return text


def _data(checkout: Checkout, path: str, block: blocks.Block) -> tuple[dict[str, Any], dict[str, int]]:
    """The values of front matter, and the line of each key. Raises `Failure`."""
    try:
        data = safe_yaml.load(block.yaml)
        pairs = _pairs(block.yaml)
    except yaml.YAMLError as error:
        from hfspace_action.inputs import yaml_mistakes  # not before: most front matter is right

        conflict = yaml_mistakes.conflict(block.yaml)
        mended = yaml_mistakes.mended(block.yaml, error) if conflict is None else None
        wrong = mended.line if mended else yaml_mistakes.line_of(error, block.yaml)
        line = block.line + (wrong if conflict is None else conflict)
        problem = yaml_mistakes.problem(error) if conflict is None else "a merge was not finished, its marks are there,"
        said = f"{problem} in line {line}{f'; {mended}' if mended else ''}"
        raise Failure("readme-yaml", place=checkout.place(path, line), said=said) from error
    if data is not None and not isinstance(data, dict):
        raise Failure("readme-mapping", place=checkout.place(path, block.line))
    lines: dict[str, int] = {}
    for key, _ in pairs:
        line = block.line + key.start_mark.line
        if key.value in lines:
            said = f"the key `{key.value}` is there twice, in lines {lines[key.value]} and {line}"
            raise Failure("readme-yaml", place=checkout.place(path, line), said=said)
        lines[key.value] = line
    return {**(data or {}), **texts(block.yaml)}, lines


def _pairs(text: str) -> list[tuple[yaml.Node, yaml.Node]]:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    return root.value if isinstance(root, yaml.MappingNode) else []


def texts(text: str) -> dict[str, str]:
    """The values of keys that are texts to the Hub, as they were written, where YAML reads them as something else."""
    found: dict[str, str] = {}
    for key, node in _pairs(text):
        plain = isinstance(node, yaml.ScalarNode) and node.style is None and node.tag in _OTHER_TYPES
        if plain and key.value in keys.TEXTS:
            found[key.value] = node.value
    return found


def _needing_quotes(text: str) -> list[str]:
    """The keys whose text the Hub would not get: of versions those that lose a digit, of others all."""
    return [key for key, value in texts(text).items() if key not in keys.VERSIONS or not _LASTING.fullmatch(value)]


def _rewritten(block: str, data: Mapping[str, Any], changes: Mapping[str, Any], removed: Collection[str]) -> str:
    """The YAML text with these changes. Falls back to writing all of it anew where that would not mean `data`."""
    lines = block.splitlines(keepends=True)
    pairs = _pairs(block)
    left = dict(changes)
    starts = [key.start_mark.line for key, _ in pairs]
    ends = [*starts[1:], len(lines)]
    for (key, _), start, end in reversed(list(zip(pairs, starts, ends, strict=False))):
        if key.value in left or key.value in removed:
            while end > start + 1 and not lines[end - 1].partition("#")[0].strip():
                end -= 1  # comments before the next key belong to that
            lines[start:end] = [safe_yaml.dump({key.value: left.pop(key.value)})] if key.value not in removed else []
    text = "".join(lines) + (safe_yaml.dump(left) if left else "")
    try:
        return text if {**(safe_yaml.load(text) or {}), **texts(text)} == data else safe_yaml.dump(dict(data))
    except (yaml.YAMLError, TypeError):
        return safe_yaml.dump(dict(data))
