"""What pyhfapi refuses and the Hub has all the same, with the evidence: `listed.toml`."""

import functools
import tomllib
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from .verdicts import Refused


class Listed(NamedTuple):
    """A field that may be refused. In `route` and `field` a `*` is anything; the body has the values that `when` names."""

    route: str
    side: str
    field: str
    problem: str
    why: str
    when: Mapping[str, Any] = MappingProxyType({})

    def covers(self, refused: Refused) -> bool:
        """Whether it is this that was refused."""
        return (
            (self.side, self.problem) == (refused.side, refused.problem)
            and fnmatchcase(refused.route, self.route)
            and fnmatchcase(refused.field.replace("[", "("), self.field.replace("[", "("))
            and (not self.when or (isinstance(refused.body, dict) and self.when.items() <= refused.body.items()))
        )


@functools.cache
def listed() -> tuple[Listed, ...]:
    """All entries."""
    entries = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))["listed"]
    return tuple(Listed(**entry) for entry in entries)


def split(refused: Iterable[Refused], entries: Iterable[Listed]) -> tuple[list[Refused], list[Listed]]:
    """Return what no entry covers, and the entries that cover something."""
    unlisted, needed = [], list[Listed]()
    for one in refused:
        covering = [entry for entry in entries if entry.covers(one)]
        needed += [entry for entry in covering if entry not in needed]
        if not covering:
            unlisted.append(one)
    return unlisted, needed
