import subprocess
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from tests.kit import ROOT, needs
from tests.kit.local import LocalHub, localhub
from tests.kit.step import act
from tests.kit.step.provoke import Play, playing

_numbers = count(1)


@pytest.fixture(scope="session")
def hub() -> Iterator[LocalHub]:
    """A Hub that plays the life of Spaces (static ones are served for real)."""
    with localhub("--simulate", "--tick", "0.1") as hub:
        yield hub


@pytest.fixture(autouse=True)
def _no_fault_is_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Lets the Hub answer rightly again, which the next test shares."""
    yield
    if "hub" in request.fixturenames:
        request.getfixturevalue("hub").no_faults()


@pytest.fixture
def space() -> str:
    """The name of a Space that no other test uses and that doesn't exist yet; alice may create it."""
    return f"alice/space-{next(_numbers):04}"


@pytest.fixture
def api(hub: LocalHub) -> HfApi:
    """The official client, to see what really is on the Hub."""
    return HfApi(hub.endpoint, token="hf_alice")


@pytest.fixture(scope="session")
def play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Play]:
    """Plays a case of `provoke`, once, on a Hub that such cases share."""
    with playing(tmp_path_factory.mktemp("cases")) as play:
        yield play


@pytest.fixture(scope="session")
def image() -> str:
    """The image of the action, built from the work tree."""
    return _built(act.IMAGE, "Dockerfile")


@pytest.fixture(scope="session")
def rehearse_image() -> str:
    """The image of rehearse/action.yml, built from the work tree."""
    return _built(act.REHEARSE, "Dockerfile.rehearse")


def _built(name: str, dockerfile: str) -> str:
    needs.engine()
    command = ["docker", "build", "--network", "host", "--file", str(ROOT / dockerfile), "--tag", name, str(ROOT)]
    built = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
    assert built.returncode == 0, built.stdout
    return name


@pytest.fixture(scope="session")
def runner(image: str) -> str:
    """The image that act runs a job in."""
    needs.engine(act.RUNNER)
    return act.RUNNER


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    """Where the user's repository goes; not made yet."""
    return tmp_path / "workspace"


@pytest.fixture
def existing(api: HfApi, hub: LocalHub, space: str) -> str:
    """A static Space that is there, with nothing but what the Hub puts in it."""
    api.create_repo(space, repo_type="space", space_sdk="static")
    hub.forget()
    return space
