"""`make signals`: SIGTERM or SIGINT at a random moment, many in the first 0.2 s: the step ends within five seconds, with its whole report."""

import random
import signal
import time
from collections.abc import Iterator
from functools import partial
from itertools import count
from pathlib import Path
from typing import NamedTuple

from scripts.faults import judge
from scripts.faults.judge import Kind, Tried
from scripts.faults.scenes import SCENES
from scripts.faults.trial import Bench
from tests.kit.local import until
from tests.kit.step.action import begin

from .rounds import Round, in_parallel

PATIENCE = 5.0
"""Seconds: a runner kills the step ten seconds after its first signal."""
EARLY = 0.2
_COMMANDS = ("first", "redeploy", "settings", "check", "restart", "delete", "selftest", "rollback", "binary")
_FRESH = {"PYTHONHASHSEED": "0"}
"""What lets the step start as a Python of its own: a forked one is past its first moments."""
_numbers = count(1)


class Sent(NamedTuple):
    """A command, the signal, and the seconds after which it comes."""

    command: str
    number: signal.Signals
    after: float

    def __str__(self) -> str:
        """Say it in a line."""
        return f"{self.command} gets {self.number.name} after {self.after:.3f} s"


def chosen(number: int, seed: int) -> list[Sent]:
    """Return so many, of which two in five come early; the same for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - to be repeated
    return [
        Sent(
            _COMMANDS[turn % len(_COMMANDS)],
            chance.choice((signal.SIGTERM, signal.SIGINT)),
            chance.uniform(0, EARLY) if turn % 5 < 2 else chance.uniform(EARLY, 4.0),
        )
        for turn in range(number)
    ]


def tried(sent: Sent, on: Bench) -> Iterator[str]:
    """Try one; yield what is wrong."""
    scene, space = SCENES[sent.command], f"alice/s{next(_numbers):06}"
    workspace = on.set_up(scene, space)
    before = judge.look(on.hub, space)
    with begin(workspace, on.hub.endpoint, scene.asked(space), env=_FRESH) as running:
        until(
            lambda: running.takes_signals or running.ended, "it does not begin"
        )  # what is before is Python's own start
        time.sleep(sent.after)
        over = running.ended
        began = time.monotonic()
        running.signal(sent.number)
        step = running.end(30)
        took = time.monotonic() - began
    after = judge.look(on.hub, space)
    runtime = on.runtime(space) if after.files is not None else None
    judged = Tried(scene, space, on.wanted(workspace), before, after, step, runtime, closable=False, erasable=False)
    yield from (
        f"{each.kind}: {each.words}"
        for each in judged.problems()
        if each.kind is not Kind.LEFTOVER or step.exit_code == 0
    )
    if took > PATIENCE:
        yield f"it took {took:.1f} s to end"
    if not over and step.exit_code and step.outputs.get("result") not in ("cancelled", *scene.results):
        yield f"it ended as {step.outputs.get('result')} {step.outputs.get('error')} with {step.exit_code}"
    on.clear(after)


def main(number: int, seed: int, folder: Path, jobs: int) -> int:
    """Send so many; 0 if all came right."""
    rounds = [Round(str(sent), partial(tried, sent)) for sent in chosen(number, seed)]
    return in_parallel("signals", rounds, folder, jobs)
