"""A Space's log: every line once however often the connection breaks, and no more memory than it takes."""

import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import count, islice
from threading import Event

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.hub.retry import Retries
from hfspace_action.watch.log_stream import LONGEST_LINE, Once, Stream, whole_lines
from hfspace_action.watch.logs import Logs
from hfspace_action.workflow.runner import Runner

LOG = [f"line {number}" for number in range(200)]


def unreadable(name: str = "hub-unreachable") -> Failure:
    return Failure(name, endpoint="x", doing="read a log", said="gone")


def connections(*each: Sequence[str], then: Failure | None = None) -> Callable[[], Iterable[str]]:
    """What each connection to the log gives before it breaks off. After the last, `then` is raised at every one."""
    left = iter(each)

    def read() -> Iterator[str]:
        lines = next(left, None)
        if lines is None:
            raise then or unreadable()
        yield from (line + "\n" for line in lines)
        raise unreadable()

    return read


def heard(stream: Stream, enough: int) -> list[str]:
    """What comes from a stream until there are so many lines; each connection follows the one before at once."""
    lines: list[str] = []
    for _ in range(50):
        stream.again()
        lines += stream.lines(0.2)
        if len(lines) >= enough:
            break
    return lines + stream.lines(0.3)


# Lines


@pytest.mark.parametrize(
    ("pieces", "lines"),
    [
        pytest.param(["a\n", "b\n"], ["a", "b"], id="a line each"),
        pytest.param(["a", "b\nc", "\n"], ["ab", "c"], id="lines in parts"),
        pytest.param(["a\nb\nc"], ["a", "b", "c"], id="several lines, the last without an end"),
        pytest.param(["\n", "a\n\n"], ["", "a", ""], id="empty lines"),
        pytest.param(["10%\r20%\n"], ["10%\r20%"], id="a line that is overwritten"),
        pytest.param(["a\u2028b\x0bc\n"], ["a\u2028b\x0bc"], id="what only Python takes for a line's end"),
    ],
)
def test_whole_lines(pieces: list[str], lines: list[str]) -> None:
    assert list(whole_lines(pieces)) == lines


def test_line_of_a_megabyte_is_cut() -> None:
    assert [len(line) for line in whole_lines(["x" * 1_000_000 + "\n", "y\n"])] == [LONGEST_LINE, 1]


def test_line_without_an_end_does_not_grow() -> None:
    assert [len(line) for line in whole_lines("x" * 1000 for _ in range(1000))] == [LONGEST_LINE]


# Each line once


@given(st.lists(st.sampled_from(["a", "b", ""]), max_size=80), st.lists(st.integers(0, 80), max_size=6))
def test_every_line_of_a_log_once_however_it_is_cut(rest: list[str], cuts: list[int]) -> None:
    log = ["===== Build Queued at 12:00:00 =====", *rest]
    once = Once()

    passed = [line for end in [*cuts, len(log)] for line in once.new(log[:end])]

    assert passed == log


def test_log_of_a_new_build_is_new_though_it_is_shorter() -> None:
    once, old, new = Once(), ["build 1", "b", "c", "d"], ["build 2", "b"]

    assert [*once.new(old), *once.new(old[:2]), *once.new(new), *once.new([*new, "e"])] == [*old, *new, "e"]


def test_log_of_a_new_build_that_begins_like_the_old_is_passed_whole() -> None:
    once, old, new = Once(), ["Step 1", "b", "c"], ["Step 1", "b", "x", "y"]

    assert [*once.new(old), *once.new(new)] == [*old, *new]


def test_stream_gives_each_line_once_over_broken_connections() -> None:
    stream = Stream("build", connections(LOG[:50], LOG[:20], LOG[:120], LOG))

    assert heard(stream, len(LOG)) == LOG
    stream.stop()


def test_stream_gives_the_log_of_the_next_build_after_that_of_the_last() -> None:
    second = [f"second {number}" for number in range(30)]
    stream = Stream("build", connections(LOG, second[:10], second))

    assert heard(stream, len(LOG) + len(second)) == [*LOG, *second]
    stream.stop()


def test_stream_that_may_not_be_read_is_asked_for_once() -> None:
    asked = count()

    def read() -> Iterable[str]:
        next(asked)
        raise Failure("forbidden", doing="read the log", said="no")

    stream = Stream("run", read)
    stream.again()

    assert stream.ended.wait(10)
    assert stream.lines(0.1) == []
    assert "read the log" in stream.complaint
    assert next(asked) == 1


def test_stream_survives_what_nobody_foresaw() -> None:
    answers = iter([KeyError("data"), None])

    def read() -> Iterable[str]:
        if fault := next(answers, None):
            raise fault
        return ["fine\n"]

    stream = Stream("run", read)

    assert heard(stream, 1) == ["fine"]
    stream.stop()


def test_endless_log_waits_until_it_is_taken() -> None:
    ahead = Event()

    def read() -> Iterator[str]:
        for number in count():
            if number == 20_000:
                ahead.set()
            yield f"{number}\n"

    stream = Stream("run", read)

    taken = list(islice((line for _ in range(20) for line in stream.lines(1)), 5000))

    assert taken == [str(number) for number in range(5000)]
    assert not ahead.wait(0.5), "read without end although nobody takes it"
    stream.stop()
    assert stream.ended.wait(10), "goes on after it was told to stop"


# What is printed


def test_quiet_line_says_stage_and_time() -> None:
    out = io.StringIO()
    logs = Logs(Hub("http://127.0.0.1:9", "hf_x", Retries(print)), Runner({}, out), "alice/demo", quiet=0.05)

    logs.entered("RUNNING")
    logs.wait(0.18)

    first, *quiet = out.getvalue().splitlines()
    assert first == "Stage: RUNNING"
    assert quiet
    assert all(line.startswith("RUNNING for 0.") for line in quiet)
