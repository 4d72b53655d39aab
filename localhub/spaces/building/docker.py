"""Docker Spaces: an image and a container, by the engine that the docker command of this machine reaches."""

import asyncio
import os
import secrets
import shutil
import socket
from dataclasses import dataclass
from pathlib import Path

from localhub.spaces.builder import Turn
from localhub.spaces.logs import Log
from localhub.spaces.running import environment
from localhub.spaces.running.health import free_port
from localhub.spaces.running.process import Failed, Process, run
from localhub.spaces.space import Space
from localhub.spaces.workload import App, BuildFailed, StartFailed

from .checkout import check_out, in_thread
from .workshop import Workshop

NO_ENGINE = "This localhub has no Docker engine to build with. Start one, or start localhub with --simulate."
TAKEN = (
    "Port {port} of this machine is taken. This Docker engine has no bridge network, so the container can't have a port "
    "of its own: end what listens there, or choose another app_port."
)
DEFAULT_PORT = 7860
USER = "1000"
"""https://huggingface.co/docs/hub/spaces-sdks-docker#permissions."""
HOST = "host"
OURS = "container:"
"""Where localhub is in a container itself, an app in another one is only reached in its network."""
LIMITS = ("--memory", "16g", "--pids-limit", "4096", "--security-opt", "no-new-privileges")
"""What the Hub's free hardware has: https://huggingface.co/docs/hub/spaces-overview#hardware-resources."""
PATIENCE = 20.0
"""Seconds within which an engine answers a question."""


@dataclass(eq=False)
class Image:
    """The image of a commit. With `network` host its app listens on the machine's own port `app_port`."""

    space: Space
    commit: str
    tag: str
    app_port: int
    network: str

    @property
    def exclusive(self) -> bool:
        """On a network that is shared two containers can't listen on one port."""
        return self.network == HOST or self.network.startswith(OURS)

    async def start(self, log: Log) -> App:
        """Run a container that ends with localhub."""
        port = self.app_port
        network = ["--network", self.network]
        if not self.exclusive:
            port = free_port()
            network += ["--publish", f"127.0.0.1:{port}:{self.app_port}"]
        elif _taken(port):
            log.write(TAKEN.format(port=port))
            raise StartFailed(TAKEN.format(port=port))
        name = f"{self.tag.replace('/', '-').replace(':', '-')}-{secrets.token_hex(2)}"
        plain = environment.values(self.space.settings.variables) | environment.of_the_hub(self.space, self.commit)
        hidden = environment.values(self.space.settings.secrets)
        # A value on the command line could be read by everybody on the machine, one in the environment can't.
        env = [f"--env={key}={value}" for key, value in plain.items()] + [f"--env={key}" for key in hidden]
        command = ["docker", "run", "--rm", "--name", name, "--user", USER, *LIMITS, *network, *env, self.tag]
        last = ["docker", "rm", "--force", name]
        return App(self, port, await Process.start(command, log, env=os.environ | hidden, cwd=Path.cwd(), last=last))

    async def discard(self) -> None:
        """Remove the image; layers that another image shares stay."""
        await _ask("rmi", "--force", self.tag)


LAYER_GONE = ("unknown parent image ID", "failed to get digest", "layer does not exist")
"""What the builder without BuildKit says where a cached layer went, with another Space's image, while it was used: at the next
step, at the end of one, and where its files are taken."""


async def build(turn: Turn, workshop: Workshop) -> Image:
    """Build the image."""
    space, log = turn.space, turn.space.build_log
    bridges = await _bridges(log)
    data = space.front_matter(turn.commit) or {}
    image = Image(
        space,
        turn.commit,
        tag=f"localhub/{space.subdomain}:{secrets.token_hex(6)}",
        app_port=data.get("app_port") or DEFAULT_PORT,
        network=await _our_network() or next(iter(bridges), HOST),
    )
    folder = workshop.new_folder(space)
    variables = [f"--build-arg={key}={value}" for key, value in environment.values(space.settings.variables).items()]
    network = [] if "bridge" in bridges else ["--network", HOST]
    fresh = ["--no-cache"] if turn.why == "rebuild" else []
    try:
        await check_out(space, turn.commit, workshop.objects, folder / "app")
        command = ["docker", "build", "--force-rm", *network, *fresh, *variables, "--tag", image.tag, "."]
        try:
            await run(command, log, env=os.environ, cwd=folder / "app")
        except Failed as failure:
            if not any(words in failure.reason for words in LAYER_GONE):
                raise
            await run(command, log, env=os.environ, cwd=folder / "app")
    except Failed as failure:
        raise BuildFailed(f"Job failed with exit code: {failure.status}. Reason: {failure.reason}") from failure
    finally:
        await in_thread(lambda: shutil.rmtree(folder))
    return image


async def _bridges(log: Log) -> list[str]:
    """The engine's networks that can give a container a port of its own, the default one first."""
    status, answer = await _ask("network", "ls", "--filter", "driver=bridge", "--format", "{{.Name}}")
    if status != 0:
        log.write(f"{answer}\n{NO_ENGINE}\n")
        raise BuildFailed(NO_ENGINE)
    return sorted(answer.split(), key=lambda name: (name != "bridge", name))


async def _our_network() -> str | None:
    """The network of the container that localhub is in; None where it is in none, or in the host's network."""
    if not await in_thread(Path("/.dockerenv").exists):
        return None
    name = socket.gethostname()
    status, mode = await _ask("inspect", "--format", "{{.HostConfig.NetworkMode}}", name)
    return f"{OURS}{name}" if status == 0 and mode != HOST else None


async def _ask(*command: str) -> tuple[int, str]:
    """The status of a short docker command, and what it said."""
    try:
        asked = await asyncio.create_subprocess_exec(
            "docker",
            *command,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
    except FileNotFoundError:
        return 127, "docker: command not found"
    try:
        async with asyncio.timeout(PATIENCE):
            said, _ = await asked.communicate()
    except TimeoutError:
        return 1, f"docker {command[0]}: no answer within {PATIENCE:g} s"
    finally:
        if asked.returncode is None:
            asked.kill()
        status = await asked.wait()
    return status, said.decode(errors="replace").strip()


def _taken(port: int) -> bool:
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(("0.0.0.0", port))  # noqa: S104 - where the container will listen; nothing is served here
        except OSError:
            return True
    return False
