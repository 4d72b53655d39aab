"""Rounds of something hostile, over several Hubs at once."""

import queue
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from scripts.faults.trial import Bench, bench


class Round(NamedTuple):
    """What is tried, in a line, and what tries it on a Hub and yields what is wrong."""

    name: str
    tried: Callable[[Bench], Iterable[str]]


def in_parallel(what: str, rounds: Sequence[Round], folder: Path, jobs: int) -> int:
    """Try all, print what is wrong and the total; 0 if nothing is."""
    waiting = queue.SimpleQueue[Round]()
    for each in rounds:
        waiting.put(each)
    wrong: list[str] = []

    def work(job: int) -> None:
        number = 0
        while not waiting.empty():
            number += 1
            with bench(folder / f"{job}-{number}") as on:
                while True:
                    try:
                        one = waiting.get_nowait()
                    except queue.Empty:
                        return
                    if problems := _tried(one, on):
                        wrong.append(one.name)
                        print(f"✗ {one.name}", *problems, sep="\n    ", flush=True)
                        break  # what is wrong may be the Hub's

    threads = [threading.Thread(target=work, args=(job,)) for job in range(min(jobs, len(rounds)))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{what}: {len(rounds) - len(wrong)} of {len(rounds)} as promised", flush=True)
    return int(bool(wrong))


def _tried(one: Round, on: Bench) -> list[str]:
    try:
        return list(one.tried(on))
    except Exception as error:  # noqa: BLE001 - of the trial, and shown as such
        return [f"it could not be tried: {error!r:.600}"]
