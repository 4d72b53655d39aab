"""`progress`: a long upload is reported by tenths and by time, a short one not at all."""

import threading

from hfspace_action.file import File
from hfspace_action.publish.progress import Progress


def files(count: int, size: int) -> list[File]:
    return [File.of(f"{number}.bin", bytes(size)) for number in range(count)]


def test_what_goes_at_once_is_not_reported() -> None:
    said: list[str] = []
    batch = files(3, 10)

    with Progress([batch], said.append) as progress:
        progress.sent(batch)

    assert said == []


def test_a_line_comes_for_each_tenth_at_most() -> None:
    said: list[str] = []
    batches = [files(1, 1000) for _ in range(100)]

    with Progress(batches, said.append) as progress:
        for batch in batches:
            progress.sent(batch)

    assert len(said) == 9
    assert said[0] == "Sent 10 of 100 files, 10.0 kB of 100.0 kB, after 0 s."
    assert said[-1].startswith("Sent 90 of 100 files")


def test_a_line_comes_where_nothing_else_did_for_a_while() -> None:
    said: list[str] = []
    came = threading.Event()

    with Progress([files(2, 500)], lambda line: (said.append(line), came.set())[0], quiet=0.02):
        assert came.wait(10)

    assert said[0].startswith("Sent 0 of 2 files, 0 bytes of 1.0 kB")


def test_empty_files_make_no_division_by_nothing() -> None:
    said: list[str] = []
    batches = [files(1, 0), files(1, 0)]

    with Progress(batches, said.append) as progress:
        for batch in batches:
            progress.sent(batch)

    assert len(said) == 1
