"""A process that has loaded what every step loads, and forks a step of it in a few milliseconds where a fresh Python takes half
a second. `forked.py` starts it and speaks with it.

Each step gets the environment, folder and output of its own, and then runs entrypoint.py, as a fresh Python would. Not loaded
before is `huggingface_hub`, nor what imports it, because it reads the environment at its import.
"""

import gc
import importlib
import json
import os
import pkgutil
import runpy
import selectors
import signal
import socket
import sys
import tempfile
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
AUDIT = ROOT / "tests/kit/step/audit/sitecustomize.py"
READS_ITS_ENVIRONMENT = "huggingface_hub"
# What that imports in its turn, and reads no environment.
LIBRARIES = (
    "asyncio",
    "filelock",
    "fsspec",
    "httpx2",
    "packaging.version",
    "pygit2",
    "tqdm.auto",
    "typing_extensions",
    "yaml",
)


class Refusal:
    """Finds no module of the client's, so that what imports it is not loaded either."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        """Refuse the client; everything else is found as ever."""
        if name.partition(".")[0] == READS_ITS_ENVIRONMENT:
            raise ImportError(name)
        return None


def preload() -> None:
    """Load the libraries, and the modules of the action that don't need the client."""
    sys.path.insert(0, str(ROOT))
    for name in LIBRARIES:
        importlib.import_module(name)
    refusal = Refusal()
    sys.meta_path.insert(0, refusal)
    package = importlib.import_module("hfspace_action")
    for module in pkgutil.walk_packages(package.__path__, "hfspace_action.", onerror=lambda _: None):
        if not module.name.endswith("__main__"):
            try:
                importlib.import_module(module.name)
            except ImportError:
                continue
    sys.meta_path.remove(refusal)


def serve(control: socket.socket) -> None:
    """Fork a step for each message until the other end closes. Returns in the server only at its end, and in a step at once."""
    steps = selectors.DefaultSelector()
    steps.register(control, selectors.EVENT_READ)
    while True:
        for key, _ in steps.select():
            if key.fileobj is not control:
                pid, status = key.data
                code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
                steps.unregister(key.fd)
                os.close(key.fd)
                os.write(status, f"{code}\n".encode())
                os.close(status)
                continue
            message, descriptors, _, _ = socket.recv_fds(control, 1, 3)
            if not message:
                return
            request, output, status = descriptors
            if not (pid := os.fork()):
                os.close(status)
                become(request, output)
                return
            os.write(status, f"{pid}\n".encode())
            os.close(request)
            os.close(output)
            steps.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, status))


def become(request: int, output: int) -> None:
    """Make this process a step: its environment, its folder, its output."""
    with open(request, encoding="utf-8") as file:
        asked = json.load(file)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    os.dup2(output, 1)
    os.dup2(output, 2)
    os.close(output)
    tempfile.tempdir = None  # as TMPDIR says
    runpy.run_path(str(AUDIT))


def main() -> None:
    """Serve on the socket whose number is the first argument; in a step of it, run entrypoint.py to its end."""
    control = socket.socket(fileno=int(sys.argv[1]))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for pytest, which ends this server
    preload()
    gc.freeze()
    server = os.getpid()
    serve(control)
    control.close()
    if os.getpid() != server:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.argv = [str(ROOT / "entrypoint.py")]
        runpy.run_path(sys.argv[0], run_name="__main__")


if __name__ == "__main__":
    main()
