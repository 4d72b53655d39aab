"""What the Hub looks for in a push, and the words in which it refuses one.

The texts were seen in xet-core#569 (binary files), diffusers#6285 (missing large files), datasets#5090 (metadata),
huggingface_hub#937 (denied) and in users' reports (files over 10 MiB). Which binary files the live Hub lets pass is
not documented; here none do.
"""

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import pygit2

from localhub import discussion_store
from localhub.accounts import leaks, quota
from localhub.hub import Hub
from localhub.refusal import Refusal
from localhub.repos import card
from localhub.repos.pointer import Pointer
from localhub.repos.repository import Repo

from .preupload import LARGEST_REGULAR

LINE = "-" * 73
LARGE = """\
Your push was rejected because it contains files larger than 10 MiB.
Please use https://git-lfs.github.com/ to store large files.
See also: https://hf.co/docs/hub/repositories-getting-started#terminal"""
BINARY = """\
Your push was rejected because it contains binary files.
Please use https://huggingface.co/docs/hub/xet to store binary files.
See also: https://huggingface.co/docs/hub/xet/using-xet-storage#git"""
MISSING = """\
Your push was rejected because an LFS pointer pointed to a file that does not exist.
For instance, this can happen if you used git push --no-verify to push your changes."""
METADATA = "Sorry, your push was rejected during YAML metadata verification:"
DENIED = "Your push was rejected for the following reasons:"
LOOKED_AT = 8000
"""Bytes of a file that git reads to tell whether it is binary: a zero among them says that it is."""


@dataclass(frozen=True, slots=True)
class Move:
    """A reference that a push moves, makes (no `old`) or deletes (no `new`)."""

    old: str | None
    new: str | None
    ref: str

    @classmethod
    def parse(cls, line: bytes) -> Self:
        """From what git tells a pre-receive hook."""
        old, new, ref = os.fsdecode(line.rstrip(b"\n")).split(" ", 2)
        return cls(old if old.strip("0") else None, new if new.strip("0") else None, ref)


@dataclass(frozen=True, slots=True)
class Inspection:
    """A look at a push. `quarantine` is the folder of its objects, None if it brings none."""

    hub: Hub
    repo: Repo
    environment: Mapping[str, str]
    quarantine: str | None

    def refusal(self, moves: Sequence[Move]) -> str | None:
        """Why these moves are refused; None if they aren't. Blocking."""
        arriving = pygit2.Repository(str(self.repo.git.path))
        if self.quarantine:
            arriving.odb.add_disk_alternate(self.quarantine)
        if denied := [f"DENIED update {move.ref}: {why}" for move in moves if (why := self._denied(arriving, move))]:
            return _report(DENIED, *denied)
        for move in moves:
            if move.new and (reason := self._bad_files(arriving, move) or self._bad_card(arriving, move.new)):
                return _report(reason)
        return None

    def _denied(self, arriving: pygit2.Repository, move: Move) -> str | None:
        """Branches and tags may go to any commit, pull requests as long as they are open."""
        if move.new and _commit(arriving, move.new) is None:
            return "not a commit"
        number = move.ref.removeprefix("refs/pr/")
        if number != move.ref and move.old and move.new:
            status = discussion_store.find(self.repo, int(number))["status"]
            return None if status in discussion_store.OPEN else f"this pull request is {status}"
        return None if move.ref.startswith(("refs/heads/", "refs/tags/")) else "forbidden"

    def _bad_files(self, arriving: pygit2.Repository, move: Move) -> str | None:
        large, binary, missing = list[str](), list[str](), list[str]()
        leaked, stored = list[tuple[str, str]](), dict[str, int]()
        for oid, path in self._new_files(move):
            name = f"  - {path} (ref: {move.ref})"
            if arriving.odb.read_header(oid)[1] > LARGEST_REGULAR:
                large.append(name)
                continue
            content = arriving[oid].read_raw()
            if b"\0" in content[:LOOKED_AT]:
                binary.append(name)
            elif (pointer := Pointer.parse(content)) is None:
                leaked += [(path, token) for token in self.hub.accounts.tokens_in(content)]
            elif self.hub.objects.has(pointer.sha256):
                stored[pointer.sha256] = pointer.size
            else:
                missing.append(f"- {path}")
        if large:
            return "\n".join([LARGE, "", "Offending files:", *large])
        if binary:
            return "\n".join([BINARY, "", "Offending files:", *binary])
        if missing:
            return "\n".join([MISSING, "Offending file: ", *missing])
        return leaks.message(move.ref, leaked) if leaked else self._too_much(stored)

    def _too_much(self, stored: dict[str, int]) -> str | None:
        try:
            quota.check_storage(self.hub.meter, self.repo, stored)
        except Refusal as refusal:
            return f"{DENIED}\n{refusal.message}"
        return None

    def _new_files(self, move: Move) -> Iterator[tuple[str, str]]:
        """Id and path of every file that comes with a move, in any of its commits."""
        environment = {**self.environment, "GIT_DIR": str(self.repo.git.path)}
        if self.quarantine:
            environment["GIT_OBJECT_DIRECTORY"] = self.quarantine
            environment["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = str(self.repo.git.path / "objects")
        blobs = ("--objects", "--filter=object:type=blob", "--filter-provided-objects")
        command = ["git", "rev-list", *blobs, str(move.new), "--not", "--all"]
        found = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout
        for line in found.splitlines():
            oid, _, path = os.fsdecode(line).partition(" ")
            yield oid, path

    def _bad_card(self, arriving: pygit2.Repository, new: str) -> str | None:
        head = _commit(arriving, new)
        readme = head.tree["README.md"] if head and "README.md" in head.tree else None
        if not isinstance(readme, pygit2.Blob):
            return None
        errors, _ = card.check(readme.data.decode("utf-8", "replace"), self.repo.kind)
        if not errors:
            return None
        page = f"https://huggingface.co/docs/hub/{card.REFERENCE[self.repo.kind]}"
        found = [f"- Error: {error}" for error in errors]
        return "\n".join([METADATA, *found, LINE, LINE, "Please find the documentation at:", page, ""])


def _commit(arriving: pygit2.Repository, oid: str) -> pygit2.Commit | None:
    """The commit that an id or an annotated tag stands for; None for a tree or a blob."""
    try:
        return arriving[oid].peel(pygit2.Commit)
    except pygit2.InvalidSpecError:
        return None


def _report(*lines: str) -> str:
    return "\n".join((LINE, *lines, LINE))
