"""python -m localhub preview PATH: builds and runs a folder as a Space, for as long as the command runs."""

import argparse
import asyncio
import logging
import os
import re
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml
from pathspec import GitIgnoreSpec

from .accounts.accounts import Accounts
from .control.faults import Traffic
from .hub import Hub
from .loopback import listen
from .repos import card
from .server import Server
from .spaces.logs import Log
from .spaces.space import DOWN, Space

OWNER, TOKEN = "alice", "hf_alice"
GLANCE = 0.1
"""Seconds between two looks at the Space."""
UNCONFIGURED = (
    "README.md says no sdk, so the Hub would stop at CONFIG_ERROR: Missing configuration in README. Try it with --sdk."
)


def main(arguments: Sequence[str]) -> int:
    """Preview until Ctrl-C: 0. A Space that does not run, or no more: 1."""
    parser = argparse.ArgumentParser(
        prog="python -m localhub preview",
        description="Build and run a folder as the Hub would, print the logs and the address. Ctrl-C leaves nothing behind.",
    )
    parser.add_argument("path", type=Path, help="the folder to deploy")
    parser.add_argument("--sdk", choices=card.SDKS, help="in place of what its README says")
    chosen = parser.parse_args(arguments)
    folder = chosen.path.resolve()
    if not folder.is_dir():
        parser.error(f"{chosen.path} is not a folder")
    readme = folder / "README.md"
    try:
        text = readme.read_text("utf-8") if readme.is_file() else ""
        sdk = chosen.sdk or (card.front_matter(text) or {}).get("sdk")
    except ValueError as error:
        parser.error(f"README.md: {error}")
    if sdk not in card.SDKS:
        parser.error(UNCONFIGURED)
    logging.basicConfig(level=logging.ERROR)
    with tempfile.TemporaryDirectory(prefix="localhub-preview-") as data:
        # Read by the client when it is imported: nothing of a preview belongs into the user's cache.
        os.environ |= {"HF_HOME": f"{data}/client", "HF_HUB_DISABLE_XET": "1", "HF_HUB_DISABLE_PROGRESS_BARS": "1"}
        return asyncio.run(_serve(Path(data), folder, sdk, with_sdk(text, sdk) if chosen.sdk else text))


def with_sdk(readme: str, sdk: str) -> str:
    """A README whose front matter names this SDK."""
    data = (card.front_matter(readme) or {}) | {"sdk": sdk}
    block = yaml.safe_dump(data, sort_keys=False, allow_unicode=True)
    return f"---\n{block}---\n{card.BLOCK.sub('', readme, count=1)}"


async def _serve(data: Path, folder: Path, sdk: str, readme: str) -> int:
    """Run a Hub for one Space until a signal comes or the Space is down."""
    hub, sock, ready = Hub(data, Accounts.load(), unlimited=True), listen(0), asyncio.Event()
    server = Server(hub, Traffic(), sock, ready.set)
    serving = asyncio.create_task(server.run_until_signal())
    await ready.wait()
    name = re.sub(r"[^A-Za-z0-9]+", "-", folder.name).strip("-") or "preview"
    endpoint = f"http://127.0.0.1:{sock.getsockname()[1]}"
    watching = asyncio.create_task(_deploy(hub, endpoint, f"{OWNER}/{name}", folder, sdk, readme))
    await asyncio.wait([serving, watching], return_when=asyncio.FIRST_COMPLETED)
    if not watching.done():
        watching.cancel()
        await serving
        return 0
    server.should_exit = True
    await serving
    return watching.result()


async def _deploy(hub: Hub, endpoint: str, space_id: str, folder: Path, sdk: str, readme: str) -> int:
    from huggingface_hub import CommitOperationAdd, HfApi
    from huggingface_hub.errors import HfHubHTTPError

    api = HfApi(endpoint, token=TOKEN)
    files = [CommitOperationAdd("README.md", readme.encode())]
    files += [CommitOperationAdd(path, folder / path) for path in _paths(folder) if path != "README.md"]
    await asyncio.to_thread(api.create_repo, space_id, repo_type="space", space_sdk=sdk)
    space = hub.find("space", space_id)
    assert isinstance(space, Space)  # noqa: S101
    before = space.now
    try:
        commit = asyncio.to_thread(api.create_commit, space_id, files, commit_message="Preview", repo_type="space")
        print(f"{space_id}: {len(files)} files at {(await commit).oid[:7]}, {endpoint}", flush=True)
    except (HfHubHTTPError, ValueError) as error:  # what the Hub says about the files or the README
        print(error, file=sys.stderr)
        return 1
    return await _follow(space, before)


def _paths(folder: Path) -> list[str]:
    """The files that the Hub would take: all but git's own and those that .gitignore names."""
    ignore = folder / ".gitignore"
    lines = ignore.read_text("utf-8").splitlines() if ignore.is_file() else []
    return sorted(GitIgnoreSpec.from_lines([*lines, ".git"]).match_tree_files(folder, negate=True))


async def _follow(space: Space, seen: object) -> int:
    """Print logs and stages as they come; returns when the Space is down."""
    heard: dict[Log, tuple[str, int]] = {}
    while True:
        now = space.now
        for name, log in (("build", space.build_log), ("run", space.run_log)):
            heard.setdefault(log, (name, 0))
        for log, (name, lines) in heard.items():
            for line in log.lines[lines:]:
                print(f"{name:>5} | {line.text}", end="", flush=True)
            heard[log] = name, len(log.lines)
        if now is not seen:
            print(f"----- | {now.stage}{f': {now.error}' if now.error else ''}", flush=True)
            if now.stage == "RUNNING":
                print(f"\n{space.id} runs at {space.host} until Ctrl-C\n", flush=True)
            if now.stage in DOWN:
                return 1
            seen = now
        await asyncio.sleep(GLANCE)
