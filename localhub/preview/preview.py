"""A preview: a Hub for one Space, a deploy by the Action, and once more for each save, for as long as the command runs."""

import asyncio
import json
import logging
import os
import re
import sys
import tempfile
import webbrowser
from collections.abc import Sequence
from pathlib import Path

from localhub.accounts.accounts import Accounts
from localhub.control.faults import Traffic
from localhub.hub import Hub, Options
from localhub.loopback import listen
from localhub.server import Server
from localhub.spaces.logs import Log
from localhub.spaces.space import DOWN, Space

from . import arguments
from .arguments import Wish
from .screen import Screen

OWNER, TOKEN = "alice", "hf_alice"
ACTION = Path(__file__).parents[2] / "entrypoint.py"
EMPTY = "NO_APP_FILE"
"""The stage of a Space before its first build."""
GLANCE = 0.1
"""Seconds between two looks at the Space."""
_OF_RUNNERS = ("INPUT_", "GITHUB_", "GITLAB_", "CIRCLECI", "BITBUCKET_", "FORGEJO_", "HF_TOKEN", "HF_OIDC_", "OUTPUT_FILE", "SUMMARY_FILE")  # fmt: skip
"""Beginnings of variables that would make the deploy another's."""


def main(given: Sequence[str]) -> int:
    """Preview until Ctrl-C: 0. A Space that does not run, or no more: 1, unless changes are waited for."""
    wish = arguments.read(given)
    try:
        listen(wish.port).close()
    except OSError as error:
        print(f"--port {wish.port}: {error.strerror}", file=sys.stderr)
        return 2
    logging.basicConfig(level=logging.ERROR)
    screen = Screen()
    with tempfile.TemporaryDirectory(prefix="localhub-preview-") as data:
        # Read by the client when it is imported: nothing of a preview belongs into the user's cache.
        os.environ |= {"HF_HOME": f"{data}/client", "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
        code = asyncio.run(Preview(Path(data), wish, screen).run())
    screen.end("Ended. The Space and its Hub are gone; nothing is left on this machine.")
    return code


class Preview:
    """One preview."""

    def __init__(self, data: Path, wish: Wish, screen: Screen) -> None:
        self._data, self._wish, self._screen = data, wish, screen
        self._hub = Hub(data, Accounts.load(), Options(unlimited=True))
        folder = wish.folder
        self._top = next((each for each in (folder, *folder.parents) if (each / ".git").exists()), folder)
        name = re.sub(r"[^A-Za-z0-9]+", "-", wish.folder.name).strip("-") or "preview"
        self._id = f"{OWNER}/{name}"
        self._told = False

    async def run(self) -> int:
        """Serve until a signal comes, or until the Space is down and nobody waits for a change."""
        sock, ready = listen(0), asyncio.Event()
        server = Server(self._hub, Traffic(), sock, ready.set, first_port=self._wish.port)
        serving = asyncio.create_task(server.run_until_signal())
        await ready.wait()
        env = self._step(f"http://127.0.0.1:{sock.getsockname()[1]}")
        working = asyncio.create_task(self._again_and_again(env) if self._wish.watch else self._once(env))
        await asyncio.wait([serving, working], return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)
            await serving
            return 0
        server.should_exit = True
        await serving
        return working.result()

    async def _once(self, env: dict[str, str]) -> int:
        if await self._deploy(env) != 0:
            return 1
        await self._follow()
        return 1

    async def _again_and_again(self, env: dict[str, str]) -> int:
        """Deploy now, and again after each save. What fails is shown, and the next save may mend it."""
        saves: asyncio.Queue[set[str]] = asyncio.Queue()
        watching = asyncio.create_task(self._watch(saves))
        following: asyncio.Task[None] | None = None
        try:
            while True:
                await self._deploy(env)
                if following is None and self._space:
                    following = asyncio.create_task(self._follow())
                saved = await saves.get()
                while not saves.empty():
                    saved |= saves.get_nowait()
                names = sorted(saved)
                self._screen.line("-----", f"saved: {', '.join(names[:5])}{' …' if len(names) > 5 else ''}")
        finally:
            watching.cancel()
            if following:
                following.cancel()

    async def _watch(self, saves: "asyncio.Queue[set[str]]") -> None:
        """Pass on which files were saved, but those of git and of environments."""
        from watchfiles import awatch  # not before: nobody else needs it

        async for changes in awatch(self._wish.folder):
            saves.put_nowait({path.removeprefix(f"{self._wish.folder}/") for _, path in changes})

    @property
    def _space(self) -> Space | None:
        space = self._hub.find("space", self._id)
        return space if isinstance(space, Space) else None

    def _step(self, endpoint: str) -> dict[str, str]:
        """The environment in which the Action deploys the folder, as a workflow's step would."""
        own = {name: value for name, value in os.environ.items() if not name.startswith(_OF_RUNNERS)}
        return own | {
            "OUTPUT_FILE": str(self._data / "output"),
            "INPUT_SPACE": self._id,
            "INPUT_HF-TOKEN": TOKEN,
            "INPUT_ENDPOINT": endpoint,
            "INPUT_PATH": os.path.relpath(self._wish.folder, self._top),
            "INPUT_SDK": self._wish.sdk or "",
            "INPUT_VARIABLES": json.dumps(self._wish.variables, ensure_ascii=False) if self._wish.variables else "",
            "INPUT_SECRETS": json.dumps(self._wish.secrets, ensure_ascii=False) if self._wish.secrets else "",
            "INPUT_CREATE": "true",
            "INPUT_WAIT": "false",
        }

    async def _deploy(self, env: dict[str, str]) -> int:
        """Let the Action deploy, so that the files, the SDK and the card are those of a workflow's step."""
        self._screen.doing("Deploying")
        action = await asyncio.create_subprocess_exec(
            sys.executable, str(ACTION), cwd=self._top, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
        )  # fmt: skip
        assert action.stdout  # noqa: S101
        try:
            async for line in action.stdout:
                self._screen.line("step", line.decode(errors="replace").rstrip("\n"))
            return await action.wait()
        finally:
            self._screen.doing("")
            if action.returncode is None:
                action.kill()
                await asyncio.gather(action.wait(), action.stdout.read())

    async def _follow(self) -> None:
        """Show logs and stages as they come; returns when the Space is down and no save is waited for."""
        space = self._space
        assert space  # noqa: S101 - it was deployed
        seen: object = space.now if space.now.stage == EMPTY else None  # its build has not begun
        heard: dict[Log, tuple[str, int]] = {}
        while True:
            now = space.now
            for name, log in (("build", space.build_log), ("run", space.run_log)):
                heard.setdefault(log, (name, 0))
            for log, (name, lines) in heard.items():
                for line in log.lines[lines:]:
                    self._screen.line(name, line.text.rstrip("\n"))
                heard[log] = name, len(log.lines)
            if now is not seen:
                seen = now
                down = now.stage in DOWN
                self._screen.stage(now.stage, now.error, up=now.stage == "RUNNING", down=down)
                if now.stage == "RUNNING":
                    self._tell(space)
                if down and not self._wish.watch:
                    return
            await asyncio.sleep(GLANCE)

    def _tell(self, space: Space) -> None:
        """Name the address, once: it stays the same for as long as this runs."""
        if self._told:
            return
        self._told = True
        until = "until Ctrl-C, and anew after each save" if self._wish.watch else "until Ctrl-C"
        self._screen.word(f"{space.id} runs at {space.host} {until}")
        if self._wish.open:
            webbrowser.open(space.host)
