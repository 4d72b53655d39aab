"""Which files the Hub is expected to keep as pointers, in LFS or Xet. A wrong guess costs requests, never a wrong result.

A Space's `.gitattributes` says it. The Hub decides by a file's content, too, and then adds a line for that file alone; so the
file is the whole truth about what is there already. Sources: huggingface_hub pull 657, the Hub's OpenAPI description
(preupload), gitattributes(5).
"""

import re
from contextlib import suppress
from functools import cache

from hfspace_action.file import File, blob_id

from . import hold

LARGEST_REGULAR = 10 * 1024 * 1024
"""Bytes of the largest file that git itself keeps. Source: the Hub's documentation."""
RULES = ".gitattributes"
LONGEST_RULES = 1_000_000
"""Bytes of a `.gitattributes` that is worth reading."""


_SPACE = "[[:space:]]"
_SPECIAL = re.compile(r"[*?\[]")
_SUFFIX = re.compile(r"\*(\.[\w.-]+)")
_LFS = "filter=lfs"
# More would take long to try on thousands of paths; a rule that is passed over costs a few requests.
_MOST_STARS = 6
_MOST_PATTERNS = 100

# The lines of the file that the Hub puts into a new Space.
_FIRST = (
    *("*.7z", "*.arrow", "*.bin", "*.bz2", "*.ckpt", "*.ftz", "*.gz", "*.h5", "*.joblib", "*.lfs.*", "*.mlmodel"),
    *("*.model", "*.msgpack", "*.npy", "*.npz", "*.onnx", "*.ot", "*.parquet", "*.pb", "*.pickle", "*.pkl", "*.pt"),
    *("*.pth", "*.rar", "*.safetensors", "saved_model/**/*", "*.tar.*", "*.tar", "*.tflite", "*.tgz", "*.wasm", "*.xz"),
    *("*.zip", "*.zst", "*tfevents*"),
)
FIRST = "".join(f"{pattern} filter=lfs diff=lfs merge=lfs -text\n" for pattern in _FIRST)


class Storage:
    """The expectation that follows from a `.gitattributes`; `oid` is that file's git id, `held` whether it has the hold."""

    def __init__(self, rules: str = FIRST) -> None:
        self.oid = blob_id(rules.encode())
        self.held = hold.is_in(rules)
        self._rules = Attributes(rules)

    def __call__(self, file: File) -> bool:
        """Whether the Hub keeps a file as a pointer."""
        return file.size > LARGEST_REGULAR or (file.size > 0 and self._rules.lfs(file.path))


class Attributes:
    """The rules of a `.gitattributes` file, as far as they send files to LFS. As in git, the last that matches decides.

    Most are endings or single paths, of which there may be thousands, so these are looked up and not tried one by one.
    """

    def __init__(self, text: str) -> None:
        self._paths: dict[str, tuple[int, bool]] = {}
        self._names: dict[str, tuple[int, bool]] = {}
        self._endings: dict[str, tuple[int, bool]] = {}
        self._patterns: list[tuple[re.Pattern[str], int, bool]] = []
        for number, line in enumerate(text.splitlines()):
            pattern, lfs = _rule(line)
            if pattern and lfs is not None:
                self._add(pattern, number, lfs)
        self._tails = tuple(self._endings)
        self._any_pattern = re.compile("|".join(f"(?:{each.pattern})" for each, _, _ in self._patterns), re.DOTALL)

    def lfs(self, path: str) -> bool:
        """Whether a file belongs in LFS."""
        name = path.rpartition("/")[2]
        found = [rule for rule in (self._paths.get(path), self._names.get(name)) if rule]
        if name.endswith(self._tails):
            found += [rule for ending, rule in self._endings.items() if name.endswith(ending)]
        if self._patterns and self._any_pattern.fullmatch(path):
            found += [(number, lfs) for pattern, number, lfs in self._patterns if pattern.fullmatch(path)]
        return max(found, default=(0, False))[1]

    def _add(self, pattern: str, number: int, lfs: bool) -> None:
        plain = _plain(pattern)
        if plain is not None:
            in_order = self._paths if "/" in plain else self._names
            in_order[plain.lstrip("/")] = number, lfs
        elif ending := _SUFFIX.fullmatch(pattern):
            self._endings[ending[1]] = number, lfs
        elif len(_SPECIAL.findall(pattern)) <= _MOST_STARS and len(self._patterns) < _MOST_PATTERNS:
            with suppress(re.error):  # such as [b-a], by which git matches nothing either
                self._patterns.append((_expression(pattern), number, lfs))


def _rule(line: str) -> tuple[str, bool | None]:
    """Return the pattern of a line, and whether it sends files to LFS; None where it says nothing of that."""
    pattern, *attributes = line.split() or [""]
    filters = [word for word in attributes if word.lstrip("-!").partition("=")[0] == "filter"]
    if not filters or pattern.startswith(("#", "!", "[attr]")):
        return "", None
    return pattern.strip('"'), filters[-1] == _LFS


def _plain(pattern: str) -> str | None:
    """Return the one path, or name, that a pattern is for; None if it is for several."""
    text, literal = pattern.replace(_SPACE, " "), ""
    while text:
        head, text = text[0], text[1:]
        if head == "\\" and text:
            head, text = text[0], text[1:]
        elif _SPECIAL.match(head):
            return None
        literal += head
    return literal


@cache
def _expression(pattern: str) -> re.Pattern[str]:
    """Return a pattern as a regular expression for whole paths. Without a slash it is for names at any depth."""
    anchored = "/" in pattern.rstrip("/")
    text = re.sub(r"\*{3,}", "**", pattern.lstrip("/").replace(_SPACE, " "))
    expression, position = "" if anchored else "(?:.*/)?", 0
    for special in re.finditer(r"(?:^|/)\*\*/|/\*\*$|\*+|\?|\\.|\[[^\]/]+\]", text):
        expression += re.escape(text[position : special.start()]) + _special(special[0])
        position = special.end()
    return re.compile(expression + re.escape(text[position:]), re.DOTALL)


def _special(token: str) -> str:
    match token:
        case "**/":
            return "(?:.*/)?"
        case "/**/":
            return "/(?:.*/)?"
        case "/**":
            return "/.*"
        case "*" | "**":  # two that are no folder's name by themselves are as one
            return "[^/]*"
        case "?":
            return "[^/]"
    if token.startswith("\\"):
        return re.escape(token[1])
    inner = token[1:-1]
    negated, inner = ("^", inner[1:]) if inner.startswith(("!", "^")) else ("", inner)
    inner = re.sub(r"([\\^\[&~|]|-(?=-))", r"\\\1", inner)
    return f"[{negated}{inner}]"
