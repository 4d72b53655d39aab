"""hf-space-deploy as people and scripts start it: a process with arguments, an environment and two streams."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.kit import ROOT

PROGRAM = (sys.executable, str(ROOT / "entrypoint.py"))


class Run(NamedTuple):
    """How it ended, and what it printed."""

    exit_code: int
    out: str
    err: str

    @property
    def outputs(self) -> dict[str, str]:
        """The outputs that --json prints."""
        printed: dict[str, str] = json.loads(self.out)
        return printed


def run(folder: Path, *arguments: str, env: Mapping[str, str] | None = None, program: Sequence[str] = PROGRAM) -> Run:
    """Run the program in a folder, with nothing of this machine's environment but what `env` has."""
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    own = {"PATH": os.environ["PATH"], "HOME": str(home), "HF_HOME": str(home / "hf"), "LANG": "C.UTF-8"}
    own |= {name: value for name, value in os.environ.items() if name.startswith(("COVERAGE_", "TMPDIR"))}
    done = subprocess.run(
        [*program, *arguments], cwd=folder, env=own | dict(env or {}), capture_output=True, timeout=120, check=False
    )  # fmt: skip
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def folder(path: Path, files: Mapping[str, str]) -> Path:
    """Make a folder with these files, without git."""
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text, "utf-8")
    return path
