"""How far a long upload is, in files and bytes: a line for each tenth, and one each half minute in which nothing else came."""

import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from hfspace_action import text
from hfspace_action.file import File

QUIET = 30.0
"""Seconds after which a line comes also without a further tenth."""


class Progress:
    """Counts what the Hub has; inside of a `with`, a line comes now and then for as long as that goes on."""

    def __init__(self, batches: Sequence[Sequence[File]], say: Callable[[str], None], *, quiet: float = QUIET) -> None:
        self._files = sum(map(len, batches))
        self._bytes = sum(file.size for batch in batches for file in batch)
        self._say, self._quiet = say, quiet
        self._sent_files = self._sent_bytes = 0
        self._began = self._last = time.monotonic()
        self._shown = 0  # tenths of all bytes
        self._lock, self._over = threading.Lock(), threading.Event()

    def __enter__(self) -> Self:
        threading.Thread(target=self._remind, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()

    def sent(self, files: Sequence[File]) -> None:
        """Count files that the Hub has now."""
        with self._lock:
            self._sent_files += len(files)
            self._sent_bytes += sum(file.size for file in files)
            tenth = self._sent_bytes * 10 // self._bytes if self._bytes else 10
            if tenth > self._shown and self._sent_files < self._files:
                self._shown = tenth
                self._show()

    def _show(self) -> None:
        self._last = time.monotonic()
        self._say(
            f"Sent {self._sent_files:,} of {self._files:,} files, "
            f"{text.size(self._sent_bytes)} of {text.size(self._bytes)}, after {int(self._last - self._began)} s."
        )

    def _remind(self) -> None:
        while not self._over.wait(max(self._last + self._quiet - time.monotonic(), 0.01)):
            with self._lock:
                if not self._over.is_set() and time.monotonic() >= self._last + self._quiet:
                    self._show()
