"""Who runs strangers' code in a rehearsal: another user, where that one can get to the Python that runs it."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from hfspace_action.commands.rehearsal.hub import USER
from tests.kit import ROOT

ASKED = "from hfspace_action.commands.rehearsal import hub; print(hub.stranger())"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
@pytest.mark.parametrize("mode", [0o700, 0o755])
def test_nobody_gets_to_a_python_behind_a_closed_folder(mode: int) -> None:
    """As that of a virtual environment in a temporary folder, whose own Python is the system's and open."""
    base = Path(sys.executable).resolve()
    environment = {"PYTHONPATH": os.pathsep.join([str(ROOT), *filter(None, sys.path)]), "PATH": os.environ["PATH"]}
    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        os.chmod(folder, mode)
        (link := Path(folder) / "python").symlink_to(base)
        told = subprocess.run([link, "-c", ASKED], env=environment, capture_output=True, text=True, check=True, cwd="/")

    reachable = mode == 0o755 and all(each.stat().st_mode & 0o001 for each in (base, *base.parents))
    assert told.stdout.strip() == str(USER if reachable else None)
