import time
from collections.abc import Callable, Iterator

import pytest
from huggingface_hub import HfApi

from tests.kit.local import LocalHub

Vary = Callable[..., None]
Reach = Callable[[str], str]


@pytest.fixture
def vary(hub: LocalHub, name: str) -> Iterator[Vary]:
    """`vary("late-tree")` switches variants on for this test's repository."""
    yield lambda *names: hub.vary(*names, of=name)
    hub.vary(of=name)


@pytest.fixture
def reach(api: HfApi, name: str) -> Reach:
    """`reach("RUNNING")` waits for a stage of this test's Space, and returns its address."""

    def reach(stage: str) -> str:
        deadline = time.monotonic() + 15
        while api.get_space_runtime(name).stage != stage:
            assert time.monotonic() < deadline, api.get_space_runtime(name).raw
            time.sleep(0.02)
        return str(api.space_info(name).host)

    return reach
