"""What is read late, and what a description leaves out."""

import time
from collections.abc import Callable

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

from .conftest import Vary

Push = Callable[..., str]


def until(condition: Callable[[], bool]) -> float:
    """The seconds until a condition holds."""
    began = time.monotonic()
    while not condition():
        assert time.monotonic() < began + 10
        time.sleep(0.05)
    return time.monotonic() - began


def listed(api: HfApi, name: str) -> list[str]:
    return [each.id for each in api.list_spaces(author="alice") if each.id == name]


def test_late_creation(api: HfApi, vary: Vary, name: str) -> None:
    vary("late-creation")
    api.create_repo(name, repo_type="space", space_sdk="static")
    with pytest.raises(RepositoryNotFoundError):
        api.space_info(name)
    with pytest.raises(RepositoryNotFoundError):
        api.create_commit(name, [CommitOperationAdd("x", b"x")], commit_message="x", repo_type="space")
    assert listed(api, name) == []
    with pytest.raises(HfHubHTTPError, match="You already created this space repo"):
        api.create_repo(name, repo_type="space", space_sdk="static")
    assert 1 < until(lambda: api.repo_exists(name, repo_type="space")) < 3
    assert listed(api, name) == [name]


def test_stale_head(api: HfApi, vary: Vary, static: str, push: Push) -> None:
    first = push(static, {"a": "1"})
    vary("stale-head")
    until(lambda: api.space_info(static).sha == first)
    second = push(static, {"a": "2"})
    third = push(static, {"a": "3"})
    assert api.space_info(static).sha == api.space_info(static, expand=["sha"]).sha == first
    assert api.space_info(static, revision=second).sha == second
    assert [entry.path for entry in api.list_repo_tree(static, revision=third, repo_type="space")]
    assert [ref.target_commit for ref in api.list_repo_refs(static, repo_type="space").branches] == [first]
    assert next(each.sha for each in api.list_spaces(author="alice", search=static.partition("/")[2])) == first
    with pytest.raises(HfHubHTTPError, match="412"):  # who writes is not deceived
        api.create_commit(
            static, [CommitOperationAdd("x", b"x")], commit_message="x", repo_type="space", parent_commit=first
        )
    assert 2 < until(lambda: api.space_info(static).sha == third) < 4


def test_late_tree(api: HfApi, vary: Vary, static: str, push: Push) -> None:
    vary("late-tree")
    made = push(static, {"a": "1"})
    for read in (
        lambda: list(api.list_repo_tree(static, revision=made, repo_type="space")),
        lambda: api.space_info(static, revision=made),
    ):
        with pytest.raises(RevisionNotFoundError):
            read()
    assert api.space_info(static).sha == made
    assert 0.3 < until(lambda: api.revision_exists(static, made, repo_type="space")) < 2


def visibility(http: httpx2.Client, space: str) -> str | None:
    answer = http.get(f"/api/spaces/{space}", headers={"authorization": "Bearer hf_alice"}).raise_for_status().json()
    return str(answer["visibility"]) if "visibility" in answer else None


def test_no_visibility(http: httpx2.Client, vary: Vary, static: str) -> None:
    assert visibility(http, static) == "public"
    vary("no-visibility")
    assert visibility(http, static) is None


def test_protected_is_private(api: HfApi, http: httpx2.Client, vary: Vary, static: str) -> None:
    api.update_repo_settings(static, repo_type="space", visibility="protected")
    assert api.space_info(static).private is False
    vary("protected-is-private")
    assert api.space_info(static).private is True
    assert api.space_info(static, expand=["private"]).private is True
    assert visibility(http, static) == "protected"
