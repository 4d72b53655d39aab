"""The life of a Space: what happens to it after a commit, a restart, a pause.

What builds and runs a Space is a *builder* (see turn.py): it yields the steps the Space goes through. A clock, a script
and a real build look the same from here.
"""

import asyncio
import logging
from collections.abc import AsyncIterator

from localhub import builders
from localhub.scripts import Script, play
from localhub.space import CHANGING, UP, Space, Step
from localhub.turn import Builder, Turn, Why

logger = logging.getLogger(__name__)


class Stages:
    """Moves Spaces through their stages. Its methods belong to the event loop's thread, but for `commit`."""

    def __init__(self, *, simulate: bool) -> None:
        self._simulate = simulate
        self._running: dict[Space, asyncio.Task[None]] = {}
        self.scripts: dict[str, Script] = {}
        """By lower-case Space id, which need not exist yet."""

    def open(self) -> None:
        """Called once the event loop runs."""
        self._loop = asyncio.get_running_loop()

    def commit(self, space: Space, commit: str) -> None:
        """A new commit on main; from any thread. A paused Space stays paused."""
        self._loop.call_soon_threadsafe(self._on_commit, space, commit)

    async def restart(self, space: Space, *, factory: bool = False) -> None:
        """Start the app again, `factory`: after a new build. Returns when the first stage is entered."""
        script = self._script(space)
        builder = play(script.on_restart) if script and script.on_restart else self._builder(space)
        await self._start(space, space.repo.git.head(), "rebuild" if factory else "restart", builder)

    async def changed(self, space: Space) -> None:
        """Secrets, variables or hardware changed: the app starts again, unless it is paused or follows a script."""
        if not space.static and space.now.stage != "PAUSED" and not self._script(space):
            await self.restart(space)

    async def wake(self, space: Space) -> None:
        """Somebody visits a sleeping Space."""
        if space.now.stage == "SLEEPING":
            await self._start(space, space.repo.git.head(), "wake", self._builder(space))

    def pause(self, space: Space) -> None:
        """Stop the app until a restart."""
        self.end(space)
        space.enter(Step("PAUSED"))

    def resume(self, space: Space) -> None:
        """Go on after a restart of the Hub: a build that was cut short starts again."""
        if space.now.stage in CHANGING:
            self._on_commit(space, space.repo.git.head())

    def end(self, space: Space) -> None:
        """Stop whatever happens to the Space, and the streams of its logs."""
        if task := self._running.pop(space, None):
            task.cancel()
        space.build_log.end()
        space.run_log.end()

    def _script(self, space: Space) -> Script | None:
        return self.scripts.get(space.repo.id.lower())

    def _on_commit(self, space: Space, commit: str) -> None:
        space.read_card(commit)
        if space.now.stage != "PAUSED":
            script = self._script(space)
            self._start(space, commit, "commit", play(script.steps) if script else self._builder(space))

    def _builder(self, space: Space) -> Builder:
        if space.static:
            return builders.static
        return builders.simulated if self._simulate else builders.missing

    def _start(self, space: Space, commit: str, why: Why, builder: Builder) -> asyncio.Future[None]:
        if task := self._running.pop(space, None):
            task.cancel()
        old = space.now.app if space.now.stage in UP and why == "commit" else None
        first: asyncio.Future[None] = self._loop.create_future()
        task = self._loop.create_task(self._live(builder(Turn(space, commit, why, old)), space, first))
        self._running[space] = task
        task.add_done_callback(lambda _: _done(first))
        return first

    async def _live(self, steps: AsyncIterator[Step], space: Space, first: asyncio.Future[None]) -> None:
        try:
            async for step in steps:
                space.enter(step)
                _done(first)
        except Exception as error:  # a builder's own fault must not leave the Space building for ever
            logger.exception("%s: its builder failed", space.repo.id)
            space.enter(Step("RUNTIME_ERROR", error=f"localhub failed: {error!r}"))


def _done(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
