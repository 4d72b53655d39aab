"""What a Space has on this machine: its newest build, and the app that answers."""

import asyncio
import secrets
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from typing import Protocol

from .logs import Log


class Running(Protocol):
    """What runs an app: a process, or a container."""

    @property
    def tail(self) -> str:
        """The end of its output."""

    async def wait(self) -> int:
        """Its exit status, once it has ended."""

    async def stop(self) -> None:
        """Kill it, and return when it is gone."""


class Build(Protocol):
    """What a build made of a commit of one Space: all it takes to start the app, more than once."""

    @property
    def commit(self) -> str:
        """What was built."""

    @property
    def exclusive(self) -> bool:
        """Whether no other app of the Space may run when it is started."""

    async def start(self, log: Log) -> "App":
        """Start the app. Raises StartFailed."""

    async def discard(self) -> None:
        """Remove it from the machine."""


class BuildFailed(Exception):
    """A build ended badly; the message is the Hub's `errorMessage`."""


class StartFailed(Exception):
    """An app could not be started; the message is the Hub's `errorMessage`."""


@dataclass(eq=False)
class App:
    """A running app, which listens on `port` of 127.0.0.1."""

    build: Build
    port: int
    running: Running
    replica: str = field(default_factory=lambda: secrets.token_hex(4))
    visited: float = field(default_factory=time.monotonic)
    """When somebody last asked for or was sent something."""

    @property
    def commit(self) -> str:
        """What it was built from."""
        return self.build.commit


class Workload:
    """The newest build and the app that answers, if there are any. Changed in the event loop's thread only."""

    def __init__(self) -> None:
        self.build: Build | None = None
        self.app: App | None = None
        self._apps: set[App] = set()
        """The app that answers and those that are ending."""
        self._endings: set[asyncio.Task[None]] = set()

    def keep(self, build: Build | None) -> None:
        """This is the newest build; the one before goes, once no app runs from it."""
        before, self.build = self.build, build
        if before and not self._in_use(before):
            self._in_background(before.discard())

    def answer(self, app: App | None) -> None:
        """From now on this app answers (None: no app does); the one before ends."""
        before, self.app = self.app, app
        if app:
            self._apps.add(app)
        if before:
            self.end(before)

    def end(self, app: App) -> None:
        """End an app, and its build if a newer one has come."""
        self._apps.add(app)
        self._in_background(self._end(app))

    def clear(self) -> None:
        """Neither an app nor a build."""
        self.keep(None)
        self.answer(None)

    async def settled(self) -> None:
        """Returns when all that was to end is gone."""
        while self._endings:
            await asyncio.wait(self._endings)

    async def _end(self, app: App) -> None:
        await app.running.stop()
        self._apps.discard(app)
        if app.build is not self.build and not self._in_use(app.build):
            await app.build.discard()

    def _in_use(self, build: Build) -> bool:
        return any(app.build is build for app in self._apps)

    def _in_background(self, ending: Awaitable[None]) -> None:
        """What ends must come to its end, also when the turn that began it is cancelled."""
        task = asyncio.ensure_future(ending)
        self._endings.add(task)
        task.add_done_callback(self._endings.discard)
