"""What is wrong with how a step ended: its words against what localhub has on its disk, and never against ours."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, NamedTuple

from hfspace_action.plan import hold
from tests.kit.gitrepo import git
from tests.kit.local import LocalHub
from tests.kit.space.settings import State, state
from tests.kit.space.tree import SpaceTree
from tests.kit.step.action import Step

from .scenes import Scene

GREEN = frozenset({
    "live", "published", "planned", "asleep", "healthy", "passed", "seen", "deleted", "held", "released", "skipped", "swept", "verified",
})  # fmt: skip
RED = frozenset({
    "broken", "differs", "unhealthy", "failed", "rolled-back", "unreachable", "unconfirmed", "paused", "superseded", "timeout", "cancelled", "error",
})  # fmt: skip
"""The results, as the README has them."""
OUTPUTS = (
    "result", "stage", "space-id", "space-url", "app-url", "commit-sha", "commit-url", "changed", "created", "hardware", "visibility",
    "plan", "healthy", "error", "duration",
)  # fmt: skip
_UNFINISHED = ("draft", "open")
_OWN = re.compile(r"an error of its own: (.*?)(?:%0A|$)", re.MULTILINE)


class Kind(StrEnum):
    """Of what kind a problem is."""

    LIE = "lie"
    HALF = "half"
    STRANGER = "stranger"
    LEFTOVER = "leftover"
    LEAK = "leak"
    INTERNAL = "internal"
    TIME = "time"
    REPORT = "report"
    UNTRIED = "untried"


class Problem(NamedTuple):
    """What is wrong."""

    kind: Kind
    words: str


class Seen(NamedTuple):
    """A Space as it is on the disk: its files by path (None: there is no Space), its commits, settings and pull requests that are
    not finished; the names of all Spaces of its owner; and whether it is held."""

    files: Mapping[str, str] | None
    commits: tuple[str, ...]
    settings: State
    unfinished: tuple[int, ...]
    spaces: frozenset[str]
    held: bool = False


def look(hub: LocalHub, space: str) -> Seen:
    """Read the disk."""
    folder = hub.data / "spaces" / space
    names = frozenset(f"alice/{each.name}" for each in (hub.data / "spaces/alice").glob("[!.]*"))
    if not folder.exists():
        return Seen(None, (), State(), (), names)
    commits = tuple(git(folder / "git", "log", "--first-parent", "--format=%H", "main").split())
    record = folder / "discussions.json"
    pulls = json.loads(record.read_text("utf-8")) if record.exists() else []
    unfinished = tuple(each["num"] for each in pulls if each["status"] in _UNFINISHED)
    rules = git(folder / "git", "show", "main:.gitattributes")
    return Seen(SpaceTree(hub, space).blobs(), commits, state(hub, space), unfinished, names, hold.is_in(rules))


@dataclass(frozen=True)
class Tried:
    """A step that was tried on a Space. `step` is None where it did not end in time and was killed; `runtime` is the Space's as
    localhub says it afterwards, None where it could not be asked; `closable`: whether its pull requests can be closed in spite of the fault."""

    scene: Scene
    space: str
    wanted: Mapping[str, str]
    before: Seen
    after: Seen
    step: Step | None
    runtime: Mapping[str, Any] | None = None
    closable: bool = True
    erasable: bool = True

    def problems(self) -> Iterator[Problem]:
        """Yield all that is wrong."""
        yield from self._whole()
        if self.step is None:
            yield Problem(Kind.TIME, "it did not end in time")
            return
        yield from self._reported(self.step)
        yield from self._true(self.step)
        yield from self._left(self.step)

    def _whole(self) -> Iterator[Problem]:
        """What main holds, whatever was said."""
        after, before = self.after.files, self.before.files
        possible = [before, self.wanted, *([None] if self.scene.deletes else [])]
        if not self.scene.there and after is not None:
            possible.append(created(after))
        if after not in possible:
            yield Problem(Kind.HALF, f"main has {_difference(after, self.wanted)}")
        most = 2 if self.scene.results == ("rolled-back",) else 1
        moves = (
            len(self.after.commits) - len(self.before.commits) - (not self.before.commits and bool(self.after.commits))
        )
        if after is not None and moves > (most if self.scene.publishes else 0):
            yield Problem(Kind.HALF, f"main moved {moves} times")

    def _reported(self, step: Step) -> Iterator[Problem]:
        """That the report is whole."""
        outputs = step.outputs
        if missing := [name for name in OUTPUTS if name not in outputs]:
            yield Problem(Kind.REPORT, f"no output {', '.join(missing)}")
        if not step.summary.strip():
            yield Problem(Kind.REPORT, "no summary")
        if outputs.get("error") == "internal" or "Traceback (most recent" in step.log:
            said = _OWN.search(step.log)
            yield Problem(Kind.INTERNAL, said[1] if said else "a traceback in the log")
        result = outputs.get("result", "")
        if (step.exit_code == 0) != (result in GREEN) or result not in GREEN | RED:
            yield Problem(Kind.LIE, f"it ended with {step.exit_code} as {result!r}")
        if step.exit_code and not outputs.get("error") and result != "rolled-back":
            yield Problem(Kind.REPORT, f"it is {result} without an error")

    def _true(self, step: Step) -> Iterator[Problem]:
        """That what it says is so."""
        outputs, after = step.outputs, self.after
        moved = after.commits[:1] != self.before.commits[:1] and after.files not in (None, *self._initial)
        said = outputs.get("changed")
        deletes = self.scene.deletes
        if (said == "false" and moved) or (said == "true" and not moved and not deletes and after.files is not None):
            yield Problem(Kind.LIE, f"changed is {said}, main {'moved' if moved else 'did not move'}")
        is_new = self.before.files is None and after.files is not None
        if outputs.get("created") in ("true", "false") and (outputs["created"] == "true") != is_new and not deletes:
            yield Problem(Kind.LIE, f"created is {outputs['created']}")
        sha = outputs.get("commit-sha")
        if sha and after.files is not None and sha not in after.commits:
            yield Problem(Kind.LIE, "commit-sha is no commit of main")
        seen = outputs.get("visibility")
        if (
            seen
            and after.files is not None
            and seen not in (after.settings.visibility, self.before.settings.visibility)
        ):
            yield Problem(Kind.LIE, f"visibility is said to be {seen}, and is {after.settings.visibility}")
        if step.exit_code == 0:
            yield from self._green(step)
        elif outputs.get("result") == "rolled-back" and after.files != self.before.files:
            yield Problem(Kind.LIE, f"it rolled back, but {_difference(after.files, self.before.files)}")

    @property
    def _initial(self) -> list[Mapping[str, str]]:
        """The files that the Hub itself makes."""
        return [] if self.scene.there or self.after.files is None else [created(self.after.files)]

    def _green(self, step: Step) -> Iterator[Problem]:
        result, after = step.outputs.get("result"), self.after
        also = ("published",) if self.scene.results == ("live",) else ()
        if self.scene.pull == "opened" and after.files is None:
            also = (*also, "skipped")
        if result not in (*self.scene.results, *also):
            yield Problem(Kind.LIE, f"it is green as {result}")
        if result in ("live", "published"):
            if after.files != self.wanted:
                yield Problem(Kind.LIE, f"it is {result}, but {_difference(after.files, self.wanted)}")
            if step.outputs.get("commit-sha") != after.commits[0]:
                yield Problem(Kind.LIE, f"it is {result}, but commit-sha is not the head")
        for name, value in self.scene.settings.items() if result in ("live", "published") else ():
            if getattr(after.settings, name) != value:
                yield Problem(Kind.LIE, f"it is {result}, but {name} is not as asked")
        if result == "live" and self.runtime is not None:
            runs = self.runtime.get("stage"), self.runtime.get("sha")
            if runs != ("RUNNING", after.commits[0]):
                yield Problem(Kind.LIE, f"it is live, but the Space is {runs[0]} at {runs[1]}")
        if (result == "released" and after.held) or (result == "held" and not after.held):
            yield Problem(Kind.LIE, f"it is {result}, and is {'held' if after.held else 'not held'}")
        if (
            result == "deleted" or (result == "swept" and step.outputs["changed"] == "true")
        ) and after.files is not None:
            yield Problem(Kind.LIE, f"it is {result}, and still there")
        if (
            result in ("planned", "healthy", "seen", "held", "verified")
            and after._replace(spaces=self.before.spaces) != self.before
        ):
            yield Problem(Kind.LIE, f"it is {result}, and something changed")

    def _left(self, step: Step) -> Iterator[Problem]:
        """That nothing is left over that the step could have put in order, and the rest is named."""
        if self.after.unfinished and (self.closable or step.exit_code == 0):
            yield Problem(Kind.LEFTOVER, f"pull requests {self.after.unfinished} are not finished")
        if gone := self.before.spaces - self.after.spaces - {self.space}:
            yield Problem(Kind.HALF, f"{', '.join(sorted(gone))} is gone")
        left = self.after.spaces - self.before.spaces - {self.space}
        if left and (self.erasable or step.exit_code == 0):
            yield Problem(Kind.LEFTOVER, f"{', '.join(sorted(left))} is left")
        elif left and not all(re.search(re.escape(each), step.summary) for each in left):
            yield Problem(Kind.LEFTOVER, f"{', '.join(sorted(left))} is left, and not named")


def created(files: Mapping[str, str]) -> Mapping[str, str]:
    """What a Space has that was just created: the README of the Hub, if anything."""
    return {path: blob for path, blob in files.items() if path == "README.md"} if len(files) <= 1 else {}


def _difference(files: Mapping[str, str] | None, wanted: Mapping[str, str] | None) -> str:
    if files is None or wanted is None:
        return "no Space" if files is None else "a Space"
    wrong = sorted(path for path in files.keys() | wanted.keys() if files.get(path) != wanted.get(path))
    return f"{len(wrong)} files that are not as wanted: {', '.join(wrong[:3])}"
