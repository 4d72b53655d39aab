"""From a commit to an app that answers, and on to its end: the same for every SDK that runs something."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable

from localhub.repos.hardware import FREE
from localhub.spaces.builder import Builder, Turn
from localhub.spaces.running.health import exited, time_to_start, until_healthy
from localhub.spaces.space import FREE_SLEEP, Space, Step
from localhub.spaces.workload import App, Build, BuildFailed, StartFailed

from .checks import fault
from .headings import open_build_log, open_run_log

Make = Callable[[Turn], Awaitable[Build]]
"""Builds a commit and writes the build log. Raises BuildFailed; cancelled, it leaves nothing."""


def runs(make: Make) -> Builder:
    """The builder of a Space whose app is a process or a container.

    The app of the commit before answers until the new one is up. It is the workload's, not the turn's: a turn that is
    cancelled takes along only what nobody sees yet.
    """

    async def builder(turn: Turn) -> AsyncIterator[Step]:
        space, commit, old, workload = turn.space, turn.commit, turn.old, turn.space.workload
        if problem := fault(space, commit):
            yield problem
            return
        build = workload.build
        if turn.why in ("commit", "rebuild") or build is None or build.commit != commit:
            open_build_log(space, commit)
            yield Step("RUNNING_BUILDING" if old else "BUILDING", old, old)
            try:
                build = await make(turn)
            except BuildFailed as failure:
                yield Step("BUILD_ERROR", error=str(failure))
                return
            workload.keep(build)
        if build.exclusive:
            old = None  # the app before has to go first
        yield Step("RUNNING_APP_STARTING" if old else "APP_STARTING", old, old)
        if not old:
            await workload.settled()
        try:
            app = await _start(build, space)
        except StartFailed as failure:
            yield Step("RUNTIME_ERROR", error=str(failure))
            return
        workload.answer(app)
        yield Step("RUNNING", commit, commit)
        if await _until_idle(app, space):
            yield Step("SLEEPING", sha=commit)
        else:
            yield Step("RUNTIME_ERROR", error=exited(app, await app.running.wait()))

    return builder


async def _start(build: Build, space: Space) -> App:
    app = await build.start(open_run_log(space))
    try:
        await until_healthy(app, time_to_start(space, build.commit))
    except BaseException:
        space.workload.end(app)
        raise
    return app


async def _until_idle(app: App, space: Space) -> bool:
    """True when nobody has visited for the Space's sleep time, False when the app has ended before."""
    ended = asyncio.create_task(app.running.wait())
    try:
        while not ended.done():
            allowed = FREE_SLEEP if space.settings.hardware == FREE else space.settings.sleep_seconds
            idle = time.monotonic() - app.visited
            if allowed is not None and idle >= allowed:
                return True
            await asyncio.wait([ended], timeout=1)  # the sleep time may be changed meanwhile
        return False
    finally:
        ended.cancel()
