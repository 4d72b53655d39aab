"""`duty`: what is told of the last thing to do, whether it is done, refused, at fault or too slow."""

import threading
from collections.abc import Callable

import pytest

from hfspace_action.errors import Failure
from hfspace_action.report.cleanup import Duty, fulfil
from hfspace_action.report.facts import Row

LEFT = Failure("scratch-left", space="alice/demo-selftest-0123abcd")
DONE = Row(True, "it is gone", "delete")


def refuse() -> Row:
    raise Failure("space-missing", space="alice/demo")


def fault() -> Row:
    raise ZeroDivisionError


def test_none() -> None:
    assert fulfil(None) == ((), ())


def test_done() -> None:
    assert fulfil(Duty(lambda: DONE, LEFT)) == ((DONE,), ())


@pytest.mark.parametrize(("do", "why"), [(refuse, "space-missing"), (fault, "internal")])
def test_not_done_is_told_with_the_reason(do: Callable[[], Row], why: str) -> None:
    rows, failures = fulfil(Duty(do, LEFT))

    assert rows == ()
    assert [failure.id for failure in failures] == ["scratch-left", why]


def test_too_slow_is_told_in_time() -> None:
    never = threading.Event()

    def hang() -> Row:
        never.wait(30)
        return DONE

    assert fulfil(Duty(hang, LEFT), 0.05) == ((), (LEFT,))
    never.set()
