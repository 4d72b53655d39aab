"""The action or localhub as a process, with the interface of `subprocess.Popen` as far as the kit needs it, forked from a server
that has loaded its modules already."""

import atexit
import contextlib
import functools
import os
import selectors
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterable, Mapping
from enum import Enum
from pathlib import Path
from typing import IO

from tests.kit import ROOT
from tests.kit.fork.hand_over import ask, told
from tests.kit.fork.server import TESTS

# Read at the start of Python or when a library is loaded. A program with one of its own can't be forked.
_READ_AT_START = ("COVERAGE_", "GIT_", "HOME", "LANG", "LC_", "LD_", "PYTHON", "XDG_")
_LONGEST = 120.0  # seconds
_lock = threading.Lock()


class Program(Enum):
    """What can be forked: the package that is loaded before, and what Python is told to run."""

    ACTION = ("hfspace_action", str(ROOT / "entrypoint.py"))
    LOCALHUB = ("localhub", "-m", "localhub")
    STRICT_LOCALHUB = ("localhub", "-Werror", "-m", "localhub")

    @property
    def package(self) -> str:
        """Programs of one package are forked from one server."""
        return str(self.value[0])


def start(
    program: Program,
    *arguments: str,
    folder: Path,
    environment: Mapping[str, str],
    of_its_own: Iterable[str] = (),
    errors: IO[bytes] | None = None,
) -> "subprocess.Popen[bytes] | Forked":
    """Start a program, both streams of its output in one unless there is a file for its `errors`. `of_its_own`: the names of those
    variables that not each run has."""
    if hasattr(os, "pidfd_open") and not any(name.startswith(_READ_AT_START) for name in of_its_own):
        output, its_output = os.pipe()
        with os.fdopen(its_output, "wb"):
            streams = its_output, errors.fileno() if errors else its_output
            started = Forked(program, *arguments, folder=folder, environment=environment, streams=streams)
        started.stdout = os.fdopen(output, "rb")
        return started
    command = [sys.executable, *program.value[1:], *arguments]
    to = errors or subprocess.STDOUT
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=to)


def run(
    program: Program, *arguments: str, folder: Path, environment: Mapping[str, str]
) -> "subprocess.CompletedProcess[bytes]":
    """Run a program to its end, as `subprocess.run` does that captures both streams."""
    if not hasattr(os, "pidfd_open"):
        command = [sys.executable, *program.value[1:], *arguments]
        return subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=_LONGEST, check=False)
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        streams = out.fileno(), err.fileno()
        running = Forked(program, *arguments, folder=folder, environment=environment, streams=streams)
        try:
            code = running.wait(_LONGEST)
        finally:
            running.kill()
        out.seek(0)
        err.seek(0)
        return subprocess.CompletedProcess(arguments, code, out.read(), err.read())


class Forked:
    """A program in a forked process, whose output and errors go to these `streams`."""

    stdout: IO[bytes] | None = None

    def __init__(
        self,
        program: Program,
        *arguments: str,
        folder: Path,
        environment: Mapping[str, str],
        streams: tuple[int, int],
    ) -> None:
        self.returncode: int | None = None
        asked = {"folder": str(folder), "environment": dict(environment)}
        asked |= {"program": program.value[1:], "arguments": arguments}
        with _lock, open(os.devnull, "rb") as nothing:
            self._status = ask(_server(program.package), asked, nothing.fileno(), *streams)
        self.pid = told(self._status)

    def poll(self) -> int | None:
        """Its exit code once it has ended."""
        return self._ended(0)

    def wait(self, patience: float | None = None) -> int:
        """Wait at most so many seconds for its end. subprocess.TimeoutExpired if it goes on."""
        code = self._ended(patience)
        if code is None:
            raise subprocess.TimeoutExpired(str(self.pid), patience or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended. The server reaps it a moment before it tells so."""
        if self.poll() is None:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it by force, unless it has ended."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, patience: float | None) -> int | None:
        if self.returncode is None:
            with selectors.DefaultSelector() as selector:
                selector.register(self._status, selectors.EVENT_READ)
                if selector.select(patience):
                    self.returncode = told(self._status)
                    os.close(self._status)
        return self.returncode


def share(arguments: Iterable[str]) -> None:
    """Start the servers here, for all processes that inherit this one's environment: each of them takes a second to load. That
    of pytest's processes, which are given these `arguments`, as well."""
    for package in {TESTS, *(program.package for program in Program)}:
        folder = tempfile.mkdtemp(prefix="fork-")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ[_shared(package)] = started(package, f"{folder}/server", *arguments if package == TESTS else ())
        _server(package)


def of_pytest(server: str | None = None) -> str:
    """The command of a Python that is forked from the server of pytest's processes at a path, for xdist; or from the shared one."""
    hand_over = Path(__file__).with_name("hand_over.py")
    return shlex.join([sys.executable, "-I", "-S", str(hand_over), server or os.environ[_shared(TESTS)]])


def _shared(package: str) -> str:
    return f"FORK_SERVER_{package.upper()}"


@functools.cache
def _server(package: str) -> socket.socket:
    """Return the connection to a server: that which all share, or one of this process."""
    control = socket.socket(socket.AF_UNIX)
    if path := os.environ.get(_shared(package)):
        control.connect(path)
    else:
        with tempfile.TemporaryDirectory(prefix="fork-") as folder:
            control.connect(started(package, f"{folder}/server"))
    atexit.register(control.close)
    return control


def started(package: str, path: str, *arguments: str) -> str:
    """Start a server that listens at a path, and return that. It ends when nobody is connected any more."""
    environment = dict(os.environ)
    if package != TESTS:  # which ask for theirs when they are loaded
        coverage = {name: value for name, value in environment.items() if name.startswith("COVERAGE_")}
        environment = {"PATH": environment["PATH"], "LANG": "C.UTF-8", "HOME": os.devnull, **coverage}
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        command = [sys.executable, "-m", "tests.kit.fork.server", str(listening.fileno()), package, *arguments]
        server = subprocess.Popen(
            command, cwd=ROOT, env=environment, pass_fds=[listening.fileno()], stdin=subprocess.DEVNULL
        )
    atexit.register(server.wait)
    return path
