"""What was made a moment ago may be shown late, and what was not is missing."""

import httpx2
import pytest
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

from hfspace_action.errors import Failure
from hfspace_action.hub.calls import Calls
from hfspace_action.hub.errors import Asker
from hfspace_action.hub.recent import COMMIT, CREATION, PAUSE, Recent
from hfspace_action.hub.retry import Retries

RESPONSE = httpx2.Response(404, request=httpx2.Request("GET", "https://huggingface.co/api/spaces/alice/demo"))
NO_SPACE, NO_COMMIT = (kind("gone", response=RESPONSE) for kind in (RepositoryNotFoundError, RevisionNotFoundError))


class World:
    """A Hub that shows something after a while, and the clock that it goes by."""

    def __init__(self, error: HfHubHTTPError, after: float) -> None:
        self.now, self.said = 0.0, list[str]()
        self.recent = Recent(lambda: self.now)
        self.calls = Calls(Asker("https://huggingface.co"), Retries(self.said.append, self.sleep), self.recent)
        self.error, self.after = error, after

    def sleep(self, seconds: float) -> None:
        self.now += seconds

    def look(self) -> str:
        if self.now < self.after:
            raise self.error
        return "there"

    def repeated(self, space: str = "alice/demo") -> str:
        return self.calls.repeat("read alice/demo", space, self.look)

    def repeat(self) -> str:
        return self.calls.repeat("list the files", "alice/demo", self.look)


def test_a_space_that_was_just_created_is_looked_for_again() -> None:
    world = World(NO_SPACE, CREATION - 1)
    world.recent.created("Alice/Demo")

    assert world.repeated() == "there"
    assert len(world.said) == 1, "said once"


def test_a_commit_that_was_just_made_is_looked_for_again() -> None:
    world = World(NO_COMMIT, COMMIT - 1)
    world.recent.committed("a" * 40)

    assert world.repeat() == "there"


def test_a_head_that_the_hub_names_is_looked_for_again_for_so_long_from_when_it_was_named_first() -> None:
    world = World(NO_COMMIT, COMMIT - 1)
    world.recent.named("a" * 40)
    assert world.repeat() == "there"

    world.after = 1000
    world.recent.named("a" * 40)
    with pytest.raises(Failure):
        world.repeat()
    assert COMMIT <= world.now <= COMMIT + 2 * PAUSE


@pytest.mark.parametrize(("error", "limit"), [(NO_SPACE, CREATION), (NO_COMMIT, COMMIT)], ids=["a Space", "a commit"])
def test_it_is_missing_in_the_end(error: HfHubHTTPError, limit: float) -> None:
    world = World(error, 1000)
    world.recent.created("alice/demo")
    world.recent.committed("a" * 40)

    with pytest.raises(Failure):
        world.repeated()
    assert limit <= world.now <= limit + 2 * PAUSE


def test_what_this_step_did_not_make_is_missing_at_once() -> None:
    world = World(NO_SPACE, 1)
    world.recent.created("alice/other")
    world.recent.committed("a" * 40)

    with pytest.raises(Failure):
        world.repeated()
    assert world.now == 0


def test_a_space_that_is_deleted_is_missed_no_more() -> None:
    world = World(NO_SPACE, 1)
    world.recent.created("alice/demo")
    world.recent.deleted("alice/Demo")

    with pytest.raises(Failure):
        world.repeated()
