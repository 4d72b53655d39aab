"""`make kills`: SIGKILL at a random moment, then a deploy in which nothing happens: it finishes the job, once, and leaves nothing."""

import random
import signal
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

from scripts.faults import judge
from scripts.faults.judge import Tried
from scripts.faults.scenes import SCENES
from scripts.faults.trial import Bench
from tests.kit.local import until
from tests.kit.step.action import Running, begin

from .rounds import Round, in_parallel

COMMANDS = ("first", "redeploy", "settings", "binary", "redeploy", "first", "rollback", "large")
"""In turn, of each as many as it stands here."""
_LONGEST = {"first": 3.5, "redeploy": 2.5, "settings": 1.5, "binary": 2.0, "rollback": 4.0, "large": 5.0}
"""Seconds that each takes about, in which the moment lies."""
_numbers = count(1)


class Kill(NamedTuple):
    """A command, and the seconds after which it is killed."""

    command: str
    after: float

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.command} killed after {self.after:.2f} s"


def chosen(number: int, seed: int) -> list[Kill]:
    """Return so many, the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    commands = [COMMANDS[turn % len(COMMANDS)] for turn in range(number)]
    return [Kill(command, chance.uniform(0, _LONGEST[command])) for command in commands]


def tried(kill: Kill, on: Bench) -> Iterator[str]:
    """Try one; yield what is wrong."""
    scene, space = SCENES[kill.command], f"alice/k{next(_numbers):06}"
    workspace = on.set_up(scene, space)
    before, wanted = judge.look(on.hub, space), on.wanted(workspace)
    with begin(workspace, on.hub.endpoint, scene.asked(space)) as running:
        _wait(running, kill.after)
        running.signal(signal.SIGKILL)
        running.kill()
    until(lambda: all(each["ms"] is not None for each in on.hub.requests()), "a request does not end")
    between = judge.look(on.hub, space)
    if between.files not in (
        before.files,
        wanted,
        *([judge.created(between.files)] if between.files is not None else []),
    ):
        yield "half: main is neither as before nor as wanted"
    on.hub.no_script(space)
    with begin(workspace, on.hub.endpoint, scene.asked(space) | {"on-failure": "fail"}) as running:
        step = running.end(60)
    after = judge.look(on.hub, space)
    runtime = on.runtime(space) if after.files is not None else None
    finished = Tried(replace(scene, results=("live", "published")), space, wanted, between, after, step, runtime)
    yield from (f"{each.kind}: {each.words}" for each in finished.problems())
    if step.exit_code:
        yield f"the next deploy ended as {step.outputs.get('result')} {step.outputs.get('error')}"
    most = 3 if kill.command == "rollback" else 1  # published, taken back, and published again
    if len(after.commits) - len(before.commits) - (not before.commits) > most:
        yield "half: main moved more than once"
    on.clear(after)


def _wait(running: Running, seconds: float) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end and not running.ended:
        time.sleep(0.005)


def main(number: int, seed: int, folder: Path, jobs: int) -> int:
    """Kill so many; 0 if all came right."""
    kills: Sequence[Kill] = chosen(number, seed)
    rounds = [Round(str(kill), partial(tried, kill)) for kill in kills]
    return in_parallel("kills", rounds, folder, jobs)
