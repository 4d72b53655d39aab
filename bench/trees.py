"""The checkouts that are deployed, each a git repository with one commit, and how they change."""

import random
import shutil
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.kit import large
from tests.kit.gitrepo import git

_TEXT = (".py", ".ts", ".js", ".svelte", ".md", ".css", ".svg", ".txt", ".yaml")


@dataclass(frozen=True)
class Case:
    """One deploy, repeated `rounds` times. `change` edits the checkout before each round; None leaves it alone. `fresh` is
    for a Space that does not exist yet."""

    name: str
    rounds: int
    change: Callable[[Path, int], None] | None = None
    fresh: bool = False


@dataclass(frozen=True)
class Tree:
    """A checkout: `make` lays it out in a folder, which doesn't exist yet; `missing` says why that can't be done here."""

    name: str
    make: Callable[[Path], None]
    cases: Sequence[Case]
    missing: str | None = None


def trees(open_webui: Path | None, *, quick: bool) -> list[Tree]:
    """All of them, or small ones of the same kinds for a quick run."""
    rounds = 1 if quick else 5
    folders, size, few = (20, 2, 50) if quick else (1000, 128, 500)
    absent = (
        "left out of a quick run" if quick else None if open_webui else "OPEN_WEBUI names no program that lays it out"
    )
    no_lfs = None if shutil.which("git-lfs") else "git-lfs is not installed"
    return [
        Tree(
            "Open WebUI",
            lambda folder: _laid_out(open_webui, folder),
            [
                Case("first deploy", rounds, fresh=True),
                Case("nothing changed", rounds),
                Case("one file changed", rounds, lambda folder, number: _edit(folder, number, 1)),
                Case(f"{few} files changed", rounds, lambda folder, number: _edit(folder, number, few)),
            ],
            absent,
        ),
        Tree(
            f"{folders * 100:,} files in {folders:,} folders",
            lambda folder: _made(folder, folders),
            [
                Case("first deploy", 1, fresh=True),
                Case("nothing changed", rounds),
                Case("one file changed", rounds, lambda folder, number: _edit(folder, number, 1)),
                Case(f"{few} files changed", rounds, lambda folder, number: _edit(folder, number, few)),
            ],
        ),
        Tree(
            f"8 files of {size} MB in LFS",
            lambda folder: _large(folder, size * 1_000_000),
            [
                Case("first deploy", 1, fresh=True),
                Case("nothing changed", rounds),
                Case("one large file changed", min(rounds, 3), lambda folder, number: _swap(folder, number, size)),
            ],
            no_lfs,
        ),
    ]


def _made(folder: Path, folders: int) -> None:
    large.checkout(folder, large.many(folders))


def _large(folder: Path, size: int) -> None:
    """Eight files that nothing can compress, kept in LFS by git itself."""
    folder.mkdir()
    git(folder, "init", "--quiet")
    git(folder, "lfs", "install", "--local")
    for number in range(8):
        _fill(folder / f"model-{number}.safetensors", size, number)
    for name, text in (
        ("README.md", large.README),
        ("Dockerfile", large.DOCKERFILE),
        (".gitattributes", "*.safetensors filter=lfs diff=lfs merge=lfs -text\n"),
    ):
        (folder / name).write_text(text, "utf-8")
    _commit(folder)


def _edit(folder: Path, number: int, files: int) -> None:
    """Add a line to text files that stand far apart from one another."""
    names = git(folder, "ls-files", "-z").split("\0")
    tracked = [name for name in names if name.endswith(_TEXT) and name[0] != "."]
    for name in tracked[:: max(1, len(tracked) // files)][:files]:
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write(f"\n{files} changed, {number}\n")
    _commit(folder)


def _swap(folder: Path, number: int, size: int) -> None:
    _fill(folder / "model-3.safetensors", size * 1_000_000, 100 + number)
    _commit(folder)


def _fill(file: Path, size: int, seed: int) -> None:
    source = random.Random(seed)
    with file.open("wb") as stream:
        for start in range(0, size, 1_000_000):
            stream.write(source.randbytes(min(1_000_000, size - start)))


def _commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "A change")


def _laid_out(program: Path | None, folder: Path) -> None:
    assert program is not None  # otherwise the tree is left out
    subprocess.run([str(program), str(folder)], check=True)
    git(folder, "repack", "-adq")  # one pack, as a checkout on a runner has it
