"""The Hub's state: its repositories on disk and, for Spaces, their lives and addresses."""

import secrets
import shutil
import threading
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Protocol

from .accounts import quota
from .accounts.accounts import Accounts
from .accounts.id_tokens import Issuer
from .accounts.limits import Meter
from .accounts.publishers import Publishers
from .accounts.space_tokens import SpaceTokens
from .addresses import KINDS
from .json_files import read_json, write_json
from .repos.creations import Creations
from .repos.git import MAIN, Repository
from .repos.hardware import FREE, ZEROGPU
from .repos.large_files import Objects
from .repos.recent import Recent
from .repos.repository import Meta, Repo
from .spaces.building import Builders
from .spaces.building.workshop import Workshop
from .spaces.lifecycle import Stages
from .spaces.space import Settings, Space
from .variants import Switches
from .variants.rights import PAID_HARDWARE_NEEDS_PLAN, ZEROGPU_NEEDS_PLAN


class Addresses(Protocol):
    """Where Spaces answer."""

    async def listen(self, space: Space) -> None:
        """Open a Space's address."""

    def close(self, space: Space) -> None:
        """Close a Space's address."""


@dataclass(frozen=True, slots=True)
class Options:
    """How a localhub behaves, as its command line says.

    `simulate`: the seconds of a simulated stage of apps that are not built for real. `only`: the SDK whose Spaces are built;
    others stay as they are created.
    """

    simulate: float | None = None
    unlimited: bool = False
    variants: Switches = field(default_factory=Switches)
    only: str | None = None


class Hub:
    """Everything a localhub serves; `data` holds all of it over a restart."""

    def __init__(self, data: Path, accounts: Accounts, options: Options) -> None:
        self.data = data
        self.accounts = accounts
        self.variants = options.variants
        self.meter = Meter(accounts, unlimited=options.unlimited)
        self.issuer = Issuer()
        self.publishers = Publishers(data / "publishers.key")
        self.space_tokens = SpaceTokens(data / "spaces.key")
        self.objects = Objects(data / "lfs")
        self.recent = Recent()
        self.creations = Creations()
        workshop = Workshop(data / "building", self.objects)
        builders = Builders(workshop, self.variants, simulate=options.simulate, only=options.only)
        self.stages = Stages(builders, self.variants)
        self.stages.over_quota = self.over_quota
        self._lock = threading.Lock()
        self._repos: dict[tuple[str, str], Repo] = {}
        for repo in self._on_disk():
            self._repos[_key(repo.kind, repo.id)] = repo

    def find(self, kind: str, repo_id: str) -> Repo | None:
        """The repository of that name, in whatever case it is written."""
        return self._repos.get(_key(kind, repo_id))

    def repos(self, kind: str) -> list[Repo]:
        """All repositories of a kind."""
        return [repo for (of, _), repo in self._repos.items() if of == kind]

    def spaces(self) -> list[Space]:
        """All Spaces."""
        return [repo for repo in self._repos.values() if isinstance(repo, Space)]

    def over_quota(self, space: Space) -> str | None:
        """Why a Space runs no more, if nobody pays for the free hardware that it needs."""
        if self.plan_covers(space.id, space.settings):
            return None
        return quota.PAUSED.format(flavor=space.settings.hardware)

    def plan_covers(self, space_id: str, settings: Settings) -> bool:
        """Whether a Space with these settings, new or not, may run by the plan of its account."""
        owner, hardware = space_id.partition("/")[0], settings.hardware
        needs_plan = PAID_HARDWARE_NEEDS_PLAN if hardware != ZEROGPU else ZEROGPU_NEEDS_PLAN
        if self.variants.on(needs_plan, space_id):
            hardware = FREE
        others = [space for space in self.spaces() if space.owner == owner and space.id.lower() != space_id.lower()]
        zero_gpus = sum(space.settings.hardware == ZEROGPU for space in others)
        return quota.covers(self.accounts, owner, settings.sdk, hardware, zero_gpus)

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
            repo = self._open(kind, directory)
            self.recent.created(repo)
            self._repos[_key(kind, meta.id)] = repo
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

    def moved(self, repo: Repo, ref: str, old: str | None, new: str) -> None:
        """To be called by whoever moved a reference, in any thread: of a Space whose main moved the new commit is built."""
        if old == new:
            return
        self.recent.committed(repo, new)
        if ref == MAIN and old is not None:
            self.recent.moved(repo, old)
        if ref == MAIN and isinstance(repo, Space):
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
            return Space(directory, meta, read_json(directory / "space.json"), self.variants)
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
