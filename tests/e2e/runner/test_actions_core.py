"""The official `@actions/core` judges `runner`: the same calls must leave the same bytes in the log and the files."""

import io
import json
import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from hfspace_action.workflow.runner import Runner
from tests.kit import needs

NODE = Path(__file__).parent / "node"
pytestmark = pytest.mark.xdist_group("npm @actions/core")  # installed once
Call = tuple[str, Callable[[Runner], None], list[object]]

ODD = "50 % off: a, b;c=d ]\r\nnext\nlast %0A %3A é ✓"
ODD_PRINTABLE = ODD.replace("\r\n", "\n")  # a carriage return in the middle of a text is ours to take out
CALLS: list[Call] = [
    ("error", lambda runner: runner.error("plain"), ["plain"]),
    (
        "error",
        lambda runner: runner.error(ODD, title=ODD, file="a,b/c:d é.py", line=12),
        [ODD_PRINTABLE, {"title": ODD_PRINTABLE, "file": "a,b/c:d é.py", "startLine": 12}],
    ),
    ("warning", lambda runner: runner.warning(ODD, file="README.md"), [ODD_PRINTABLE, {"file": "README.md"}]),
    ("debug", lambda runner: runner.debug(ODD), [ODD_PRINTABLE]),
    ("info", lambda runner: runner.info("two\nlines é"), ["two\nlines é"]),
    ("setSecret", lambda runner: runner.mask("hf_50%:,x"), ["hf_50%:,x"]),
    (
        "setOutput",
        lambda runner: runner.output("app-url", "https://x.example/?a=b%20c"),
        ["app-url", "https://x.example/?a=b%20c"],
    ),
    ("setOutput", lambda runner: runner.output("empty", ""), ["empty", ""]),
    ("setOutput", lambda runner: runner.output("odd", ODD), ["odd", ODD_PRINTABLE]),
    ("summary", lambda runner: runner.summary("# é\n\n| a |\n"), ["# é\n\n| a |\n"]),
]


class Written(NamedTuple):
    log: str
    output: str
    summary: str


@pytest.fixture(scope="module")
def node() -> str:
    """Node with `@actions/core` installed from the lock file."""
    return needs.node(NODE, "@actions/core")


def files(folder: Path) -> dict[str, str]:
    folder.mkdir()
    for name in ("output", "summary"):
        (folder / name).touch()
    named = {"GITHUB_OUTPUT": str(folder / "output"), "GITHUB_STEP_SUMMARY": str(folder / "summary")}
    return {"GITHUB_ACTIONS": "true", **named}


def written(log: str, env: dict[str, str]) -> Written:
    """What was left behind, with the random delimiters numbered."""
    output = Path(env["GITHUB_OUTPUT"]).read_bytes().decode()
    for number, delimiter in enumerate(re.findall(r"<<(ghadelimiter_[0-9a-f-]{36})$", output, re.MULTILINE)):
        output = output.replace(delimiter, f"delimiter-{number}")
    return Written(log, output, Path(env["GITHUB_STEP_SUMMARY"]).read_bytes().decode())


def ours(calls: list[Call], env: dict[str, str]) -> Written:
    out = io.StringIO(newline="")
    runner = Runner(env, out)
    for _, call, _ in calls:
        call(runner)
    return written(out.getvalue(), env)


def theirs(calls: list[Call], env: dict[str, str], node: str) -> Written:
    script = json.dumps([[name, *values] for name, _, values in calls])
    command = [node, str(NODE / "write.js"), script]
    done = subprocess.run(command, env=os.environ | env, capture_output=True, check=True)
    return written(done.stdout.decode(), env)


def test_same_bytes_as_the_official_toolkit(node: str, tmp_path: Path) -> None:
    expected = theirs(CALLS, files(tmp_path / "theirs"), node)
    assert ours(CALLS, files(tmp_path / "ours")) == expected
    assert expected.log.count("::error") == 2
    assert expected.output.count("delimiter-") == 6
    assert expected.summary


def test_same_group_as_the_official_toolkit(node: str, tmp_path: Path) -> None:
    script: list[Call] = [
        ("startGroup", lambda _: None, [ODD_PRINTABLE]),
        ("info", lambda _: None, ["x"]),
        ("endGroup", lambda _: None, []),
    ]
    out = io.StringIO(newline="")
    runner = Runner({"GITHUB_ACTIONS": "true"}, out)
    with runner.group(ODD):
        runner.info("x")
    assert out.getvalue() == theirs(script, files(tmp_path / "theirs"), node).log
