"""One run: every case of every tree by every contender, the rounds taken in turn so that all meet the same machine."""

import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench import meter
from bench.contenders import CONTENDERS, Contender, Job
from bench.judge import commits_on_main, wrong_files
from bench.trees import Tree
from tests.kit.local import LocalHub, localhub

# Those that a round is repeated for; the others go once, for orientation.
_REPEATED = ("this action", "hf upload")
SPACE = "alice/measured"
_PATIENCE = 1800  # seconds
Say = Callable[[str], None]


@dataclass(frozen=True)
class Cost:
    """What one deploy took: seconds, bytes, counts."""

    wall: float
    cpu: float
    peak: int
    read: int
    requests: int
    sent: int
    commits: int


@dataclass
class Row:
    """A contender's deploys in one case. `wrong` counts the files that are wrong in the end; `refusal` is why there are none."""

    case: str
    contender: str
    costs: list[Cost] = field(default_factory=list)
    wrong: int | None = None
    refusal: str = ""

    @property
    def wall(self) -> float:
        """Seconds, the median of all rounds."""
        return median(cost.wall for cost in self.costs)

    @property
    def cpu(self) -> float:
        """Seconds of processor time, likewise."""
        return median(cost.cpu for cost in self.costs)

    @property
    def most(self) -> Cost:
        """The worst of everything in any round."""
        worst = {name: max(getattr(cost, name) for cost in self.costs) for name in Cost.__dataclass_fields__}
        return Cost(**worst)


@dataclass(frozen=True)
class Result:
    """The rows of one tree."""

    tree: str
    rows: list[Row]

    def row(self, case: str, contender: str) -> Row | None:
        """One of them, if it was measured."""
        return next((row for row in self.rows if (row.case, row.contender) == (case, contender) and row.costs), None)


def run(trees: list[Tree], latency: float, say: Say) -> Iterator[Result]:
    """Measure on Hubs that answer each request `latency` milliseconds late."""
    for tree in trees:
        if tree.missing:
            say(f"{tree.name}: {tree.missing}")
            continue
        with tempfile.TemporaryDirectory(prefix="bench-") as name, _Hubs(latency) as hubs:
            checkout = Path(name) / "checkout"
            tree.make(checkout)
            yield Result(tree.name, list(_rows(tree, checkout, hubs, say)))


class _Hubs(ExitStack):
    """A Hub for each contender, so that none finds what another has uploaded already."""

    def __init__(self, latency: float) -> None:
        super().__init__()
        self._options = ("--simulate", "--latency-ms", str(latency))
        self._running: dict[str, tuple[LocalHub, ExitStack]] = {}

    def fresh(self, name: str) -> LocalHub:
        """An empty one in place of the one that was."""
        if name in self._running:
            self._running[name][1].close()
        own = self.enter_context(ExitStack())
        hub = own.enter_context(localhub(*self._options))
        hub.limit("alice", storage=10**11)  # bytes; the free 1 GB of a Space would not do for the large files
        self._running[name] = hub, own
        return hub

    def __getitem__(self, name: str) -> LocalHub:
        return self._running[name][0]


def _rows(tree: Tree, checkout: Path, hubs: _Hubs, say: Say) -> Iterator[Row]:
    out = {each.name: why for each in CONTENDERS if (why := each.missing(hubs.fresh(each.name).endpoint))}
    for case in tree.cases:
        rows = {each.name: Row(case.name, each.name, refusal=out.get(each.name, "")) for each in CONTENDERS}
        for turn in range(case.rounds):
            if case.change:
                case.change(checkout, turn)
            for each in CONTENDERS if turn % 2 == 0 else CONTENDERS[::-1]:
                row, last = rows[each.name], turn == case.rounds - 1 or each.name not in _REPEATED
                if row.refusal or (turn > 0 and each.name not in _REPEATED):
                    continue
                hub = hubs.fresh(each.name) if case.fresh else hubs[each.name]
                cost = _measure(each, checkout, hub, new=case.fresh)
                if isinstance(cost, str):
                    row.costs, row.refusal = [], cost
                    out[each.name] = "its first deploy failed" if case.fresh else "a deploy failed before"
                    continue
                row.costs.append(cost)
                if last:
                    row.wrong = len(wrong_files(_repository(hub), checkout))
        for row in rows.values():
            told = f"{row.wall:.2f} s, {row.most}, {row.wrong} wrong" if row.costs else row.refusal
            say(f"{tree.name}, {case.name}, {row.contender}: {told}")
            yield row


def _measure(contender: Contender, checkout: Path, hub: LocalHub, *, new: bool) -> Cost | str:
    """Deploy once; what it cost, or why it failed."""
    with tempfile.TemporaryDirectory(prefix="home-", dir=checkout.parent) as home:
        job = Job(checkout, SPACE, hub.endpoint, Path(home))
        if new:
            contender.prepare(job)
        command = contender.command(job)
        before = commits_on_main(_repository(hub))
        hub.forget()
        result = Path(home) / "cost.json"
        done = subprocess.run(
            [sys.executable, meter.__file__, str(result), *command.arguments],
            cwd=command.folder,
            env=command.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            timeout=_PATIENCE,
            check=False,
        )
        if done.returncode:
            return _last_words(done.stdout.decode("utf-8", "replace"))
        requests = hub.requests()
        commits = len(commits_on_main(_repository(hub)) - before)
        sent = sum(request["request_bytes"] for request in requests)
        return Cost(**json.loads(result.read_text()), requests=len(requests), sent=sent, commits=commits)


def _repository(hub: LocalHub) -> Path:
    return hub.data / "spaces" / SPACE / "git"


def _last_words(output: str) -> str:
    """The line of a failed command's output that says most."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    telling = [line for line in lines if re.search(r"^::error|\berror: |rejected", line, re.IGNORECASE)]
    # Where the files lay in this run is of no interest.
    return "failed: " + re.sub(r"'/[^']*'", "…", (telling or lines or ["without a word"])[0][:300])
