"""A step that is told to end does so within five seconds, says what is known, and leaves nothing half-done."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from tests.kit import ROOT, gitrepo, repository
from tests.kit.local import LocalHub, localhub, until
from tests.kit.step import commands
from tests.kit.step.action import Running, Step, begin, output_names, read_outputs

APP = {"Dockerfile": "FROM scratch\nEXPOSE 7860\n", "app.py": "print(1)\n"}
PATIENCE = 5.0  # seconds: GitHub sends SIGINT, after 7.5 s SIGTERM, and 2.5 s later the step is gone
BOTH = pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=["SIGTERM", "SIGINT"])


@pytest.fixture
def slow() -> Iterator[LocalHub]:
    """A Hub of one's own, which takes half a second for each answer."""
    with localhub("--simulate", "--latency-ms", "500") as hub:
        yield hub


def publish_before(api: HfApi, space: str) -> str:
    """A version that runs; its commit. One that is still being built would leave open whose build fails."""
    api.create_repo(space, repo_type="space", space_sdk="docker")
    files = [CommitOperationAdd("Dockerfile", b"FROM scratch\n"), CommitOperationAdd("old.txt", b"old\n")]
    commit = api.create_commit(space, files, repo_type="space", commit_message="Before").oid
    until(lambda: api.get_space_runtime(space).stage == "RUNNING", "the version before never ran")
    return commit


def stop(running: Running, number: signal.Signals) -> tuple[Step, float]:
    began = time.monotonic()
    running.signal(number)
    return running.end(), time.monotonic() - began


def cancelled(step: Step, seconds: float) -> None:
    """What holds for every step that was cancelled."""
    assert seconds < PATIENCE
    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "cancelled", "cancelled"), step.log
    assert "cancelled" in step.summary
    shown = commands.read(step.log)  # groups and fences are closed
    assert not shown.nested
    report_only = [name for name in commands.names(shown) if name != "warning"]  # of notes, which come last
    assert report_only[-1] == "error"
    assert "Traceback" not in step.log
    report = step.log[step.log.index("was cancelled:\n") :]
    assert len(re.findall(r"^(?!::)", report, re.MULTILINE)) <= 2, f"somebody speaks during the report:\n{report}"


@BOTH
def test_while_it_watches(number: signal.Signals, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    before = publish_before(api, space)
    repository.create(workspace, APP)
    log = "".join(f"line {each}\n" for each in range(50))
    hub.script(space, *[{"after": 0.1, "stage": "RUNNING_BUILDING", "build_log": log}] * 100)

    with begin(workspace, hub.endpoint, {"space": space}) as running:
        running.says("line 49")
        step, seconds = stop(running, number)

    cancelled(step, seconds)
    assert step.outputs["stage"] == "RUNNING_BUILDING"
    assert step.outputs["commit-sha"] == api.space_info(space).sha != before
    assert step.outputs["changed"] == "true"


@BOTH
def test_while_it_asks_an_app_that_hangs(
    number: signal.Signals, hub: LocalHub, api: HfApi, space: str, workspace: Path, deaf: socket.socket
) -> None:
    publish_before(api, space)
    repository.create(workspace, APP)
    hub.script(space, {"stage": "RUNNING", "sha": "new", "host": address(deaf)})

    with begin(workspace, hub.endpoint, {"space": space}) as running, deaf.accept()[0]:
        step, seconds = stop(running, number)

    cancelled(step, seconds)
    assert step.outputs["stage"] == "RUNNING"


@pytest.fixture
def deaf() -> Iterator[socket.socket]:
    """Something that takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(30)
        yield server


def address(server: socket.socket) -> str:
    return f"http://127.0.0.1:{server.getsockname()[1]}"


@BOTH
def test_while_it_reads(number: signal.Signals, slow: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, {**APP, **{f"many/{each}.txt": f"{each}\n" * 50 for each in range(3000)}})

    with begin(workspace, slow.endpoint, {"space": space}) as running:
        running.says("::add-mask::")
        step, seconds = stop(running, number)

    cancelled(step, seconds)
    assert slow.requests() == [] or not any(each["method"] == "POST" for each in slow.requests())


@BOTH
@pytest.mark.parametrize(
    "fault",
    [
        pytest.param({"method": "GET", "path": r"\?expand="}, id="a look at the Space"),
        pytest.param({"method": "POST", "path": "/preupload/"}, id="the question before an upload"),
        pytest.param({"method": "POST", "path": "/commit/main"}, id="the commit"),
    ],
)
def test_while_the_hub_hangs_at(
    number: signal.Signals, fault: dict[str, Any], hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    before = publish_before(api, space)
    repository.create(workspace, APP)
    already = len(hub.requests())
    hub.fault(kind="hang", **{**fault, "path": f"{space}.*{fault['path']}"})

    with begin(workspace, hub.endpoint, {"space": space}) as running:
        hub.asked("", since=already, fault="hang")
        step, seconds = stop(running, number)

    cancelled(step, seconds)
    assert head(api, hub, space) == before, "main is as it was"


@BOTH
@pytest.mark.parametrize("change", ["one commit", "a pull request"])
def test_while_it_uploads(
    number: signal.Signals, change: str, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    before = publish_before(api, space)
    repository.create(workspace, APP)
    gitrepo.write(workspace, {"model.bin": bytes(range(256)) * 4096 * 40})
    gitrepo.commit(workspace)
    if change == "a pull request":
        repository.commit(workspace, "Many", {f"many/{each}.txt": f"{each}\n" for each in range(1200)})
    hub.forget()
    hub.fault(path="/xorbs?/|/shards?", kind="hang")

    with begin(workspace, hub.endpoint, {"space": space}) as running:
        hub.asked("", fault="hang")
        step, seconds = stop(running, number)

    cancelled(step, seconds)
    assert head(api, hub, space) == before, "main is as it was"


@BOTH
def test_while_it_rolls_back(number: signal.Signals, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    publish_before(api, space)
    repository.create(workspace, APP)
    hub.script(space, {"stage": "RUNNING_BUILDING"}, {"after": 3.0, "stage": "BUILD_ERROR", "errorMessage": "broken"})
    since = len(hub.requests())

    with begin(workspace, hub.endpoint, {"space": space, "on-failure": "rollback"}) as running:
        hub.polled(space, since=since)
        hub.fault(method="GET", path=f"{space}/tree/", kind="hang")
        hub.asked(f"{space}/tree/", fault="hang")
        step, seconds = stop(running, number)

    assert seconds < PATIENCE
    assert (step.exit_code, step.outputs["result"]) == (1, "cancelled"), step.log
    assert step.outputs["commit-sha"] == head(api, hub, space)


def test_twice(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    repository.create(workspace, APP)
    hub.script(space, {"stage": "BUILDING"})

    with begin(workspace, hub.endpoint, {"space": space}) as running:
        hub.polled(space)
        running.signal(signal.SIGINT)
        step, seconds = stop(running, signal.SIGTERM)

    cancelled(step, seconds)
    assert step.log.count("This step was cancelled") <= 2


def head(api: HfApi, hub: LocalHub, space: str) -> str:
    """The head of main, after everything that went wrong on purpose is over."""
    hub.no_faults()
    return str(api.space_info(space).sha)


@BOTH
@pytest.mark.parametrize("first", [False, True], ids=["a process", "process 1"])
def test_before_anything_is_loaded(number: signal.Signals, first: bool, hub: LocalHub, tmp_path: Path) -> None:
    """Where it is process 1 of a container, a signal without a handler is lost."""
    files = {name: tmp_path / name for name in ("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY")}
    for file in files.values():
        file.touch()
    given = {
        "GITHUB_ACTIONS": "true",
        "INPUT_SPACE": "alice/demo",
        "INPUT_HF-TOKEN": "hf_alice",
        "INPUT_ENDPOINT": hub.endpoint,
    }
    environment = {"PATH": os.environ["PATH"], **given, **{name: str(file) for name, file in files.items()}}
    namespace = ["unshare", "--pid", "--fork", "--kill-child"] if first else []
    if first and subprocess.run([*namespace, "true"], capture_output=True, check=False).returncode:
        pytest.skip("a namespace of processes needs rights that are not there")
    command = [*namespace, sys.executable, "-u", "-X", "importtime", str(ROOT / "entrypoint.py")]

    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL
    ) as step:
        assert step.stderr
        for line in step.stderr:
            if line.rpartition(b"|")[2].strip() == b"hfspace_action":  # the first of ours, and the others are to come
                break
        children = Path(f"/proc/{step.pid}/task/{step.pid}/children").read_text("ascii").split() if first else []
        os.kill(int(children[0]) if children else step.pid, number)
        step.stderr.read()
        code = step.wait(30)

    outputs = read_outputs(files["GITHUB_OUTPUT"].read_text("utf-8"))
    assert (code, outputs["result"], outputs["error"]) == (1, "cancelled", "cancelled")
    assert outputs.keys() == output_names()
    assert "cancelled" in files["GITHUB_STEP_SUMMARY"].read_text("utf-8")
