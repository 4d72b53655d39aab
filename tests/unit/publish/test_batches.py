"""A difference cut into commits: bounded, whole, and in an order in which uploads hide behind commits."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfspace_action.file import File
from hfspace_action.plan.tree import Difference
from hfspace_action.publish.batches import BYTES, FILES, PART, UPLOAD, batches

MB = 1024 * 1024
SIZES = st.lists(st.tuples(st.sampled_from(("text", "lfs")), st.integers(0, 60 * MB)), max_size=60)


def file(number: int, kind: str, size: int) -> File:
    return File(f"{kind}-{number:04}", size, None, b"text" if kind != "binary" else b"\0")


def is_large(file: File) -> bool:
    return file.path.startswith("lfs")


@given(sizes=SIZES, removed=st.lists(st.sampled_from("abc"), unique=True))
def test_each_file_goes_once_and_removals_ride_in_the_first(sizes: list[tuple[str, int]], removed: list[str]) -> None:
    files = [file(number, *each) for number, each in enumerate(sizes)]

    found = batches(Difference(added=tuple(files), removed=tuple(removed)), is_large)

    assert sorted(each.path for batch in found for each in batch.all) == sorted(each.path for each in files)
    assert [batch.removed for batch in found] == [tuple(removed), *[()] * (len(found) - 1)]
    for batch in found:
        sent = [each.size for each in batch.all if not is_large(each)]
        assert len(batch.all) <= FILES
        assert sum(sent) <= BYTES or len(sent) == 1


def test_files_that_only_go_to_storage_take_one_commit_however_large() -> None:
    files = tuple(file(number, "lfs", 500 * MB) for number in range(900))

    assert len(batches(Difference(added=files), is_large)) == 1


def test_a_change_of_several_commits_uploads_some_for_each_and_never_takes_many_commits_for_it() -> None:
    texts = tuple(file(number, "text", 1000) for number in range(3 * FILES))

    few = batches(Difference(added=(*texts, *(file(number, "lfs", 10 * MB) for number in range(6)))), is_large)
    many = batches(Difference(added=(*texts, *(file(number, "lfs", 10 * MB) for number in range(600)))), is_large)

    assert all(sum(each.size for each in batch.all if is_large(each)) <= UPLOAD for batch in few)
    assert len(many) <= 3 + 1 + 9


def test_what_takes_long_to_upload_comes_behind_a_commit_that_has_nothing() -> None:
    texts = tuple(file(number, "text", 1000) for number in range(2 * FILES))
    binary = tuple(file(9000 + number, "binary", 9 * MB) for number in range(2))

    found = batches(Difference(added=(*binary, *texts)), is_large)

    assert not found[0].uploads
    assert {each.path for each in found[1].uploads} == {each.path for each in binary}
    assert not any(set(binary) & set(batch.files) for batch in found)


def test_commits_are_of_about_equal_length_and_the_hub_is_asked_once_before_the_first() -> None:
    long = [file(number, "text", 3 * MB) for number in range(5)]
    short = [file(100 + number, "text", 9_000) for number in range(2 * FILES)]

    found = batches(Difference(added=(*long, *short)), is_large)

    sizes = [sum(each.size for each in batch.files) for batch in found]
    assert max(sizes) - min(sizes) < 3 * MB
    assert max(sizes) <= PART
    assert len(found[0].files) <= 256


def test_files_take_no_commit_more_for_that() -> None:
    found = batches(Difference(added=tuple(file(number, "text", 10) for number in range(2 * FILES))), is_large)

    assert [len(batch.files) for batch in found] == [FILES, FILES]


def test_very_much_takes_few_commits() -> None:
    found = batches(Difference(added=tuple(file(number, "text", 9 * MB) for number in range(100))), is_large)

    assert len(found) == 100 / 2  # of which two are less than BYTES


@pytest.mark.parametrize("kind", ["text", "lfs", "binary"])
def test_the_hub_is_asked_once_about_what_takes_one_commit(kind: str) -> None:
    files = tuple(file(number, kind, 2 * MB) for number in range(9))

    (only,) = batches(Difference(added=files), is_large)

    assert only.files == files
    assert not only.uploads


@pytest.mark.parametrize("content", [b"text" * 300_000, b"\0" * 1_200_000], ids=["text", "binary"])
def test_of_a_guess_no_commit_gets_longer_than_a_few_times_its_bound(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "file").write_bytes(content)
    files = tuple(File(f"{number}", len(content), None, str(tmp_path / "file")) for number in range(200))

    found = batches(Difference(added=files), is_large)

    assert max(sum(each.size for each in batch.all) for batch in found) <= 4 * BYTES + len(content)
