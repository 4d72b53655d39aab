"""Does what a failure's advice says: writes its Dockerfile or app.py, runs its commands, sets its inputs."""

import os
import re
import subprocess
from pathlib import Path

import yaml

_BLOCK = re.compile(r"```(\w+)\n(.*?)\n```", re.DOTALL)


def paste(advice: str, checkout: Path, *, pipx: Path | None = None) -> dict[str, str]:
    """Paste every block of lines; the inputs that they set. `pipx` is a folder with that program, which runners have."""
    inputs: dict[str, str] = {}
    for kind, lines in _BLOCK.findall(advice):
        if kind == "dockerfile":
            (checkout / "Dockerfile").write_text(lines + "\n")
        elif kind == "python":
            (checkout / "app.py").write_text(lines + "\n")
        elif kind == "sh":
            _run(lines, checkout, pipx)
        else:
            steps = yaml.safe_load(lines)
            for step in steps if isinstance(steps, list) else [steps]:
                if "run" in step:
                    _run(step["run"], checkout, pipx)
                inputs |= {name: str(value) for name, value in step.get("with", {}).items()}
    return inputs


def _run(command: str, checkout: Path, pipx: Path | None) -> None:
    path = f"{pipx}:{os.environ['PATH']}" if pipx else os.environ["PATH"]
    subprocess.run(command, shell=True, cwd=checkout, check=True, env=os.environ | {"PATH": path}, capture_output=True)
