"""Helpers of the tests in which Spaces are really built and run."""

import subprocess
import time
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import uv
from huggingface_hub import CommitOperationAdd, HfApi, SpaceRuntime

from tests.kit import ROOT

from . import wheels

EXAMPLES = ROOT / "examples"
CHANGING = {"BUILDING", "APP_STARTING", "RUNNING_BUILDING", "RUNNING_APP_STARTING"}
WITNESS = """
import http.server, json, os, pathlib, subprocess

child = subprocess.Popen(["sleep", "1000"])
written = pathlib.Path("written")
state = {"version": pathlib.Path("version").read_text(), "pids": [os.getpid(), child.pid], "fresh": not written.exists(),
         "folder": os.getcwd(), "environment": dict(os.environ)}
written.touch()


class Answer(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(state).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)
        if self.path == "/crash":
            print("going down")
            os._exit(3)


print("ready")
http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["GRADIO_SERVER_PORT"])), Answer).serve_forever()
"""
"""An app of a gradio Space that needs no import of gradio, which takes seconds: it tells about itself and has a child."""


def witness() -> dict[str, str]:
    """The files of a Space with that app, which is also built without gradio."""
    return {"app.py": WITNESS, "version": "1", "requirements.txt": wheels.requirements()}


@cache
def uv_cache() -> str:
    """Where uv keeps this user's packages, for what runs with another home."""
    return subprocess.check_output([uv.find_uv_bin(), "cache", "dir"], text=True).strip()


def create(api: HfApi, space: str, sdk: str) -> str:
    api.create_repo(space, repo_type="space", space_sdk=sdk)
    return space


def push(api: HfApi, space: str, files: Mapping[str, str]) -> str:
    added = [CommitOperationAdd(path, text.encode()) for path, text in files.items()]
    return str(api.create_commit(space, added, commit_message="A change", repo_type="space").oid)


def push_folder(api: HfApi, space: str, folder: Path) -> str:
    return push(api, space, {p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*") if p.is_file()})


def runtimes(api: HfApi, space: str, seconds: float = 120) -> Iterator[SpaceRuntime]:
    """What a quick watcher sees until nothing changes by itself any more, without repetitions."""
    deadline = time.monotonic() + seconds
    before = None
    while True:
        assert time.monotonic() < deadline, before
        now = api.get_space_runtime(space)
        if before is None or now.raw != before.raw:
            yield now
        if now.stage not in CHANGING:
            return
        before = now
        time.sleep(0.02)


def settled(api: HfApi, space: str) -> SpaceRuntime:
    *_, last = runtimes(api, space)
    return last


def running(api: HfApi, space: str) -> str:
    """The address of a Space that runs."""
    runtime = settled(api, space)
    assert runtime.stage == "RUNNING", runtime.raw
    return str(api.space_info(space).host)


def alive(pid: int) -> bool:
    """Whether a process is there and not only waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):  # gone, or going while it is read
        return False


def gone(*pids: int, seconds: float = 10) -> bool:
    """Whether these processes are gone within some time."""
    deadline = time.monotonic() + seconds
    while any(map(alive, pids)):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
