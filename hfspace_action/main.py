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
import traceback
import warnings
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING

from . import __version__
from .errors import Failure, Failures, Note, unforeseen
from .hub.connection import environment
from .inputs import schema, token_shape
from .report import cleanup, report
from .report.record import Record
from .result import Result
from .workflow import id_token, run
from .workflow.runner import Runner

if TYPE_CHECKING:  # not before `environment.prepare`, because huggingface_hub reads its settings at import
    from .commands.step import Step


class Cancelled(BaseException):
    """The runner asked the step to end."""


def main() -> int:
    """Run one step in this process's environment; its exit code is 0 for the results that count as success."""
    with tempfile.TemporaryDirectory(prefix="hf-space-deploy-", ignore_cleanup_errors=True) as home:
        code = _step(Path(home))
    if threading.active_count() > 1:  # a cancelled work or a log that is followed can't be told to end
        sys.stdout.flush()
        os._exit(code)
    return code


def _step(home: Path) -> int:
    """Work and report, and return the exit code. `home` is a folder for the time of this step."""
    runner = Runner(os.environ, sys.stdout)
    record = Record()
    record.add(errors_page=run.errors_page(os.environ))
    work = threading.Thread(target=_work, args=(runner, record, home), daemon=True)
    try:
        _on_signals(_cancel)
        work.start()
        while work.is_alive():
            work.join(1)  # of two signals at once, another thread may take both, and would not wake this one
        _on_signals(_carry_on)
        ended = record.report()
    except Cancelled:
        runner.last_words()
        seen = record.report()  # before the work sees, and misunderstands, what its duty does
        rows, undone = cleanup.fulfil(record.duty)
        ended = replace(
            seen,
            result=Result.CANCELLED,
            rows=(*seen.rows, *rows),
            failures=(*seen.failures, Failure("cancelled"), *undone),
        )
    try:
        report.publish(ended, runner)
    except Failure as failure:  # the runner's own files can't be written
        runner.error(report.annotation(failure))
        return 1
    return 0 if ended.ok else 1


def _work(runner: Runner, record: Record, home: Path) -> None:
    """Do the work, and note what ended it."""
    try:
        _run(runner, record, home)
    except Failures as known:
        record.fail(*known.failures)
    except Failure as failure:
        record.fail(failure)
    except Exception as error:  # noqa: BLE001 - a fault of ours is told as such, and its traceback is for us
        record.add(result=Result.ERROR)
        record.fail(unforeseen(error))
        runner.debug(traceback.format_exc())


def _run(runner: Runner, record: Record, home: Path) -> None:
    for secret in schema.secret_values(os.environ):
        runner.mask(secret)
    wanted = schema.read(os.environ)
    record.notes(*map(Note, wanted.notes))
    record.add(command=wanted.command, space_id=wanted.space if "/" in wanted.space else None)
    if wanted.command == "rehearse":
        wanted = _at_home(wanted)
    job = None if wanted.hf_token or wanted.command == "rehearse" else id_token.read(os.environ)
    runner.info(_introduction(wanted, job))
    workspace = Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
    warnings.showwarning = lambda message, *_args, **_kwargs: runner.info(f"huggingface_hub: {message}")
    environment.prepare(wanted.endpoint, home)
    from .commands.step import Step

    command = _command(wanted.command)
    gc.enable()  # all modules are loaded; see entrypoint.py
    command(Step(wanted, workspace, run.read(os.environ), job, runner, record))


def _at_home(wanted: schema.Inputs) -> schema.Inputs:
    """Return the inputs for a Hub in this runner: the client reads where it is when it is imported. The token stays here."""
    from .commands.rehearsal import hub

    return replace(wanted, endpoint=f"http://127.0.0.1:{hub.free_port()}", hf_token="")


def _introduction(wanted: schema.Inputs, job: id_token.Job | None) -> str:
    """Return the first line of the log: which version does what, where, and in whose name."""
    if wanted.command == "rehearse":
        return f"hf-space-deploy {__version__}: rehearse {wanted.space} in this runner"
    kind = token_shape.kind(wanted.hf_token)
    token = kind.partition(",")[0] if kind.startswith(("a ", "an ")) else "a token"
    who = f"as the trusted publisher {job.claims.get('repository')}" if job else f"with {token}"
    return f"hf-space-deploy {__version__}: {wanted.command} {wanted.space} on {wanted.endpoint}, {who}"


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
        case "restart":
            from .commands.restart import restart as command
        case "delete":
            from .commands.delete import delete as command
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
