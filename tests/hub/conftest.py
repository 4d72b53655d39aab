from collections.abc import Callable, Iterator
from itertools import count

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from tests.kit.local import LocalHub, localhub

_numbers = count(1)


@pytest.fixture(scope="session")
def hub() -> Iterator[LocalHub]:
    """A Hub that plays the life of Spaces."""
    with localhub("--simulate") as hub:
        yield hub


@pytest.fixture
def undisturbed(hub: LocalHub) -> Iterator[LocalHub]:
    """The same for tests that break it: nothing goes wrong in the next one."""
    hub.forget()
    yield hub
    hub.forget()


@pytest.fixture
def endpoint(hub: LocalHub) -> str:
    return hub.endpoint


@pytest.fixture
def http(hub: LocalHub) -> Iterator[httpx2.Client]:
    """Plain HTTP, without a token."""
    with httpx2.Client(base_url=hub.endpoint, timeout=10, verify=False) as client:
        yield client


@pytest.fixture
def api(hub: LocalHub) -> HfApi:
    """The official client as alice."""
    return HfApi(hub.endpoint, token="hf_alice")


@pytest.fixture
def as_user(hub: LocalHub) -> Callable[[str | bool], HfApi]:
    """The official client with any token; False for none."""
    return lambda token: HfApi(hub.endpoint, token=token)


@pytest.fixture
def name() -> str:
    """A name that no other test gives to a repository of alice's."""
    return f"alice/repo-{next(_numbers):04}"


@pytest.fixture
def push(api: HfApi) -> Callable[..., str]:
    """`push(space, {path: text})` puts files on main in one commit and returns its id."""

    def push(space: str, files: dict[str, str | bytes]) -> str:
        added = [CommitOperationAdd(p, c.encode() if isinstance(c, str) else c) for p, c in files.items()]
        return str(api.create_commit(space, added, commit_message="A change", repo_type="space").oid)

    return push


@pytest.fixture
def docker(api: HfApi, name: str) -> str:
    """A new Space for a Dockerfile, with nothing in it yet."""
    api.create_repo(name, repo_type="space", space_sdk="docker")
    return name


@pytest.fixture
def static(api: HfApi, name: str) -> str:
    """A new static Space, with nothing in it yet."""
    api.create_repo(name, repo_type="space", space_sdk="static")
    return name
