"""The command `selftest`: the five things that a deploy needs of the Hub, tried on a Space made for that and deleted again."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.report.cleanup import Duty
from hfspace_action.report.record import Record
from hfspace_action.result import Result
from hfspace_action.workflow.runner import Runner

from .scratch_space import Scratch, sweep
from .step import Step

STEPS = ("connect", "create", "upload", "read the state", "delete")


def selftest(step: Step) -> None:
    """Try all five, and record what came of each. Raises `Failure` where it can't be begun."""
    if step.job:
        raise Failure("publisher-not-enough", doing="create and delete a Space")
    if step.inputs.dry_run:
        raise Failure("selftest-dry-run")
    steps = _Steps(step.runner, step.record)
    with suppress(_Stopped):  # a failed step is in the record
        _try_all(steps, step)
    if not steps.failed:
        step.record.add(result=Result.PASSED)


def _try_all(steps: "_Steps", step: Step) -> None:
    record = step.record
    scratch: Scratch | None = None
    try:
        with steps.step("connect") as told:
            hub = step.connect()
            told.append(_who(hub))
            name = step.space_name(hub)
            for left in sweep(hub, name):
                record.note(f"{left}, which an earlier self-test had left behind, was deleted.")
        with steps.step("create") as told:
            scratch = Scratch(hub, step.inputs, name, step.runner.info)
            record.duty = Duty(scratch.last_duty, Failure("scratch-left", space=scratch.name))
            created = scratch.create()
            told.append(f"{created.id}, {scratch.visibility(created)}")
        with steps.step("upload") as told:
            commit = scratch.upload(created, step.source)
            told.append(f"commit {commit.sha[:12]}, and the tree is the one that was sent")
        with steps.step("read the state") as told:
            told.append(scratch.watch(created, commit))
    finally:
        steps.skip(STEPS[:-1])
        if scratch:
            with steps.step("delete") as told:
                told.append(scratch.delete())
            record.duty = None
        steps.skip(STEPS)


def _who(hub: Hub) -> str:
    account = hub.account()
    return account.name + (f", with a token of role {account.access}" if account.access else "")


class _Stopped(Exception):
    """A step failed, so those that need it are not reached."""


class _Steps:
    """The steps as they are tried: each is a phase of the run and a row of the table, whatever comes of it."""

    def __init__(self, runner: Runner, record: Record) -> None:
        self._runner, self._record = runner, record
        self._tried: list[str] = []
        self.failed = False

    @contextmanager
    def step(self, name: str) -> Iterator[list[str]]:
        """Everything inside is one step, which leaves in the list what there is to tell. A `Failure` becomes `_Stopped`."""
        told: list[str] = []
        began = time.monotonic()
        try:
            with self._record.phase(name):
                yield told
        except Failure as failure:
            self.failed = True
            self._record.fail(failure)
            self._row(name, False, failure.message, advice=failure.advice, seconds=time.monotonic() - began)
            raise _Stopped from failure
        except Exception:
            self._row(name, False, "an error of our own", seconds=time.monotonic() - began)
            raise
        self._row(name, True, "; ".join(told), seconds=time.monotonic() - began)

    def skip(self, names: Sequence[str]) -> None:
        """Those of the steps that were not tried until now won't be."""
        for name in names:
            if name not in self._tried:
                self._row(name, None, "not reached")

    def _row(self, name: str, ok: bool | None, detail: str, *, advice: str = "", seconds: float | None = None) -> None:
        self._tried.append(name)
        self._runner.info(str(self._record.row(name, ok, detail, advice=advice, seconds=seconds)))
