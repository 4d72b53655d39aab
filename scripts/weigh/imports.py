"""What an unchanged deploy imports and does not use, seen in a real one of a static Space on localhub."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from scripts.image.slim import UNUSED
from scripts.import_cost import CLIENT, SITE
from tests.kit import ROOT, repository
from tests.kit.local import localhub
from tests.kit.step.action import deploy

PROFILE = Path(__file__).parent / "profile"
OURS = "hfspace_action"


class Loaded(NamedTuple):
    """A module that is loaded at the end of a run: its name, its file, and whether one of its functions ran."""

    name: str
    file: Path
    used: bool

    @property
    def package(self) -> str:
        """Its top-level package."""
        return self.name.partition(".")[0]


def of_a_deploy(*commands: str) -> list[Loaded]:
    """Return what is loaded at the end of a deploy that changes nothing, or of other commands beside it."""
    loaded: list[Loaded] = []
    with tempfile.TemporaryDirectory() as name, localhub("--simulate") as hub:
        folder = Path(name)
        site = repository.create(folder / "site", SITE)
        deploy(site, hub.endpoint, {"space": "alice/moon"})
        for command in commands or ("deploy",):
            used = folder / f"used-{command}"
            env = {"PYTHONPATH": str(PROFILE), "USED": str(used)}
            step = deploy(site, hub.endpoint, {"space": "alice/moon", "command": command}, env=env)
            if step.exit_code:
                raise SystemExit(step.log)
            loaded += [_read(line) for line in used.read_text("utf-8").splitlines()]
    return loaded


def _read(line: str) -> Loaded:
    name, file, used = line.split("\t")
    return Loaded(name, Path(file), used == "1")


def unused_packages(loaded: list[Loaded]) -> set[str]:
    """Return the installed packages of which no function ran, and that the official client alone does not load.

    Calls of compiled modules are not seen, so what has nothing else is not judged."""
    packages = {
        module.package for module in loaded if "site-packages" in module.file.parts and module.file.suffix == ".py"
    }
    return packages - {module.package for module in loaded if module.used} - _of_the_client()


def _of_the_client() -> set[str]:
    code = f"import importlib, sys; [importlib.import_module(name) for name in {CLIENT}]; print(*sys.modules)"
    environment = {"PATH": os.environ["PATH"]}
    shown = subprocess.run(
        [sys.executable, "-c", code], env=environment, check=True, capture_output=True, text=True
    ).stdout
    return {name.partition(".")[0] for name in shown.split()}


def unused_share(loaded: list[Loaded]) -> tuple[float, list[Loaded]]:
    """Return which part of our own code that is loaded, by its size, is in modules of which no function ran; and these, largest first."""
    ours = [module for module in loaded if module.package == OURS]
    idle = sorted((module for module in ours if not module.used), key=lambda module: -module.file.stat().st_size)
    size = sum(module.file.stat().st_size for module in ours)
    return sum(module.file.stat().st_size for module in idle) / size, idle


def without_bytecode(loaded: list[Loaded]) -> list[str]:
    """Return the modules that the image has only as source, because no run should import them (see slim.py)."""
    return [module.name for module in loaded if UNUSED.search(module.file.as_posix())]


def relative(module: Loaded) -> str:
    """Return a module of ours as a path in the repository."""
    return module.file.relative_to(ROOT).as_posix()
