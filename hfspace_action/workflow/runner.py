"""The side that faces the Actions runner: its log, its commands, its files.

Nothing else writes workflow commands or the files behind GITHUB_OUTPUT and GITHUB_STEP_SUMMARY. `actions_toolkit` spells
them; its `core` is not used, because it loads an HTTP client, and because of four of its habits:

* it writes to `sys.stdout` and never flushes, so a mask could come after the text that it should hide;
* it prints text from others as it comes, so a line of a Space's log can be a command;
* without GITHUB_OUTPUT it falls back on `::set-output`, which runners no longer accept, and it lets a missing file raise;
* it sends annotation properties that were not given as empty ones, which the official `@actions/core` does not.
"""

import contextlib
import os
import re
import secrets
import threading
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from actions_toolkit.command import Command
from actions_toolkit.file_command import prepare_key_value_message

from hfspace_action import text
from hfspace_action.errors import Failure

from .redaction import Redactor

LONGEST_LINE = 4000  # characters of one line of a log; more than that is noise, and slows the log's page down
LARGEST_SUMMARY = 1024 * 1024  # bytes; the runner drops a step's summary that is larger

_OUTPUT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_CUT = "\n\n*This summary was cut: the runner takes no more than 1 MiB.*\n"


class Runner:
    """The runner that this step runs on, as its environment describes it; or a plain terminal, where there is none."""

    def __init__(self, env: Mapping[str, str], out: TextIO) -> None:
        """`env` holds the GITHUB_* variables, `out` is what the runner reads line by line (standard output)."""
        self._env = env
        self._out = out
        self._redactor = Redactor()
        self._lock = threading.RLock()
        self._grouped = False
        self._speaker: int | None = None  # the only thread that is heard, once there is one

    # Secrets

    def mask(self, secret: str) -> None:
        """Keep `secret`, and each line of it, out of all that is written from now on, by us and by the runner. Without a
        runner nobody is told: on a terminal, the command to hide it would show it."""
        lines = {line.strip() for line in text.lines(secret)} | {secret.strip()}
        for line in sorted(lines - {""}):
            single = "\n" not in line and "\r" not in line  # the runner compares line by line
            if single and self._env.get("GITHUB_ACTIONS") == "true":
                self._print(str(Command("add-mask", {}, text.printable(line))))  # whole, or it would mask nothing
            self._redactor.add(line)

    def redact(self, value: str) -> str:
        """Return `value` with `***` in the place of each masked secret, however it is spelt; very short ones stay."""
        return self._redactor(value)

    # The log

    def info(self, message: str) -> None:
        """Print text of ours. Whatever it quotes, no line of it is a command."""
        with self._lock:
            for line in text.lines(self.redact(message)):
                self._print(text.inert(text.printable(line)))

    def debug(self, message: str) -> None:
        """Print text that the log shows only when the workflow was started with debug logging."""
        self._command("debug", message)

    @contextlib.contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Fold what is printed inside into a group. Groups don't nest: the runner has only one level."""
        with self._lock:
            self._command("group", title)
            self._grouped = True
        try:
            yield
        finally:
            self._end_group()

    def last_words(self) -> None:
        """Hear only the calling thread from now on, outside of any group. What others are printing is finished first;
        what they would print later is dropped, so that nothing comes between the lines of a report."""
        with self._lock:
            self._speaker = threading.get_ident()
            self._end_group()

    def _end_group(self) -> None:
        with self._lock:
            if self._grouped:
                self._command("endgroup")
                self._grouped = False

    def foreign(self, lines: Iterable[str | bytes]) -> None:
        """Print text that others wrote (a build log, an app's output), each line as it comes, none of it as a command.

        Colours are kept, bytes that are no UTF-8 become visible, long lines are cut. Commands are off meanwhile: an iterable
        that runs for long must not warn or mask on its way.
        """
        token = secrets.token_hex(16)
        with self._lock:
            self._command("stop-commands", token)
            try:
                for raw in lines:
                    line = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw
                    for part in text.lines(line.rstrip("\r\n")):
                        shown = self._redactor.next_line(part)
                        self._print(text.undrawn(text.cut(text.printable(shown), LONGEST_LINE)))
            finally:
                self._command(token)

    # Annotations

    def warning(
        self, message: str, *, title: str | None = None, file: str | None = None, line: int | None = None
    ) -> None:
        """Annotate with a warning; `file` is relative to the workspace, `line` counts from 1."""
        self._annotate("warning", message, title, file, line)

    def error(
        self, message: str, *, title: str | None = None, file: str | None = None, line: int | None = None
    ) -> None:
        """Annotate with an error; `file` is relative to the workspace, `line` counts from 1. Does not end the step."""
        self._annotate("error", message, title, file, line)

    def _annotate(self, kind: str, message: str, title: str | None, file: str | None, line: int | None) -> None:
        properties = {"title": title, "file": file, "line": None if line is None else str(line)}
        self._command(kind, message, {key: value for key, value in properties.items() if value})

    # Files

    def output(self, name: str, value: str) -> None:
        """Set an output of the step. Outside a runner it is printed instead."""
        if not _OUTPUT_NAME.fullmatch(name):
            raise ValueError(f"{name!r} can't name an output")
        # Not redacted: a secret such as "false" must not change what other steps read. Whoever passes text of others does it.
        value = text.printable(value)
        if self._env.get("GITHUB_OUTPUT"):
            self._append("GITHUB_OUTPUT", prepare_key_value_message(name, value) + "\n")
        else:
            self.info(f"{name}={value}")

    def summary(self, markdown: str) -> None:
        """Append to the job summary, as much as fits into it. Outside a runner there is none."""
        if not self._env.get("GITHUB_STEP_SUMMARY"):
            return
        markdown = text.printable(self.redact(markdown))
        room = LARGEST_SUMMARY - self._size("GITHUB_STEP_SUMMARY")
        if len(markdown.encode()) > room:
            if room < len(_CUT):
                return
            kept = markdown.encode()[: room - len(_CUT)].decode("utf-8", "ignore")
            markdown = kept.rpartition("\n")[0] + _CUT
        self._append("GITHUB_STEP_SUMMARY", markdown)

    def _size(self, variable: str) -> int:
        with self._file_failure(variable):
            return Path(self._env[variable]).stat().st_size

    def _append(self, variable: str, content: str) -> None:
        def without_creating(path: str, flags: int) -> int:
            return os.open(path, flags & ~os.O_CREAT)  # a file that the runner did not make is not read by it either

        with (
            self._file_failure(variable),
            open(self._env[variable], "a", encoding="utf-8", newline="", opener=without_creating) as file,
        ):
            file.write(content)

    @contextlib.contextmanager
    def _file_failure(self, variable: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Failure("runner-file", variable=variable, file=self._env[variable], reason=error.strerror) from error

    # What everything above ends in

    def _command(self, name: str, data: str = "", properties: Mapping[str, str] | None = None) -> None:
        def clean(value: str) -> str:
            return text.undrawn(text.cut(text.printable(self.redact(value)), LONGEST_LINE))

        self._print(str(Command(name, {key: clean(value) for key, value in (properties or {}).items()}, clean(data))))

    def _print(self, line: str) -> None:
        with self._lock:
            if self._is_heard():
                self._out.write(line + "\n")
                self._out.flush()

    def _is_heard(self) -> bool:
        return self._speaker in (None, threading.get_ident())
