"""make bench: measure, print the tables, and write docs/benchmarks.md."""

import argparse
import os
import sys
from pathlib import Path

from bench import page
from bench.promises import US, promises
from bench.run import run
from bench.trees import trees
from tests.kit import ROOT

PAGE = ROOT / "docs" / "benchmarks.md"


def main() -> int:
    """Exit code 1 if this action could not deploy, or left a file wrong."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="small trees, one round, nothing written: does it work?")
    parser.add_argument("--latency-ms", type=float, default=30.0, help="delay of each request, in milliseconds")
    parser.add_argument(
        "--open-webui",
        type=Path,
        default=os.environ.get("OPEN_WEBUI") or None,
        help="program that lays out Open WebUI's tree as a git checkout at its argument",
    )
    parser.add_argument(
        "--redraw", action="store_true", help="measure nothing: draw the picture from the page's figures"
    )
    arguments = parser.parse_args()
    if arguments.redraw:
        page.redraw(PAGE)
        return 0

    if not (arguments.quick or arguments.open_webui):
        parser.error("the page tells of Open WebUI: set OPEN_WEBUI, or give --open-webui")

    def say(line: str) -> None:
        print(line, file=sys.stderr, flush=True)

    chosen = trees(arguments.open_webui, quick=arguments.quick)
    results = []
    for result in run(chosen, arguments.latency_ms, say):
        results.append(result)
        print(f"\n{result.tree}\n\n{page.table(result)}", flush=True)
    if not arguments.quick:
        for promise in promises(results):
            print(f"{'kept' if promise.kept else 'MISSED':6} {promise.what}: {promise.measured}")
        page.write(PAGE, results, arguments.latency_ms)
    ours = [row for result in results for row in result.rows if row.contender == US]
    return 1 if any(row.refusal or row.wrong for row in ours) else 0


if __name__ == "__main__":
    sys.exit(main())
