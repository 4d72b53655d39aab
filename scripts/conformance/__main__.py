"""`HF_TOKEN=… python -m scripts.conformance run`, and `… compare RECORDING`.

About 250 requests and some minutes, on free hardware only. Every Space that it makes is deleted, also where it is killed.
`run --only STEP` asks one step and prints what it found: `make live` begins with `static_host`.
"""

import argparse
import os
import sys
import traceback
from datetime import UTC, datetime
from pathlib import Path

import httpx2

from .assumptions import ASSUMPTIONS, verdicts
from .janitor import Janitor
from .run import Run, read
from .steps import STEPS


def main() -> int:
    """Run or compare; 0 if every step went, or every assumption holds."""
    parser = argparse.ArgumentParser(prog="python -m scripts.conformance", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    running = commands.add_parser("run", help="ask the Hub in HF_ENDPOINT with the token in HF_TOKEN")
    running.add_argument("--output", type=Path, help="the recording; by default tests/recorded/hub-DATE.jsonl")
    running.add_argument("--only", choices=[step.__name__ for step in STEPS], help="one step, and what it found")
    comparing = commands.add_parser("compare", help="say of every assumption of localhub whether it holds")
    comparing.add_argument("recording", type=Path)
    arguments = parser.parse_args()
    if arguments.command == "compare":
        return compare(arguments.recording)
    output = arguments.output or Path(f"tests/recorded/hub-{datetime.now(UTC):%Y-%m-%d}.jsonl")
    code = ask(output, arguments.only)
    if arguments.only and output.exists():
        print(*verdicts(read(output)), sep="\n")
    return code


def ask(output: Path, only: str | None = None) -> int:
    """Make a recording; 0 if no step failed and nothing is left."""
    endpoint, token = os.environ.get("HF_ENDPOINT", "https://huggingface.co"), os.environ.get("HF_TOKEN", "")
    if not token:
        print("Set HF_TOKEN to a token of a PRO account, and perhaps HF_FREE_TOKEN to one of a free account.")
        return 2
    output.parent.mkdir(parents=True, exist_ok=True)
    janitor = Janitor(endpoint)
    failed = 0
    try:
        with output.open("w", encoding="utf-8") as recording:
            run = Run(endpoint, token, recording, janitor, {"free": os.environ.get("HF_FREE_TOKEN", "")})
            for step in STEPS if only is None else [step for step in STEPS if step.__name__ == only]:
                run.step = step.__name__
                try:
                    step(run)
                except (httpx2.HTTPError, KeyError, TypeError, ValueError):  # the Hub answered what nobody expected
                    failed += 1
                    print(f"✗ {run.step}: {run.masks.text(traceback.format_exc(limit=-1))}")
                else:
                    print(f"✓ {run.step}")
    finally:
        left = janitor.end()
    print(f"{output}; {failed} steps failed, {left} Spaces could not be deleted")
    return int(bool(failed or left))


def compare(recording: Path) -> int:
    """Print what a recording says; 0 if everything is as assumed."""
    judged = verdicts(read(recording))
    for verdict in judged:
        print(verdict)
    unknown = len(ASSUMPTIONS) - len(judged)
    different = [verdict for verdict in judged if not verdict.holds]
    print(f"{len(judged) - len(different)} hold, {len(different)} differ, {unknown} were not asked")
    return int(bool(different))


if __name__ == "__main__":
    sys.exit(main())
