"""One cell: a request of a command, the way in which it goes wrong, and how often."""

import hashlib
import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from . import routes
from .routes import Route
from .scenes import SCENES

FOREVER = 600.0
"""Seconds for which nobody answers where that is always so: longer than any cell is tried."""
FAULTS: dict[str, dict[str, Any]] = {
    "refused": {"kind": "refuse", "seconds": 0.3},
    "dropped-before": {"kind": "drop"},
    "dropped-after": {"kind": "drop-after"},
    "hang": {"kind": "hang"},
    "drip": {"kind": "drip"},
    "408": {"kind": "status", "status": 408},
    "429": {"kind": "status", "status": 429},
    "429-soon": {"kind": "status", "status": 429, "headers": {"RateLimit": '"api";r=0;t=1', "Retry-After": "0"}},
    "429-late": {"kind": "status", "status": 429, "headers": {"Retry-After": "300"}},
    "500": {"kind": "status", "status": 500},
    "502-html": {"kind": "html", "status": 502},
    "503": {"kind": "status", "status": 503},
    "504-after": {"kind": "status", "status": 504, "after": True},
    "200-html": {"kind": "html", "status": 200},
    "truncated": {"kind": "cut", "bytes": 20},
    "encoding": {"kind": "encoding"},
    "type": {"kind": "mangle", "how": "type"},
    "null": {"kind": "mangle", "how": "null"},
    "list": {"kind": "mangle", "how": "list"},
    "missing": {"kind": "mangle", "how": "missing"},
    "lacking": {"kind": "mangle", "how": "lacking"},
    "mistyped": {"kind": "mangle", "how": "mistyped"},
    "mistaken": {"kind": "mangle", "how": "mistaken"},
    "swollen": {"kind": "mangle", "how": "swollen"},
    "endless": {"kind": "endless"},
    "elsewhere-302": {"kind": "redirect", "status": 302},
    "elsewhere-307": {"kind": "redirect", "status": 307},
}
"""What localhub is asked to do, by the name of the way; `swollen` is the huge answer, whose values are."""
OFTEN = ("once", "always")


class Cell(NamedTuple):
    """What is tried."""

    command: str
    route: Route
    fault: str
    often: str

    @property
    def id(self) -> str:
        """The cell as `--only` takes it."""
        return f"{self.command} | {self.route} | {self.fault} | {self.often}"

    @property
    def seed(self) -> int:
        """A number of the cell's own, the same in each run."""
        return int.from_bytes(hashlib.sha256(self.id.encode()).digest()[:4])

    def on(self, space: str, elsewhere: str) -> dict[str, Any]:
        """Return the fault for the control interface of localhub, where the command is about this Space."""
        fault = {"method": self.route.method, "path": self.route.pattern(space), "skip": self.route.nth - 1}
        fault |= FAULTS[self.fault] | {"times": 1 if self.often == "once" else None}
        match fault["kind"]:
            case "redirect":
                fault["to"] = elsewhere
            case "mangle":
                fault["seed"] = self.seed
            case "refuse" if self.often == "always":
                fault["seconds"] = FOREVER
        return fault


def every(commands: Sequence[str] = ()) -> Iterator[Cell]:
    """Yield all cells, in their order; only those of some commands, if any are named."""
    for command, found in routes.read().items():
        if not commands or command in commands:
            for route in found:
                for fault in FAULTS:
                    for often in OFTEN:
                        yield Cell(command, route, fault, often)


def sample(size: int, commands: Sequence[str] = ()) -> list[Cell]:
    """Return so many cells, always the same, spread over all."""
    return sorted(sorted(every(commands), key=lambda cell: cell.seed)[:size])


LONG = frozenset({"hang", "drip", "endless", "429-late"})
"""What takes long, in time or in bytes, wherever it happens."""


def quick(size: int) -> list[Cell]:
    """Return so many cells, always the same, of commands and faults that do not take long."""
    found = [cell for cell in every() if SCENES[cell.command].quick and cell.fault not in LONG]
    return sorted(sorted(found, key=lambda cell: cell.seed)[:size])


def of(text: str) -> Cell:
    """Return the cell that `--only` names. Raises ValueError."""
    parts = [part.strip() for part in text.split("|")]
    if len(parts) != 4 or parts[2] not in FAULTS or parts[3] not in OFTEN:
        raise ValueError(text)
    return Cell(parts[0], routes.parse(parts[1]), parts[2], parts[3])


def holds(pattern: str, cell: Cell) -> bool:
    """Whether a cell's id has something that a regular expression matches."""
    return re.search(pattern, cell.id) is not None
