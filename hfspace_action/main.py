"""The program: reads the inputs, deploys, and whatever happens writes outputs and a summary and never shows a traceback.

The work is done by a thread, so that this one is always free to hear that the step is to end: a signal's handler runs in
the main thread only, and not before the call that it is in comes back, which in an upload can take minutes.
"""

import gc
import os
import signal
import sys
import tempfile
import threading
import time
import traceback
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NamedTuple, NoReturn

from . import __version__
from .deadline import Deadline
from .errors import Failure, Note
from .hub.connection import environment
from .inputs import schema, token_shape
from .report import cleanup, report
from .report.facts import Report
from .report.record import Record
from .result import Result
from .workflow import run, surroundings
from .workflow.id_token import Job
from .workflow.runner import Runner

if TYPE_CHECKING:  # not before `environment.prepare`, because huggingface_hub reads its settings at import
    from .commands.step import Step
    from .hub.connection.sent import Movement


_LOOK = 0.5
"""Seconds between two looks at how far the work is."""


class Cancelled(BaseException):
    """The runner asked the step to end."""


BAD_INPUTS = 2
"""The exit code that the command line gives for inputs that can't be used; a step of a workflow ends with 1 as for all else."""


class Call(NamedTuple):
    """One call of the program: the environment with its inputs, where it works, and who hears of it."""

    env: Mapping[str, str]
    workspace: Path
    runner: Runner


def main(early: Sequence[int] = ()) -> NoReturn:
    """Run one step in this process's environment; its exit code is 0 for the results that count as success. `early` gets the
    signals that come before this can take them."""
    workspace = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
    leave(min(run_step(Call(os.environ, workspace, Runner(os.environ, sys.stdout)), early), 1))


def run_step(call: Call, early: Sequence[int] = ()) -> int:
    """Run one step to its report: 0 for a result that counts as success, 2 where the inputs can't be used, else 1."""
    with tempfile.TemporaryDirectory(prefix="hf-space-deploy-", ignore_cleanup_errors=True) as home:
        return _step(call, Path(home), early)


def leave(code: int) -> NoReturn:
    """End the process with an exit code, at once: cancelled work and a log that is followed can't be told to end, and at Python's
    own end a signal would have its deadly meaning again and take the result back."""
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def _step(call: Call, home: Path, early: Sequence[int]) -> int:
    """Work and report, and return the exit code. `home` is a folder for the time of this step."""
    runner, record, deadline = call.runner, Record(), Deadline()
    record.add(errors_page=run.errors_page(call.env), secrets_page=run.secrets_page(call.env))
    work = threading.Thread(target=_work, args=(call, record, home, deadline), daemon=True)
    try:
        _on_signals(_cancel)
        if early:
            raise Cancelled
        work.start()
        _wait(work, deadline)
        _on_signals(_carry_on)
        ended = _cut(runner, record, deadline.failure(), Result.TIMEOUT) if work.is_alive() else _ended(record)
    except Cancelled:
        ended = _cut(runner, record, Failure("cancelled"), Result.CANCELLED)
    try:
        report.publish(ended, runner)
    except Failure as failure:  # the runner's own files can't be written
        runner.error(report.annotation(failure))
        return 1
    if ended.ok:
        return 0
    return BAD_INPUTS if ended.unusable else 1


def _wait(work: threading.Thread, deadline: Deadline) -> None:
    """Wait for the work to end, at most as long as it may take. The time in which an upload moves does not count."""
    movement: Movement | None = None
    looked = time.monotonic()
    while work.is_alive() and not deadline.final:
        work.join(_LOOK)  # of two signals at once, another thread may take both, and would not wake this one
        before, looked = looked, time.monotonic()
        if deadline.uploads:
            from .hub.connection import sent  # not before: most steps upload next to nothing

            movement = movement or sent.Movement()
            if movement.moves():
                deadline.moved(looked - before)


def _cut(runner: Runner, record: Record, failure: Failure, result: Result) -> Report:
    """Return the report of work that does not end by itself, and do what is left to do even so."""
    runner.last_words()
    seen = record.report()  # before the work sees, and misunderstands, what its duty does
    return cleanup.fulfil(record.duty, replace(seen, result=result, failures=(*seen.failures, failure)))


def _ended(record: Record) -> Report:
    """Return the report of work that ended; where a fault ended it, what it was bound to do is done even so."""
    return cleanup.fulfil(record.duty, record.report())


def _work(call: Call, record: Record, home: Path, deadline: Deadline) -> None:
    """Do the work, and note what ended it."""
    try:
        _run(call, record, home, deadline)
    except Exception as error:  # noqa: BLE001 - a fault of ours is told as such, and its traceback is for us
        if isinstance(error, schema.BadInputs):
            source = surroundings.here(call.env).source(call.env)  # in whose workflow they are
            record.notes(*map(Note, error.notes))
            record.add(unusable=True, source_files=source.files_url or None, source_line=source.forge.line)
        if record.end(error):
            call.runner.debug(traceback.format_exc())


def _run(call: Call, record: Record, home: Path, deadline: Deadline) -> None:
    env, runner = call.env, call.runner
    for secret in schema.secret_values(env):
        runner.mask(secret)
    wanted = schema.read(env, many=os.path.lexists(call.workspace / schema.SPACES_FILE))
    deadline.give(wanted.timeout)
    record.notes(*map(Note, wanted.notes))
    record.add(command=wanted.command, space_id=wanted.space if "/" in wanted.space and not wanted.spaces else None)
    if wanted.command == "rehearse":
        wanted = _at_home(wanted)
    place = surroundings.here(env)
    job = None if wanted.command in ("rehearse", "verify") else place.id_token(env)
    runner.info(_introduction(wanted, job))
    warnings.showwarning = lambda message, *_args, **_kwargs: runner.info(f"huggingface_hub: {message}")
    environment.prepare(wanted.endpoint, home)
    from .commands.step import Step

    command = _command(_variant(wanted))
    gc.enable()  # all modules are loaded; see entrypoint.py
    command(Step(wanted, call.workspace, place, place.source(env), job, runner, record, deadline))


def _at_home(wanted: schema.Inputs) -> schema.Inputs:
    """Return the inputs for a Hub in this runner: the client reads where it is when it is imported. The token stays here."""
    from .commands.rehearsal import hub

    return replace(wanted, endpoint=f"http://127.0.0.1:{hub.free_port()}", hf_token="")


def _introduction(wanted: schema.Inputs, job: Job | None) -> str:
    """Return the first line of the log: which version does what, where, and in whose name."""
    if wanted.command == "rehearse":
        return f"hf-space-deploy {__version__}: rehearse {wanted.space} in this runner"
    kind = token_shape.kind(wanted.hf_token)
    token = kind.partition(",")[0] if kind.startswith(("a ", "an ")) else "a token"
    token = token if wanted.hf_token else "no token"
    who = f"with {token}" if wanted.hf_token or not job else f"as the trusted publisher {job.name}"
    spaces = ", ".join(filter(None, [wanted.space, *wanted.spaces])) or " and ".join(wanted.only)
    spaces = spaces or f"what {schema.SPACES_FILE} declares"
    return f"hf-space-deploy {__version__}: {wanted.command} {spaces} on {wanted.endpoint}, {who}"


def _variant(wanted: schema.Inputs) -> str:
    """Return the command with the variant of it that the inputs ask for."""
    if wanted.command == "deploy" and wanted.through:
        return "deploy through"
    return wanted.command if wanted.space or wanted.spaces else f"{wanted.command} many"


def _command(name: str) -> "Callable[[Step], None]":
    """Return the function of a command. A run imports no other command."""
    command: Callable[[Step], None]
    match name:
        case "deploy":
            from .commands.deploy import deploy as command
        case "rehearse":
            from .commands.rehearse import rehearse as command
        case "preview":
            from .commands.preview import preview as command
        case "sweep":
            from .commands.sweep import sweep as command
        case "check":
            from .commands.check import check as command
        case "selftest":
            from .commands.selftest import selftest as command
        case "status":
            from .commands.status import status as command
        case "history":
            from .commands.releases.history import history as command
        case "rollback":
            from .commands.releases.rollback import rollback as command
        case "release":
            from .commands.releases.hold import release as command
        case "promote":
            from .commands.promotion.promote import promote as command
        case "restart":
            from .commands.restart import restart as command
        case "watch" | "watch many":
            from .commands.monitor.watch import watch as command
        case "delete":
            from .commands.delete import delete as command
        case "verify":
            from .commands.verification.verify import verify as command
        case "migrate":
            from .commands.migrate import migrate as command
        case "deploy through":
            from .commands.promotion.through import deploy as command
        case "deploy many":
            from .commands.many.deploy import deploy as command
        case "matrix many":
            from .commands.many.matrix import matrix as command
        case _:
            raise ValueError(name)
    return command


def _on_signals(handler: Callable[[int, FrameType | None], None]) -> None:
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, handler)


def _cancel(_number: int, _frame: FrameType | None) -> None:
    _on_signals(_carry_on)
    raise Cancelled


def _carry_on(_number: int, _frame: FrameType | None) -> None:
    """The report is being written, which takes no time. (SIG_IGN would make Python complain of a signal that came just
    before.)"""
