"""`make kills signals races fuzz leaks`, or all of them: `make hostile`. Each prints its total, and what is not as promised.

`--number` is how many (200 kills, 100 signals, 60 races, 50,000 texts, 100 leaks if left out), `--seed` makes a run again.
"""

import argparse
import sys
import tempfile
from pathlib import Path

NUMBERS = {"kills": 200, "signals": 100, "races": 60, "fuzz": 50_000, "leaks": 100}


def main() -> int:
    """Try what is asked for; 0 if all is as promised."""
    parser = argparse.ArgumentParser(prog="python -m scripts.hostile", description=__doc__)
    parser.add_argument("what", nargs="+", choices=[*NUMBERS, "all"])
    parser.add_argument("--number", type=int)
    parser.add_argument("--seed", type=int)
    parser.add_argument("--jobs", type=int, default=8)
    arguments = parser.parse_args()
    wanted = NUMBERS if "all" in arguments.what else dict.fromkeys(arguments.what)
    wrong = 0
    for what in wanted:
        number = arguments.number or NUMBERS[what]
        if what == "fuzz":
            from . import fuzz

            wrong |= fuzz.main(number, arguments.seed)
            continue
        with tempfile.TemporaryDirectory(prefix=f"{what}-") as folder:
            wrong |= _of(what)(number, arguments.seed or 0, Path(folder), arguments.jobs)
    return wrong


def _of(what: str):  # type: ignore[no-untyped-def]  # the module's `main`
    import importlib

    return importlib.import_module(f"scripts.hostile.{what}").main


if __name__ == "__main__":
    sys.exit(main())
