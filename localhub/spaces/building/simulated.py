"""The stages of a real build, on a clock."""

import asyncio
from collections.abc import AsyncIterator

from localhub.spaces.builder import Builder, Turn
from localhub.spaces.space import Step

from .checks import fault
from .headings import open_build_log, open_run_log

TICK = 0.4
"""Seconds that a simulated stage takes, unless localhub is started with others."""


def simulated(tick: float) -> Builder:
    """A builder whose stages take so many seconds. Nothing is built and nothing runs; the edge shows a page that names the
    commit."""

    async def builder(turn: Turn) -> AsyncIterator[Step]:
        space, commit, old = turn.space, turn.commit, turn.old
        if problem := fault(space, commit):
            yield problem
            return
        if turn.why in ("commit", "rebuild") or space.built != commit:
            log = open_build_log(space, commit)
            yield Step("RUNNING_BUILDING" if old else "BUILDING", old, old)
            await asyncio.sleep(tick)
            log.write(f"--> simulated build of a {space.settings.sdk} Space\nDONE {tick:.1f}s\n")
        space.built = commit
        yield Step("RUNNING_APP_STARTING" if old else "APP_STARTING", old, old)
        await asyncio.sleep(tick)
        open_run_log(space).write(f"Simulated app of {commit}\n")
        yield Step("RUNNING", commit, commit)

    return builder
