"""From the files to what will fail: thirty Spaces that can't run, thirty that can, and the twins of the causes of `explain`."""

import pytest

from hfspace_action.foresight import Foresight, Tree, foresee
from tests.kit.trees import FAULTY, HEALTHY, Space


def of(space: Space) -> Foresight:
    data = space.data
    return foresee(Tree(space.deployed, str(data["sdk"]), data, sizes=space.sizes, hardware=space.hardware))


@pytest.mark.parametrize("space", FAULTY, ids=lambda space: space.name)
def test_faulty_space_is_foreseen_with_file_and_line(space: Space) -> None:
    found = of(space)

    wanted = found.certain if space.certain else found.likely
    assert (space.id, space.place) in [(failure.id, failure.place) for failure in wanted]


@pytest.mark.parametrize("space", HEALTHY, ids=lambda space: space.name)
def test_healthy_space_is_not_stopped_and_not_warned_of(space: Space) -> None:
    found = of(space)

    assert [(one.id, one.place, one.message) for one in (*found.certain, *found.likely)] == []


def test_there_are_thirty_of_each() -> None:
    assert (len(FAULTY), len(HEALTHY)) == (30, 30)
    assert all(space.place and space.place.line for space in FAULTY)
