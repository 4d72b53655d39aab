"""What a pattern that matches nothing probably meant."""

import re
from collections.abc import Iterable, Iterator

from hfspace_action.errors import Note

from .match import Pattern, Patterns

_SHOWN = 5
_QUOTED = re.compile(r"""(['"]).*\1""")


def unused(name: str, patterns: Patterns, paths: Iterable[str], folder: str = "", where: str = "") -> Iterator[Note]:
    """Yield a note for each pattern of the input `name` that matches none of `paths` (a folder's ends with "/"), five at most.

    `folder` is the deployed folder in the workspace, which patterns are relative to; `where` ends "matches nothing".
    """
    idle = [pattern for pattern in patterns.patterns if pattern not in patterns.used]
    if not idle:
        return
    known = {*paths}
    known |= {path[:end] + "/" for path in known for end in _slashes(path)}
    shown = 0
    for pattern in idle:
        if not pattern.negated and any(pattern.matches(path.rstrip("/"), folder=path.endswith("/")) for path in known):
            continue  # another pattern decided before it
        shown += 1
        if shown <= _SHOWN:
            effect = "brings nothing back" if pattern.negated else f"matches nothing{where}"
            yield Note(f"`{name}: {pattern.text}` {effect}: {_hint(pattern, folder)}.", id=f"{name}-unused")


def _slashes(path: str) -> Iterator[int]:
    return (at for at, letter in enumerate(path) if letter == "/")


def _hint(pattern: Pattern, folder: str) -> str:
    """Return what is probably wrong, as the end of a sentence."""
    text = pattern.text
    if text.startswith("./"):
        return f"a pattern starts at the deployed folder, without './'; write `{text[2:]}`"
    if _QUOTED.fullmatch(text):
        return f"the quotes are taken for a part of the name; write `{text[1:-1]}`"
    if text.startswith("- "):
        return f"the input is no YAML list; write `{text[2:].strip()}`"
    if "," in text or " " in text:
        return "each pattern has a line of its own; write one a line, below `|`"
    if "\\" in text:
        return f"folders are separated by '/'; write `{text.replace(chr(92), '/')}`"
    if folder and text.lstrip("/").startswith(folder + "/"):
        return f"patterns are relative to the folder in `path`; write `{text.lstrip('/')[len(folder) + 1 :]}`"
    if text.startswith(("/github/", "/home/", "../")):
        return "patterns are relative to the deployed folder"
    if pattern.negated:
        return "nothing that it names is matched by a line above it, or the folder is matched as a whole; `dist/**` in place of `dist/` leaves single files to choose from"
    return "check its spelling, upper and lower case"
