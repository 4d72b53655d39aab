"""Where the front matter of a README is, also where the Hub would not look for it.

The Hub reads what is between a first line `---` and the next one. People also write it indented, in a code fence or a comment,
behind a heading, closed by `...`, as TOML. What has a Space's keys is meant as front matter, and is taken; anything else is text.
"""

import re
import textwrap
from collections.abc import Sequence
from typing import NamedTuple

import yaml

from hfspace_action.inputs import safe_yaml

from . import keys

_KEY = rf"(?a:[ \t]*(?:{'|'.join(sorted(keys.ALL))})[ \t]*:)"
_FENCE = re.compile(r"(`{3,}|~{3,})[ \t]*(?:ya?ml|markdown|md)?[ \t]*", re.IGNORECASE)
_OPENS = re.compile(r"---[ \t]+(?:[|>][-+0-9]*|!\S+|#.*)")
_RULES = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"  # with what word processors make of three hyphens
_FEWEST = 2  # keys of a Space; that many without any mark around them are meant as its settings
_MOST_TRIES = 40  # of ends of front matter that has none: thousands of lines may follow it
_DEEPEST = 40  # lines; front matter that comes later is an example
_NO_TITLE = re.compile(r"\s*$|#{1,6}\s|<")  # above a rule; any other line would be a heading by it
_LINE = re.compile(r"[^\n]*\n|[^\n]+")
_LIST_OR_PAIRS = re.compile(r"(?:- |[\w-]+:)")


class Block(NamedTuple):
    """Front matter: its YAML, the line of the README that this begins on (from 1), what is before and after it on the Space,
    its rules included, and `odd`: why the Hub would not read it where it is, None if it would. `again` is the line of a second
    one right behind it."""

    yaml: str
    line: int
    after: str
    odd: str | None = None
    before: str = "---\n"
    again: int | None = None


class Unended(Exception):
    """Front matter begins and does not end. `line` is the first that is none of it, `text` what that says."""

    def __init__(self, line: int | None, text: str) -> None:
        super().__init__(text)
        self.line, self.text = line, text


def find(text: str) -> Block | None:
    """Return the front matter; None if there is none. Raises `Unended`."""
    lines = _LINE.findall(text)
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    found = _find(lines, first) if first is not None else None
    return found._replace(again=_again(found, len(lines))) if found else None


def _find(lines: Sequence[str], first: int) -> Block | None:
    line = lines[first].rstrip()
    begins = f"it begins with `{line[:40]}`, not with `---`"
    if line == "---":
        return _plain(lines, first)
    if _OPENS.fullmatch(line):
        return _odd(lines, first, begins)
    if line.startswith("--- "):
        return _odd([*lines[:first], "---\n", lines[first][4:], *lines[first + 1 :]], first, begins)
    if not line.strip(_RULES):
        return _odd(lines, first, begins, ends=(line, "---"))
    if line.strip() == "---":
        return _odd(lines, first, "it is indented", indented=True)
    if line.startswith("%YAML"):
        rule = next((n for n in range(first, len(lines)) if lines[n].rstrip() == "---"), None)
        return _odd(lines, rule, begins) if rule is not None else None
    if _FENCE.fullmatch(line):
        return _fenced(lines, first)
    if line in ("+++", ";;;") or line.startswith("{"):
        return _other(lines, first)
    if line == "<!--" and (found := _commented(lines, first)):
        return found
    return _bare(lines, first) or _further_down(lines, first)


def is_of_a_space(block: str) -> bool:
    """Whether a text is YAML with a Space's keys."""
    return _keys(block) > 0


def _keys(block: str) -> int:
    """How many of a Space's keys a text has, if it is YAML."""
    try:
        data = safe_yaml.load(block)
    except yaml.YAMLError:
        return 0
    return _known(data)


def _known(data: object) -> int:
    """How many of a Space's keys these settings have."""
    return len(keys.ALL & {key for key in data if isinstance(key, str)}) if isinstance(data, dict) else 0


def _other(lines: Sequence[str], first: int) -> Block | None:
    """Front matter in another language than YAML."""
    from . import languages  # not before: hardly anybody writes it

    found = languages.find(lines, first)
    if found is None or not is_of_a_space(found.yaml):
        return None
    return Block(found.yaml, first + 1 + found.offset, _joined(lines[found.end :]), found.why)


def _again(found: Block, count: int) -> int | None:
    """Return the line of a second front matter that follows at once."""
    rest = _LINE.findall(found.after)
    start = next((n for n in range(1, len(rest)) if rest[n].strip()), None)
    if start is None or rest[start].rstrip() != "---":
        return None
    end = next((n for n in range(start + 1, len(rest)) if rest[n].rstrip() == "---"), None)
    return count - len(rest) + start + 1 if end and _keys("".join(rest[start + 1 : end])) >= _FEWEST else None


def _joined(rest: Sequence[str]) -> str:
    """Text as it is behind front matter that gets rules of its own."""
    return "---\n" + "".join(rest)


def _plain(lines: Sequence[str], first: int) -> Block | None:
    """Front matter where the Hub reads it, unless this is a rule with text behind it."""
    end = next((n for n in range(first + 1, len(lines)) if lines[n].rstrip() in ("---", "...")), None)
    block = "".join(lines[first + 1 : end])
    if end is not None and lines[end].rstrip() == "---" and not _is_prose(block):
        _refuse_prose(block, first)
        return Block(block, first + 2, "".join(lines[end:]), before="".join(lines[: first + 1]))
    if end is not None and lines[end].rstrip() == "..." and is_of_a_space(block):
        rest = lines[end + 1 :]
        if rest and rest[0].rstrip() == "---":  # closed by both
            return Block(block, first + 2, "".join(rest), "it is closed by `...`, not by `---`")
        return Block(block, first + 2, "---\n" + "".join(rest), "it is closed by `...`, not by `---`")
    if end is None and (found := _odd(lines, first, "the `---` that ends it is indented", indented=True)):
        return found
    if re.match(_KEY, block):
        _unended(lines, first + 1)
    return None


def _is_prose(block: str) -> bool:
    """Whether what follows a `---` is text of the README: no YAML that could be meant as settings."""
    if any(re.match(_KEY, line) for line in block.splitlines()):
        return False
    try:
        data = safe_yaml.load(block)
    except yaml.YAMLError:
        return not _LIST_OR_PAIRS.match(block)
    if data is None:
        return bool(block.strip())  # YAML's comments are Markdown's headings
    if isinstance(data, dict):
        return block.lstrip().startswith("# ")  # a heading, and a line with a colon by chance
    return isinstance(data, str) or "\n\n" in block


def _refuse_prose(block: str, first: int) -> None:
    """Raise `Unended` where the end of the block is that of something else: its keys end at an empty line, and text follows."""
    try:
        safe_yaml.load(block)
        return
    except yaml.YAMLError as error:
        from hfspace_action.inputs import yaml_mistakes  # not before: most front matter is right

        head = re.split(r"^[ \t]*\r?\n", block, maxsplit=1, flags=re.MULTILINE)[0]
        if head != block and yaml_mistakes.line_of(error, block) > head.count("\n") and is_of_a_space(head):
            lines = block.splitlines()
            number = next(n for n in range(head.count("\n"), len(lines)) if lines[n].strip())
            raise Unended(first + number + 2, lines[number].strip()) from error


def _unended(lines: Sequence[str], start: int) -> None:
    """Raise `Unended` if the lines from `start` begin with a Space's settings."""
    stop = next((n for n in range(start, len(lines)) if not lines[n].strip()), len(lines))
    for _ in range(_MOST_TRIES):
        if stop == start:
            return
        block = "".join(lines[start:stop])
        try:
            found = _known(safe_yaml.load(block))
            break
        except yaml.YAMLError as error:
            # With the line of the error in it, no part of them is YAML.
            stop = min(stop - 1, start + _line_of(error, block))
    else:
        return
    if found:
        number = next((n for n in range(stop, len(lines)) if lines[n].strip()), None)
        raise Unended(None if number is None else number + 1, "" if number is None else lines[number].strip())


def _line_of(error: yaml.YAMLError, block: str) -> int:
    """Return the line that is to blame for an error, from 0 on: of what is not closed the one that opens it."""
    from hfspace_action.inputs import yaml_mistakes  # not before: most front matter is right

    if (
        isinstance(error, yaml.MarkedYAMLError)
        and error.context_mark
        and (error.context or "").startswith("while scanning")
    ):
        return int(error.context_mark.line)
    return yaml_mistakes.line_of(error, block)


def _odd(
    lines: Sequence[str], first: int, why: str, *, ends: Sequence[str] = ("---",), indented: bool = False
) -> Block | None:
    last = next(
        (n for n in range(first + 1, len(lines)) if (lines[n].strip() if indented else lines[n].rstrip()) in ends), None
    )
    if last is None:
        return None
    block = textwrap.dedent("".join(lines[first + 1 : last]))
    return Block(block, first + 2, _joined(lines[last + 1 :]), why) if is_of_a_space(block) else None


def _commented(lines: Sequence[str], first: int) -> Block | None:
    """Front matter in a comment, which hides it on GitHub."""
    end = next((n for n in range(first + 1, len(lines)) if lines[n].rstrip() == "-->"), None)
    inner = _plain_in(lines[first + 1 : end]) if end else None
    if end is None or inner is None or not is_of_a_space(inner.yaml) or inner.after.strip("-\r\n "):
        return None
    return Block(inner.yaml, first + 1 + inner.line, _joined(lines[end + 1 :]), "it is in a comment")


def _bare(lines: Sequence[str], first: int) -> Block | None:
    """Settings with no rule above them."""
    end = next((n for n in range(first, len(lines)) if not lines[n].strip() or lines[n].rstrip() == "---"), len(lines))
    block = "".join(lines[first:end])
    if not re.match(_KEY, block) or _keys(block) < _FEWEST:
        return None
    ruled = end < len(lines) and lines[end].rstrip() == "---"
    return Block(block, first + 1, _joined(lines[end + ruled :]), "no `---` is above it")


def _fenced(lines: Sequence[str], first: int) -> Block | None:
    """Front matter in a code fence, with what else is in the fence."""
    fence = lines[first].strip().rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ \t")
    end = next((n for n in range(first + 1, len(lines)) if lines[n].strip() == fence), None)
    if end is None:
        return None
    inner = _plain_in(lines[first + 1 : end])
    if inner is None and _keys(bare := "".join(lines[first + 1 : end])) >= _FEWEST:
        return Block(bare, first + 2, _joined(lines[end + 1 :]), "it is in a code fence")
    if inner is None or not is_of_a_space(inner.yaml):
        return None
    rest = inner.after + "".join(lines[end + 1 :])
    return Block(inner.yaml, first + 1 + inner.line, rest, "it is in a code fence")


def _plain_in(lines: Sequence[str]) -> Block | None:
    """Return front matter that begins in the first of these lines."""
    first = next((n for n, line in enumerate(lines) if line.strip()), None)
    return _plain(lines, first) if first is not None and lines[first].rstrip() == "---" else None


def _further_down(lines: Sequence[str], first: int) -> Block | None:
    """Front matter behind a comment or other text; behind text only with an sdk is it surely this README's own."""
    comment = lines[first].lstrip().startswith("<!--")
    for number in range(first + 1, min(len(lines), first + _DEEPEST)):
        ends_comment = comment and "-->" in "".join(lines[first:number])
        if lines[number].rstrip() != "---" or not (ends_comment or _NO_TITLE.match(lines[number - 1])):
            continue
        end = next((n for n in range(number + 1, len(lines)) if lines[n].rstrip() == "---"), None)
        block = "".join(lines[number + 1 : end]) if end else ""
        if is_of_a_space(block) and (comment or re.search(r"^sdk\s*:", block, re.MULTILINE)):
            why = "a comment is before it" if comment else "there is text before it"
            return Block(block, number + 2, _joined([*lines[first:number], *lines[(end or 0) + 1 :]]), why)
        return None
    return None
