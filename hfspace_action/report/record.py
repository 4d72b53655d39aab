"""The notebook of a run: what is known so far, so that it can be reported whenever and however the run ends."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from hfspace_action.errors import Failure, Place

from .cleanup import Duty
from .report import Note, Report, Row
from .timeline import Phase


class Record:
    """Gathers the facts of a `Report` as they become known."""

    def __init__(self) -> None:
        self.duty: Duty | None = None
        """What is left to do even if the step is told to end; whoever begins something that must not be left sets it."""
        self._began = time.monotonic()
        self._facts = Report()
        self._running: tuple[str, float] | None = None

    def tell(self, **facts: Any) -> None:
        """Note facts by the names of `Report`'s fields; later ones replace earlier ones."""
        self._facts = replace(self._facts, **facts)

    def note(self, message: str, place: Place | None = None) -> None:
        """Note something the user should know that is no failure."""
        self.tell(notes=(*self._facts.notes, Note(message, place)))

    def did(self, line: str) -> None:
        """Note a line of the plan as done."""
        self.tell(done=(*self._facts.done, line))

    def row(self, name: str, ok: bool | None, detail: str, *, advice: str = "", seconds: float | None = None) -> Row:
        """Note one thing that was checked or tried, and return it."""
        row = Row(name, ok, detail, advice, seconds)
        self.tell(rows=(*self._facts.rows, row))
        return row

    def fail(self, *failures: Failure) -> None:
        """Note what made the run fail."""
        self.tell(failures=(*self._facts.failures, *failures))

    def enter(self, phase: str) -> None:
        """Begin a phase of the timeline; the one before ends."""
        self._leave()
        self._running = (phase, self._seconds())

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Everything inside is one phase of the timeline, unless it enters others."""
        self.enter(name)
        try:
            yield
        finally:
            self._leave()

    def report(self) -> Report:
        """All that is known now."""
        self._leave()
        return replace(self._facts, duration=self._seconds())

    def _leave(self) -> None:
        if self._running:
            name, start = self._running
            self.tell(phases=(*self._facts.phases, Phase(name, start, self._seconds())))
            self._running = None

    def _seconds(self) -> float:
        return time.monotonic() - self._began
