"""python -m localhub preview PATH: builds and runs a folder as a Space, for as long as the command runs."""

import argparse
import asyncio
import logging
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from .accounts.accounts import Accounts
from .control.faults import Traffic
from .hub import Hub, Options
from .loopback import listen
from .repos import card
from .server import Server
from .spaces.logs import Log
from .spaces.space import DOWN, Space

OWNER, TOKEN = "alice", "hf_alice"
ACTION = Path(__file__).parents[1] / "entrypoint.py"
EMPTY = "NO_APP_FILE"
"""The stage of a Space before its first build."""
GLANCE = 0.1
"""Seconds between two looks at the Space."""


def main(arguments: Sequence[str]) -> int:
    """Preview until Ctrl-C: 0. A Space that does not run, or no more: 1."""
    parser = argparse.ArgumentParser(
        prog="python -m localhub preview",
        description="Build and run a folder as the Hub would, print the logs and the address. Ctrl-C leaves nothing behind.",
    )
    parser.add_argument("path", type=Path, help="the folder to deploy")
    parser.add_argument("--sdk", choices=card.SDKS, help="in place of what its README says")
    chosen = parser.parse_args(arguments)
    folder = chosen.path.resolve()
    if not folder.is_dir():
        parser.error(f"{chosen.path} is not a folder")
    logging.basicConfig(level=logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="localhub-preview-") as data:
        # Read by the client when it is imported: nothing of a preview belongs into the user's cache.
        os.environ |= {"HF_HOME": f"{data}/client", "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
        return asyncio.run(_serve(Path(data), folder, chosen.sdk))


async def _serve(data: Path, folder: Path, sdk: str | None) -> int:
    """Run a Hub for one Space until a signal comes or the Space is down."""
    hub, sock, ready = Hub(data, Accounts.load(), Options(unlimited=True)), listen(0), asyncio.Event()
    server = Server(hub, Traffic(), sock, ready.set)
    serving = asyncio.create_task(server.run_until_signal())
    await ready.wait()
    name = re.sub(r"[^A-Za-z0-9]+", "-", folder.name).strip("-") or "preview"
    endpoint = f"http://127.0.0.1:{sock.getsockname()[1]}"
    watching = asyncio.create_task(
        _deploy(hub, f"{OWNER}/{name}", folder, _step(data, endpoint, f"{OWNER}/{name}", folder, sdk))
    )
    await asyncio.wait([serving, watching], return_when=asyncio.FIRST_COMPLETED)
    if not watching.done():
        watching.cancel()
        await serving
        return 0
    server.should_exit = True
    await serving
    return watching.result()


def _step(data: Path, endpoint: str, space_id: str, folder: Path, sdk: str | None) -> dict[str, str]:
    """The environment in which the Action deploys the folder, as a workflow's step would."""
    top = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)
    (data / "output").touch()
    own = {name: value for name, value in os.environ.items() if not name.startswith(("INPUT_", "GITHUB_", "HF_TOKEN"))}
    return own | {
        "GITHUB_WORKSPACE": str(top),
        "GITHUB_OUTPUT": str(data / "output"),
        "INPUT_SPACE": space_id,
        "INPUT_HF-TOKEN": TOKEN,
        "INPUT_ENDPOINT": endpoint,
        "INPUT_PATH": os.path.relpath(folder, top),
        "INPUT_SDK": sdk or "",
        "INPUT_CREATE": "true",
        "INPUT_WAIT": "false",
    }


async def _deploy(hub: Hub, space_id: str, folder: Path, env: dict[str, str]) -> int:
    """Let the Action deploy, so that the files, the SDK and the card are those of a workflow's step; then follow the Space."""
    action = await asyncio.create_subprocess_exec(
        sys.executable, str(ACTION), cwd=folder, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )  # fmt: skip
    assert action.stdout  # noqa: S101
    try:
        async for line in action.stdout:
            if text := _readable(line.decode(errors="replace").rstrip("\n")):
                print(f" step | {text}", flush=True)
        status = await action.wait()
    finally:
        if action.returncode is None:
            action.kill()
            await action.wait()
    space = hub.find("space", space_id)
    return await _follow(space) if status == 0 and isinstance(space, Space) else 1


def _readable(line: str) -> str:
    """A line of the Action's log as people read it, where it is a command to a runner; "" if there is nothing to read."""
    command, closed, text = line.removeprefix("::").partition("::")
    if not (line.startswith("::") and closed):
        return line
    name = command.partition(" ")[0]
    words = text.replace("%0A", "\n      | ").replace("%0D", "").replace("%25", "%")
    return f"{name}: {words}" if name in ("error", "warning", "notice") else words if name == "group" else ""


async def _follow(space: Space) -> int:
    """Print logs and stages as they come; returns when the Space is down."""
    seen: object = space.now if space.now.stage == EMPTY else None  # its build has not begun
    heard: dict[Log, tuple[str, int]] = {}
    while True:
        now = space.now
        for name, log in (("build", space.build_log), ("run", space.run_log)):
            heard.setdefault(log, (name, 0))
        for log, (name, lines) in heard.items():
            for line in log.lines[lines:]:
                print(f"{name:>5} | {line.text}", end="", flush=True)
            heard[log] = name, len(log.lines)
        if now is not seen:
            print(f"----- | {now.stage}{f': {now.error}' if now.error else ''}", flush=True)
            if now.stage == "RUNNING":
                print(f"\n{space.id} runs at {space.host} until Ctrl-C\n", flush=True)
            if now.stage in DOWN:
                return 1
            seen = now
        await asyncio.sleep(GLANCE)
