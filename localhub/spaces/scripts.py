"""Scripts: a test says which stages a Space goes through, and when.

A script is a list of steps, or `{"steps": [...], "on_restart": [...]}`. It is played after each commit on main from the
next one on, until it is replaced or removed; `on_restart` after a restart of the Space (without it the Space goes on as if
it had no script) and after a change of its settings (without it nothing happens). `"commits": 1` plays it after one commit only. A step is a mapping:

after          seconds since the step before it (for the first: since the commit); 0 if left out
stage          required; any string, so that stages unknown to a client can be tried
sha            the commit in `runtime.sha`, and whose app answers in a stage where one does: "old" (the one that answered
               before; if none did, the parent of the new commit), "new", or "none" (not reported; the new app answers).
               Left out: "new" for RUNNING and SLEEPING, "old" for RUNNING_BUILDING and RUNNING_APP_STARTING, else "none".
               A static Space never reports a commit: there it says whose files are served
errorMessage   as in the runtime
build_log      text added to the log
run_log        text added to the log
host           what the API reports as `host` from now on, in place of the Space's real address
http_status    what the app answers with during this step; 200 if left out
"""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Literal, get_args

from .builder import Builder, Turn
from .space import UP, Step

Sha = Literal["old", "new", "none"]


@dataclass(frozen=True, slots=True)
class Line:
    """One step of a script."""

    stage: str
    after: float = 0.0
    sha: Sha | None = None
    error_message: str | None = None
    build_log: str = ""
    run_log: str = ""
    host: str | None = None
    http_status: int = 200

    @classmethod
    def parse(cls, value: Any) -> "Line":
        """From JSON. ValueError says what is wrong."""
        if not isinstance(value, dict) or "stage" not in value:
            raise ValueError(f"a step is a mapping with a stage: {value!r}")
        data = {"error_message" if key == "errorMessage" else key: item for key, item in value.items()}
        if unknown := set(data) - set(cls.__dataclass_fields__):
            raise ValueError(f"unknown in a step: {', '.join(sorted(unknown))}")
        if data.get("sha") not in (None, *get_args(Sha)):
            raise ValueError(f"sha is old, new or none: {data['sha']!r}")
        return cls(**data)


@dataclass(frozen=True, slots=True)
class Script:
    """What a Space does after each commit, and after a restart."""

    steps: tuple[Line, ...]
    on_restart: tuple[Line, ...] = ()
    commits: int | None = None
    """After how many commits it is played; None is after each."""

    @classmethod
    def parse(cls, value: Any) -> "Script":
        """From JSON. ValueError says what is wrong."""
        parts = {"steps": value} if isinstance(value, list) else value
        if not isinstance(parts, dict) or "steps" not in parts or set(parts) - {"steps", "on_restart", "commits"}:
            raise ValueError("a script is a list of steps or {steps, on_restart, commits}")
        commits = parts.get("commits")
        if commits is not None and (not isinstance(commits, int) or commits < 1):
            raise ValueError(f"commits is a number of at least 1: {commits!r}")
        lines = {name: tuple(map(Line.parse, parts.get(name, ()))) for name in ("steps", "on_restart")}
        return cls(**lines, commits=commits)


def play(lines: Sequence[Line]) -> Builder:
    """The builder that follows a script."""

    async def builder(turn: Turn) -> AsyncIterator[Step]:
        space = turn.space
        space.build_log, space.run_log = space.build_log.successor(), space.run_log.successor()
        before = turn.old or next((commit.id for commit in islice(space.git.log(turn.commit), 1, None)), None)
        for line in lines:
            if line.after:
                await asyncio.sleep(line.after)
            space.build_log.write(line.build_log)
            space.run_log.write(line.run_log)
            yield _step(line, before, turn.commit)

    return builder


def _step(line: Line, old: str | None, new: str) -> Step:
    still_old = line.stage in ("RUNNING_BUILDING", "RUNNING_APP_STARTING")
    sha = line.sha or ("old" if still_old else "new" if line.stage in ("RUNNING", "SLEEPING") else "none")
    app = None if line.stage not in UP else old if sha == "old" else new
    shown = {"old": old, "new": new, "none": None}[sha]
    return Step(line.stage, app, shown, line.error_message, line.http_status, line.host)
