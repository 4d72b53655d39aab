"""Looking at repositories: what the official client reads, compared with git on the server's own repository."""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd as Add
from huggingface_hub import HfApi
from huggingface_hub.errors import BadRequestError, EntryNotFoundError, HfHubHTTPError, RevisionNotFoundError
from huggingface_hub.hf_api import RepoFile, RepoFolder

ALICE = {"authorization": "Bearer hf_alice"}


@pytest.fixture
def repo(api: HfApi, name: str) -> str:
    api.create_repo(name)
    files = [Add("a.txt", b"hello"), Add("d/b.txt", b"b"), Add("d/é f/c.txt", b"c"), Add("w.bin", b"\1" * 300)]
    api.create_commit(name, files, commit_message="Start")
    return name


class TestTree:
    def test_one_level_has_files_and_folders_with_gits_ids(self, api: HfApi, repo: str) -> None:
        found = {entry.path: entry for entry in api.list_repo_tree(repo)}
        assert set(found) == {".gitattributes", "a.txt", "d", "w.bin"}
        file, folder, large = found["a.txt"], found["d"], found["w.bin"]
        assert isinstance(folder, RepoFolder)
        assert isinstance(file, RepoFile)
        assert isinstance(large, RepoFile)
        assert (file.size, file.blob_id, file.lfs) == (5, "b6fc4c620b67d95f953a5c1c1230aaab5db5a1b0", None)
        assert (large.size, large.lfs and large.lfs.pointer_size) == (300, 128)

    def test_a_folder_of_any_name_and_the_whole_of_it(self, api: HfApi, repo: str) -> None:
        assert [entry.path for entry in api.list_repo_tree(repo, "d/é f")] == ["d/é f/c.txt"]
        paths = [entry.path for entry in api.list_repo_tree(repo, recursive=True)]
        assert paths == [".gitattributes", "a.txt", "d", "d/b.txt", "d/é f", "d/é f/c.txt", "w.bin"]

    def test_expanded_tells_the_last_commit(self, api: HfApi, repo: str) -> None:
        new = api.create_commit(repo, [Add("d/b.txt", b"2")], commit_message="Second").oid
        last = {entry.path: entry.last_commit for entry in api.list_repo_tree(repo, recursive=True, expand=True)}
        assert (last["d"].oid, last["d/b.txt"].title, last["a.txt"].title) == (new, "Second", "Start")

    def test_of_what_is_no_folder_or_no_revision(self, api: HfApi, repo: str) -> None:
        for path in ("nope", "a.txt"):
            with pytest.raises(EntryNotFoundError):
                list(api.list_repo_tree(repo, path))
        with pytest.raises(RevisionNotFoundError):
            list(api.list_repo_tree(repo, revision="nope"))


def test_a_large_tree_comes_in_pages_of_one_commit(api: HfApi, http: httpx2.Client, name: str) -> None:
    api.create_repo(name)
    names = [f"n{number % 3}/é {number:04}" for number in range(2500)]
    api.create_commit(name, [Add(path, b"") for path in names], commit_message="Many")
    answer = http.get(f"/api/models/{name}/tree/main?recursive=true")
    pages = [answer.json()]
    api.create_commit(name, [Add("n0/a", b"moved on")], commit_message="In between")
    while "next" in answer.links:
        answer = http.get(answer.links["next"]["url"])
        pages.append(answer.json())
    assert [len(page) for page in pages] == [1000, 1000, 504]
    assert {entry["path"] for page in pages for entry in page} == {*names, ".gitattributes", "n0", "n1", "n2"}


@pytest.mark.parametrize("expand", [False, True])
def test_paths_info_leaves_out_what_is_not_there(api: HfApi, repo: str, expand: bool) -> None:
    found = api.get_paths_info(repo, ["a.txt", "nope", "d", "d/é f/c.txt", "a.txt/x"], expand=expand)
    assert [entry.path for entry in found] == ["a.txt", "d", "d/é f/c.txt"]
    assert all((entry.last_commit is not None) is expand for entry in found)


def test_paths_info_takes_json(http: httpx2.Client, repo: str) -> None:
    answer = http.post(f"/api/models/{repo}/paths-info/main", json={"paths": ["a.txt"], "expand": False})
    assert [(entry["type"], entry["path"]) for entry in answer.json()] == [("file", "a.txt")]


def test_commits_come_newest_first_in_pages(api: HfApi, http: httpx2.Client, repo: str) -> None:
    for number in range(3):
        api.create_commit(repo, [Add("n", b"%d" % number)], commit_message=f"Number {number}")
    first = http.get(f"/api/models/{repo}/commits/main?limit=3")
    second = http.get(first.links["next"]["url"])
    assert (first.headers["x-total-count"], "next" in second.links) == ("5", False)
    titles = [commit["title"] for commit in [*first.json(), *second.json()]]
    assert titles == ["Number 2", "Number 1", "Number 0", "Start", "initial commit"]
    assert [commit.title for commit in api.list_repo_commits(repo)] == titles


def test_commits_come_formatted_if_asked_for(api: HfApi, repo: str) -> None:
    api.create_commit(repo, [Add("x", b"x")], commit_message="One & <two>", commit_description="More\nlines")
    newest = api.list_repo_commits(repo, formatted=True)[0]
    assert (newest.formatted_title, newest.formatted_message) == ("One &amp; &lt;two&gt;", "<p>More</p><p>lines</p>")
    assert api.list_repo_commits(repo)[0].formatted_title is None


class TestRefs:
    def test_branches_and_tags_are_made_listed_and_deleted(self, api: HfApi, repo: str) -> None:
        start, head = [commit.commit_id for commit in api.list_repo_commits(repo)][::-1]
        api.create_branch(repo, branch="old/start", revision=start)
        api.create_tag(repo, tag="v1", revision="old/start", tag_message="First")
        api.create_tag(repo, tag="v2")
        refs = api.list_repo_refs(repo)
        assert {ref.name: ref.target_commit for ref in refs.branches} == {"main": head, "old/start": start}
        assert {ref.name: ref.target_commit for ref in refs.tags} == {"v1": start, "v2": head}
        assert set(api.list_repo_files(repo, revision="v1")) == {".gitattributes"}
        api.delete_branch(repo, branch="old/start")
        api.delete_tag(repo, tag="v1")
        refs = api.list_repo_refs(repo)
        assert ([ref.name for ref in refs.branches], [ref.name for ref in refs.tags]) == (["main"], ["v2"])

    def test_a_branch_has_its_own_commits(self, api: HfApi, repo: str) -> None:
        api.create_branch(repo, branch="dev")
        api.create_commit(repo, [Add("only", b"x")], commit_message="On dev", revision="dev")
        assert "only" in api.list_repo_files(repo, revision="dev")
        assert "only" not in api.list_repo_files(repo)

    def test_what_exists_conflicts(self, api: HfApi, repo: str) -> None:
        api.create_tag(repo, tag="v1", tag_message="Annotated")
        for make, reference in (
            (lambda **ok: api.create_branch(repo, branch="main", **ok), "refs/heads/main"),
            (lambda **ok: api.create_tag(repo, tag="v1", tag_message="Again", **ok), "refs/tags/v1"),
        ):
            with pytest.raises(HfHubHTTPError, match=f"Reference {reference} already exists") as error:
                make()
            assert error.value.response.status_code == 409
            make(exist_ok=True)

    def test_bad_names_main_and_the_unknown_are_refused(self, api: HfApi, repo: str) -> None:
        for name in ("refs/pr/5", "a..b"):
            with pytest.raises(BadRequestError):
                api.create_branch(repo, branch=name)
        with pytest.raises(HfHubHTTPError, match="Cannot delete refs/heads/main"):
            api.delete_branch(repo, branch="main")
        with pytest.raises(RevisionNotFoundError):
            api.delete_tag(repo, tag="nope")
        with pytest.raises(RevisionNotFoundError):
            api.create_branch(repo, branch="x", revision="nope")

    def test_only_writers_may(self, as_user: Callable[[str], HfApi], repo: str) -> None:
        for token in ("hf_bob", "hf_alice_read"):
            with pytest.raises(HfHubHTTPError, match="403"):
                as_user(token).create_branch(repo, branch="x")

    def test_super_squash_keeps_the_tree(self, api: HfApi, repo: str) -> None:
        before = [(entry.path, getattr(entry, "blob_id", "")) for entry in api.list_repo_tree(repo, recursive=True)]
        api.super_squash_history(repo, commit_message="All in one")
        assert [commit.title for commit in api.list_repo_commits(repo)] == ["All in one"]
        after = [(entry.path, getattr(entry, "blob_id", "")) for entry in api.list_repo_tree(repo, recursive=True)]
        assert after == before


class Range(NamedTuple):
    """A range of a file that is asked for, and the answer."""

    path: str
    wanted: str
    status: int
    content: bytes | None
    content_range: str


class TestDownload:
    def test_one_file_and_a_snapshot(self, api: HfApi, repo: str, tmp_path: Path) -> None:
        assert Path(api.hf_hub_download(repo, "d/é f/c.txt")).read_bytes() == b"c"
        assert (Path(api.snapshot_download(repo)) / "w.bin").read_bytes() == b"\1" * 300
        api.snapshot_download(repo, revision=api.list_repo_commits(repo)[1].commit_id, local_dir=tmp_path)
        assert not (tmp_path / "a.txt").exists()

    def test_what_is_missing_is_told_apart(self, api: HfApi, repo: str) -> None:
        with pytest.raises(EntryNotFoundError):
            api.hf_hub_download(repo, "nope")
        with pytest.raises(EntryNotFoundError):
            api.hf_hub_download(repo, "d")
        with pytest.raises(RevisionNotFoundError):
            api.hf_hub_download(repo, "a.txt", revision="nope")
        assert (api.file_exists(repo, "a.txt"), api.file_exists(repo, "b.txt")) == (True, False)

    @pytest.mark.parametrize(
        "case",
        [
            Range(path="a.txt", wanted="bytes=0-0", status=206, content=b"h", content_range="bytes 0-0/5"),
            Range(path="a.txt", wanted="bytes=2-", status=206, content=b"llo", content_range="bytes 2-4/5"),
            Range(path="a.txt", wanted="bytes=-2", status=206, content=b"lo", content_range="bytes 3-4/5"),
            Range(path="a.txt", wanted="bytes=3-99", status=206, content=b"lo", content_range="bytes 3-4/5"),
            Range(path="a.txt", wanted="bytes=5-", status=416, content=None, content_range="bytes */5"),
            Range(path="a.txt", wanted="lines=1-2", status=200, content=b"hello", content_range=None),
            Range(path="w.bin", wanted="bytes=0-0", status=206, content=b"\1", content_range="bytes 0-0/300"),
            Range(path="w.bin", wanted="bytes=298-", status=206, content=b"\1\1", content_range="bytes 298-299/300"),
        ],
        ids=lambda case: f"{case.path} {case.wanted}",
    )
    def test_a_range(
        self,
        case: Range,
        http: httpx2.Client,
        repo: str,
    ) -> None:
        answer = http.get(f"/{repo}/resolve/main/{case.path}", headers={"range": case.wanted})
        assert (answer.status_code, answer.headers.get("content-range")) == (case.status, case.content_range)
        assert case.content is None or answer.content == case.content

    def test_head_says_what_get_would(self, api: HfApi, http: httpx2.Client, repo: str) -> None:
        [a, w] = api.get_paths_info(repo, ["a.txt", "w.bin"])
        small, large = (http.head(f"/{repo}/resolve/main/{path}").headers for path in ("a.txt", "w.bin"))
        assert (small["etag"], small["content-length"]) == (f'"{a.blob_id}"', "5")
        assert "x-linked-size" not in small
        assert (large["etag"], large["x-linked-etag"]) == (f'"{w.lfs.sha256}"',) * 2
        assert (large["x-linked-size"], large["content-length"]) == ("300", "300")
        assert small["x-repo-commit"] == large["x-repo-commit"] == api.repo_info(repo).sha

    def test_raw_is_what_git_has(self, http: httpx2.Client, repo: str) -> None:
        assert http.get(f"/{repo}/raw/main/a.txt").text == "hello"
        assert http.get(f"/{repo}/raw/main/w.bin").text.startswith("version https://git-lfs.github.com/spec/v1\n")

    def test_of_a_private_repository_needs_a_token(
        self, api: HfApi, as_user: Callable[[str | bool], HfApi], http: httpx2.Client, name: str
    ) -> None:
        api.create_repo(name, private=True, repo_type="dataset")
        address = f"/datasets/{name}/resolve/main/.gitattributes"
        assert http.get(address).status_code == 401
        assert http.get(address, headers={"authorization": "Bearer hf_bob"}).headers["x-error-code"] == "RepoNotFound"
        assert http.get(address, headers=ALICE).status_code == 200
