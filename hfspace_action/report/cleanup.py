"""What has to be put in order before the program ends, also where the runner tells the step to end."""

import threading
from collections.abc import Callable, Sequence
from typing import NamedTuple

from hfspace_action.errors import Failure, unforeseen

from .facts import Row

_PATIENCE = 4.0
"""Seconds. A runner that cancels kills the step ten seconds after its first signal, and the report has to be written too."""


class Duty(NamedTuple):
    """`do` puts things in order and returns what there is to tell; may raise `Failure`. `left` says, by name, what stays
    behind where that does not come to an end."""

    do: Callable[[], Row]
    left: Failure


def fulfil(duty: Duty | None, seconds: float = _PATIENCE) -> tuple[Sequence[Row], Sequence[Failure]]:
    """Do one's duty within so many seconds: what was done, and what could not be."""
    if duty is None:
        return (), ()
    done: list[Row] = []
    refused: list[Failure] = []

    def work() -> None:
        try:
            done.append(duty.do())
        except Failure as failure:
            refused.append(failure)
        except Exception as error:  # noqa: BLE001 - a fault of ours, told as such, not printed amid the report
            refused.append(unforeseen(error))

    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(seconds)
    rows = tuple(done)
    return rows, () if rows else (duty.left, *refused)
