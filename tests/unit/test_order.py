"""How tests are spread over the processes of a run: each once, none waits for the end, and what belongs together stays so."""

from collections import Counter
from itertools import groupby

import pytest

from tests.kit import order

HEADLINES = [f"tests/unit/report/test_headline.py::test[{number}]" for number in range(300)]
ERRORS = [f"tests/e2e/errors/test_error_ids.py::test_id[a/b::c {number}]" for number in range(60)]
ROOMS = [f"tests/e2e/previews/test_room.py::test_{number}" for number in range(7)]
SLOW = [ROOMS[0], *ERRORS[:20]]
ALL = [*ERRORS, *HEADLINES, *ROOMS]
SPREAD = order.spread(ALL, SLOW)


def test_each_test_is_run_once() -> None:
    assert Counter(SPREAD) == Counter(ALL)


def test_the_order_within_a_module_stays() -> None:
    for tests in (HEADLINES, SLOW[1:], ERRORS[20:], ROOMS[1:]):
        assert [each for each in SPREAD if each in tests] == tests


def test_each_tenth_of_a_run_has_its_share_of_each_module() -> None:
    for tests in (HEADLINES, ERRORS[20:]):
        places = [place for place, each in enumerate(SPREAD) if each in tests]
        parts = Counter(place * 10 // (places[-1] + 1) for place in places)
        assert max(parts.values()) <= 2 * len(tests) / 10, parts


def test_what_is_slow_begins_early_and_unit_tests_fill_the_end() -> None:
    assert max(map(SPREAD.index, SLOW)) < 0.65 * len(SPREAD)
    assert set(SPREAD[-20:]) < set(HEADLINES)


@pytest.mark.parametrize(
    ("tests", "most"),
    [
        pytest.param(HEADLINES, 4, id="many"),
        pytest.param(ERRORS[20:], 2, id="some that wait"),
        pytest.param(ROOMS[1:], 1, id="few"),
    ],
)
def test_a_process_gets_a_few_of_a_module_together(tests: list[str], most: int) -> None:
    stretches = [len(list(stretch)) for of, stretch in groupby(SPREAD, order.module) if of == order.module(tests[0])]
    assert max(stretches) >= most
    assert order.most(order.module(tests[0]), len(tests)) == most


def test_such_a_run_is_one_unit_of_work() -> None:
    assert Counter(Counter(order.units(HEADLINES[:50]).values()).values()) == {4: 12, 2: 1}
    assert len(set(order.units([*ROOMS, *HEADLINES]).values())) == 7 + 300 / 4
