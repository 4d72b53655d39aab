"""A localhub in a process of its own, as a user would start it, and the handles that tests pull."""

import os
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import httpx2

from tests.kit import ROOT, received
from tests.kit.fork import program
from tests.kit.fork.program import Program
from tests.kit.judge import exchanges


class LocalHub:
    """The handles of a running localhub: `endpoint`, the control routes, and the folder `data` that keeps everything."""

    def __init__(self, endpoint: str, control: httpx2.Client, data: Path) -> None:
        self.endpoint = endpoint
        self.data = data
        self._control = control
        self._test = os.environ.get("PYTEST_CURRENT_TEST", "")

    def script(
        self, space: str, *steps: dict[str, Any], on_restart: Sequence[dict[str, Any]] = (), commits: int | None = None
    ) -> None:
        """Play these stages from the Space's next commit on, or after so many: `{"after": SECONDS, "stage": …, "build_log": …}`."""
        script = {"steps": list(steps), "on_restart": list(on_restart), "commits": commits}
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
        """Let jobs with these claims (`repository`, `branch`, `workflow`; or a `provider` and claims of its own) publish to a
        Space without a stored token."""
        self._control.post(f"spaces/{space}/trusted-publishers", json=publisher).raise_for_status()

    def domain(self, space: str, **about: str) -> str:
        """Give a Space a custom `domain`, in a `stage`: by default one that is READY and leads to it. The domain."""
        return str(self._control.post(f"spaces/{space}/domains", json=about).raise_for_status().json()["domain"])

    def job(self, repository: str, **about: str) -> dict[str, str]:
        """The environment in which a job of GitHub's gets its id tokens: `branch`, `ref`, `workflow`, `event`; of another
        `provider` (gitlab, circleci, bitbucket) too, whose own runner asks there."""
        job = self._control.post("oidc/jobs", json={"repository": repository, **about}).raise_for_status().json()
        return {"ACTIONS_ID_TOKEN_REQUEST_URL": job["url"], "ACTIONS_ID_TOKEN_REQUEST_TOKEN": job["token"]}

    def requests(self) -> list[dict[str, Any]]:
        """The requests served since the start, or since `forget`."""
        return list(self._control.get("requests").raise_for_status().json())

    def visits(self) -> list[dict[str, Any]]:
        """The same of the requests to Spaces' own addresses."""
        return list(self._control.get("visits").raise_for_status().json())

    def asked(self, path: str, *, since: int = 0, fault: str | None = None) -> None:
        """Wait for a request whose path and query match a regular expression and which, if one is named, met a fault of
        this kind. The first `since` requests don't count."""

        def arrived() -> bool:
            new = self.requests()[since:]
            return any(re.search(path, each["path"]) and fault in (None, each["fault"]) for each in new)

        until(arrived, f"no request for {path}")

    def writes(self, space: str) -> list[str]:
        """The addresses by which something was asked of a Space beyond reading it."""
        of_it = [each for each in self.requests() if f"/{space}/" in f"{each['path']}/"]
        return [each["path"] for each in of_it if each["method"] != "GET" and "/paths-info/" not in each["path"]]

    def committed(self, space: str, *, since: int = 0) -> None:
        """Wait until a step has published: a commit on the Space's main was answered. The first `since` requests don't
        count."""
        until(lambda: self._after_the_commit(space, since) is not None, f"no commit to {space}")

    def polled(self, space: str, *, since: int = 0) -> None:
        """Wait until a step watches what it has published: it asks for the Space's state after its commit."""
        state = {"path": f"/api/spaces/{space}", "method": "GET"}
        until(
            lambda: any(state.items() <= each.items() for each in self._after_the_commit(space, since) or []),
            f"nobody watches {space}",
        )

    def _after_the_commit(self, space: str, since: int) -> list[dict[str, Any]] | None:
        """The requests that came after the latest commit on the Space's main, if there was one."""
        commit = {"path": f"/api/spaces/{space}/commit/main", "status": 200}
        requests = self.requests()[since:]
        found = [number for number, each in enumerate(requests, 1) if commit.items() <= each.items()]
        return requests[found[-1] :] if found else None

    def vary(self, *names: str, of: str = "") -> None:
        """Switch on these variants, and no others, for all repositories whose id begins so."""
        self._control.put("variants", json={"on": names, "for": of}).raise_for_status()

    def received(self, to: str | None = None) -> list[dict[str, Any]]:
        """What reached the apps behind the edge (of one Space, or `cdn`): headers and query, since the last `forget`."""
        asked = {} if to is None else {"to": to}
        return list(self._control.get("received", params=asked).raise_for_status().json())

    def forget(self) -> None:
        """Forget requests and faults."""
        received.keep(self.received(), self._test)
        self._control.delete("requests").raise_for_status()
        self._control.delete("faults").raise_for_status()

    def samples(self) -> list[dict[str, Any]]:
        """One exchange of each shape since the start, as pyhfapi's types will judge them."""
        kept = self._control.get("samples").raise_for_status().json()
        assert not kept["left_out"], f"{kept['left_out']} shapes were one too many to keep"
        return list(kept["samples"])

    def keep_samples(self) -> None:
        """Leave them for the end of the run."""
        exchanges.keep(self.samples(), self._test)


def until(condition: Callable[[], object], complaint: str = "it never came", patience: float = 30) -> None:
    """Wait for something to be so. AssertionError if it isn't in time."""
    end = time.monotonic() + patience
    while not condition():
        assert time.monotonic() < end, f"{complaint} in {patience:.0f} s"
        time.sleep(0.02)


@contextmanager
def localhub(*options: str, unlimited: bool = True) -> Iterator[LocalHub]:
    """A fresh Hub, started with these command line options, that leaves nothing behind. Without rate limits, unless told."""
    with tempfile.TemporaryDirectory(prefix="localhub-") as data:
        arguments = ["--port", "0", "--data", data, *options, *(["--unlimited"] if unlimited else [])]
        process = program.start(Program.LOCALHUB, *arguments, folder=ROOT, environment=os.environ)
        assert process.stdout is not None
        with process.stdout as output:
            try:
                endpoint = _ready(output)
                # Nobody reads on, so the pipe must be emptied, or localhub would stand still once it is full.
                threading.Thread(target=_drain, args=(os.dup(output.fileno()),), daemon=True).start()
                with httpx2.Client(base_url=f"{endpoint}/_localhub/", timeout=10, verify=False) as control:
                    hub = LocalHub(endpoint, control, Path(data))
                    yield hub
                    with suppress(httpx2.TransportError):  # a test may have ended it
                        hub.forget()
                        hub.keep_samples()
            finally:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait()


NO_ANSWER = (httpx2.RemoteProtocolError, httpx2.ReadError)
"""What the client raises where the connection ends without an answer: which of both is a matter of moments."""


def complaints(errors: str) -> list[str]:
    """What a localhub in Python's development mode complains of, but for steps that take long on a busy machine."""
    return [line for line in errors.splitlines() if not line.startswith("WARNING:asyncio:Executing")]


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


def _ready(output: IO[bytes]) -> str:
    said = []
    for line in map(bytes.decode, output):
        if line.startswith("ready "):
            return line.split()[1]
        said.append(line)
    raise RuntimeError(f"localhub ended before it was ready:\n{''.join(said)}")


def _drain(pipe: int) -> None:
    with open(pipe, "rb") as rest:
        while rest.read1():
            pass
