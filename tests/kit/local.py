"""A localhub in a process of its own, as a user would start it, and the handles that tests pull."""

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import httpx2

from tests.kit import ROOT


class LocalHub:
    """The handles of a running localhub: `endpoint`, the control routes, and the folder `data` that keeps everything."""

    def __init__(self, endpoint: str, control: httpx2.Client, data: Path) -> None:
        self.endpoint = endpoint
        self.data = data
        self._control = control

    def script(self, space: str, *steps: dict[str, Any], on_restart: Sequence[dict[str, Any]] = ()) -> None:
        """Play these stages from the Space's next commit on: `{"after": SECONDS, "stage": …, "build_log": …}`."""
        script = {"steps": list(steps), "on_restart": list(on_restart)}
        self._control.post(f"spaces/{space}/script", json=script).raise_for_status()

    def no_script(self, space: str) -> None:
        """Let the Space go on by itself from its next commit on."""
        self._control.delete(f"spaces/{space}/script").raise_for_status()

    def fault(self, **fault: Any) -> None:
        """Answer some requests wrongly: `method`, `path` (a regular expression), `kind`, and what the kind needs."""
        self._control.post("faults", json=fault).raise_for_status()

    def no_faults(self) -> None:
        """Answer rightly again."""
        self._control.delete("faults").raise_for_status()

    def limit(self, account: str, **limits: int) -> None:
        """Let an account (or `anonymous`) do so many `api`, `commits`, `creations`, counted from now on; or `storage`."""
        self._control.put(f"limits/{account}", json=limits).raise_for_status()

    def no_limit(self, account: str) -> None:
        """Take that back."""
        self._control.delete(f"limits/{account}").raise_for_status()

    def trust(self, space: str, **publisher: str) -> None:
        """Let jobs with these claims (`repository`, `branch`, `workflow`) publish to a Space without a stored token."""
        self._control.post(f"spaces/{space}/trusted-publishers", json=publisher).raise_for_status()

    def job(self, repository: str, **about: str) -> dict[str, str]:
        """The environment in which a job of GitHub's gets its id tokens: `branch`, `ref`, `workflow`, `event`."""
        job = self._control.post("oidc/jobs", json={"repository": repository, **about}).raise_for_status().json()
        return {"ACTIONS_ID_TOKEN_REQUEST_URL": job["url"], "ACTIONS_ID_TOKEN_REQUEST_TOKEN": job["token"]}

    def requests(self) -> list[dict[str, Any]]:
        """The requests served since the start, or since `forget`."""
        return list(self._control.get("requests").raise_for_status().json())

    def asked(self, path: str, times: int = 1, *, fault: str | None = None, patience: float = 30) -> None:
        """Wait until so many requests came whose path matches a regular expression, and, if one is named, met a fault of
        this kind. AssertionError if they don't come."""
        until = time.monotonic() + patience
        while times > sum(
            bool(re.search(path, each["path"])) and fault in (None, each["fault"]) for each in self.requests()
        ):
            assert time.monotonic() < until, f"not {times} requests for {path} in {patience} s"
            time.sleep(0.05)

    def forget(self) -> None:
        """Forget requests and faults."""
        self._control.delete("requests").raise_for_status()
        self._control.delete("faults").raise_for_status()


@contextmanager
def localhub(*options: str, unlimited: bool = True) -> Iterator[LocalHub]:
    """A fresh Hub, started with these command line options, that leaves nothing behind. Without rate limits, unless told."""
    with tempfile.TemporaryDirectory(prefix="localhub-") as data:
        command = [sys.executable, "-m", "localhub", "--port", "0", "--data", data, *options]
        command += ["--unlimited"] if unlimited else []
        with subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        ) as process:
            assert process.stdout is not None
            try:
                endpoint = _ready(process.stdout)
                # Nobody reads on, so the pipe must be emptied, or localhub would stand still once it is full.
                threading.Thread(target=_drain, args=(os.dup(process.stdout.fileno()),), daemon=True).start()
                with httpx2.Client(base_url=f"{endpoint}/_localhub/", timeout=10) as control:
                    yield LocalHub(endpoint, control, Path(data))
            finally:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()


@contextmanager
def process(*options: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A localhub and its address."""
    command = [sys.executable, "-W", "error", "-X", "dev", "-m", "localhub", *options]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        assert running.stdout
        ready = re.fullmatch(r"ready (http://127\.0\.0\.1:\d+)\n", running.stdout.readline())
        try:
            assert ready, running.stderr and running.stderr.read()
            yield running, ready[1]
        finally:
            running.kill()


def _ready(output: IO[str]) -> str:
    said = []
    for line in output:
        if line.startswith("ready "):
            return line.split()[1]
        said.append(line)
    raise RuntimeError(f"localhub ended before it was ready:\n{''.join(said)}")


def _drain(pipe: int) -> None:
    with open(pipe, "rb") as rest:
        while rest.read1():
            pass
