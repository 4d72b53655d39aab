"""The life of a Space: what happens to it after a commit, a restart, a pause.

What builds and runs a Space is a *builder* (see builder.py): it yields the steps the Space goes through. A clock, a script
and a real build look the same from here.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from functools import partial

from localhub.variants import Switches
from localhub.variants.lives import DEV_MODE_PUSH, FLAGGED, README_PUSH, SLEEPING_PUSH

from .builder import Builder, Builders, Turn, Why
from .scripts import Script, play
from .space import CHANGING, UP, Space, Step

logger = logging.getLogger(__name__)
ABUSIVE = "Flagged as abusive"


class Stages:
    """Moves Spaces through their stages. Its methods belong to the event loop's thread, but for `commit`."""

    def __init__(self, builders: Builders, variants: Switches) -> None:
        self._builders = builders
        self._variants = variants
        self._running: dict[Space, asyncio.Task[None]] = {}
        self._in_turn: dict[Space, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._endings: set[asyncio.Task[None]] = set()
        self.scripts: dict[str, Script] = {}
        """By lower-case Space id, which need not exist yet."""
        self.over_quota: Callable[[Space], str | None] = lambda _: None
        """Why an account's plan does not cover that a Space runs, if it doesn't; its next commit then pauses it."""

    def open(self) -> None:
        """Called once the event loop runs."""
        self._loop = asyncio.get_running_loop()
        self._builders.open()

    async def close(self) -> None:
        """Returns when everything that was to end is gone from the machine."""
        while self._endings:
            await asyncio.wait(self._endings)

    def commit(self, space: Space, commit: str) -> None:
        """A new commit on main; from any thread. A paused Space stays paused."""
        self._loop.call_soon_threadsafe(self._on_commit, space, commit)

    async def restart(self, space: Space, *, factory: bool = False) -> None:
        """Start the app again, `factory`: after a new build. Returns when the first stage is entered."""
        if self._variants.on(FLAGGED, space.id):
            self.pause(space, ABUSIVE)
            return
        script = self._script(space)
        builder = play(script.on_restart) if script and script.on_restart else self._builders.of(space)
        await self._start(space, space.git.head(), "rebuild" if factory else "restart", builder)

    async def changed(self, space: Space) -> None:
        """Secrets, variables, volumes or hardware changed: the app starts again, unless it is paused or follows a script that says
        nothing of a new start."""
        script = self._script(space)
        if not space.static and space.now.stage != "PAUSED" and (script is None or script.on_restart):
            await self.restart(space)

    async def wake(self, space: Space) -> None:
        """Somebody visits a sleeping Space."""
        if space.now.stage == "SLEEPING":
            await self._start(space, space.git.head(), "wake", self._builders.of(space))

    def pause(self, space: Space, reason: str | None = None) -> None:
        """Stop the app until a restart."""
        self._halt(space)
        space.workload.answer(None)
        space.enter(Step("PAUSED", error=reason))

    def resume(self, space: Space) -> None:
        """Go on after a restart of the Hub: a build that was cut short starts again, and so does an app."""
        if space.now.stage in UP and not self._builders.lasts(space):
            space.enter(Step("BUILDING"))
        if space.now.stage in CHANGING:
            self._on_commit(space, space.git.head())

    def end(self, space: Space) -> None:
        """End the Space's life on this machine: its turn, its app, its build and the streams of its logs."""
        self._halt(space)
        space.workload.clear()
        ending = self._loop.create_task(_gone(space, self._in_turn.pop(space, asyncio.Lock())))
        self._endings.add(ending)
        ending.add_done_callback(self._endings.discard)

    def _halt(self, space: Space) -> None:
        if task := self._running.pop(space, None):
            task.cancel()
        space.build_log.end()
        space.run_log.end()

    def _script(self, space: Space) -> Script | None:
        return self.scripts.get(space.id.lower())

    def _next_script(self, space: Space) -> Script | None:
        """Return what is played after a commit; one that is not for all is used up by it."""
        script = self._script(space)
        if script and script.commits is not None:
            left = replace(script, commits=script.commits - 1)
            self.scripts[space.id.lower()] = left
            if not left.commits:
                del self.scripts[space.id.lower()]
        return script

    def _on_commit(self, space: Space, commit: str) -> None:
        space.read_card(commit)
        if reason := self.over_quota(space) or (ABUSIVE if self._variants.on(FLAGGED, space.id) else None):
            self.pause(space, reason)
        elif self._passes_by(space, commit):
            return
        elif space.now.stage != "PAUSED":
            script = self._next_script(space)
            self._start(space, commit, "commit", play(script.steps) if script else self._builders.of(space))

    def _passes_by(self, space: Space, commit: str) -> bool:
        """Whether a commit changes nothing for what runs, or rests."""
        on = partial(self._variants.on, repo_id=space.id)
        return (
            (space.now.stage == "SLEEPING" and on(SLEEPING_PUSH))
            or (space.settings.dev_mode and on(DEV_MODE_PUSH))
            or (space.now.stage in UP and on(README_PUSH) and space.git.changed(commit) == {"README.md"})
        )

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
        async with self._in_turn[space]:  # one turn at a time: the one before may still be clearing up
            try:
                async for step in steps:
                    space.enter(step)
                    _done(first)
                    if step.app is None:
                        space.workload.answer(None)
            except Exception as error:  # a builder's own fault must not leave the Space building for ever
                logger.exception("%s: its builder failed", space.id)
                space.enter(Step("RUNTIME_ERROR", error=f"localhub failed: {error!r}"))
                space.workload.answer(None)


async def _gone(space: Space, in_turn: asyncio.Lock) -> None:
    """Returns when the last turn has cleared up and nothing of the Space runs any more."""
    async with in_turn:
        await space.workload.settled()


def _done(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)
