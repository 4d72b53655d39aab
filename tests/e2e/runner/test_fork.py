"""What the tests' own fork spares a step does not change it: the client that was loaded before is the one that it would import."""

import json
import os
import shlex
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.kit import ROOT
from tests.kit.fork import program
from tests.kit.fork.server import TESTS
from tests.kit.fork.told import ENDPOINT


def told(how: str, home: Path, variables: dict[str, str]) -> dict[str, Any]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HF_")}
    command = [sys.executable, "-m", "tests.kit.fork.told", how, str(home), json.dumps(variables)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


@pytest.mark.parametrize(
    "variables",
    [{}, {"HF_HUB_ETAG_TIMEOUT": "77", "HF_XET_CACHE": "/elsewhere"}],
    ids=["as ever", "with variables of its own"],
)
def test_the_client_of_a_forked_step_is_the_one_that_it_would_import(variables: dict[str, str], tmp_path: Path) -> None:
    forked, fresh = (told(how, tmp_path, variables) for how in ("forked", "fresh"))

    assert {name: forked["globals"].get(name) for name in fresh["globals"]} == fresh["globals"]
    assert fresh["globals"]["huggingface_hub.constants.ENDPOINT"] == ENDPOINT
    assert (
        str(variables.get("HF_HUB_ETAG_TIMEOUT", 10))
        == forked["globals"]["huggingface_hub.constants.HF_HUB_ETAG_TIMEOUT"]
    )
    assert forked["left"] == []


def test_a_signal_to_a_program_that_has_just_ended_is_none(tmp_path: Path) -> None:
    """It is gone a moment before its end is told: `localhub()` then failed with a ProcessLookupError instead of what it says."""
    environment = {"PATH": os.environ["PATH"]}
    for _ in range(20):
        refused = program.start(
            program.Program.LOCALHUB, "--variant", "no-such", folder=tmp_path, environment=environment
        )
        while refused.poll() is None:
            refused.send_signal(0)
        assert refused.stdout
        refused.stdout.close()
        assert refused.returncode == 2


def test_a_process_of_pytest_has_the_tests_and_a_home_and_streams_of_its_own(tmp_path: Path) -> None:
    kept = {path: path.read_bytes() for path in (ROOT / ".pytest_cache/v").rglob("*") if path.is_file()}
    server = program.started(TESTS, str(tmp_path / "server"), "tests/unit/hub/test_network.py")
    text = (
        "import os, sys, huggingface_hub as h; print(*sys.stdin, os.environ['HF_HOME'], h.constants.HF_HOME, "
        "'tests.unit.hub.test_network' in sys.modules, os.getcwd()); print('err', file=sys.stderr); sys.exit(3)"
    )
    command = [*shlex.split(program.of_pytest(server)), "-u", "-c", text]
    homes = set()
    with socket.socket(socket.AF_UNIX) as connected:  # or it ends between the two
        connected.connect(server)
        for said in ("one", "two"):
            done = subprocess.run(command, cwd=tmp_path, input=said, capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (3, "err\n")
            heard, home, of_the_client, is_loaded, folder = done.stdout.split()
            assert (heard, is_loaded, folder) == (said, "True", str(tmp_path))
            assert home == of_the_client
            homes.add(home)
            Path(home).rmdir()
    assert len(homes - {os.environ["HF_HOME"]}) == 2
    assert {path: path.read_bytes() for path in kept} == kept, "--randomly-seed=last would be another's"
