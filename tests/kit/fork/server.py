"""A process that has loaded what a program loads (the action, localhub, or a process of pytest), and forks one in a few
milliseconds where a fresh Python takes half a second and more. `program.py` starts it and speaks with it.

Each program gets environment, folder, arguments and output of its own, and then runs from its first line, as in a fresh Python.
Loaded before, but put away, are `huggingface_hub` and what imports it, because it reads the environment at its import:
`client.py`.
"""

import atexit
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
import threading
import traceback
import warnings
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec
from typing import Any

from .client import CLIENT, Stored
from .hand_over import NUMBER

PATIENCE = 60.0  # seconds
# What the client or a server imports in its turn, some not before the first use, and reads no environment.
LIBRARIES = (
    "_strptime",
    "anyio._backends._asyncio",
    "asyncio",
    "filelock",
    "fsspec",
    "httpcore2",
    "httpx2",
    "packaging.version",
    "pygit2",
    "tqdm.auto",
    "typing_extensions",
    "uvicorn.lifespan.off",
    "uvicorn.protocols.websockets.websockets_sansio_impl",
    "yaml",
)


TESTS = "tests"
CALLS_THE_CLIENT = "hfspace_action"
# What each step works out anew and keeps, of nothing but the program's own files: certificates, texts, expressions.
KEPT: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("hfspace_action.hub.connection.trust", "trusted", ()),
    ("hfspace_action.errors", "catalogue", ()),
    ("hfspace_action.checkout.credentials.scan", "expression", ()),
    ("hfspace_action.inputs.token_shape", "check", ("hf_x",)),
    ("hfspace_action.inputs.token_shape", "kind", ("x",)),
    *(("hfspace_action.hub.connection.answers", "shape_of", (verb, "/")) for verb in ("GET", "POST", "PUT", "DELETE")),
    ("_strptime", "_strptime", ("2026-01-02T03:04:05.678Z", "%Y-%m-%dT%H:%M:%S.%fZ")),
)


class Refusal:
    """Finds no module of the client's, so that what imports it is not loaded either."""

    def find_spec(self, name: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        """Refuse the client; everything else is found as ever."""
        if name.partition(".")[0] == CLIENT:
            raise ImportError(name)
        return None


def preload(name: str) -> None:
    """Load the libraries, the modules of this package that don't need the client, and what a step keeps; put away the modules
    that need it."""
    for library in LIBRARIES:
        importlib.import_module(library)
    refusal = Refusal()
    sys.meta_path.insert(0, refusal)
    package = importlib.import_module(name)
    for module in pkgutil.walk_packages(package.__path__, f"{name}.", onerror=lambda _: None):
        if not module.name.endswith("__main__"):
            try:
                importlib.import_module(module.name)
            except ImportError:
                continue
    sys.meta_path.remove(refusal)
    if name == CALLS_THE_CLIENT:
        for each, function, arguments in KEPT:
            getattr(importlib.import_module(each), function)(*arguments)
        sys.meta_path.insert(0, Stored(package))


def serve(listening: socket.socket) -> list[str] | None:
    """Fork a program for each message of whoever is connected, until nobody is any more. Returns in the program what is to be
    run, None in the server."""
    listening.settimeout(PATIENCE)  # whoever started this may be gone before it connects
    controls = {listening.accept()[0]}
    listening.settimeout(None)
    running = selectors.DefaultSelector()
    for each in (listening, *controls):
        running.register(each, selectors.EVENT_READ, each)
    while controls:
        for key, _ in running.select():
            if isinstance(key.data, tuple):
                running.unregister(key.fd)
                _tell_end(key.fd, *key.data)
                continue
            if key.data is listening:
                controls.add(control := listening.accept()[0])
                running.register(control, selectors.EVENT_READ, control)
                continue
            message, descriptors, _, _ = socket.recv_fds(key.data, 1, 5)
            if not message:
                running.unregister(key.data)
                controls.remove(key.data)
                key.data.close()
                continue
            request, status, *streams = descriptors
            if not (pid := os.fork()):
                for each in (listening, *controls):
                    each.close()
                os.close(status)
                return become(request, *streams)
            os.write(status, NUMBER.pack(pid))
            for descriptor in (request, *streams):
                os.close(descriptor)
            running.register(os.pidfd_open(pid), selectors.EVENT_READ, (pid, status))
    return None


def _tell_end(descriptor: int, pid: int, status: int) -> None:
    """Reap a program, and tell its exit code. Whoever asked for it may be gone."""
    code = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
    os.close(descriptor)
    with suppress(BrokenPipeError):
        os.write(status, NUMBER.pack(code))
    os.close(status)


def become(request: int, *streams: int) -> list[str]:
    """Take the environment, folder, streams and arguments that were asked for, and return what is to be run."""
    with open(request, encoding="utf-8") as file:
        asked = json.load(file)
    os.environ.clear()
    os.environ.update(asked["environment"])
    os.chdir(asked["folder"])
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    tempfile.tempdir = None  # as TMPDIR says
    for folder in os.environ.get("PYTHONPATH", "").split(os.pathsep):
        if os.path.exists(start := os.path.join(folder, "sitecustomize.py")):
            runpy.run_path(start)
    sys.argv = [asked["program"][-1], *asked["arguments"]]
    return list(asked["program"])


def main(listening: socket.socket, package: str, *arguments: str) -> None:
    """Serve on a socket what is in this package; in what was forked, run the program. Of the tests, `arguments` of pytest say
    which."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a Ctrl-C is for pytest, which ends this server
    begin: Callable[[], None] | None = None
    if package == TESTS:
        # Not above: the steps must not have it loaded, nor pytest.
        begin = importlib.import_module("tests.kit.fork.collected").collect(arguments)
    else:
        preload(package)
    gc.freeze()
    program = serve(listening)
    if program is not None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        if begin:
            begin()
        os._exit(run(*program))


def run(*program: str) -> int:
    """Run a program (a path, or `-m` and a package, or `-c` and a text; `-Werror` before it) as Python would; its exit code. Python's
    own end is left out: it would take all apart that was loaded."""
    code: object = 0
    if program[0] == "-Werror":
        warnings.simplefilter("error")
        program = program[1:]
    try:
        if program[0] == "-c":
            exec(program[1], {"__name__": "__main__"})
        elif program[0] == "-m":
            runpy.run_module(program[1], run_name="__main__", alter_sys=True)
        else:
            runpy.run_path(program[0], run_name="__main__")
    except SystemExit as end:
        code = end.code
    except Exception:  # noqa: BLE001 - whatever it is, shown as Python shows it
        traceback.print_exc()
        code = 1
    threading._shutdown()  # type: ignore[attr-defined]  # waits for the threads, as Python does
    atexit._run_exitfuncs()
    sys.stdout.flush()
    sys.stderr.flush()
    return code if isinstance(code, int) else int(code is not None)


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])), *sys.argv[2:])
