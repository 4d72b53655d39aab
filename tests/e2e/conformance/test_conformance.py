"""The script that asks the live Hub, asking localhub: all of its steps go, it finds what is otherwise, and it leaves nothing."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from scripts.conformance.assumptions import ASSUMPTIONS, Verdict, verdicts
from scripts.conformance.masks import Masks
from scripts.conformance.run import read
from tests.kit import ROOT
from tests.kit.local import LocalHub, localhub

COMMAND = [sys.executable, "-m", "scripts.conformance"]


def ask(hub: LocalHub, recording: Path) -> "subprocess.Popen[str]":
    env = {"PATH": os.environ["PATH"], "HF_ENDPOINT": hub.endpoint, "HF_TOKEN": "hf_alice", "HF_FREE_TOKEN": "hf_bob"}
    command = [*COMMAND, "run", "--output", str(recording)]
    return subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def compared(recording: Path) -> tuple[int, str]:
    done = subprocess.run([*COMMAND, "compare", str(recording)], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout


def spaces(hub: LocalHub) -> list[str]:
    return [
        each.id
        for name in ("alice", "bob")
        for each in HfApi(hub.endpoint, token=f"hf_{name}").list_spaces(author=name)
    ]


def test_every_step_goes_and_every_assumption_holds(tmp_path: Path) -> None:
    recording = tmp_path / "hub.jsonl"
    with localhub("--simulate", "--tick", "0.3", unlimited=False) as hub:
        with ask(hub, recording) as running:
            output, _ = running.communicate(timeout=200)
        assert running.returncode == 0, output
        assert "✗" not in output
        assert spaces(hub) == []

    code, text = compared(recording)
    assert code == 0, text
    assert text.endswith(f"{len(ASSUMPTIONS)} hold, 0 differ, 0 were not asked\n")
    lines = [json.loads(line) for line in recording.read_text().splitlines()]
    asked = [line for line in lines if "fact" not in line]
    assert {"step", "method", "path", "status", "ms", "headers", "body"} == set(asked[0])
    for secret in ("hf_alice", "hf_bob", "alice", "@example.com"):
        assert secret not in recording.read_text()


def test_three_variants_are_named_and_no_others(tmp_path: Path) -> None:
    recording = tmp_path / "hub.jsonl"
    wanted = {"late-tree", "script-before-doctype", "zerogpu-name"}
    with localhub("--simulate", "--tick", "0.3", "--variant", *wanted, unlimited=False) as hub:
        with ask(hub, recording) as running:
            output, _ = running.communicate(timeout=200)
        assert running.returncode == 0, output

    different = [verdict for verdict in verdicts(read(recording)) if not verdict.holds]
    assert {verdict.variant for verdict in different} == wanted
    assert compared(recording)[0] == 1


def test_what_was_made_is_deleted_also_where_the_run_is_killed(tmp_path: Path) -> None:
    with localhub("--simulate", "--tick", "0.3") as hub:
        with ask(hub, tmp_path / "hub.jsonl") as running:
            until = time.monotonic() + 60
            while len(spaces(hub)) < 2:
                assert time.monotonic() < until
                time.sleep(0.05)
            running.send_signal(signal.SIGKILL)
        while spaces(hub):
            assert time.monotonic() < until + 60, spaces(hub)
            time.sleep(0.1)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Bearer hf_AbCdEfGhIjKlMnOp", "Bearer <token>"),
        ("?__sign=eyJabc123456.def.ghi&a=b", "?<signed>&a=b"),
        ("me@example.com", "<e-mail>"),
        ("5f1b2c3d4e5f6a7b8c9d0e1f", "<id>"),
        ("https://Jane-demo.hf.space", "https://<account>-demo.hf.space"),
        ("a-planted-secret", "<token>"),
    ],
)
def test_masks(text: str, masked: str) -> None:
    assert Masks(["a-planted-secret"], "jane").value({"x": [text]}) == {"x": [masked]}


def test_an_answer_that_no_variant_gives_is_named_as_such() -> None:
    [found] = verdicts({"unknown-page": "Nothing here"})
    assert found == Verdict("unknown-page", "Nothing here", "Entry not found", None)
    assert "no variant answers so" in str(found)
