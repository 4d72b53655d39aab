"""What has to be put in order before the program ends, also where the runner tells the step to end."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import NamedTuple

from hfspace_action.errors import Failure, Note, unforeseen

from .facts import Report, Row

_PATIENCE = 4.0
"""Seconds. A runner that cancels kills the step ten seconds after its first signal, and the report has to be written too."""


class Duty(NamedTuple):
    """`do` puts things in order, is told how the run ended, and returns what there is to tell; may raise `Failure`. `left` says
    what stays behind where that does not come to an end."""

    do: Callable[[Report], Iterable[Row | Note]]
    left: Failure | Note


def fulfil(duty: Duty | None, ended: Report, seconds: float = _PATIENCE) -> Report:
    """Do one's duty within so many seconds. Returns how the run ended, with what was done, and what could not be."""
    if duty is None:
        return ended
    told: list[Row | Note] = []
    refused: list[Failure | Note] = []

    def work() -> None:
        try:
            told.extend(duty.do(ended))
        except Failure as failure:
            refused.extend((duty.left, failure))
        except Exception as error:  # noqa: BLE001 - a fault of ours, told as such, not printed amid the report
            refused.extend((duty.left, unforeseen(error)))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    news = (duty.left,) if thread.is_alive() else (*told, *refused)
    return replace(
        ended,
        rows=(*ended.rows, *(each for each in news if isinstance(each, Row))),
        notes=(*ended.notes, *(each for each in news if isinstance(each, Note))),
        failures=(*ended.failures, *(each for each in news if isinstance(each, Failure))),
    )
