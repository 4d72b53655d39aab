"""`make variants`: every promise on every variant alone, and pairwise; the table, and what is not kept.

With `--only NAME` only that variant, with `--promise NAME` only that promise, with `--cell "PROMISE SDK VISIBILITY TOKEN VARIANT…"`
only that cell.
"""

import argparse
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle
from pathlib import Path

from allpairspy import AllPairs

from localhub.variants.switches import ALL, GROUPS
from tests.kit.local import LocalHub, localhub

from .cell import PROMISES, SDKS, TOKENS, VISIBILITIES, Cell, is_possible
from .trial import ACCOUNTS, Trial


def main() -> int:
    """Try the cells, print the table; 0 if all is kept."""
    parser = argparse.ArgumentParser(prog="python -m scripts.variants", description=__doc__)
    parser.add_argument("--only", choices=ALL)
    parser.add_argument("--promise", choices=PROMISES)
    parser.add_argument("--pairs", action="store_true", help="only pairs of variants")
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--cell", action="append", type=cell_of)
    arguments = parser.parse_args()
    cells = arguments.cell or list(chosen(arguments.only, pairs=arguments.pairs))
    cells = [cell for cell in cells if arguments.promise in (None, cell.promise)]
    with tempfile.TemporaryDirectory(prefix="variants-") as folder:
        accounts = Path(folder) / "accounts.yml"
        accounts.write_text(ACCOUNTS, "utf-8")
        with localhub("--simulate", "--tick", "0.2", "--accounts", str(accounts)) as hub:
            found = dict(zip(cells, tried(hub, cells, Path(folder), arguments.jobs), strict=True))
    show(found)
    return int(any(found.values()))


def cell_of(text: str) -> Cell:
    """Return the cell that a command line names."""
    promise, sdk, visibility, token, *variants = text.split()
    if (
        promise not in PROMISES
        or sdk not in SDKS
        or visibility not in VISIBILITIES
        or token not in TOKENS
        or {*variants} - {*ALL}
    ):
        raise ValueError(text)
    return Cell(promise, sdk, visibility, token, frozenset(variants))


def chosen(only: str | None, *, pairs: bool) -> Iterator[Cell]:
    """Yield the cells of one variant, or of all alone and in pairs, or only those of pairs."""
    if not pairs:
        yield from alone(only)
    if pairs or not only:
        yield from pairwise()


def alone(only: str | None) -> Iterator[Cell]:
    """Each variant with each promise; kinds of Spaces and tokens take turns, so that every pair of them comes up."""
    kinds = cycle([tuple(row) for row in AllPairs([SDKS, VISIBILITIES, TOKENS])])
    for variant in [only] if only else ["", *ALL]:
        for promise in PROMISES:
            for _ in range(len(SDKS) * len(VISIBILITIES) * len(TOKENS)):
                cell = Cell(promise, *next(kinds), variants=frozenset({variant} - {""}))  # type: ignore[misc]
                if is_possible(cell):
                    yield cell
                    break


def pairwise() -> Iterator[Cell]:
    """Each pair of variants of two groups, of kinds and of promises, at least once."""
    groups = [["", *(each.name for each in group.VARIANTS)] for group in GROUPS]
    rows = AllPairs([PROMISES, SDKS, VISIBILITIES, TOKENS, *groups])
    for promise, sdk, visibility, token, *variants in rows:
        cell = Cell(promise, sdk, visibility, token, frozenset(variants) - {""})
        if is_possible(cell):
            yield cell


def tried(hub: LocalHub, cells: Sequence[Cell], folder: Path, jobs: int) -> list[list[str]]:
    """What is wrong in each cell."""

    def work(numbered: tuple[int, Cell]) -> list[str]:
        number, cell = numbered
        room = folder / str(number)
        room.mkdir()
        trial = Trial(hub, cell, room)
        try:
            problems = list(trial.problems())
        except Exception as error:  # noqa: BLE001 - of the trial, and shown as such
            problems = [f"it could not be tried: {error!r:.300}"]
        print(f"{'✗' if problems else '✓'} {cell}", *problems, sep="\n    ", flush=True)
        if problems and trial.step:
            print("    " + trial.step.log.replace("\n", "\n    "), flush=True)
        return problems

    with ThreadPoolExecutor(jobs) as pool:
        return list(pool.map(work, enumerate(cells)))


def show(found: dict[Cell, list[str]]) -> None:
    """Print the table."""
    cells: dict[str, dict[str, list[bool]]] = defaultdict(lambda: defaultdict(list))
    for cell, problems in found.items():
        for variant in cell.variants or {"(default)"}:
            cells[variant][cell.promise].append(not problems)
    width = max(map(len, cells), default=0)
    print(f"\n{'':{width}} " + " ".join(f"{promise:>9}" for promise in PROMISES))
    for variant in ["(default)", *ALL]:
        if variant in cells:
            row = (_sign(cells[variant][promise]) for promise in PROMISES)
            print(f"{variant:{width}} " + " ".join(f"{sign:>9}" for sign in row))
    kept = sum(not problems for problems in found.values())
    print(f"\n{kept} of {len(found)} cells kept")


def _sign(outcomes: list[bool]) -> str:
    return "·" if not outcomes else f"✓{len(outcomes)}" if all(outcomes) else f"✗{outcomes.count(False)}"


if __name__ == "__main__":
    sys.exit(main())
