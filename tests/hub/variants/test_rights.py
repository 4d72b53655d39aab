"""What trusted publishers and tokens may do otherwise. (Plans: tests/hub/accounts/test_plans.py.)"""

import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.kit import web
from tests.kit.hub.publisher import CLAIMS, DEEDS, LOOKS, REPOSITORY, id_token, publisher_of
from tests.kit.local import LocalHub

from .conftest import Vary

DISCUSSING = {"pull request", "discussion", "commit to a pull request"}


def status(call: object) -> int:
    """With which status a call is refused; 200 if it is not."""
    assert callable(call)
    try:
        call()
    except HfHubHTTPError as error:
        return error.response.status_code
    return 200


def deeds(api: HfApi, space: str) -> dict[str, int]:
    return {name: status(lambda deed=deed: deed(api, space)) for name, deed in DEEDS.items()}


def test_publisher_403(hub: LocalHub, docker: str, vary: Vary) -> None:
    vary("publisher-403")
    assert set(deeds(publisher_of(hub, docker), docker).values()) == {403}


def test_publisher_discusses(hub: LocalHub, docker: str, vary: Vary) -> None:
    vary("publisher-discusses")
    allowed = {name for name, answer in deeds(publisher_of(hub, docker), docker).items() if answer == 200}
    assert allowed == DISCUSSING


def test_publisher_sets(hub: LocalHub, docker: str, vary: Vary) -> None:
    vary("publisher-sets")
    assert set(deeds(publisher_of(hub, docker), docker).values()) == {200}


@pytest.mark.parametrize("look", LOOKS)
def test_publisher_401(hub: LocalHub, api: HfApi, docker: str, vary: Vary, look: str) -> None:
    api.pause_space(docker)  # ends the logs
    publisher = publisher_of(hub, docker)
    assert status(lambda: LOOKS[look](publisher, docker)) == 200
    vary("publisher-401")
    assert status(lambda: LOOKS[look](publisher, docker)) == 401
    assert publisher.space_info(docker).sha
    publisher.upload_file(path_or_fileobj=b"\0" * 2_000_000, path_in_repo="x", repo_id=docker, repo_type="space")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"resource": "spaces/alice/no-such-space"}, 404),
        ({"subject_token": "x"}, 401),
        ({"grant_type": "password"}, 422),
        ({"resource": "///"}, 422),
        ({}, 403),
    ],
    ids=str,
)
def test_exchange_by_status(hub: LocalHub, static: str, body: dict[str, str], expected: int) -> None:
    hub.trust(static, **CLAIMS)
    asked = {
        "grant_type": "urn:ietf:params:oauth:grant-type:token-exchange",
        "subject_token_type": "urn:ietf:params:oauth:token-type:id_token",
        "subject_token": id_token(hub.job("octo/elsewhere")),
        "resource": f"spaces/{static}",
    } | body
    try:
        hub.vary()
        assert web.post(f"{hub.endpoint}/oauth/token", json=asked).status_code == 400
        hub.vary("exchange-by-status")
        assert web.post(f"{hub.endpoint}/oauth/token", json=asked).status_code == expected
        good = asked | {"grant_type": "urn:ietf:params:oauth:grant-type:token-exchange", "resource": f"spaces/{static}"}
        good["subject_token"] = id_token(hub.job(REPOSITORY))
        assert web.post(f"{hub.endpoint}/oauth/token", json=good).status_code == 200
    finally:
        hub.vary()


def test_no_auth_check(api: HfApi, static: str, vary: Vary) -> None:
    api.auth_check(static, repo_type="space", write=True)
    vary("no-auth-check")
    for write in (True, False):
        assert status(lambda write=write: api.auth_check(static, repo_type="space", write=write)) == 404
