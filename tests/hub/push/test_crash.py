"""Killed with SIGKILL at any moment of a commit and started again, localhub has either the old head or the new one."""

import json
import signal
import subprocess
import sys
import threading
import time
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfApi

from tests.kit import ROOT, web

SPACES = 6
FILES = 150
ALICE = {"authorization": "Bearer hf_alice"}


@contextmanager
def serving(data: Path) -> Iterator[tuple[subprocess.Popen[str], HfApi]]:
    """A localhub over `data`, which outlives it."""
    command = [sys.executable, "-m", "localhub", "--data", str(data), "--simulate", "--unlimited"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            endpoint = process.stdout.readline().removeprefix("ready ").strip()
            yield process, HfApi(endpoint, token="hf_alice")
        finally:
            process.kill()


def lines(content: str, files: int = FILES) -> list[bytes]:
    """The lines of a commit: files in as many folders, with `content` in each."""
    header = {"key": "header", "value": {"summary": content, "description": ""}}
    text = b64encode(f"{content}\n".encode() * 200).decode()
    each = [
        {"key": "file", "value": {"path": f"folder-{number}/file.txt", "content": text, "encoding": "base64"}}
        for number in range(files)
    ]
    return [json.dumps(line).encode() + b"\n" for line in [header, *each]]


def commit(api: HfApi, space: str, content: str) -> str | None:
    """Commit; the new head, or None if the server was gone before it could say so."""
    try:
        answer = web.post(
            f"{api.endpoint}/api/spaces/{space}/commit/main",
            content=b"".join(lines(content)),
            headers=ALICE,
            timeout=30,
        )
    except httpx2.TransportError:
        return None
    assert answer.status_code == 200, answer.text
    return str(answer.json()["commitOid"])


def intact(data: Path, space: str) -> None:
    repository = data / "spaces" / space / "git"
    checked = subprocess.run(
        ["git", "-C", repository, "fsck", "--full", "--strict", "--no-dangling"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (checked.returncode, checked.stdout) == (0, ""), checked.stderr


def holds(api: HfApi, space: str) -> set[str]:
    """The contents that the files of the head have: one, if the commit was taken whole."""
    tree = api.list_repo_tree(space, recursive=True, repo_type="space")
    return {entry.blob_id for entry in tree if entry.path.endswith("file.txt")}


def test_sigkill_at_any_moment_of_a_commit(tmp_path: Path) -> None:
    """Several Spaces get a commit each when the process is killed; each round at a later moment."""
    spaces = [f"alice/space-{number}" for number in range(SPACES)]
    with serving(tmp_path) as (_, api):
        for space in spaces:
            api.create_repo(space, repo_type="space", space_sdk="static")
        started = time.monotonic()
        old = at_once(api, spaces, "first")
        duration = time.monotonic() - started
    new = dict(old)
    lost = 0
    for part in (0.3, 0.6, 0.8, 0.95, None):
        with serving(tmp_path) as (process, api):
            for space in spaces:
                intact(tmp_path, space)
                assert len(holds(api, space)) == 1, "all of a commit or nothing"
                heads = [each.commit_id for each in api.list_repo_commits(space, repo_type="space")]
                if new[space] is not None:
                    assert heads[0] == new[space], "an answered commit is kept"
                else:
                    assert old[space] in heads[:2], "the old head, or the new one on top of it"
                old[space] = heads[0]
            if part is not None:
                killer = threading.Timer(duration * part, process.send_signal, [signal.SIGKILL])
                killer.start()
                new = at_once(api, spaces, f"killed at {part}")
                killer.join()
                lost += list(new.values()).count(None)
    assert lost, "no commit was under way when the process was killed"


def at_once(api: HfApi, spaces: list[str], content: str) -> dict[str, str | None]:
    with ThreadPoolExecutor(len(spaces)) as pool:
        return dict(zip(spaces, pool.map(lambda space: commit(api, space, content), spaces), strict=True))


def test_sigkill_in_the_middle_of_the_lines_of_a_commit(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, api):
        api.create_repo("alice/space", repo_type="space", space_sdk="static")
        old = api.space_info("alice/space").sha

        def half() -> Iterator[bytes]:
            every = lines("half", 2000)  # several times what the server reads before it works on it
            yield from every[:1900]
            process.send_signal(signal.SIGKILL)
            process.wait()
            yield from every[1900:]

        with pytest.raises(httpx2.TransportError):
            web.post(f"{api.endpoint}/api/spaces/alice/space/commit/main", content=half(), headers=ALICE)
        assert process.returncode == -signal.SIGKILL
    with serving(tmp_path) as (_, api):
        assert api.space_info("alice/space").sha == old
        intact(tmp_path, "alice/space")
        assert commit(api, "alice/space", "after") == api.space_info("alice/space").sha


def test_sigkill_while_a_repository_is_made(tmp_path: Path) -> None:
    with serving(tmp_path) as (process, api):
        threading.Timer(0.05, process.send_signal, [signal.SIGKILL]).start()
        for number in range(1000):
            try:
                api.create_repo(f"alice/new-{number}", repo_type="space", space_sdk="static")
            except httpx2.TransportError:
                break
    with serving(tmp_path) as (_, api):
        for made in range(number + 1):
            space = f"alice/new-{made}"
            if made < number or api.repo_exists(space, repo_type="space"):
                assert api.file_exists(space, "README.md", repo_type="space")
                intact(tmp_path, space)
        api.create_repo(f"alice/new-{number}", repo_type="space", space_sdk="static", exist_ok=True)
