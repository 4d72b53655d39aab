"""The Hub's state: its repositories on disk and, for Spaces, their lives and addresses."""

import secrets
import shutil
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Protocol

from .accounts import quota
from .accounts.accounts import Accounts
from .accounts.id_tokens import Issuer
from .accounts.limits import Meter
from .accounts.publishers import Publishers
from .addresses import KINDS
from .json_files import read_json, write_json
from .repos.git import Repository
from .repos.large_files import Objects
from .repos.repository import Meta, Repo
from .spaces.building import Builders
from .spaces.building.workshop import Workshop
from .spaces.lifecycle import Stages
from .spaces.space import Space


class Addresses(Protocol):
    """Where Spaces answer."""

    async def listen(self, space: Space) -> None:
        """Open a Space's address."""

    def close(self, space: Space) -> None:
        """Close a Space's address."""


class Hub:
    """Everything a localhub serves; `data` holds all of it over a restart."""

    def __init__(self, data: Path, accounts: Accounts, *, simulate: bool = False, unlimited: bool = False) -> None:
        self.data = data
        self.accounts = accounts
        self.meter = Meter(accounts, unlimited=unlimited)
        self.issuer = Issuer()
        self.publishers = Publishers(data / "publishers.key")
        self.objects = Objects(data / "lfs")
        self.stages = Stages(Builders(Workshop(data / "building", self.objects), simulate=simulate))
        self.stages.over_quota = self.over_quota
        self._lock = threading.Lock()
        self._repos: dict[tuple[str, str], Repo] = {}
        for repo in self._on_disk():
            self._repos[_key(repo.kind, repo.id)] = repo

    def find(self, kind: str, repo_id: str) -> Repo | None:
        """The repository of that name, in whatever case it is written."""
        return self._repos.get(_key(kind, repo_id))

    def spaces(self) -> list[Space]:
        """All Spaces."""
        return [repo for repo in self._repos.values() if isinstance(repo, Space)]

    def over_quota(self, space: Space) -> str | None:
        """Why a Space runs no more, if nobody pays for the free hardware that it needs."""
        covered = quota.covers(self.accounts, space.owner, space.settings.sdk, space.settings.hardware)
        return None if covered else quota.PAUSED

    def create(self, kind: str, meta: Meta, files: Mapping[str, bytes], space: Mapping[str, Any] | None = None) -> Repo:
        """Make a repository whose first commit holds `files`. Raises FileExistsError. Blocking: call it in a thread."""
        directory = self._dir(kind, meta.id)
        with self._lock:
            if _key(kind, meta.id) in self._repos:
                raise FileExistsError(meta.id)
            new = _hidden(directory)
            new.mkdir(parents=True)
            Repository.create(new / "git", files, author=meta.creator)
            write_json(new / "repo.json", asdict(meta))
            if space is not None:
                write_json(new / "space.json", space)
            new.rename(directory)
            repo = self._repos[_key(kind, meta.id)] = self._open(kind, directory)
        return repo

    def move(self, repo: Repo, to: str) -> None:
        """Rename a repository. Raises FileExistsError."""
        with self._lock, repo.lock:
            if self.find(repo.kind, to) not in (None, repo):
                raise FileExistsError(to)
            target = self._dir(repo.kind, to)
            target.parent.mkdir(parents=True, exist_ok=True)
            repo.dir.rename(target)
            del self._repos[_key(repo.kind, repo.id)]
            repo.dir, repo.meta.id, repo.git = target, to, Repository(target / "git")
            repo.save_meta()
            self._repos[_key(repo.kind, to)] = repo

    def delete(self, repo: Repo) -> None:
        """Remove a repository from the disk. A Space must have been closed before."""
        with self._lock, repo.lock:
            del self._repos[_key(repo.kind, repo.id)]
            gone = repo.dir.rename(_hidden(repo.dir))
        shutil.rmtree(gone)

    def main_moved(self, repo: Repo, old: str | None, new: str) -> None:
        """To be called by whoever moved refs/heads/main, in any thread: a Space starts to build."""
        if isinstance(repo, Space) and old != new:
            self.stages.commit(repo, new)

    async def open(self, addresses: Addresses) -> None:
        """Start to serve the Spaces: each gets its address, and those stopped in the middle of a build build again."""
        self._addresses = addresses
        self.stages.open()
        for space in self.spaces():
            await self.open_space(space)

    async def open_space(self, space: Space) -> None:
        """Give a Space its address and bring it to where it should be."""
        await self._addresses.listen(space)
        self.stages.resume(space)

    def close_space(self, space: Space) -> None:
        """End a Space's life, before it is deleted."""
        self.stages.end(space)
        self._addresses.close(space)

    async def close(self) -> None:
        """Stop all Spaces and end the streams of their logs. Returns when no app and no build is left."""
        for space in self.spaces():
            self.close_space(space)
        await self.stages.close()

    def _dir(self, kind: str, repo_id: str) -> Path:
        return self.data / f"{kind}s" / repo_id

    def _open(self, kind: str, directory: Path) -> Repo:
        meta = Meta(**read_json(directory / "repo.json"))
        if kind == "space":
            return Space(directory, meta, read_json(directory / "space.json"))
        return Repo(kind, directory, meta)

    def _on_disk(self) -> Iterator[Repo]:
        for kind in KINDS:
            for file in sorted((self.data / f"{kind}s").glob("*/[!.]*/repo.json")):
                yield self._open(kind, file.parent)


def _key(kind: str, repo_id: str) -> tuple[str, str]:
    return kind, repo_id.lower()


def _hidden(directory: Path) -> Path:
    """A name for what isn't a repository yet or any more: found half-done after a crash, it is not taken for one."""
    return directory.with_name(f".{directory.name}.{secrets.token_hex(4)}")
