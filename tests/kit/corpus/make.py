"""Make the logs again: `python -m tests.kit.corpus.make [NAME …]` provokes each failure with the real tool and writes its log.

It needs PyPI, the npm registry, a Docker engine with the image python:3.13-slim, node, uv, and, for the BuildKit samples,
buildx and an engine of its own (BUILDX="command that runs it"). It runs in the folder of the project.
"""

import shutil
import sys
import tempfile
from pathlib import Path

from tests.kit.corpus import (
    heldout_builds,
    heldout_scenarios,
    heldout_starts,
    scenario,
    tuned_builds,
    tuned_scenarios,
    tuned_starts,
)
from tests.kit.corpus.workshop import Workshop

PARTS = {
    "tuned": [*tuned_scenarios.SCENARIOS, *tuned_builds.SCENARIOS, *tuned_starts.SCENARIOS],
    "heldout": [*heldout_scenarios.SCENARIOS, *heldout_builds.SCENARIOS, *heldout_starts.SCENARIOS],
}


def main(names: list[str]) -> None:
    """Make the logs of `names`, or all."""
    with tempfile.TemporaryDirectory(prefix="corpus-") as scratch:
        for part, scenarios in PARTS.items():
            for one in scenarios:
                if not names or one.name in names or part in names:
                    target = scenario.log(part, one)
                    target.parent.mkdir(exist_ok=True)
                    target.write_text(_make(one, Path(scratch)), "utf-8", newline="")
                    print(f"{target}  {target.stat().st_size:,} bytes", flush=True)


def _make(one: scenario.Scenario, scratch: Path) -> str:
    folder = scratch / one.name
    for path, text in one.files.items():
        if path not in one.absent:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, newline="")
    try:
        return one.run(Workshop(folder, scratch))
    finally:
        shutil.rmtree(folder)


if __name__ == "__main__":
    main(sys.argv[1:])
