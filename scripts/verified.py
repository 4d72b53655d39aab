"""Deploys twenty Spaces of every kind to a localhub and verifies them; then one byte, one mode, one more file in each, and each must
be named: `make verified`."""

import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.kit.local import LocalHub, localhub
from tests.kit.space.verification import CASES, Case, Tampering, prepared, verified

_AT_ONCE = 2
_EXTRA = "added/by-hand.txt"


def main() -> int:
    """Print a line for each Space, and the tally; 0 where all came out as they should."""
    with (
        localhub("--simulate", "--tick", "0.1") as hub,
        tempfile.TemporaryDirectory() as folder,
        ThreadPoolExecutor(_AT_ONCE) as pool,
    ):
        found = list(pool.map(lambda each: _tried(hub, Path(folder), *each), enumerate(CASES)))
    good = sum(verified for verified, _ in found)
    named = sum(named for _, named in found)
    print(f"{good} of {len(CASES)} verified; {named} of {3 * len(CASES)} changes named")
    return 0 if (good, named) == (len(CASES), 3 * len(CASES)) else 1


def _tried(hub: LocalHub, folder: Path, number: int, case: Case) -> tuple[bool, int]:
    """Deploy, verify and tamper with one Space: whether it was verified, and how many changes were named."""
    space, workspace = f"alice/verified-{number:02}", folder / str(number)
    prepared(case, hub, space, workspace)
    good = verified(hub, space, workspace).outputs["result"] == "verified"
    named = [_named(hub, space, workspace, *change) for change in _changes(hub, space, case)]
    print(
        f"{'✓' if good and all(named) else '✗'} {case.name}: {'verified' if good else 'NOT verified'}, {sum(named)} of 3",
        flush=True,
    )
    return good, sum(named)


def _changes(hub: LocalHub, space: str, case: Case) -> Iterator[tuple[str, str, Callable[[Tampering, str], None]]]:
    victim = Tampering(hub, space).victim(case.kept)
    yield "changed", victim, Tampering.byte
    yield "modes", "README.md", Tampering.mode
    yield "extra", _EXTRA, Tampering.extra


def _named(
    hub: LocalHub, space: str, workspace: Path, kind: str, path: str, change: Callable[[Tampering, str], None]
) -> bool:
    tampering = Tampering(hub, space)
    change(tampering, path)
    step = verified(hub, space, workspace)
    tampering.back()
    paths = json.loads(step.outputs["receipt"])["paths"]
    others = [each for name in paths if name not in (kind, "kept") for each in paths[name]]
    return step.outputs["result"] == "differs" and paths[kind] == [path] and not others and path in step.log


if __name__ == "__main__":
    sys.exit(main())
