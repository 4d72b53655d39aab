"""The side that faces the place where the step runs: its log, its files, and what no reader of them may see.

Nothing else writes workflow commands or the files behind GITHUB_OUTPUT, GITHUB_STEP_SUMMARY, OUTPUT_FILE and SUMMARY_FILE. How a
log and an output are spelled is the place's: see `ci/`.
"""

import contextlib
import os
import re
import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TextIO

from hfspace_action import text
from hfspace_action.errors import Failure

from . import surroundings
from .redaction import Redactor

LONGEST_LINE = 4000  # characters of one line of a log; more than that is noise, and slows the log's page down
LARGEST_SUMMARY = 1024 * 1024  # bytes; the runner drops a step's summary that is larger

_OUTPUT_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_CUT = "\n\n*This summary was cut: the runner takes no more than 1 MiB.*\n"


class Runner:
    """The runner of a CI system that this step runs on, as its environment describes it; or a plain terminal."""

    def __init__(
        self,
        env: Mapping[str, str],
        out: TextIO,
        take: Callable[[str, str], None] | None = None,
        spelled: Callable[[str], str] = str,
    ) -> None:
        """`env` says where this is, and names the files; `out` takes the log line by line. `take` gets each output, which is
        otherwise printed where there is no file for it. `spelled` puts what errors and warnings say of inputs as this place
        spells them."""
        place = surroundings.here(env)
        self._env, self._out, self._take, self._spelled = env, out, take, spelled
        self._log, self._files = place.dialect(env, out), place.files
        self._begun: set[str] = set()  # files that this run has made its own
        self._redactor = Redactor()
        self._lock = threading.RLock()
        self._grouped = False
        self._speaker: int | None = None  # the only thread that is heard, once there is one

    # Secrets

    def mask(self, secret: str) -> None:
        """Keep `secret`, and each line of it, out of all that is written from now on, by us and by the runner."""
        lines = {line.strip() for line in text.lines(secret)} | {secret.strip()}
        for line in sorted(lines - {""}):
            if "\n" not in line and "\r" not in line:  # the runner compares line by line
                self._print(*self._log.mask(text.printable(line)))
            self._redactor.add(line)

    def redact(self, value: str) -> str:
        """Return `value` with `***` in the place of each masked secret, however it is spelt; very short ones stay."""
        return self._redactor(value)

    # The log

    def info(self, message: str) -> None:
        """Print text of ours. Whatever it quotes, no line of it is a command."""
        with self._lock:
            for line in text.lines(self.redact(message)):
                self._print(self._log.ours(text.printable(line)))

    def verdict(self, message: str, good: bool) -> None:
        """Print the line of ours that says how it ended."""
        self._print(self._log.verdict(self._clean(message), good))

    def debug(self, message: str) -> None:
        """Print text that a log shows only to those who look for a fault."""
        self._print(*self._log.debug(self._clean(message)))

    @contextlib.contextmanager
    def group(self, title: str) -> Iterator[None]:
        """Fold what is printed inside into a group. Groups don't nest: the runner has only one level."""
        with self._lock:
            self._print(*self._log.group(self._clean(title)))
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
                self._print(*self._log.end_group())
                self._grouped = False

    def foreign(self, lines: Iterable[str | bytes]) -> None:
        """Print text that others wrote (a build log, an app's output), each line as it comes, none of it as a command.

        Colours are kept, bytes that are no UTF-8 become visible, long lines are cut. Commands are off meanwhile: an iterable
        that runs for long must not warn or mask on its way.
        """
        before, after = self._log.fence(secrets.token_hex(16))
        with self._lock:
            self._print(*before)
            try:
                for raw in lines:
                    line = raw.decode("utf-8", "backslashreplace") if isinstance(raw, bytes) else raw
                    for part in text.lines(line.rstrip("\r\n")):
                        shown = self._redactor.next_line(part)
                        self._print(self._log.foreign(text.cut(text.printable(shown), LONGEST_LINE)))
            finally:
                self._print(*after)

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
        known = {"title": title, "file": file, "line": None if line is None else str(line)}
        properties = {name: self._clean(value) for name, value in known.items() if value}
        self._print(*self._log.annotation(kind, self._clean(self._spelled(message)), properties))

    # Files

    def outputs(self, values: Mapping[str, str]) -> None:
        """Set the outputs of the step. Whoever takes them has all before the first file fails."""
        if self._take:
            for name, value in values.items():
                self._take(name, text.printable(value))
        for name, value in values.items():
            self.output(name, value)

    def output(self, name: str, value: str) -> None:
        """Set an output of the step. Where no file takes it, it is printed instead."""
        if not _OUTPUT_NAME.fullmatch(name):
            raise ValueError(f"{name!r} can't name an output")
        # Not redacted: a secret such as "false" must not change what other steps read. Whoever passes text of others does it.
        value = text.printable(value)
        if not self._env.get(self._files.outputs):
            if not self._take:
                self.info(f"{name}={value}")
            return
        spelled = self._files.spelled(name, value)
        self._append(self._files.outputs, spelled)
        if value and spelled.endswith("=\n"):
            self.info(
                f"The output {name} is left empty: with {text.size(len(value.encode()))} it is too long for the file."
            )

    def summary(self, markdown: str) -> None:
        """Append to the job summary, as much as fits into it; nothing where no file takes it."""
        variable = self._files.summary
        if not self._env.get(variable):
            return
        markdown = text.printable(self.redact(markdown))
        room = LARGEST_SUMMARY - self._size(variable)
        if len(markdown.encode()) > room:
            if room < len(_CUT):
                return
            kept = markdown.encode()[: room - len(_CUT)].decode("utf-8", "ignore")
            markdown = kept.rpartition("\n")[0] + _CUT
        self._append(variable, markdown)

    def _size(self, variable: str) -> int:
        if self._files.made:
            return 0
        with self._file_failure(variable):
            return Path(self._env[variable]).stat().st_size

    def _append(self, variable: str, content: str) -> None:
        """Add to a file. One that the runner makes for each step is not made here: it would not be read either."""
        first = self._files.made and variable not in self._begun
        flags = os.O_TRUNC | os.O_CREAT if first else 0

        def opener(path: str, chosen: int) -> int:
            return os.open(path, chosen & ~os.O_CREAT | flags, 0o666)

        with (
            self._file_failure(variable),
            open(self._env[variable], "a", encoding="utf-8", newline="", opener=opener) as file,
        ):
            file.write(content)
        self._begun.add(variable)

    @contextlib.contextmanager
    def _file_failure(self, variable: str) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise Failure("runner-file", variable=variable, file=self._env[variable], reason=error.strerror) from error

    # What everything above ends in

    def _clean(self, value: str) -> str:
        return text.cut(text.printable(self.redact(value)), LONGEST_LINE)

    def _print(self, *lines: str) -> None:
        with self._lock:
            if lines and self._is_heard():
                self._out.write("".join(f"{line}\n" for line in lines))
                self._out.flush()

    def _is_heard(self) -> bool:
        return self._speaker in (None, threading.get_ident())
