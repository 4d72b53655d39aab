"""Logs that mean harm, or are only long."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hfspace_action.errors import catalogue
from hfspace_action.explain import Ended, explain
from tests.kit.corpus.make import PARTS
from tests.kit.corpus.scenario import DOCKER, GRADIO, log
from tests.unit.explain.asked import Texts

PIECES = sorted(
    {line for one in PARTS["tuned"] for line in log("tuned", one).read_text("utf-8").split("\n")}
    | {"Traceback (most recent call last):", "\x1b[", "\r", "::error::x", "{0}", "{", '"', "\ud800", "\x00", "#1 0.1 "}
)


LINES = st.lists(
    st.one_of(
        st.sampled_from(PIECES),
        st.text(max_size=80),
        st.tuples(st.sampled_from(PIECES), st.text(max_size=9)).map("".join),
    )
)


STAGES = st.sampled_from(
    ["BUILD_ERROR", "RUNTIME_ERROR", "CONFIG_ERROR", "NO_APP_FILE", "APP_STARTING", "PAUSED", "", "NEW"]
)


@settings(max_examples=150, deadline=None)
@given(
    stage=STAGES,
    lines=LINES,
    message=st.one_of(st.none(), st.text()),
    port=st.one_of(st.none(), st.text(max_size=6), st.integers()),
)
def test_any_text_is_survived(stage: str, lines: list[str], message: str | None, port: object) -> None:
    files = {"README.md": DOCKER, "Dockerfile": "\n".join(lines), "requirements.txt": "\n".join(lines), "app.py": ""}

    cause = explain(Ended(stage, message), lines, Texts(files), sdk="docker", data={"app_port": port})

    if cause:
        assert cause.id in catalogue()
        assert len(cause.excerpt) <= 10
        assert all(len(line) < 400 and "\x1b" not in line for line in cause.excerpt)


@pytest.mark.parametrize(
    "piece",
    ["a", "/", "= ", "\x1b[", "\x1b]", "1.", "1.1.1.1:", "http://", "exec: ", "sh: ", "lstat ", "The command '/bin/sh -c ",
     "you require a and ", "/Dockerfile", "File \"", "  ", "...", "Cannot find module '", "Cannot install ", "lib.so", "x: ", ": ",
     "Could not find a version that satisfies the requirement ", "permission denied /", "https://a/", "-r a ", "$A", "---\n"],
)  # fmt: skip
def test_long_lines_take_no_longer_than_their_length(piece: str) -> None:
    line = piece * (1_000_000 // len(piece))
    files = Texts({"README.md": GRADIO, "Dockerfile": "RUN " + line, "requirements.txt": line, "app.py": line})

    for stage in ("BUILD_ERROR", "APP_STARTING"):
        began = time.process_time()
        explain(Ended(stage, line), [line] * 20, files, sdk="docker", data={})
        assert time.process_time() - began < 2


@pytest.mark.parametrize(
    "begin",
    ["No solution found when resolving", "ERROR: Cannot install a because these package versions have conflicting dependencies",
     "npm error code ERESOLVE", "npm error code EUSAGE", "fatal: could not read Username for", "In --require-hashes mode, all"],
)  # fmt: skip
@pytest.mark.parametrize(
    "piece", ["a", "a==1 depends on ", "because a", "Wheels are available for `a`", "https://a/b/c/", "npm error peer a@", " and you require a"]
)  # fmt: skip
def test_long_lines_after_the_beginning_of_an_error_take_no_longer_than_their_length(begin: str, piece: str) -> None:
    junk = piece * (100_000 // len(piece))
    files = Texts({"README.md": DOCKER, "Dockerfile": "RUN x", "requirements.txt": junk[:4000], "package.json": "{}"})

    started = time.process_time()
    explain(Ended("BUILD_ERROR", None), [begin, *[junk] * 40], files, sdk="docker", data={})

    assert time.process_time() - started < 2
