"""Measures the CPU of importing all that an unchanged deploy needs, beside that of importing the official client alone.

What it needs is what Python imports in a real one, of a static Space on localhub, in that order. Both are imported in turn, so
that their ratio holds while the machine's speed drifts, and on one processor, as others may be slower at the time. Exits with 1 where the median ratio is above the bound.
"""

import os
import re
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.kit import ROOT, repository
from tests.kit.local import localhub
from tests.kit.step.action import deploy

BOUND = 1.5
RUNS = 41
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "LANG": "C.UTF-8",
}  # as in the image; certificates of the shell would be read at an import
SITE = {"README.md": "---\ntitle: Moon\nsdk: static\n---\n", "index.html": "<!doctype html>\n<title>Moon</title>\n"}
_IMPORTED = re.compile(
    r"^import time:[\s\d]*\|[\s\d]*\| (\S+)$", re.MULTILINE
)  # what imported something else is not set in
# As entrypoint.py begins. Some modules are looked for in vain in the deploy, too. What Python does at its end is no import.
_IMPORT = """
import gc, importlib, os, sys
gc.disable()
for name in sys.argv[1:]:
    try:
        importlib.import_module(name)
    except ImportError:
        pass
os._exit(0)
"""
CLIENT = ["huggingface_hub", "huggingface_hub.hf_api", "httpx2"]  # from huggingface_hub import HfApi; import httpx2


def needed() -> list[str]:
    """Return the modules that an unchanged deploy imports, without those that they import in their turn."""
    with tempfile.TemporaryDirectory() as folder, localhub("--simulate") as hub:
        site = repository.create(Path(folder) / "site", SITE)
        deploy(site, hub.endpoint, {"space": "alice/moon"})
        step = deploy(site, hub.endpoint, {"space": "alice/moon"}, env={"PYTHONPROFILEIMPORTTIME": "1"})
    if (step.outputs["result"], step.outputs["changed"]) != ("live", "false"):
        raise SystemExit(step.log)
    return _IMPORTED.findall(step.log)


def cpu(modules: list[str]) -> float:
    """Return the seconds of CPU that a fresh interpreter takes to import these modules."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", _IMPORT, *modules], cwd=ROOT, env=ENVIRONMENT, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> int:
    """Measure, print and judge."""
    modules = needed()
    if sys.platform == "linux":
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    cpu(modules), cpu(CLIENT)  # bytecode is written, files are cached
    pairs = [(cpu(modules), cpu(CLIENT)) for _ in range(RUNS)]
    ours, theirs = (statistics.median(times) for times in zip(*pairs, strict=True))
    ratio = statistics.median(one / other for one, other in pairs)
    print(f"deploy {ours * 1000:.0f} ms, client {theirs * 1000:.0f} ms, ratio {ratio:.2f} (bound {BOUND})")
    return int(ratio > BOUND)


if __name__ == "__main__":
    sys.exit(main())
