"""What of a checkout is chosen: by git, by the inputs `include` and `exclude`, and what was left out and why."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Literal, NamedTuple

from hfspace_action.errors import Note
from hfspace_action.inputs.patterns import hints
from hfspace_action.inputs.patterns.match import Patterns

from .notices import listed

Reason = Literal["machinery", "excluded", "untracked", "ignored"]

# Left out at every depth unless `include` brings them back: they speak to git and GitHub. On the Hub, a .gitignore would
# make the server drop files that are tracked here.
_MACHINERY = frozenset((".github", ".gitignore", ".gitattributes", ".gitmodules"))
# What package managers and tools put into a checkout. Who includes `dist/` means none of the hundreds that are in there.
_INSTALLED = frozenset(
    (
        "node_modules", "bower_components", ".venv", "venv", "site-packages", ".tox", ".nox", "__pycache__", ".cache", ".mypy_cache",
        ".pytest_cache", ".ruff_cache", ".yarn", ".pnpm-store", ".terraform", ".gradle", ".eggs",
    )
)  # fmt: skip
_WORDS: Mapping[Reason, str] = {
    "machinery": "of git and GitHub",
    "excluded": "excluded",
    "untracked": "untracked",
    "ignored": "ignored by .gitignore",
}


_FEW = 3  # paths that a line names where nothing is to be done about them


class LeftOut(NamedTuple):
    """Paths that are not deployed, by reason. A folder's path ends with "/" and stands for all that is in it."""

    paths: Mapping[Reason, Sequence[str]]

    @property
    def counts(self) -> dict[str, int]:
        """How many paths there are for each reason."""
        return {reason: len(paths) for reason, paths in self.paths.items() if paths}

    def __str__(self) -> str:
        """Return a line for the log and the summary; "" if nothing was left out."""
        parts = [_part(reason, paths) for reason, paths in sorted(self.paths.items()) if paths]
        chosen = [path for reason in ("untracked", "ignored") for path in self.paths.get(reason, ())]
        if not parts:
            return ""
        line = f"Left out: {', '.join(parts)}"
        if not chosen:
            return line + "."
        example = next((path for path in chosen if path.endswith("/") and not _is_installed(path)), chosen[0])
        return f"{line}: {listed(chosen)}. To deploy one of them, name it: `include: {example}`"


def _part(reason: Reason, paths: Sequence[str]) -> str:
    """How many paths are left out for a reason; and which, where they are few and the line's end does not name them."""
    names = f" ({listed(sorted(paths))})" if len(paths) <= _FEW and reason in ("machinery", "excluded") else ""
    return f"{len(paths):,} {_WORDS[reason]}{names}"


class Selection:
    """The choice by the inputs, and its record: what they brought and left out."""

    def __init__(self, include: Sequence[str], exclude: Sequence[str]) -> None:
        self.include, self.exclude = Patterns.parse(include), Patterns.parse(exclude)
        self._named = {part for pattern in self.include.patterns for part in pattern.glob.split("/")}
        # Who includes `dist/**` does not mean a .gitignore in it.
        self._names_machinery = any(".git" in pattern.glob for pattern in self.include.patterns)
        self.brought: Counter[str] = Counter()
        self.left_out: dict[Reason, list[str]] = {}

    def excludes(self, path: str) -> bool:
        """Whether `exclude` leaves out a path, which ends with "/" if it is a folder's. It has the last word."""
        if not self.exclude(path):
            return False
        self.leave_out("excluded", path)
        return True

    def searches(self, folder: str) -> bool:
        """Whether a folder that is left out may hold what `include` names. `folder` ends with "/"."""
        name = folder.rstrip("/").rpartition("/")[2]
        return bool(self.include) and (name in self._named or not _is_installed(folder))

    def includes(self, path: str) -> bool:
        """Whether `include` brings a file that is otherwise left out."""
        if not self.include(path) or (is_machinery(path.rpartition("/")[2], path) and not self._names_machinery):
            return False
        ends = [at + 1 for at, letter in enumerate(path) if letter == "/"]
        self.brought[next((path[:end] for end in ends if self.include(path[:end])), path[: max(ends, default=0)])] += 1
        return True

    def leave_out(self, reason: Reason, path: str) -> None:
        """Record a path that is left out."""
        self.left_out.setdefault(reason, []).append(path)

    def mark(self) -> dict[Reason, int]:
        """Return how much is recorded now, for `collapse`."""
        return {reason: len(paths) for reason, paths in self.left_out.items()}

    def collapse(self, mark: Mapping[Reason, int], reason: Reason, folder: str) -> None:
        """Record a folder in which nothing was found in place of all that was recorded in it since `mark`."""
        for each, paths in self.left_out.items():
            del paths[mark.get(each, 0) :]
        self.leave_out(reason, folder)

    def remark(self) -> str | None:
        """Return a line on what `include` brought, if it brought anything."""
        if not self.brought:
            return None
        folders = [f"{count:,} in {folder or './'}" for folder, count in sorted(self.brought.items())]
        return f"Brought by `include`: {sum(self.brought.values()):,} files, {listed(folders)}."

    def unused(self, files: Sequence[str], folder: str) -> Iterator[Note]:
        """Yield a note for each pattern that has no effect."""
        paths = [*files, *(path for left_out in self.left_out.values() for path in left_out)]
        yield from hints.unused("include", self.include, paths, folder)
        yield from hints.unused("exclude", self.exclude, paths, folder)


def is_machinery(name: str, path: str) -> bool:
    """Whether a file or folder speaks to git, to GitHub or to the Hub's client only."""
    return name in _MACHINERY or f"/{path}".endswith("/.cache/huggingface")


def _is_installed(folder: str) -> bool:
    return not _INSTALLED.isdisjoint(folder.split("/"))
