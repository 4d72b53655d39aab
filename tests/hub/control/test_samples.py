"""One exchange of each shape is kept, and nothing secret of it."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from tests.kit.local import LocalHub, localhub

SPACE = "alice/sampled"
SECRET, CONTENT = "s3cret-in-a-secret", "what is in a file " * 9


@pytest.fixture(scope="module")
def asked() -> Iterator[tuple[LocalHub, httpx2.Client]]:
    """A Hub whose Space got a secret, a file and some questions; and a client without a name."""
    with localhub("--simulate", "--tick", "0") as hub, httpx2.Client(base_url=hub.endpoint, verify=False) as client:
        api = HfApi(hub.endpoint, token="hf_alice")
        api.create_repo(SPACE, repo_type="space", space_sdk="docker", space_secrets=[{"key": "K", "value": SECRET}])
        api.add_space_secret(SPACE, "KEY", SECRET)
        api.add_space_variable(SPACE, "VARIABLE", SECRET)
        api.create_commit(SPACE, [CommitOperationAdd("a.txt", CONTENT.encode())], commit_message="A", repo_type="space")
        for path in ("a.txt", "b.txt", "README.md"):
            api.get_paths_info(SPACE, [path], repo_type="space")
        for token in ("hf_alice", "hf_bob"):
            HfApi(hub.endpoint, token=token).whoami()
        client.get(f"/api/spaces/{SPACE}/jwt", headers={"authorization": "Bearer hf_alice"})
        client.get(f"/api/spaces/{SPACE}?expand=sha", headers={"authorization": "Bearer hf_alice"})
        client.get("/api/nothing-here")
        client.get("/")
        yield hub, client


def of_route(hub: LocalHub, route: str) -> list[dict[str, Any]]:
    return [sample for sample in hub.samples() if sample["route"] == route]


def test_exchanges_of_one_shape_are_kept_once(asked: tuple[LocalHub, httpx2.Client]) -> None:
    hub, _ = asked

    found = of_route(hub, "/api/spaces/{owner}/{name}/paths-info/{rev}")

    assert [len(sample["answer"]) for sample in found] == [1, 0]  # the README has the shape of a.txt
    assert found[0]["form"] == {"paths": ["a.txt"], "expand": ["false"]}


def test_other_words_make_another_shape(asked: tuple[LocalHub, httpx2.Client]) -> None:
    hub, _ = asked

    roles = [sample["answer"]["orgs"][0]["roleInOrg"] for sample in of_route(hub, "/api/whoami-v2")]

    assert roles == ["admin", "read"]


def test_a_sample_has_both_sides(asked: tuple[LocalHub, httpx2.Client]) -> None:
    hub, _ = asked

    [sample] = of_route(hub, "/api/spaces/{owner}/{name}/variables")

    assert sample == {
        "method": "POST",
        "route": "/api/spaces/{owner}/{name}/variables",
        "path": f"/api/spaces/{SPACE}/variables",
        "agent": "unknown",
        "query": {},
        "form": {},
        "request": {"key": "VARIABLE", "value": "masked"},
        "status": 200,
        "answer": {"VARIABLE": sample["answer"]["VARIABLE"] | {"value": "masked"}},
    }


def test_only_the_api_is_sampled_and_only_its_routes(asked: tuple[LocalHub, httpx2.Client]) -> None:
    hub, _ = asked

    assert {sample["path"] for sample in hub.samples()}.isdisjoint({"/", "/api/nothing-here", "/_localhub/samples"})


def test_no_secret_is_kept(asked: tuple[LocalHub, httpx2.Client]) -> None:
    hub, _ = asked

    text = repr(hub.samples())

    assert text.count("masked") >= 5  # two secrets, a variable twice, the sample of a file, the token of a Space
    for secret in (SECRET, "hf_alice", CONTENT[:20], "eyJ"):
        assert secret not in text
