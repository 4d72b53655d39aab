"""The .gitignore files of a folder that is in no git repository."""

import os
from itertools import pairwise
from typing import NamedTuple

from hfspace_action.errors import Failure
from hfspace_action.file import read_own
from hfspace_action.inputs.patterns.match import Patterns

_LARGEST = 1024 * 1024


class IgnoreRules(NamedTuple):
    """The rules of one folder and of those above it, the innermost first. `base` is a folder's path with a "/" at its end."""

    files: tuple[tuple[str, Patterns], ...] = ()

    def within(self, folder: str, base: str) -> "IgnoreRules":
        """Return the rules with those of one folder more, if it has a .gitignore. Raises `Failure` if that can't be read."""
        try:
            text = read_own(os.path.join(folder, ".gitignore"), _LARGEST).removeprefix(b"\xef\xbb\xbf")
        except FileNotFoundError:
            return self
        except OSError as error:
            raise Failure("checkout-rules", path=f"{base}.gitignore", said=error.strerror or str(error)) from error
        rules = Patterns.parse(os.fsdecode(text).split("\n"))
        return IgnoreRules(((base, rules), *self.files))

    def ignore(self, path: str, *, folder: bool) -> bool:
        """Whether they ignore a path in the innermost folder. Of what is below an ignored folder nobody asks."""
        for base, rules in self.files:
            decided = rules.decide(path.removeprefix(base), folder=folder)
            if decided is not None:
                return decided
        return False


def is_ignored(top: str, disk: str) -> bool:
    """Whether the .gitignore files from the folder `top` on ignore what is at `disk`, or a folder above it."""
    rules = IgnoreRules()
    for above, here in pairwise(downwards(top, disk)):
        base = above[len(top) :].lstrip("/")
        rules = rules.within(above, base and base + "/")
        if rules.ignore(here[len(top) :].lstrip("/"), folder=here != disk or os.path.isdir(disk)):
            return True
    return False


def downwards(top: str, disk: str) -> list[str]:
    """Return the paths from `top` down to `disk`, with both."""
    ends = [at for at in range(len(top) + 1, len(disk)) if disk[at] == "/"]
    return list(dict.fromkeys([top, *(disk[:end] for end in ends), disk]))
