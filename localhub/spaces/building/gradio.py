"""Gradio Spaces: an environment of their own, made with uv, and a process."""

import shutil
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import uv

from localhub.repos.large_files import Objects
from localhub.spaces.builder import Turn
from localhub.spaces.logs import Log
from localhub.spaces.running import environment
from localhub.spaces.running.health import free_port
from localhub.spaces.running.process import Failed, Process, run
from localhub.spaces.space import Space
from localhub.spaces.workload import App, BuildFailed

from .checkout import check_out, in_thread
from .checks import app_file
from .workshop import Workshop

EXTRAS = "[oauth,mcp]"
BESIDE = ("uvicorn>=0.14.0", "websockets>=10.4", "spaces")
"""What the Hub installs with the requirements and Gradio, in one command: so users' build logs show it, since 2023 and in 2026. What
it installs before (datasets, huggingface-hub, protobuf, click, which these may replace) is left out: it takes minutes."""


@dataclass(eq=False)
class GradioBuild:
    """A folder with the installed packages in `venv` and the app's files in `home/user/app`, which is where the Hub has them."""

    space: Space
    commit: str
    folder: Path
    objects: Objects
    exclusive: bool = False

    @property
    def home(self) -> Path:
        """The app's own; its files are below."""
        return self.folder / "home" / "user"

    @property
    def bin(self) -> Path:
        """The programs of the environment."""
        return self.folder / "venv" / "bin"

    async def check_out(self) -> None:
        """Put the app's files there as they are in the commit: what the app before wrote is gone, as on the Hub."""
        await in_thread(lambda: shutil.rmtree(self.home, ignore_errors=True))
        self.home.mkdir(parents=True)
        await check_out(self.space, self.commit, self.objects, self.home / "app")

    async def start(self, log: Log) -> App:
        """Run the app file, with the port to listen on in GRADIO_SERVER_PORT."""
        await self.check_out()
        port = free_port()
        env = environment.for_app(self.space, self.commit, self.home)
        env |= {
            "PATH": f"{self.bin}:{env['PATH']}",
            "GRADIO_SERVER_NAME": "127.0.0.1",
            "GRADIO_SERVER_PORT": str(port),
            "GRADIO_ANALYTICS_ENABLED": "False",  # a localhub tells nobody what runs on it
        }
        file = app_file("gradio", self.space.front_matter(self.commit) or {})
        command = [str(self.bin / "python"), file]
        return App(self, port, await Process.start(command, log, env=env, cwd=self.home / "app"))

    async def discard(self) -> None:
        """Remove the folder."""
        await in_thread(lambda: shutil.rmtree(self.folder))


async def build(turn: Turn, workshop: Workshop) -> GradioBuild:
    """Install what the Space asks for."""
    space = turn.space
    made = GradioBuild(space, turn.commit, workshop.new_folder(space), workshop.objects)
    try:
        await made.check_out()
        await _install(made, turn)
    except Failed as failure:
        await made.discard()
        raise BuildFailed(f"Job failed with exit code: {failure.status}. Reason: {failure.reason}") from failure
    except BaseException:
        await made.discard()
        raise
    return made


async def _install(made: GradioBuild, turn: Turn) -> None:
    log, app = turn.space.build_log, made.home / "app"
    data = turn.space.front_matter(turn.commit) or {}
    env = environment.for_build(made.home) | {"UV_CACHE_DIR": _cache(), "UV_NO_PROGRESS": "1"}
    # Links into a cache that goes with the build would lead nowhere, which this user's UV_LINK_MODE may ask for.
    fresh = ["--no-cache", "--link-mode", "hardlink"] if turn.why == "rebuild" else []

    async def uv_runs(*arguments: str) -> None:
        log.write(f"--> uv {' '.join(arguments)}\n")
        await run([uv.find_uv_bin(), *arguments], log, env=env, cwd=app)

    # With pip in it: apps that install at start must not find the one of this machine.
    python = str(data.get("python_version") or sys.executable)
    await uv_runs("venv", "--seed", "--python", python, str(made.bin.parent))
    install = ["pip", "install", "--python", str(made.bin / "python"), *fresh]
    if (app / "packages.txt").exists():
        log.write("packages.txt is left alone: localhub installs no packages of the operating system.\n")
    if (app / "pre-requirements.txt").exists():
        await uv_runs(*install, "-r", "pre-requirements.txt")
    version = data.get("sdk_version")
    requirements = ["-r", "requirements.txt"] if (app / "requirements.txt").exists() else []
    await uv_runs(*install, *requirements, f"gradio{EXTRAS}=={version}" if version else f"gradio{EXTRAS}", *BESIDE)
    log.write("--> done\n")


@cache
def _cache() -> str:
    """This user's cache of uv: builds find their packages there although they have another home."""
    return subprocess.run([uv.find_uv_bin(), "cache", "dir"], check=True, capture_output=True, text=True).stdout.strip()
