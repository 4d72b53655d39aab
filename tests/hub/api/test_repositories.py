"""Repositories as a whole: those that are not there, lists, two creations at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError

from localhub.repos.creations import Busy, Creations

BUSY = "Cannot create repo: another conflicting operation is in progress"


@pytest.mark.parametrize(
    "call",
    [
        lambda api: api.model_info("missing"),
        lambda api: api.space_info("missing"),
        lambda api: api.list_repo_commits("missing"),
        lambda api: list(api.list_repo_tree("missing", repo_type="dataset")),
        lambda api: api.delete_repo("missing"),
        lambda api: api.hf_hub_download("missing", "x"),
    ],
)
@pytest.mark.parametrize("token", ["hf_alice", False])
def test_an_id_without_an_owner_is_a_repository_that_is_not_there(
    as_user: Callable[[str | bool], HfApi], call: Callable[[HfApi], object], token: str
) -> None:
    with pytest.raises((RepositoryNotFoundError, HfHubHTTPError)) as error:
        call(as_user(token))
    assert error.value.response.status_code == (404 if token else 401)


def test_a_route_that_is_not_served_is_no_missing_repository(http: httpx2.Client, static: str) -> None:
    answer = http.get(f"/api/spaces/{static}/nothing-of-the-kind")
    assert answer.status_code == 404
    assert "x-error-code" not in answer.headers


@pytest.mark.parametrize("kind", ["model", "dataset", "space"])
def test_lists_filter_by_owner_and_words_and_hide_what_is_private(
    api: HfApi, as_user: Callable[[str | bool], HfApi], name: str, kind: str
) -> None:
    sdk = {"space_sdk": "static"} if kind == "space" else {}
    api.create_repo(f"{name}-shown", repo_type=kind, **sdk)
    api.create_repo(f"{name}-hidden", repo_type=kind, private=True, **sdk)

    def found(api: HfApi, **filters: object) -> list[str]:
        listed = getattr(api, f"list_{kind}s")(search=name.partition("/")[2], **filters)
        return sorted(str(each.id) for each in listed)

    assert found(api, author="alice") == [f"{name}-hidden", f"{name}-shown"]
    assert found(as_user("hf_bob")) == [f"{name}-shown"]
    assert found(api, author="bob") == []
    assert len(found(api, limit=1)) == 1


def test_a_move_to_a_name_that_is_taken(api: HfApi, name: str) -> None:
    api.create_repo(name)
    api.create_repo(f"{name}-taken")
    with pytest.raises(HfHubHTTPError, match=rf"A model repository called {name}-taken already exists"):
        api.move_repo(name, f"{name}-taken")


def test_an_account_creates_one_repository_at_a_time() -> None:
    creations = Creations()
    with creations.one("alice", "alice/a"):
        with creations.one("bob", "bob/a"):
            pass
        with pytest.raises(Busy), creations.one("alice", "alice/b"):
            pass
    with creations.one("alice", "alice/b"):
        pass


def test_many_creations_at_once_are_made_or_told_to_come_back(http: httpx2.Client, name: str) -> None:
    def create(number: int) -> tuple[int, str]:
        body = {"name": f"{name.partition('/')[2]}-{number}"}
        answer = http.post("/api/repos/create", json=body, headers={"authorization": "Bearer hf_alice"})
        return answer.status_code, answer.json().get("error", "")

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(create, range(24)))
    assert (200, "") in answers
    assert set(answers) <= {(200, ""), (409, BUSY)}
