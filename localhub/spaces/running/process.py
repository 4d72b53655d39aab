"""A command whose output goes to a log as it comes, and that ends with localhub."""

import asyncio
import codecs
import json
import os
import signal
import sys
from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

from localhub.spaces.logs import Log

KEEPER = Path(__file__).with_name("keeper.py")
CHUNK = 64 * 1024
TAIL_LINES, TAIL_BYTES = 80, 2048
"""How much of a container's log Kubernetes keeps as its termination message, which is what the Hub's reasons look like."""


_LOOK = 0.5  # seconds between two looks at a keeper that is to end


class Failed(Exception):
    """A command ended with a status that isn't 0. `reason` is the end of its output."""

    def __init__(self, status: int, reason: str) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason


class Process:
    """A running command. It is in a process group of its own, which is killed whole (see keeper.py)."""

    def __init__(self, keeper: asyncio.subprocess.Process, log: Log) -> None:
        self._keeper = keeper
        self._log = log
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._end = asyncio.create_task(self._read())

    @classmethod
    async def start(
        cls, command: Sequence[str], log: Log, *, env: Mapping[str, str], cwd: Path, last: Sequence[str] = ()
    ) -> Self:
        """Start `command` with exactly this environment; `last` runs once it has ended, for whatever reason."""
        starting = asyncio.ensure_future(
            asyncio.create_subprocess_exec(
                *(sys.executable, "-I", "-S", str(KEEPER), json.dumps(command), json.dumps(last)),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.STDOUT,
                env=env,
                cwd=cwd,
                start_new_session=True,  # so that Ctrl-C reaches localhub alone
            )
        )
        try:
            return cls(await asyncio.shield(starting), log)
        except asyncio.CancelledError:  # asyncio would kill the keeper, and what it keeps would go on
            await cls(await starting, log).stop()
            raise

    @property
    def tail(self) -> str:
        """The end of its output."""
        return "".join(self._tail).encode()[-TAIL_BYTES:].decode(errors="ignore")

    async def wait(self) -> int:
        """Its status, once it has ended and all it said is in the log."""
        return await asyncio.shield(self._end)

    async def stop(self) -> None:
        """Kill it with everything it started, its keeper too where that was made to stop."""
        assert self._keeper.stdin  # noqa: S101
        self._keeper.stdin.close()
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self.wait(), _LOOK)
                return
            if _is_stopped(self._keeper.pid):
                self._end_by_force()

    def _end_by_force(self) -> None:
        pid = self._keeper.pid
        with suppress(OSError):  # it has ended meanwhile
            for child in Path(f"/proc/{pid}/task/{pid}/children").read_text("ascii").split():
                with suppress(ProcessLookupError):
                    os.killpg(int(child), signal.SIGKILL)
        with suppress(ProcessLookupError):
            self._keeper.kill()

    async def _read(self) -> int:
        assert self._keeper.stdout  # noqa: S101
        decode = codecs.getincrementaldecoder("utf-8")("replace").decode
        rest = ""
        while chunk := await self._keeper.stdout.read(CHUNK):
            *lines, rest = (rest + decode(chunk)).split("\n")
            self._write(f"{line}\n" for line in lines)
            if len(rest) > CHUNK:
                self._write([rest])
                rest = ""
        self._write([rest] if rest else [])
        return await self._keeper.wait()

    def _write(self, lines: Iterable[str]) -> None:
        for line in lines:
            self._tail.append(line)
            self._log.write(line)


def _is_stopped(pid: int) -> bool:
    """Whether a process was told to stop for now, or is held by another: so much may do whatever runs as the same user."""
    with suppress(OSError):  # it has ended
        state = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace").rpartition(")")[2].split()[0]
        return state in ("T", "t")
    return False


async def run(command: Sequence[str], log: Log, *, env: Mapping[str, str], cwd: Path) -> None:
    """Run a command to its end; Failed if that is a bad one. Cancelled, it kills the command."""
    process = await Process.start(command, log, env=env, cwd=cwd)
    try:
        status = await process.wait()
    finally:
        await process.stop()
    if status != 0:
        raise Failed(status, process.tail)
