import subprocess
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from itertools import count
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from tests.kit import ROOT
from tests.kit.local import LocalHub, localhub
from tests.kit.step import act
from tests.kit.step.provoke import Played, playing

_numbers = count(1)


@pytest.fixture(scope="session")
def hub() -> Iterator[LocalHub]:
    """A Hub that plays the life of Spaces (static ones are served for real)."""
    with localhub("--simulate") as hub:
        yield hub


@pytest.fixture
def space() -> str:
    """The name of a Space that no other test uses and that doesn't exist yet; alice may create it."""
    return f"alice/space-{next(_numbers)}"


@pytest.fixture
def api(hub: LocalHub) -> HfApi:
    """The official client, to see what really is on the Hub."""
    return HfApi(hub.endpoint, token="hf_alice")


@pytest.fixture(scope="module")
def played(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Mapping[str, Future[Played]]]:
    """The selected cases of a module whose tests go by a `case` of `provoke`, all of them under way."""
    items = [item for item in request.session.items if item.fspath == request.fspath and hasattr(item, "callspec")]
    wanted = {item.callspec.params["case"].name: item.callspec.params["case"] for item in items}
    with playing(list(wanted.values()), tmp_path_factory.mktemp("workspaces")) as under_way:
        yield under_way


@pytest.fixture(scope="session")
def image() -> str:
    """The image of the action, built from the work tree."""
    _need_engine()
    command = ["docker", "build", "--network", "host", "--tag", act.IMAGE, str(ROOT)]
    built = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert built.returncode == 0, built.stdout
    return act.IMAGE


@pytest.fixture(scope="session")
def runner(image: str) -> str:
    """The image that act runs a job in."""
    if _docker("image", "inspect", act.RUNNER) != 0:
        pytest.skip(f"no image {act.RUNNER} here: set ACT_RUNNER to one that has git, Node.js and Python")
    return act.RUNNER


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Where the user's repository goes; not made yet."""
    return tmp_path / "workspace"


def _need_engine() -> None:
    if _docker("version") != 0:
        pytest.skip("no Docker engine answers here")


def _docker(*arguments: str) -> int:
    try:
        return subprocess.run(["docker", *arguments], capture_output=True, timeout=30, check=False).returncode
    except FileNotFoundError:
        return 127
