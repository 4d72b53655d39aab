"""hf-space-deploy as people and scripts start it: a process with arguments, an environment and two streams."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from tests.kit import ROOT
from tests.kit.fork import program as fork

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


def run(
    folder: Path, *arguments: str, env: Mapping[str, str] | None = None, program: Sequence[str] | None = None
) -> Run:
    """Run the program (this one, or that of a command) in a folder, with nothing of this machine's environment but what `env` has."""
    home = folder.parent / "home"
    home.mkdir(exist_ok=True)
    own = {"PATH": os.environ["PATH"], "HOME": str(home), "HF_HOME": str(home / "hf"), "LANG": "C.UTF-8"}
    own |= {name: value for name, value in os.environ.items() if name.startswith(("COVERAGE_", "TMPDIR"))}
    own |= env or {}
    if program is None and arguments:  # without any, entrypoint.py is a step
        done = fork.run(fork.Program.ACTION, *arguments, folder=folder, environment=own)
    else:
        command = [*(program or PROGRAM), *arguments]
        done = subprocess.run(command, cwd=folder, env=own, capture_output=True, timeout=120, check=False)
    return Run(done.returncode, done.stdout.decode(), done.stderr.decode())


def folder(path: Path, files: Mapping[str, str]) -> Path:
    """Make a folder with these files, without git."""
    for name, text in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_text(text, "utf-8")
    return path
