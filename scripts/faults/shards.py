"""Cells over several Hubs at once, each of which tries one cell at a time: most of a cell is waiting."""

import queue
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from .cell import Cell
from .judge import Kind, Problem
from .trial import Bench, Trial, bench


class Outcome(NamedTuple):
    """What came of a cell: what is wrong, how the step ended, and how long it took in seconds."""

    cell: Cell
    problems: tuple[Problem, ...]
    result: str
    seconds: float
    log: str


def tried(cells: Sequence[Cell], folder: Path, jobs: int, *, show: bool = False, quiet: bool = False) -> list[Outcome]:
    """Try cells; what came of them, in their order. `show` prints each one's log, `quiet` nothing."""
    waiting = queue.SimpleQueue[int]()
    for number in range(len(cells)):
        waiting.put(number)
    found: dict[int, Outcome] = {}

    def work(job: int) -> None:
        rooms = (folder / f"{job}-{number}" for number in range(len(cells) + 1))
        while not waiting.empty():
            with bench(next(rooms)) as on:
                for number in _taken(waiting):
                    found[number] = outcome = _tried(cells[number], on)
                    if not quiet:
                        _print(outcome, len(found), len(cells), show=show)
                    if _is_lost(cells[number], outcome):
                        break

    threads = [threading.Thread(target=work, args=(job,)) for job in range(min(jobs, len(cells)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [found[number] for number in sorted(found)]


def _taken(waiting: "queue.SimpleQueue[int]") -> Iterator[int]:
    while True:
        try:
            yield waiting.get_nowait()
        except queue.Empty:
            return


def _tried(cell: Cell, on: Bench) -> Outcome:
    trial = Trial(cell)
    try:
        problems = list(trial.problems(on))
    except Exception as error:  # noqa: BLE001 - of the trial, and shown as such
        problems = [Problem(Kind.UNTRIED, f"it could not be tried: {error!r:.300}")]
    return Outcome(cell, tuple(problems), trial.result, trial.seconds, trial.log)


def _is_lost(cell: Cell, outcome: Outcome) -> bool:
    """Whether a Hub is of no use any more after a cell: nobody reaches it, or what was wrong may be its own."""
    return (cell.fault == "refused" and cell.often == "always") or any(
        each.kind is Kind.UNTRIED for each in outcome.problems
    )


def _print(outcome: Outcome, number: int, of: int, *, show: bool) -> None:
    words = [f"{each.kind}: {each.words}" for each in outcome.problems]
    head = f"{'✗' if words else '✓'} {number}/{of} {outcome.cell.id} → {outcome.result} ({outcome.seconds:.1f} s)"
    log = [outcome.log.replace("\n", "\n    ")] if show else []
    print("\n    ".join([head, *words, *log]) + "\n", end="", flush=True)  # in one piece: others print too
