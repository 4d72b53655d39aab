"""A localhub for one rehearsal: a program beside this one, that has nothing of the job and ends with it.

The action does not import localhub, it starts it, as it would any Hub. In the image it lies apart from the action; in a clone of
the project it is beside it.
"""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import hfspace_action
from hfspace_action.errors import Failure

from . import confine

USER = 65533
"""The user that strangers' code runs as: nobody else's, so that it owns nothing."""
MEMORY = 14 * 1024**3
"""Bytes of memory for each process; the free hardware of the Hub has 16 GB."""
_PATIENCE = 30  # seconds for localhub to be ready
_PLACES = (Path("/opt/rehearse"), Path(hfspace_action.__file__).parents[1])
_NETWORK = ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "ssl_cert_file", "ssl_cert_dir")
_INDEXES = ("UV_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX", "UV_FIND_LINKS", "UV_EXTRA_INDEX_URL")
_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib64", "/etc", "/opt", "/proc", "/sys", "/run/systemd/resolve")
_DEVICES = ("/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty")
_SHARED = ("/tmp", "/dev/shm")  # noqa: S108 - which apps may write to on the Hub


class Rehearsal(NamedTuple):
    """A running localhub: a token of the owner that the Space has, and what could not be kept from strangers' code."""

    token: str
    warning: str


def free_port() -> int:
    """Return a port of this machine that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def running(owner: str, port: int, *, engine: Path | None, say: Callable[[str], None]) -> Iterator[Rehearsal]:
    """Run a localhub at a port, in which `owner` has a plan and may do everything. `engine` is the socket of a Docker engine, for
    a Space that needs one: then localhub builds that kind of Space only, in containers. Raises `Failure`."""
    code = next((place for place in _PLACES if (place / "localhub" / "__main__.py").exists()), None)
    if code is None:
        raise Failure("rehearsal-missing")
    home = Path(tempfile.mkdtemp(prefix="rehearsal-", dir=_base()))
    token = f"hf_{secrets.token_hex(17)}"
    user = stranger()
    try:
        for folder in ("data", "home", "tmp"):
            (home / folder).mkdir()
        shutil.copytree(code / "localhub", home / "code" / "localhub")  # so that nothing beside it has to be shown
        accounts = {"users": [{"name": owner, "plan": "pro", "canPay": True, "tokens": {token: "write"}}]}
        (home / "accounts.yaml").write_text(json.dumps(accounts), "utf-8")
        if user is not None:
            for each in (home, *home.rglob("*")):
                os.chown(each, user, user)
        command = [sys.executable, "-s", "-B", "-m", "localhub", "--port", str(port), "--data", str(home / "data")]
        command += ["--accounts", str(home / "accounts.yaml"), "--unlimited", *(["--only", "docker"] if engine else [])]
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", confine.__file__, json.dumps(_terms(home, user, engine)), *command],
            env=_environment(home, engine),
            cwd=home,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        with process:
            try:
                _await(process, say)
                yield Rehearsal(token, _warning())
            finally:
                process.terminate()
                try:
                    process.wait(10)
                except subprocess.TimeoutExpired:
                    process.kill()
    finally:
        shutil.rmtree(home, ignore_errors=True)


def stranger() -> int | None:
    """Return the user that strangers' code runs as; None where that can't be another one, or another one can't get to this Python: the
    links on the way to it count as what they lead to."""
    python = Path(sys.executable)
    return USER if os.geteuid() == 0 and all(map(_is_open, (python, python.resolve(), Path(sys.prefix)))) else None


def engine() -> Path | None:
    """Return the socket of the Docker engine that the job has, if there is one and a `docker` to speak with it."""
    named = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    path = Path(named.removeprefix("unix://"))
    found = named.startswith("unix://") and path.is_socket() and shutil.which("docker")
    return path if found else None


def _terms(home: Path, user: int | None, engine: Path | None) -> dict[str, object]:
    """What is left to the program, in the words of confine.py."""
    python = {
        sys.prefix,
        sys.base_prefix,
        str(Path(sys.prefix).resolve()),
        str(Path(sys.executable).resolve().parents[1]),
    }
    read = [*_SYSTEM, *python, *_named_folders()]
    # Another user's files there are out of its reach, but not those that everybody may read or write, as the runner's may be.
    named = " ".join(os.environ.values())
    shared = [folder for folder in _SHARED if user is not None and f"{folder}/" not in named.replace(str(home), "")]
    write = [str(home), *_DEVICES, *shared, *([str(engine)] if engine else [])]
    return {
        "user": user,
        "groups": [engine.stat().st_gid] if engine else [],
        "memory": MEMORY,
        "landlock": confine.version() > 0,
        "read": read,
        "write": write,
    }


def _named_folders() -> list[str]:
    """The files and folders that the environment names for reaching the network: certificates, packages on this machine."""
    named = [os.environ.get(name, "") for name in ("SSL_CERT_FILE", "SSL_CERT_DIR", "UV_FIND_LINKS")]
    return [
        each.removeprefix("file://")
        for value in named
        for each in value.split()
        if each.removeprefix("file://")[:1] == "/"
    ]


def _environment(home: Path, engine: Path | None) -> dict[str, str]:
    """The program's environment: nothing of the job's but how the network is reached, and that without passwords."""
    network = {name: value for name, value in os.environ.items() if name.lower() in _NETWORK or name in _INDEXES}
    plain = {name: value for name, value in network.items() if "@" not in value}
    path = os.pathsep.join([str(Path(sys.executable).parent), "/usr/local/bin", "/usr/bin", "/bin"])
    # uv brings certificates of its own; those of this machine know a company's proxy too.
    system = (
        {"UV_NATIVE_TLS": "1", "UV_SYSTEM_CERTS": "1"} if Path("/etc/ssl/certs/ca-certificates.crt").exists() else {}
    )
    return {
        **system,
        **plain,
        "PATH": path,
        "HOME": str(home / "home"),
        "TMPDIR": str(home / "tmp"),
        "UV_CACHE_DIR": str(home / "cache"),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(home / "code"),
        "PYTHONUNBUFFERED": "1",
        **({"DOCKER_HOST": f"unix://{engine}", "DOCKER_BUILDKIT": "0"} if engine else {}),
    }


def _await(process: "subprocess.Popen[bytes]", say: Callable[[str], None]) -> None:
    """Wait until localhub is ready, and let what else it says go to the log's debugging. Raises `Failure`."""
    assert process.stdout is not None  # noqa: S101
    ready = threading.Event()
    said: list[str] = []

    def read(output: IO[bytes]) -> None:
        for raw in output:
            line = raw.decode("utf-8", "replace").rstrip("\n")
            said.append(line)
            if line.startswith("ready "):
                ready.set()
            else:
                say(line)
        ready.set()

    threading.Thread(target=read, args=(process.stdout,), daemon=True).start()
    if not ready.wait(_PATIENCE) or not any(line.startswith("ready ") for line in said):
        raise Failure("rehearsal-not-ready", said=" ".join(said[-3:])[:300] or "it says nothing")


def _warning() -> str:
    """What this machine's kernel can't keep from strangers' code; empty where it keeps all."""
    known = confine.version()
    if known == 0:
        lost = "files that everybody may read, and the addresses at which clouds answer their machines"
        return f"This runner's kernel has no Landlock, so the rehearsed code can reach {lost}."
    if known < 4:
        return "This runner's kernel is older than 6.7, so the rehearsed code can reach the addresses at which clouds answer their machines."
    return ""


def _base() -> str:
    """Return a folder for temporary files that other users reach."""
    for each in (tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm"):  # noqa: S108
        if _is_open(Path(each)):
            return each
    return tempfile.gettempdir()


def _is_open(path: Path) -> bool:
    """Whether other users can get to a file or folder."""
    return all(each.stat().st_mode & 0o001 for each in (path, *path.parents))
