"""A step as a process, with the interface of `subprocess.Popen` as far as the kit needs it, forked from a server that has
loaded its modules already."""

import atexit
import functools
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from pathlib import Path

SERVER = Path(__file__).with_name("forkserver.py")
# Read at the start of Python or when a library is loaded. A step with one of its own can't be forked.
_READ_AT_START = ("COVERAGE_", "GIT_", "HOME", "LANG", "LC_", "LD_", "PYTHON", "SSL_", "XDG_")
_lock = threading.Lock()


def possible(of_its_own: Mapping[str, str]) -> bool:
    """Whether a step whose workflow sets these variables can be forked."""
    names = [*of_its_own, *(name for name in os.environ if name.startswith("COVERAGE_"))]
    return hasattr(os, "pidfd_open") and not any(name.startswith(_READ_AT_START) for name in names)


class Forked:
    """entrypoint.py in a forked process. Both streams of its output come together in `stdout`."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        output, its_output = os.pipe()
        self._status, its_status = os.pipe()
        self.stdout = os.fdopen(output, "rb")
        self.returncode: int | None = None
        with tempfile.TemporaryFile("w+") as request:
            json.dump({"folder": str(folder), "environment": dict(environment)}, request)
            request.seek(0)
            with _lock:
                socket.send_fds(_server(), [b"\0"], [request.fileno(), its_output, its_status])
        os.close(its_output)
        os.close(its_status)
        self.pid = int(os.read(self._status, 20))

    def poll(self) -> int | None:
        """Its exit code once it has ended."""
        return self._ended(0)

    def wait(self, patience: float | None = None) -> int:
        """Wait at most so many seconds for its end. subprocess.TimeoutExpired if it goes on."""
        code = self._ended(patience)
        if code is None:
            raise subprocess.TimeoutExpired("entrypoint.py", patience or 0)
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """End it by force, unless it has ended."""
        self.send_signal(signal.SIGKILL)

    def _ended(self, patience: float | None) -> int | None:
        if self.returncode is None:
            with selectors.DefaultSelector() as selector:
                selector.register(self._status, selectors.EVENT_READ)
                if selector.select(patience):
                    self.returncode = int(os.read(self._status, 20))
                    os.close(self._status)
        return self.returncode


@functools.cache
def _server() -> socket.socket:
    ours, its = socket.socketpair()
    environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", "HOME": os.devnull}
    command = [sys.executable, str(SERVER), str(its.fileno())]
    with its:
        server = subprocess.Popen(command, env=environment, pass_fds=[its.fileno()], stdin=subprocess.DEVNULL)
    atexit.register(server.wait)
    atexit.register(ours.close)
    return ours
