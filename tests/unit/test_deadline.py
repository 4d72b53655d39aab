"""The end of a step: what is left of its time, what does not count, and calls that hang."""

import os
import socket
import threading
from collections.abc import Iterator

import pytest

from hfspace_action import deadline as module
from hfspace_action.deadline import GRACE, Deadline
from hfspace_action.hub.connection.sent import SLOWEST, SPAN, Movement, acknowledged


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def over() -> Iterator[threading.Event]:
    """Lets what hangs end with the test."""
    event = threading.Event()
    yield event
    event.set()


def test_time_goes_by(clock: Clock) -> None:
    deadline = Deadline(clock=clock)
    clock.now += 10
    deadline.give(30)  # from the beginning of the step on, not from now

    assert (deadline.left, deadline.over, deadline.final) == (20, False, False)
    clock.now += 20
    assert (deadline.left, deadline.over, deadline.final) == (0, True, False)
    clock.now += GRACE + 1
    assert deadline.final
    assert deadline.words == "30 s"


def test_what_does_not_count_and_what_is_allowed(clock: Clock) -> None:
    deadline = Deadline(30, clock)
    deadline.moved(5)
    assert deadline.left == 35
    deadline.allow(20)
    assert deadline.left == 35
    deadline.allow(50)
    assert deadline.left == 50
    clock.now += 60
    deadline.again()
    assert deadline.left == 30


def test_an_upload_that_begins_at_the_end_has_until_the_next_look(clock: Clock) -> None:
    deadline = Deadline(30, clock)
    clock.now += 29.9
    deadline.moved(0.2)
    clock.now += 0.4

    assert not deadline.over


def test_without_an_end() -> None:
    assert Deadline().bound(lambda: 7) == 7
    assert not Deadline().over


def test_an_error_of_a_call_is_the_callers() -> None:
    def fails() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        Deadline(60).bound(fails)


def test_a_call_that_hangs_is_left_to_itself(over: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHORTEST", 0.1)
    with pytest.raises(TimeoutError):
        Deadline(0.1).bound(over.wait)
    with pytest.raises(TimeoutError):
        Deadline(60).bound(over.wait, 0.1)


def test_a_deadline_that_moves_is_waited_for(over: threading.Event, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "SHORTEST", 0.1)
    deadline = Deadline(0.1)
    deadline.moved(60)
    threading.Timer(0.3, over.set).start()
    assert deadline.bound(over.wait) is True


def test_the_failure_names_what_is_under_way() -> None:
    deadline = Deadline(30)
    assert deadline.failure().id == "out-of-time"
    with deadline.under_way("read alice/demo"):
        assert deadline.failure().id == "hub-silent"
        assert "read alice/demo" in deadline.failure().message
    with deadline.under_way("upload files to alice/demo", upload=True), deadline.under_way("read alice/demo"):
        assert deadline.failure().id == "upload-stalled"
    assert deadline.failure().id == "out-of-time"


def test_bytes_that_arrive_are_counted_and_no_descriptor_is_left() -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as server,
        socket.create_connection(server.getsockname()) as near,
        server.accept()[0] as far,
    ):
        before, opened = sum(acknowledged().values()), len(os.listdir("/proc/self/fd"))
        near.sendall(b"x" * 5000)
        far.recv(5000, socket.MSG_WAITALL)

        assert sum(acknowledged().values()) >= before + 5000
        assert len(os.listdir("/proc/self/fd")) == opened


@pytest.mark.parametrize(
    ("each_second", "moves"), [(SLOWEST, True), (SLOWEST // 5, True), (SLOWEST // 20, False), (0, False)]
)
def test_an_upload_moves_if_enough_is_sent(each_second: int, moves: bool, clock: Clock) -> None:
    counted = {7: 50}
    movement = Movement(lambda: dict(counted), clock)
    for _ in range(int(SPAN) * 2):
        movement.moves()
        clock.now += 1
        counted[7] += each_second
    assert movement.moves() is moves


def test_connections_that_come_and_go(clock: Clock) -> None:
    counted = [{1: SLOWEST}, {2: SLOWEST}, {}, {}]
    movement = Movement(lambda: counted.pop(0), clock)
    assert [movement.moves(), movement.moves(), movement.moves()] == [True, True, True]
    clock.now += SPAN
    assert not movement.moves()
