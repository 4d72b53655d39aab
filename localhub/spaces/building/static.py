"""Static Spaces: the edge serves files, those of the commit or those that its build command makes."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path, PurePosixPath
from typing import Any

import pygit2

from localhub.repos.repository import Repo
from localhub.repos.tree_edits import Changes
from localhub.spaces.builder import Builder, Turn
from localhub.spaces.running import environment
from localhub.spaces.running.process import Failed, run
from localhub.spaces.space import Step
from localhub.variants import Switches
from localhub.variants.lives import QUIET_STATIC_BUILD

from .checkout import check_out, in_thread
from .checks import app_file, fault
from .headings import open_build_log
from .workshop import Workshop

PUBLISHED = "refs/convert/build"
"""Where the Hub keeps what a build made: https://huggingface.co/docs/hub/spaces-sdks-static."""
INSTANT = 0.1
"""Seconds that a Space without a build is seen building."""


def static(workshop: Workshop, variants: Switches) -> Builder:
    """The builder of static Spaces."""

    async def builder(turn: Turn) -> AsyncIterator[Step]:
        space, commit = turn.space, turn.commit
        if problem := fault(space, commit):
            yield problem
            return
        data = space.front_matter(commit) or {}
        quiet = data.get("app_build_command") and variants.on(QUIET_STATIC_BUILD, space.id)
        yield Step("RUNNING" if quiet else "RUNNING_BUILDING" if turn.old else "BUILDING", turn.old)
        if not data.get("app_build_command"):
            await asyncio.sleep(INSTANT)
            yield Step("RUNNING", commit)
            return
        try:
            yield Step("RUNNING", await _build(turn, data, workshop))
        except Failed as failure:
            yield Step("BUILD_ERROR", error=f"Job failed with exit code: {failure.status}. Reason: {failure.reason}")
        except FileNotFoundError:
            space.build_log.write(f"The build made no {app_file('static', data)}\n")
            yield Step("NO_APP_FILE")

    return builder


async def _build(turn: Turn, data: dict[str, Any], workshop: Workshop) -> str:
    """Run the build command in a copy of the files; the commit that holds what it made."""
    space = turn.space
    log = open_build_log(space, turn.commit)
    folder = workshop.new_folder(space)
    home = folder / "home" / "user"
    app = home / "app"
    try:
        home.mkdir(parents=True)
        await check_out(space, turn.commit, workshop.objects, app)
        env = environment.for_build(home) | environment.values(space.settings.variables)
        # Assumed: the Hub's own example of a build command is `npm run build` alone, which needs the packages.
        if (
            (app / "package.json").exists()
            and "install" not in data["app_build_command"]
            and " ci" not in data["app_build_command"]
        ):
            log.write("--> npm install\n")
            await run(["npm", "install"], log, env=env, cwd=app)
        log.write(f"--> {data['app_build_command']}\n")
        await run(["sh", "-c", data["app_build_command"]], log, env=env, cwd=app)
        made = await in_thread(lambda: _publish(space, app, app_file("static", data), turn.commit))
        log.write("--> done\n")
        return made
    finally:
        await in_thread(lambda: shutil.rmtree(folder))


def _publish(repo: Repo, built: Path, page: str, commit: str) -> str:
    """Commit the folder that the page is in to PUBLISHED, at its place. FileNotFoundError without a page.

    That only this folder and the README are published is not documented.
    """
    if not (built / page).is_file():
        raise FileNotFoundError(page)
    changes = Changes()
    for file in sorted((built / page).parent.rglob("*")):
        path = PurePosixPath(file.relative_to(built))
        if file.is_file() and not {"node_modules", ".git"} & set(path.parts):
            changes.put(str(path), repo.git.write(file.read_bytes()))
    changes.put("README.md", repo.git.write(repo.git.read(commit, "README.md")))  # which names the page
    git = repo.git.git
    who = pygit2.Signature("localhub", "localhub@localhost")
    tree = changes.apply(git, None)
    assert tree  # noqa: S101 - the page is in it
    made = str(git.create_commit(None, who, who, f"Build of {commit}", tree, []))
    with repo.lock:
        repo.git.create_ref(PUBLISHED, made, force=True)
    return made
