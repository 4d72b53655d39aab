"""Runs the Action as a runner does: the same program, environment and files; and reads what it left behind.

In the work tree's own Python by default, forked from one that has its modules loaded already; in the image where `image` names one.
"""

import functools
import os
import signal
import subprocess
import tempfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pygit2
import yaml

from hfspace_action.inputs.schema import secret_values
from tests.kit import ROOT
from tests.kit.fork import program
from tests.kit.fork.program import Forked, Program
from tests.kit.step import leaks

REPOSITORY = "octo/site"
GITHUB = "https://api.github.com"
AUDIT = ROOT / "tests/kit/step/audit"
"""What a step's Python loads at its start, to write down the processes that it starts."""

_OF_THE_RUN = ("GITHUB_EVENT_", "GITHUB_ACTOR", "GITHUB_SHA")
"""What a test may say otherwise of the run, in `env`; see event.py."""


@dataclass(frozen=True)
class Step:
    """A step that has ended: what it said, and what it left for the runner."""

    exit_code: int
    log: str
    outputs: Mapping[str, str]
    summary: str


class Running:
    """A step under way. `runner` is the folder with all that the runner gave it."""

    def __init__(self, process: "subprocess.Popen[bytes] | Forked", runner: Path, secrets: Sequence[str]) -> None:
        self._process, self.runner, self._secrets = process, runner, secrets
        self._log, self._news = b"", threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def says(self, text: str, patience: float = 30) -> str:
        """Wait until the step's log holds `text`; the log so far. AssertionError if the step ends without having said it."""
        with self._news:
            self._news.wait_for(lambda: text.encode() in self._log or not self._reader.is_alive(), patience)
            log = self._log.decode("utf-8", "replace")
        assert text in log, log
        return log

    @property
    def log(self) -> str:
        """What the step's log holds by now."""
        with self._news:
            return self._log.decode("utf-8", "replace")

    @property
    def takes_signals(self) -> bool:
        """Whether the step has got so far that SIGTERM does not just end it. (Before, there is Python's own start.)"""
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text("utf-8")
        except FileNotFoundError:
            return False
        caught = next((line.split()[1] for line in status.splitlines() if line.startswith("SigCgt:")), "0")
        return bool(int(caught, 16) & 1 << (signal.SIGTERM - 1))

    @property
    def ended(self) -> bool:
        """Whether the step has ended by itself."""
        return self._process.poll() is not None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the step, as a runner does when its workflow is cancelled."""
        self._process.send_signal(number)

    def end(self, patience: float = 120) -> Step:
        """Wait for the step to end."""
        try:
            code = self._process.wait(patience)
        finally:
            self.kill()
            # Its outputs and summary, its own files, the arguments of what it started: all lie in this folder.
            leaks.refuse(self._secrets, leaks.files(self.runner) | {"log": self._log.decode("utf-8", "replace")})
        return Step(
            code,
            self._log.decode(),
            read_outputs((self.runner / "output").read_text("utf-8")),
            (self.runner / "summary").read_text("utf-8"),
        )

    def kill(self) -> None:
        """End the step by force, if it has not ended."""
        self._process.kill()
        self._reader.join()
        self._process.wait()

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as output:
            while piece := os.read(output.fileno(), 1 << 16):
                with self._news:
                    self._log += piece
                    self._news.notify_all()
        with self._news:
            self._news.notify_all()


def deploy(
    workspace: Path,
    endpoint: str,
    inputs: Mapping[str, str],
    *,
    env: Mapping[str, str] | None = None,
    image: str | None = None,
    github: str = GITHUB,
) -> Step:
    """Run one step over `workspace` against the Hub at `endpoint`, in alice's name unless `inputs` hold another token.

    Inputs that are not given get the defaults of action.yml, as the runner does it, but for `healthy`: only the tests of that
    wait for more than one good answer. `env` is the workflow's own.
    `github` is the address of GitHub's API; without the input `github-token` it is not asked.
    """
    with begin(workspace, endpoint, inputs, env=env, image=image, github=github) as step:
        return step.end()


@contextmanager
def begin(
    workspace: Path,
    endpoint: str,
    inputs: Mapping[str, str],
    *,
    env: Mapping[str, str] | None = None,
    image: str | None = None,
    github: str = GITHUB,
) -> Iterator[Running]:
    """Begin a step as `deploy` does, and do something else while it runs."""
    with tempfile.TemporaryDirectory(prefix="runner-") as name:
        runner = Path(name)
        runner.chmod(0o755)  # as on a runner, whose folder for temporary files another user of it can reach
        for file in ("output", "summary", "state", "env", "processes"):
            (runner / file).touch()
        for folder in ("home", "temp"):
            (runner / folder).mkdir()
        inside = (
            _Paths(workspace, runner) if image is None else _Paths(Path("/github/workspace"), Path("/github/runner"))
        )
        variables = {
            **(env or {}),
            **_inputs({"endpoint": endpoint, "hf-token": "hf_alice", "healthy": "1", **inputs}),
            **_runner_variables(workspace, inside, github),
            **{name: value for name, value in (env or {}).items() if name.startswith(_OF_THE_RUN)},
        }
        process: subprocess.Popen[bytes] | Forked
        if image is None:
            audit = {"PYTHONPATH": str(AUDIT), "AUDIT": str(runner / "processes")}
            coverage = {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
            environment = {"PATH": os.environ["PATH"], "TMPDIR": str(runner / "temp"), **audit, **coverage, **variables}
            process = program.start(Program.ACTION, folder=workspace, environment=environment, of_its_own=env or {})
        else:
            command = ["docker", "run", "--rm", "--network", "host", "--workdir", str(inside.workspace)]
            command += ["--volume", f"{workspace}:{inside.workspace}", "--volume", f"{runner}:{inside.runner}"]
            command += [f"--env={name}={value}" for name, value in variables.items()] + [image]
            process = subprocess.Popen(command, cwd=workspace, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        step = Running(process, runner, secret_values(variables))
        try:
            yield step
        finally:
            step.kill()


def read_outputs(text: str) -> dict[str, str]:
    """What the runner understands of a file behind GITHUB_OUTPUT: `name=value`, or `name<<END`, lines, `END`."""
    outputs: dict[str, str] = {}
    lines = iter(text.removesuffix("\n").split("\n")) if text else iter(())
    for line in lines:
        name, equals, value = line.partition("=")
        if "<<" in name or not equals:
            name, _, end = line.partition("<<")
            block = []
            while (inner := next(lines)) != end:
                block.append(inner)
            value = "\n".join(block)
        outputs[name] = value
    return outputs


@dataclass(frozen=True)
class _Paths:
    """Where the program sees the workspace and the runner's own files."""

    workspace: Path
    runner: Path


@functools.cache
def _action() -> dict[str, dict[str, dict[str, str]]]:
    action: dict[str, dict[str, dict[str, str]]] = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    return action


def _declared() -> dict[str, dict[str, str]]:
    return _action()["inputs"]


def output_names() -> set[str]:
    """The outputs that a step has, however it ends."""
    return set(_action()["outputs"])


def _inputs(given: Mapping[str, str]) -> dict[str, str]:
    declared = _declared()
    if unknown := given.keys() - declared.keys():
        raise ValueError(f"action.yml has no input {', '.join(sorted(unknown))}")
    values = {name: given.get(name, default(about)) for name, about in declared.items()}
    return {f"INPUT_{name.upper()}": value for name, value in values.items()}


def default(about: Mapping[str, str]) -> str:
    """An input's default as a runner fills it in; its job has no token of GitHub's."""
    return about.get("default", "").replace("${{ github.token }}", "")


def _runner_variables(workspace: Path, inside: _Paths, github: str) -> dict[str, str]:
    return {
        "CI": "true",
        "GITHUB_ACTIONS": "true",
        "GITHUB_API_URL": github,
        "GITHUB_ENV": str(inside.runner / "env"),
        "GITHUB_EVENT_NAME": "push",
        "GITHUB_OUTPUT": str(inside.runner / "output"),
        "GITHUB_REF": "refs/heads/main",
        "GITHUB_REF_NAME": "main",
        "GITHUB_REPOSITORY": REPOSITORY,
        "GITHUB_REPOSITORY_OWNER": REPOSITORY.partition("/")[0],
        "GITHUB_RUN_ATTEMPT": "1",
        "GITHUB_RUN_ID": "1234567890",
        "GITHUB_RUN_NUMBER": "1",
        "GITHUB_SERVER_URL": "https://github.com",
        "GITHUB_SHA": _head(workspace) or "0" * 40,
        "GITHUB_STATE": str(inside.runner / "state"),
        "GITHUB_STEP_SUMMARY": str(inside.runner / "summary"),
        "GITHUB_WORKFLOW": "Deploy",
        "GITHUB_WORKSPACE": str(inside.workspace),
        "HOME": str(inside.runner / "home"),
        "LANG": "C.UTF-8",
        "RUNNER_OS": "Linux",
        "RUNNER_TEMP": str(inside.runner),
    }


def _head(workspace: Path) -> str:
    """The commit that is checked out; empty where there is none."""
    try:
        return str(pygit2.Repository(workspace).head.target)
    except pygit2.GitError:
        return ""
