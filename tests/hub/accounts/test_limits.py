"""Rate limits: the headers, the refusals, and what each plan gets."""

import re
from collections.abc import Callable, Iterator

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.kit.local import LocalHub, localhub

AsUser = Callable[[str | bool], HfApi]


@pytest.fixture
def limited(hub: LocalHub) -> Iterator[LocalHub]:
    """A Hub whose accounts a test may limit."""
    yield hub
    for account in ("alice", "bob", "anonymous"):
        hub.no_limit(account)


def as_bob(http: httpx2.Client) -> httpx2.Response:
    return http.get("/api/whoami-v2", headers={"authorization": "Bearer hf_bob"})


def left(response: httpx2.Response) -> tuple[int, int]:
    """Requests left, and seconds until the window ends."""
    match = re.fullmatch(r'"api";r=(\d+);t=(\d+)', response.headers["RateLimit"])
    assert match is not None
    return int(match[1]), int(match[2])


def test_each_answer_says_how_much_is_left(limited: LocalHub, http: httpx2.Client) -> None:
    limited.limit("bob", api=3)
    answers = [as_bob(http) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [left(answer)[0] for answer in answers] == [2, 1, 0, 0]
    assert all(0 < left(answer)[1] <= 300 for answer in answers)
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"fixed window";"api";q=3;w=300'}


def test_a_request_too_many_is_refused_in_the_words_of_the_hub(limited: LocalHub, http: httpx2.Client) -> None:
    limited.limit("bob", api=0)
    answer = as_bob(http)
    assert answer.json()["error"].startswith(
        "We had to rate limit you, you hit the quota of 0 api requests per 5 minutes period. Upgrade to a PRO user"
    )
    assert "x-request-id" in answer.headers


def test_a_stranger_is_told_to_log_in(limited: LocalHub, http: httpx2.Client) -> None:
    limited.limit("anonymous", api=1)
    assert [http.get("/api/spaces").status_code for _ in range(2)] == [200, 429]
    assert "We had to rate limit your IP (127.0.0.1)" in http.get("/api/spaces").json()["error"]


def test_accounts_are_counted_apart_and_pages_not_at_all(
    limited: LocalHub, http: httpx2.Client, as_user: AsUser
) -> None:
    limited.limit("bob", api=0)
    assert as_user("hf_alice").whoami()["name"] == "alice"
    assert http.get("/nothing/here", headers={"authorization": "Bearer hf_bob"}).status_code == 404


def test_the_client_reads_the_headers(limited: LocalHub, as_user: AsUser) -> None:
    limited.limit("bob", api=0)
    with pytest.raises(HfHubHTTPError, match=r"(?s)'api' rate limit.*Retry after \d+ seconds \(0/0 requests remaining"):
        as_user("hf_bob").list_spaces_hardware()


def test_new_spaces_a_day(limited: LocalHub, api: HfApi, static: str, name: str) -> None:
    limited.limit("alice", creations=1)
    api.create_repo(f"{name}-1", repo_type="space", space_sdk="static")
    for space in (f"{name}-2", static):  # one that exists as well: the limit is looked at first
        with pytest.raises(HfHubHTTPError) as error:
            api.create_repo(space, repo_type="space", space_sdk="static")
        assert error.value.response.status_code == 429
        assert error.value.response.json()["error"] == (
            "You have exceeded the rate limit for space creation (1 per day). You can retry this action in 1 day."
        )
    api.create_repo(f"{name}-model")


def test_commits_an_hour(limited: LocalHub, api: HfApi, static: str) -> None:
    def commit() -> None:
        api.create_commit(static, [CommitOperationAdd("a", b"a")], commit_message="x", repo_type="space")

    limited.limit("alice", commits=2)
    with pytest.raises(HfHubHTTPError):  # a commit that fails counts, too
        api.create_commit(
            static, [CommitOperationAdd("b", b"b")], commit_message="x", repo_type="space", parent_commit="0" * 40
        )
    commit()
    with pytest.raises(HfHubHTTPError) as error:
        api.create_commit(static, [CommitOperationAdd("b", b"b")], commit_message="x", repo_type="space")
    assert (error.value.response.status_code, error.value.response.json()["error"]) == (
        429,
        "You have exceeded the rate limit for repository commits (2 per hour). You can retry this action in about 1 hour.",
    )


def test_plans(tmp_path_factory: pytest.TempPathFactory) -> None:
    accounts = tmp_path_factory.mktemp("accounts") / "accounts.yml"
    accounts.write_text("""
users:
  - {name: free, tokens: {hf_free: write}}
  - {name: pro, plan: pro, tokens: {hf_pro: write}}
  - {name: member, tokens: {hf_member: write}}
orgs:
  - {name: team, plan: team, members: {member: read}}
""")
    with localhub("--accounts", str(accounts), unlimited=False) as hub, httpx2.Client(base_url=hub.endpoint) as http:
        quotas = {}
        for token in ("hf_free", "hf_pro", "hf_member", "hf_unknown"):
            answer = http.get("/api/whoami-v2", headers={"authorization": f"Bearer {token}"})
            quotas[token] = int(answer.headers["RateLimit-Policy"].partition("q=")[2].partition(";")[0])
    assert quotas == {"hf_free": 1000, "hf_pro": 2500, "hf_member": 3000, "hf_unknown": 500}


def test_a_day_of_creations_with_the_plan_as_it_comes(tmp_path: object) -> None:
    with localhub(unlimited=False) as hub:
        bob = HfApi(hub.endpoint, token="hf_bob")
        for number in range(20):
            bob.create_repo(f"bob/page-{number}", repo_type="space", space_sdk="static")
        with pytest.raises(HfHubHTTPError, match=r"space creation \(20 per day\)"):
            bob.create_repo("bob/page-20", repo_type="space", space_sdk="static")


@pytest.mark.parametrize("body", [{"api": -1}, {"api": "many"}, {"requests": 3}], ids=str)
def test_limits_that_make_no_sense_are_refused(http: httpx2.Client, body: dict[str, object]) -> None:
    assert http.put("/_localhub/limits/bob", json=body).status_code == 400
