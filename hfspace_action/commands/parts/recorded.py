"""A failure that is recorded at once, because something is to be done after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from hfspace_action.errors import Failure, Failures
from hfspace_action.report.record import Record


@contextmanager
def recorded(record: Record) -> Iterator[None]:
    """Record what fails inside, and go on after it. The step is as red as if it had ended there."""
    try:
        yield
    except Failures as known:
        record.fail(*known.failures)
    except Failure as failure:
        record.fail(failure)
