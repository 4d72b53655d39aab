"""`make faults`: each request of each command × each way of going wrong × once or always; the table, and what is not as promised.

With `--sample 300` only so many, always the same; with `--command NAME` only those of a command; with `--match REGEX` only those whose
names match; with `--only "COMMAND | REQUEST | FAULT | HOW OFTEN"` only that cell, and its log. `--record` runs each command once
without faults and writes its requests to routes.txt.
"""

import argparse
import sys
import tempfile
from pathlib import Path

from . import cell as cells
from . import record, table
from .scenes import SCENES
from .shards import tried


def main() -> int:
    """Try the cells, print the table; 0 if all is as promised."""
    parser = argparse.ArgumentParser(prog="python -m scripts.faults", description=__doc__)
    parser.add_argument("--sample", type=int)
    parser.add_argument("--quick", type=int, help="so many that do not take long, as `make test` has them")
    parser.add_argument("--command", action="append", choices=SCENES, default=[])
    parser.add_argument("--match", default="")
    parser.add_argument("--only", action="append", type=cells.of)
    parser.add_argument("--jobs", type=int, default=16)
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="faults-") as folder:
        if arguments.record:
            return record.all_commands(Path(folder), arguments.command or list(SCENES))
        chosen = arguments.only or list(cells.every(arguments.command))
        if arguments.sample:
            chosen = cells.sample(arguments.sample, arguments.command)
        if arguments.quick:
            chosen = cells.quick(arguments.quick)
        chosen = [cell for cell in chosen if cells.holds(arguments.match, cell)]
        found = tried(chosen, Path(folder), arguments.jobs, show=bool(arguments.only))
    return table.show(found)


if __name__ == "__main__":
    sys.exit(main())
