"""The log of what apps received, by which every test run is judged."""

import pytest
from huggingface_hub import HfApi

from tests.kit import received, web
from tests.kit.local import localhub, until

SPACE = "alice/planted"
PLANTED = {"the Hub's": "hf_alice", "a publisher's": "hf_jwt_x.y.z", "GitHub's": "ghp_0123456789"}


@pytest.mark.parametrize("token", [*PLANTED.values(), "an app's own"], ids=[*PLANTED, "none"])
@pytest.mark.parametrize("place", ["header", "query"])
def test_a_planted_token_is_found(token: str, place: str) -> None:
    with localhub("--simulate", "--tick", "0") as hub:
        api = HfApi(hub.endpoint, token="hf_alice")
        api.create_repo(SPACE, repo_type="space", space_sdk="docker")
        api.upload_file(path_or_fileobj=b"FROM scratch\n", path_in_repo="Dockerfile", repo_id=SPACE, repo_type="space")
        until(lambda: api.get_space_runtime(SPACE).stage == "RUNNING")
        shown = {"headers": {"x-shown": token}} if place == "header" else {"params": {"shown": token}}
        web.get(str(api.space_info(SPACE).host), **shown)
        requests = hub.received(SPACE)

    assert len(requests) == 1
    assert bool(received.with_tokens({**each, "test": "tests/e2e/"} for each in requests)) == (
        token in PLANTED.values()
    )
