"""The notebook of a run: what is known so far, so that it can be reported whenever and however the run ends."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Unpack

from hfspace_action.deadline import OUT_OF_TIME
from hfspace_action.errors import Failure, Failures, Note, Place, unforeseen
from hfspace_action.result import Result
from hfspace_action.space import Space

from .cleanup import Duty
from .facts import Facts, Phase, Report, Row


class Record:
    """Gathers the facts of a `Report` as they become known."""

    def __init__(self) -> None:
        self.duty: Duty | None = None
        """What is left to do even if the step is told to end; whoever begins something that must not be left sets it."""
        self.members: Sequence[Record] = ()
        """Those of the Spaces, where the run is about many."""
        self._began = time.monotonic()
        self._facts = Report()
        self._running: tuple[str, float] | None = None

    def add(self, **facts: Unpack[Facts]) -> None:
        """Add facts by the names of `Report`'s fields; later ones replace earlier ones."""
        self._facts = replace(self._facts, **facts)

    def seen(self, space: Space) -> None:
        """Add what the Hub says of the Space; what it does not say now stays as it was said before."""
        said: Facts = {
            "stage": space.stage,
            "app_url": space.host,
            "hardware": space.hardware,
            "visibility": space.visibility,
            "running_sha": space.runtime_sha,
            "sleep_time": space.sleep_time,
        }
        known = {name: value for name, value in said.items() if value}
        self._facts = replace(self._facts, **known)  # type: ignore[arg-type]  # names and types are those of `Facts`
        self.add(space_id=space.id, space_url=space.url, error_message=space.error_message)

    def note(self, message: str, place: Place | None = None) -> None:
        """Add something the user should know that is no failure."""
        self.notes(Note(message, place))

    def notes(self, *notes: Note) -> None:
        """Add several notes."""
        self._facts = replace(self._facts, notes=(*self._facts.notes, *notes))

    def did(self, line: str) -> None:
        """Add a line of the plan that is done."""
        self._facts = replace(self._facts, done=(*self._facts.done, line))

    def row(self, name: str, ok: bool | None, detail: str, *, advice: str = "", seconds: float | None = None) -> Row:
        """Add one thing that was checked or tried, and return it."""
        return self.keep(Row(ok, detail, name, advice, seconds))

    def keep(self, row: Row) -> Row:
        """Add a row, and return it."""
        self._facts = replace(self._facts, rows=(*self._facts.rows, row))
        return row

    def fail(self, *failures: Failure) -> None:
        """Add what made the run fail."""
        self._facts = replace(self._facts, failures=(*self._facts.failures, *failures))

    def end(self, error: Exception) -> bool:
        """Add what ended the run before its end. Return whether that is a fault of ours."""
        if isinstance(error, Failures):
            self.fail(*error.failures)
        elif isinstance(error, Failure):
            if error.id in OUT_OF_TIME:
                self.add(result=Result.TIMEOUT)
            self.fail(error)
        else:
            self.add(result=Result.ERROR)
            self.fail(unforeseen(error))
            return True
        return False

    def enter(self, phase: str) -> None:
        """Begin a phase of the run; the one before ends."""
        self._leave()
        self._running = (phase, self._seconds())

    @contextmanager
    def phase(self, name: str) -> Iterator[None]:
        """Everything inside is one phase of the run, unless it enters others."""
        self.enter(name)
        try:
            yield
        finally:
            self._leave()

    def report(self) -> Report:
        """All that is known now."""
        self._leave()
        spaces = tuple(each.report() for each in self.members)
        return replace(self._facts, spaces=spaces, duration=self._seconds())

    def _leave(self) -> None:
        if self._running:
            name, start = self._running
            self._facts = replace(self._facts, phases=(*self._facts.phases, Phase(name, start, self._seconds())))
            self._running = None

    def _seconds(self) -> float:
        return time.monotonic() - self._began
