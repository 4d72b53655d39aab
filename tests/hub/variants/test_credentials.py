"""What opens a private Space otherwise, and what its app sees of that."""

import httpx2
import pytest
from huggingface_hub import HfApi

from tests.kit import web
from tests.kit.local import LocalHub

from .conftest import Reach, Vary

COMMIT = {"Dockerfile": "FROM scratch"}
EDGE, PLAIN = {"x-hf-authorization": "Bearer hf_alice"}, {"authorization": "Bearer hf_alice"}


@pytest.fixture
def address(api: HfApi, undisturbed: LocalHub, docker: str, push: object, reach: Reach) -> str:
    """The address of a private Space with an app."""
    assert callable(push)
    api.update_repo_settings(docker, repo_type="space", visibility="private")
    push(docker, COMMIT)
    return reach("RUNNING")


def sign(api: HfApi, space: str) -> httpx2.Response:
    return web.get(f"{api.endpoint}/api/spaces/{space}/jwt", headers=PLAIN)


def seen(hub: LocalHub, space: str) -> str:
    """All that the app saw, as text."""
    return str(hub.received(space))


def test_the_record_shows_what_an_app_saw_and_nothing_else(address: str, undisturbed: LocalHub, docker: str) -> None:
    web.get(address)  # refused: never reached the app
    web.get(f"{address}/some/path?x=1", headers=EDGE | {"x-own": "mark"})
    [one] = undisturbed.received(docker)
    assert (one["to"], one["method"], one["path"], one["query"]) == (docker, "GET", "/some/path", "x=1")
    assert ["x-own", "mark"] in one["headers"]
    assert "hf_alice" not in seen(undisturbed, docker)
    web.get(address, headers=PLAIN)
    assert "hf_alice" in seen(undisturbed, docker)  # a planted one is found
    undisturbed.forget()
    assert undisturbed.received() == []


def test_authorization_only(address: str, undisturbed: LocalHub, docker: str, vary: Vary) -> None:
    assert web.get(address, headers=EDGE).status_code == 200
    vary("authorization-only")
    assert web.get(address, headers=EDGE).status_code == 404
    assert web.get(address, headers=PLAIN | EDGE).status_code == 200
    assert "x-hf-authorization" not in seen(undisturbed, docker)


def test_authorization_removed(address: str, undisturbed: LocalHub, docker: str, vary: Vary) -> None:
    vary("authorization-removed")
    assert web.get(address, headers=PLAIN).status_code == 200
    assert "hf_alice" not in seen(undisturbed, docker)


def test_no_jwt(api: HfApi, address: str, docker: str, vary: Vary) -> None:
    token = sign(api, docker).json()["token"]
    assert web.get(address, params={"__sign": token}).status_code == 200
    vary("no-jwt")
    assert sign(api, docker).status_code == 404
    assert web.get(address, params={"__sign": token}).status_code == 404


def test_no_sign_cookie(api: HfApi, address: str, docker: str, vary: Vary) -> None:
    token = sign(api, docker).json()["token"]
    assert "spaces-jwt" in web.get(address, params={"__sign": token}).cookies
    vary("no-sign-cookie")
    assert "spaces-jwt" not in web.get(address, params={"__sign": token}).cookies
