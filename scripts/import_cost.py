"""Measures the CPU of loading all that an unchanged deploy needs, beside that of loading the official client alone.

Both are loaded in turn, so that their ratio holds while the machine's speed drifts. Exits with 1 where the median ratio is above
the bound.
"""

import os
import resource
import statistics
import subprocess
import sys

BOUND = 1.5
RUNS = 15
# As entrypoint.py and main.py load it for `command: deploy`; a deploy that changes nothing loads nothing else.
DEPLOY = """
import gc
gc.disable()
import hfspace_action.main
import hfspace_action.commands.deploy
"""
CLIENT = """
from huggingface_hub import HfApi
import httpx2
"""


def cpu(code: str) -> float:
    """Return the seconds of CPU that a fresh interpreter takes for this code."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], env=os.environ | {"PYTHONDONTWRITEBYTECODE": ""}, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Measure, print and judge."""
    cpu(DEPLOY), cpu(CLIENT)  # bytecode is written, files are cached
    pairs = [(cpu(DEPLOY), cpu(CLIENT)) for _ in range(RUNS)]
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"deploy {ours * 1000:.0f} ms, client {theirs * 1000:.0f} ms, ratio {ratio:.2f} (bound {BOUND})")
    return int(ratio > BOUND)


if __name__ == "__main__":
    sys.exit(main())
