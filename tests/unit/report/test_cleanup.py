"""`duty`: what is told of the last thing to do, whether it is done, refused, at fault or too slow."""

import threading
from collections.abc import Callable
from dataclasses import replace

import pytest

from hfspace_action.errors import Failure, Note
from hfspace_action.report.cleanup import Duty, fulfil
from hfspace_action.report.facts import Report, Row
from hfspace_action.result import Result

LEFT = Failure("scratch-left", space="alice/demo-selftest-0123abcd")
DONE = Row(True, "it is gone", "delete")
ENDED = Report(result=Result.CANCELLED, failures=(Failure("cancelled"),), notes=(Note("Before"),))


def refuse(_: Report) -> tuple[Row]:
    raise Failure("space-missing", space="alice/demo")


def fault(_: Report) -> tuple[Row]:
    raise ZeroDivisionError


def test_none() -> None:
    assert fulfil(None, ENDED) is ENDED


def test_done() -> None:
    told: list[Report] = []

    def do(ended: Report) -> tuple[Row | Note, ...]:
        told.append(ended)
        return DONE, Note("After")

    shown = fulfil(Duty(do, LEFT), ENDED)

    assert shown == replace(ENDED, rows=(DONE,), notes=(Note("Before"), Note("After")))
    assert told == [ENDED]


@pytest.mark.parametrize(("do", "why"), [(refuse, "space-missing"), (fault, "internal")])
def test_not_done_is_told_with_the_reason(do: Callable[[Report], tuple[Row]], why: str) -> None:
    shown = fulfil(Duty(do, LEFT), ENDED)

    assert shown.rows == ()
    assert [failure.id for failure in shown.failures] == ["cancelled", "scratch-left", why]


def test_too_slow_is_told_in_time() -> None:
    never = threading.Event()

    def hang(_: Report) -> tuple[Row]:
        never.wait(30)
        return (DONE,)

    assert fulfil(Duty(hang, LEFT), ENDED, 0.05).failures == (*ENDED.failures, LEFT)
    assert fulfil(Duty(hang, Note("Left")), ENDED, 0.05).notes == (*ENDED.notes, Note("Left"))
    never.set()
