"""`make live` says first what a static Space's `/` answers: one step of the script that asks the live Hub."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from tests.kit import ROOT
from tests.kit.local import localhub

COMMAND = [sys.executable, "-m", "scripts.conformance", "run", "--only", "static_host"]


def asked(recording: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    command = [*COMMAND, "--output", str(recording)]
    env = {"PATH": os.environ["PATH"], **env}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    ("variant", "said"),
    [
        ("", "static-front-page: holds (302 /index.html)"),
        (
            "no-static-redirect",
            "static-front-page: differs: localhub should answer '200', not '302 /index.html' (variant no-static-redirect)",
        ),
    ],
)
def test_what_the_front_page_answers_is_said_and_no_other_step_goes(tmp_path: Path, variant: str, said: str) -> None:
    with localhub("--simulate", "--tick", "0.1", *(["--variant", variant] if variant else [])) as hub:
        done = asked(tmp_path / "hub.jsonl", {"HF_ENDPOINT": hub.endpoint, "HF_TOKEN": "hf_alice"})
        left = list(HfApi(hub.endpoint, token="hf_alice").list_spaces(author="alice"))

    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout.splitlines()
    assert said in lines
    assert [line for line in lines if line[0] in "✓✗"] == ["✓ static_host"]
    assert left == []


def test_make_live_begins_with_it() -> None:
    done = subprocess.run(["make", "--dry-run", "live"], cwd=ROOT, capture_output=True, text=True, check=True)

    commands = [line for line in done.stdout.splitlines() if "scripts." in line or "pytest" in line]
    assert ["scripts.conformance run --only static_host" in line for line in commands] == [True, False]
    assert "pytest -m live" in commands[1]


def test_without_a_token_it_says_what_is_missing(tmp_path: Path) -> None:
    done = asked(tmp_path / "hub.jsonl", {})

    assert done.returncode == 2
    assert "Set HF_TOKEN" in done.stdout
