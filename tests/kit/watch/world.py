"""A Hub with one Space that does what a test says, second by second, on a clock that costs no time."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from hfspace_action.errors import Failure
from hfspace_action.result import Result
from hfspace_action.space import SERVING, Space
from hfspace_action.watch.app.outcome import Outcome

COMMITS = {"old": "a" * 40, "new": "b" * 40, "other": "c" * 40}
LATENCY = 0.1

BEFORE = Space(
    id="alice/demo", url="", head=COMMITS["old"], stage="RUNNING", runtime_sha=COMMITS["old"], error_message=None,
    sdk="docker", host=None, visibility="public", hardware=None, requested_hardware=None, sleep_time=None, dev_mode=False,
)  # fmt: skip


@dataclass(frozen=True)
class Scene:
    """From a second on: a stage, the commit in the runtime, and what else is to be seen."""

    at: float
    stage: str
    sha: str | None = None
    head: str = "new"
    said: str | None = None
    app: str = "HTTP 200"
    dev: bool = False
    final: Result | None = None


def scene(at: float, stage: str, sha: str | None = None, **more: Any) -> Scene:
    return Scene(at, stage, sha, **more)


GONE = "gone"


def fails(*ids: str) -> dict[str, Any]:
    """What comes of polls, one after the other: a failure, GONE, or "", which is an answer as it should be."""
    facts: dict[str, Any] = dict.fromkeys(
        ["said", "doing", "request", "endpoint", "space", "kind", "when", "why"], "x"
    ) | {
        "status": 503,
        "tries": "1 try",
    }
    return {"odd": [name if name in ("", GONE) else Failure(name, **facts) for name in ids]}


@dataclass
class World:
    """A Hub with one Space that follows scenes, its app, and the clock that they all go by."""

    scenes: Sequence[Scene]
    on_restart: Sequence[Scene] = ()
    refused: Failure | None = None
    wakes: bool = False
    builds: Sequence[str | None] = ()
    lines: Sequence[str] | None = None
    odd: Sequence[Failure | str] = ()
    odd_from: float = 0.0
    now: float = 0.0
    polls: int = 0
    restarts: list[bool] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    visits: list[float] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)

    def clock(self) -> float:
        return self.now

    def wait(self, seconds: float) -> None:
        assert seconds >= 0
        self.waits.append(seconds)
        self.now += seconds

    def observe(self, _space: str) -> Space | None:
        self.polls += 1
        self.now += LATENCY
        shown = self._scene()
        odd: str | Failure = ""
        if self.odd and self.now >= self.odd_from:
            odd, *self.odd = self.odd
        if isinstance(odd, Failure):
            raise odd
        if GONE in (odd, shown.stage):
            return None
        sha = COMMITS[shown.sha] if shown.sha else None
        return BEFORE._replace(head=COMMITS[shown.head], stage=shown.stage, runtime_sha=sha, error_message=shown.said,
                       dev_mode=shown.dev)  # fmt: skip

    def restart(self, _space: str, *, factory: bool = False) -> str | None:
        self.restarts.append(factory)
        if self.refused:
            raise self.refused
        if self.on_restart:
            self.scenes = [replace(each, at=each.at + self.now) for each in self.on_restart]
        return self._scene().stage

    def static_build(self, _space: str) -> str | None:
        """What was built of a static Space; the last of `builds` stays."""
        built, *rest = self.builds or (None,)
        self.builds = rest or [built]
        return built

    def build_log(self) -> Sequence[str] | None:
        return self.lines

    def answers(self, _space: Space) -> Outcome:
        self.visits.append(self.now)
        self.now += LATENCY
        shown = self._scene()
        if self.wakes and shown.stage in ("SLEEPING", "STOPPED"):
            self.wakes = False
            self.restart("")
            self.restarts.pop()
        up = shown.stage in SERVING
        return Outcome(up and shown.app == "HTTP 200", shown.app, reached=up, final=shown.final)

    def failure(self, after: str) -> Failure:
        return Failure("unreachable", url="http://demo", answer=self._scene().app, after=after)

    def _scene(self) -> Scene:
        return [each for each in self.scenes if each.at <= self.now][-1]
