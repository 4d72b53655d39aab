"""The fixed sentences of headlines.json, with the facts of a run in them: those of the log, the annotations and the job summary.

`{name}` is replaced by a fact of the run; what is between backticks is set as code. A headline that a reason follows ends without
a mark: the reason comes after a colon. `now` is what visitors of the Space get after a failure.
"""

import json
from functools import cache
from pathlib import Path

from hfspace_action.errors import PLACEHOLDER


@cache
def _written() -> dict[str, dict[str, str]]:
    written: dict[str, dict[str, str]] = json.loads(Path(__file__).with_name("headlines.json").read_text("utf-8"))
    return written


def sentence(group: str, name: str, **facts: str) -> str:
    """Return a sentence with its facts."""
    return PLACEHOLDER.sub(lambda found: facts[found[1]], _written()[group][name])


def exists(group: str, name: str) -> bool:
    """Whether there is such a sentence."""
    return name in _written()[group]


def count(number: int, noun: str) -> str:
    """Return a number with its noun: "1 file", "1,204 files"."""
    return f"{number:,} {noun}" + ("" if number == 1 else "s")
