"""Pull requests and creations otherwise."""

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.kit import web

from .conftest import Vary


def merged(api: HfApi, space: str) -> tuple[int, str]:
    """A pull request merged into a Space whose main has moved meanwhile: its number and merge commit."""
    num = api.create_pull_request(space, "Two files", repo_type="space").num
    add = [CommitOperationAdd("x", b"x")]
    api.create_commit(space, add, commit_message="One", repo_type="space", revision=f"refs/pr/{num}")
    api.change_discussion_status(space, num, "open", repo_type="space")
    api.merge_pull_request(space, num, repo_type="space")
    commit = api.get_discussion_details(space, num, repo_type="space").merge_commit_oid
    assert commit
    return num, commit


def test_discussions_disabled(api: HfApi, static: str, vary: Vary) -> None:
    vary("discussions-disabled")
    with pytest.raises(HfHubHTTPError, match="Discussions are disabled for this repo") as error:
        api.create_pull_request(static, "No", repo_type="space")
    assert error.value.response.status_code == 403
    vary()
    assert api.create_pull_request(static, "Yes", repo_type="space").num == 1


@pytest.mark.parametrize(("variant", "commits"), [(None, 2), ("merge-commit", 3)])
def test_merge_commit(api: HfApi, static: str, vary: Vary, variant: str | None, commits: int) -> None:
    vary(*([variant] if variant else []))
    _, commit = merged(api, static)
    assert api.space_info(static).sha == commit
    assert api.file_exists(static, "x", repo_type="space")
    assert len(api.list_repo_commits(static, repo_type="space")) == commits


def test_no_ref_deletion(api: HfApi, static: str, vary: Vary) -> None:
    num, _ = merged(api, static)
    address = f"{api.endpoint}/api/spaces/{static}/discussions/{num}/ref"
    alice = {"authorization": f"Bearer {api.token}"}
    vary("no-ref-deletion")
    assert web.delete(address, headers=alice).status_code == 404
    assert len(api.list_repo_refs(static, repo_type="space", include_pull_requests=True).pull_requests or []) == 1
    vary()
    assert web.delete(address, headers=alice).status_code == 200


def test_creation_conflict(api: HfApi, http: httpx2.Client, vary: Vary, name: str) -> None:
    vary("creation-conflict")
    body = {"name": name.partition("/")[2], "type": "space", "sdk": "static"}
    answer = http.post("/api/repos/create", json=body, headers={"authorization": "Bearer hf_alice"})
    assert answer.status_code == 409
    assert answer.json() == {"error": "Cannot create repo: another conflicting operation is in progress"}
    assert not api.repo_exists(name, repo_type="space")
    api.create_repo(name, repo_type="space", space_sdk="static")
    api.delete_repo(name, repo_type="space")
    api.create_repo(name, repo_type="space", space_sdk="static")  # refused once more, and repeated by the client
    assert api.repo_exists(name, repo_type="space")
