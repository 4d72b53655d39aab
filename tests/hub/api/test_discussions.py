"""Pull requests and discussions, by the official client."""

from collections.abc import Callable
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd as Add
from huggingface_hub import DiscussionCommit, DiscussionWithDetails, HfApi
from huggingface_hub.errors import BadRequestError, HfHubHTTPError

from tests.kit import web

AsUser = Callable[[str], HfApi]


@pytest.fixture
def repo(api: HfApi, name: str) -> str:
    api.create_repo(name)
    api.create_commit(name, [Add("a.txt", b"one\n")], commit_message="Start")
    return name


@pytest.fixture
def draft(api: HfApi, repo: str, tmp_path: Path) -> DiscussionWithDetails:
    """A pull request with a folder uploaded to it."""
    request = api.create_pull_request(repo, title="More files", description="Two of them")
    (tmp_path / "x.txt").write_text("x")
    (tmp_path / "y.bin").write_bytes(b"y" * 99)
    api.upload_folder(repo_id=repo, folder_path=tmp_path, revision=request.git_reference, commit_message="Upload")
    return request


def test_a_folder_uploaded_to_a_draft_reaches_main_by_one_commit(
    api: HfApi, repo: str, draft: DiscussionWithDetails
) -> None:
    before = api.repo_info(repo).sha
    assert (draft.status, draft.git_reference, draft.target_branch) == ("draft", "refs/pr/1", "refs/heads/main")
    with pytest.raises(BadRequestError, match="it is draft"):
        api.merge_pull_request(repo, draft.num)
    assert api.repo_info(repo).sha == before
    assert api.change_discussion_status(repo, draft.num, "open").new_status == "open"
    api.merge_pull_request(repo, draft.num, comment="Thanks")
    head, parent = api.list_repo_commits(repo)[:2]
    assert (head.title, parent.commit_id) == ("More files (#1)", before)
    assert {"x.txt", "y.bin"} < set(api.list_repo_files(repo))
    details = api.get_discussion_details(repo, draft.num)
    assert (details.status, details.merge_commit_oid) == ("merged", head.commit_id)
    kinds = [event.type for event in details.events]
    assert kinds == ["comment", "commit", "status-change", "comment", "status-change"]


def test_details_show_commits_and_the_patch(api: HfApi, repo: str, draft: DiscussionWithDetails) -> None:
    details = api.get_discussion_details(repo, draft.num)
    [commit] = [event for event in details.events if isinstance(event, DiscussionCommit)]
    [pull] = api.list_repo_refs(repo, include_pull_requests=True).pull_requests or []
    assert (commit.summary, commit.oid, pull.ref) == ("Upload", pull.target_commit, "refs/pr/1")
    assert "+++ b/x.txt" in (details.diff or "")
    assert details.conflicting_files == []


def test_main_and_a_pull_request_that_both_moved_are_merged(
    api: HfApi, repo: str, draft: DiscussionWithDetails
) -> None:
    api.create_commit(repo, [Add("main.txt", b"m")], commit_message="Meanwhile")
    api.change_discussion_status(repo, draft.num, "open")
    api.merge_pull_request(repo, draft.num)
    assert {"main.txt", "x.txt", "y.bin"} < set(api.list_repo_files(repo))


def test_a_conflict_is_told_and_keeps_main_where_it_is(api: HfApi, repo: str) -> None:
    made = api.create_commit(repo, [Add("a.txt", b"theirs\n")], commit_message="Theirs", create_pr=True)
    head = api.create_commit(repo, [Add("a.txt", b"ours\n")], commit_message="Ours").oid
    assert made.pr_num == 1
    api.change_discussion_status(repo, 1, "open")
    assert api.get_discussion_details(repo, 1).conflicting_files == ["a.txt"]
    with pytest.raises(HfHubHTTPError, match="409"):
        api.merge_pull_request(repo, 1)
    assert api.repo_info(repo).sha == head


def test_a_commit_can_make_its_pull_request(api: HfApi, repo: str) -> None:
    head = api.repo_info(repo).sha
    done = api.create_commit(repo, [Add("n", b"")], commit_message="T", commit_description="Why", create_pr=True)
    assert (done.pr_revision, str(done.pr_url).endswith(f"/{repo}/discussions/1")) == ("refs/pr/1", True)
    details = api.get_discussion_details(repo, 1)
    assert (details.title, details.status, details.events[0].content) == ("T", "draft", "Why")  # type: ignore[attr-defined]
    assert api.repo_info(repo).sha == head
    assert "n" in api.list_repo_files(repo, revision="refs/pr/1")


def test_a_commit_that_is_refused_leaves_no_pull_request(api: HfApi, http: httpx2.Client, repo: str) -> None:
    address, lines = f"/api/models/{repo}/commit/main?create_pr=1", b'{"key": "header", "value": {"summary": ""}}'
    assert http.post(address, content=lines, headers={"authorization": "Bearer hf_alice"}).status_code == 400
    assert list(api.get_repo_discussions(repo)) == []
    assert api.list_repo_refs(repo, include_pull_requests=True).pull_requests == []


def test_those_who_may_only_read_can_propose_but_not_merge(as_user: AsUser, api: HfApi, repo: str) -> None:
    bob = as_user("hf_bob")
    bob.create_commit(repo, [Add("b", b"")], commit_message="By bob", create_pr=True)
    bob.create_commit(repo, [Add("c", b"")], commit_message="More by bob", revision="refs/pr/1")
    bob.change_discussion_status(repo, 1, "open")
    with pytest.raises(HfHubHTTPError, match="403"):
        bob.merge_pull_request(repo, 1)
    api.create_pull_request(repo, title="By alice")
    with pytest.raises(HfHubHTTPError, match="403"):
        bob.change_discussion_status(repo, 2, "closed")
    with pytest.raises(HfHubHTTPError, match="403"):
        bob.create_commit(repo, [Add("d", b"")], commit_message="Not his", revision="refs/pr/2")
    with pytest.raises(HfHubHTTPError, match="403"):
        as_user("hf_alice_read").create_pull_request(repo, title="With a read token")


def delete_reference(api: HfApi, repo: str, num: int) -> httpx2.Response:
    address = f"{api.endpoint}/api/models/{repo}/discussions/{num}/ref"
    return web.delete(address, headers={"authorization": f"Bearer {api.token}"})


def test_the_reference_of_an_ended_pull_request_can_be_deleted(
    api: HfApi, repo: str, draft: DiscussionWithDetails
) -> None:
    assert delete_reference(api, repo, draft.num).status_code == 400
    api.change_discussion_status(repo, draft.num, "open")
    api.merge_pull_request(repo, draft.num)
    assert delete_reference(api, repo, draft.num).status_code == 200
    assert api.list_repo_refs(repo, include_pull_requests=True).pull_requests == []
    details = api.get_discussion_details(repo, draft.num)
    assert details.merge_commit_oid == api.repo_info(repo).sha
    assert "x.txt" in str(details.diff)
    assert delete_reference(api, repo, draft.num).status_code == 404


@pytest.mark.parametrize("end", ["closed", "merged"])
def test_an_ended_pull_request_takes_no_commits(api: HfApi, repo: str, draft: DiscussionWithDetails, end: str) -> None:
    if end == "merged":
        api.change_discussion_status(repo, draft.num, "open")
        api.merge_pull_request(repo, draft.num)
    else:
        api.change_discussion_status(repo, draft.num, "closed")
    with pytest.raises(HfHubHTTPError, match=f"this pull request is {end}"):
        api.create_commit(repo, [Add("late", b"")], commit_message="Late", revision="refs/pr/1")
    with pytest.raises(BadRequestError, match=f"it is {end}"):
        api.merge_pull_request(repo, draft.num)


def test_listing_filters_by_kind_status_and_author(as_user: AsUser, api: HfApi, repo: str) -> None:
    api.create_pull_request(repo, title="A draft")
    api.create_pull_request(repo, title="Closed")
    api.change_discussion_status(repo, 2, "closed", comment="No")
    as_user("hf_bob").create_discussion(repo, title="A question")

    def found(**filters: str) -> list[int]:
        return [one.num for one in api.get_repo_discussions(repo, **filters)]  # type: ignore[arg-type]

    assert found() == [3, 2, 1]
    assert found(discussion_type="pull_request") == [2, 1]
    assert found(discussion_type="discussion") == [3]
    assert found(discussion_status="open") == [3, 1]
    assert found(discussion_status="closed") == [2]
    assert found(author="bob") == [3]


def test_long_listings_come_in_pages(api: HfApi, repo: str) -> None:
    for number in range(52):
        api.create_discussion(repo, title=f"Number {number}")
    assert [one.num for one in api.get_repo_discussions(repo)] == list(range(52, 0, -1))


def test_comments_and_titles(api: HfApi, repo: str) -> None:
    api.create_discussion(repo, title="Old title", description="First")
    event = api.comment_discussion(repo, 1, "<b>Second</b>")
    assert (event.content, event.rendered) == ("<b>Second</b>", "<p>&lt;b&gt;Second&lt;/b&gt;</p>")
    change = api.rename_discussion(repo, 1, "New title")
    assert (change.old_title, change.new_title) == ("Old title", "New title")
    details = api.get_discussion_details(repo, 1)
    assert (details.title, details.is_pull_request, len(details.events)) == ("New title", False, 3)


def test_short_titles_and_unknown_numbers_are_refused(api: HfApi, repo: str) -> None:
    with pytest.raises(BadRequestError):
        api.create_discussion(repo, title="x")
    with pytest.raises(HfHubHTTPError, match="404"):
        api.get_discussion_details(repo, 9)


def test_merging_into_a_space_starts_its_build(api: HfApi, docker: str) -> None:
    files = [Add("Dockerfile", b"FROM scratch\n")]
    api.create_commit(docker, files, commit_message="App", create_pr=True, repo_type="space")
    assert api.get_space_runtime(docker).stage == "NO_APP_FILE"
    api.change_discussion_status(docker, 1, "open", repo_type="space")
    api.merge_pull_request(docker, 1, repo_type="space")
    runtime = api.wait_for_space(docker, timeout=10, poll_interval=0.05)
    assert (runtime.stage, runtime.raw["sha"]) == ("RUNNING", api.space_info(docker).sha)
