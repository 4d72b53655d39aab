"""Patterns in .gitignore syntax, read as git reads them: https://git-scm.com/docs/gitignore

The inputs `include`, `exclude`, `keep` and `allow-credentials` take them, and .gitignore files where there is no git.
"""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from .glob import Matches, compiled

_WILDCARDS = frozenset("*?[\\")


@dataclass(frozen=True)
class Pattern:
    """One pattern. `text` is the line as written, `glob` what it has between its marks; `negated`: it began with "!";
    `folders`: it ended with "/"; `anchored`: it is matched against the whole path, others against the name."""

    text: str
    glob: str
    negated: bool
    folders: bool
    anchored: bool

    @classmethod
    def parse(cls, line: str) -> "Pattern | None":
        """Read one line; None if it is blank or a comment."""
        text = _without_trailing_spaces(line.removesuffix("\n").removesuffix("\r"))
        if not text or text.startswith("#"):
            return None
        negated = text.startswith("!")
        wanted = text[negated:]
        folders = wanted.endswith("/")
        wanted = wanted.removesuffix("/")
        return cls(text, wanted.removeprefix("/"), negated, folders, "/" in wanted)

    @property
    def literal(self) -> bool:
        """Whether it has no wildcard, so that it names one path, or one name in every folder."""
        return not _WILDCARDS & set(self.glob)

    def matches(self, path: str, *, folder: bool) -> bool:
        """Whether it matches this very path; what is above the path does not count here."""
        if self.folders and not folder:
            return False
        subject = path if self.anchored else path.rpartition("/")[2]
        return subject == self.glob if self._literal else self._matches(os.fsencode(subject))

    @cached_property
    def _literal(self) -> bool:
        return self.literal

    @cached_property
    def _matches(self) -> Matches:
        return compiled(os.fsencode(self.glob), path=self.anchored)


@dataclass(frozen=True)
class Patterns:
    """A list of patterns, of which the last that matches a path decides.

    Called with a path (a folder's ends with "/"), it returns what `git check-ignore` would: a path below an ignored folder is
    ignored, whatever patterns match the path itself. `used` gathers the patterns that decided something.
    """

    patterns: tuple[Pattern, ...] = ()
    used: set[Pattern] = field(default_factory=set, compare=False)
    _folders: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def parse(cls, lines: Iterable[str]) -> "Patterns":
        """Read the lines of an input or a .gitignore file."""
        return cls(tuple(pattern for line in lines if (pattern := Pattern.parse(line))))

    def __bool__(self) -> bool:
        return bool(self.patterns)

    def __call__(self, path: str) -> bool:
        if not self.patterns:
            return False
        above = path.removesuffix("/") if path.endswith("/") else path.rpartition("/")[0]
        return self._ignores(above) or (above + "/" != path and bool(self.decide(path, folder=False)))

    def decide(self, path: str, *, folder: bool) -> bool | None:
        """Return what the last pattern that matches this very path says of it; None if none matches."""
        for pattern in reversed(self.patterns):
            if pattern.matches(path, folder=folder):
                self.used.add(pattern)
                return not pattern.negated
        return None

    def _ignores(self, folder: str) -> bool:
        if folder == "":
            return False
        if folder not in self._folders:
            ends = [at for at, letter in enumerate(folder) if letter == "/"] + [len(folder)]
            ignored = False
            for above in (folder[:end] for end in ends):
                if above not in self._folders:
                    self._folders[above] = ignored or bool(self.decide(above, folder=True))
                ignored = self._folders[above]
        return self._folders[folder]


def _without_trailing_spaces(line: str) -> str:
    """Cut the spaces at a line's end, but for one that a backslash keeps."""
    kept = line.rstrip(" ")
    backslashes = len(kept) - len(kept.rstrip("\\"))
    return kept + " " if backslashes % 2 and len(kept) < len(line) else kept
