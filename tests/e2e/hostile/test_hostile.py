"""A part of `make hostile`: the same rounds, fewer of them."""

from pathlib import Path

import pytest

from scripts.hostile import fuzz, kills, leaks, races, signals

TEXTS = 2000


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # of Python, about the code in the texts
def test_no_text_of_others_is_too_much_for_a_reader() -> None:
    assert list(fuzz.run(TEXTS)) == []


@pytest.mark.parametrize("seed", [237466491, 237479119, 376350591, 376351144, 376356856, 376369609, 376370246])
def test_what_was_too_much_once_is_no_more(seed: int) -> None:
    assert list(fuzz.run(1, seed)) == []


def test_the_readers_are_given_what_they_can_read() -> None:
    """Most inputs are refused, most trees are not: otherwise only the refusals would be tried."""
    ends = [fuzz.ends(seed) for seed in range(len(fuzz.TARGETS) * 20)]
    assert {True, False} == set(ends)


def test_a_reader_that_raises_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(fuzz.TARGETS, "rules", lambda make: 1 // 0)
    found = fuzz.tried("rules", 1)
    assert found is not None
    assert "ZeroDivisionError" in found.words


@pytest.mark.slow
def test_the_next_deploy_after_a_kill_finishes_the_job(tmp_path: Path) -> None:
    assert kills.main(6, 1, tmp_path, 3) == 0


@pytest.mark.slow
def test_a_signal_at_any_moment_ends_a_step_with_its_report(tmp_path: Path) -> None:
    assert signals.main(9, 1, tmp_path, 3) == 0


@pytest.mark.slow
def test_what_others_do_meanwhile(tmp_path: Path) -> None:
    assert races.main(7, 1, tmp_path, 3) == 0


@pytest.mark.slow
def test_no_part_of_a_credential_is_shown_and_a_planted_one_is_found(tmp_path: Path) -> None:
    assert leaks.main(11, 5, tmp_path, 4) == 0
