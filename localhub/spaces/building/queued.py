"""A build that never begins."""

import asyncio
from collections.abc import AsyncIterator

from localhub.spaces.builder import Turn
from localhub.spaces.space import Step

from .headings import open_build_log


async def queued(turn: Turn) -> AsyncIterator[Step]:
    """Wait in the Hub's queue, until the next turn."""
    open_build_log(turn.space, turn.commit)
    yield Step("RUNNING_BUILDING" if turn.old else "BUILDING", turn.old, turn.old)
    await asyncio.Event().wait()
