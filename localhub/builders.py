"""What takes a Space from a commit to an app that answers."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from localhub.space import Space, Step
from localhub.turn import Turn

TICK = 0.4
"""Seconds that a simulated stage takes."""
NO_BUILDER = "This localhub does not build {sdk} Spaces. Start it with --simulate to let them run on a clock."


async def static(turn: Turn) -> AsyncIterator[Step]:
    """Nothing to build: the edge serves the files of the commit."""
    if problem := fault(turn.space, turn.commit):
        yield problem
        return
    if turn.old:
        yield Step("RUNNING_BUILDING", turn.old)
    else:
        yield Step("BUILDING")
    await asyncio.sleep(TICK / 4)
    yield Step("RUNNING", turn.commit)


async def simulated(turn: Turn) -> AsyncIterator[Step]:
    """The stages of a real build, on a clock."""
    space, commit, old = turn.space, turn.commit, turn.old
    if problem := fault(space, commit):
        yield problem
        return
    if turn.why in ("commit", "rebuild") or space.built != commit:
        _build_log(space, commit)
        yield Step("RUNNING_BUILDING" if old else "BUILDING", old, old)
        await asyncio.sleep(TICK)
        space.build_log.write(f"--> simulated build of a {space.settings.sdk} Space\nDONE {TICK:.1f}s\n")
    space.built = commit
    yield Step("RUNNING_APP_STARTING" if old else "APP_STARTING", old, old)
    await asyncio.sleep(TICK)
    space.run_log = space.run_log.successor()
    space.run_log.write(f"===== Application Startup at {_now()} =====\n\nSimulated app of {commit}\n")
    yield Step("RUNNING", commit, commit)


async def missing(turn: Turn) -> AsyncIterator[Step]:
    """A Space that this localhub can't build says so."""
    space = turn.space
    if problem := fault(space, turn.commit):
        yield problem
        return
    message = NO_BUILDER.format(sdk=space.settings.sdk)
    _build_log(space, turn.commit)
    yield Step("BUILDING")
    space.build_log.write(message)
    yield Step("BUILD_ERROR", error=message)


def fault(space: Space, commit: str) -> Step | None:
    """What keeps a commit from being built at all: the stages and words are the Hub's."""
    data = space.repo.front_matter(commit)
    if data is None:
        return Step("CONFIG_ERROR", error="Missing configuration in README")
    if space.settings.secrets.keys() & space.settings.variables.keys():
        return Step("CONFIG_ERROR", error="Collision on variables and secrets names")
    try:
        space.repo.git.entry(commit, app_file(space.settings.sdk, data.get("app_file")))
    except KeyError:
        return Step("NO_APP_FILE")
    return None


def app_file(sdk: str, named: object) -> str:
    """The file without which there is no app; `named` is the front matter's `app_file`."""
    if sdk == "docker":
        return "Dockerfile"
    return str(named or ("index.html" if sdk == "static" else "app.py"))


def _build_log(space: Space, commit: str) -> None:
    space.build_log = space.build_log.successor()
    space.build_log.write(f"===== Build Queued at {_now()} / Commit SHA: {commit[:7]} =====\n\n")


def _now() -> str:
    return f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}"
