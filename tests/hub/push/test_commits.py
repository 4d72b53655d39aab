"""Commits over HTTP, by the official client and, where it is about the wire, by plain requests."""

import base64
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd as Add
from huggingface_hub import CommitOperationCopy as Copy
from huggingface_hub import CommitOperationDelete as Delete
from huggingface_hub import HfApi
from huggingface_hub.errors import EntryNotFoundError, HfHubHTTPError, RevisionNotFoundError

from tests.kit import ROOT, web

ALICE = {"authorization": "Bearer hf_alice"}
STALE = "The branch was updated since you opened this page. Please refresh and try again."


@pytest.fixture
def repo(api: HfApi, name: str) -> str:
    api.create_repo(name)
    api.create_commit(name, [Add("a.txt", b"a"), Add("d/b.txt", b"b"), Add("d/e/c.txt", b"c")], commit_message="Start")
    return name


def line(key: str, **value: object) -> bytes:
    return json.dumps({"key": key, "value": value}).encode()


def file(path: str, content: bytes) -> bytes:
    return line("file", path=path, content=base64.b64encode(content).decode(), encoding="base64")


def post(
    http: httpx2.Client, repo: str, *lines: bytes, headers: dict[str, str] = ALICE, **query: str
) -> httpx2.Response:
    return http.post(f"/api/models/{repo}/commit/main", content=b"\n".join(lines), headers=headers, params=query)


def files(api: HfApi, repo: str, revision: str = "main") -> set[str]:
    return set(api.list_repo_files(repo, revision=revision)) - {".gitattributes"}


def test_adds_deletes_and_copies_in_one_commit(api: HfApi, repo: str) -> None:
    operations = [Delete("d/", is_folder=True), Delete("a.txt"), Copy("d/b.txt", "copy.txt"), Add("new/x", b"x")]
    done = api.create_commit(repo, operations, commit_message="Title", commit_description="More\nwords")
    assert files(api, repo) == {"copy.txt", "new/x"}
    last = api.list_repo_commits(repo)[0]
    assert (last.commit_id, last.title, last.message, last.authors) == (done.oid, "Title", "More\nwords", ["alice"])


def test_a_folder_deleted_and_filled_again_holds_only_the_new(api: HfApi, repo: str) -> None:
    api.create_commit(repo, [Delete("d/", is_folder=True), Add("d/new", b"")], commit_message="Again")
    assert files(api, repo) == {"a.txt", "d/new"}


def test_a_folder_deleted_as_a_file_goes_with_all_it_holds(api: HfApi, repo: str) -> None:
    api.create_commit(repo, [Delete("d", is_folder=False)], commit_message="As the Hub's live tests do")
    assert files(api, repo) == {"a.txt"}


def test_a_folder_may_be_deleted_after_its_last_file_and_before(api: HfApi, repo: str) -> None:
    last, folder = Delete("d/e/c.txt"), Delete("d/e/", is_folder=True)
    api.create_commit(repo, [last, folder], commit_message="The file first")
    assert files(api, repo) == {"a.txt", "d/b.txt"}
    api.create_commit(repo, [Delete("d/", is_folder=True), Delete("d/b.txt")], commit_message="The folder first")
    assert files(api, repo) == {"a.txt"}
    with pytest.raises(EntryNotFoundError):
        api.create_commit(repo, [Add("d/x", b""), Delete("d/b.txt")], commit_message="Gone before")


def test_a_large_file_is_copied_without_its_size_being_sent(api: HfApi, repo: str) -> None:
    api.create_commit(repo, [Add("x.bin", b"\0" * 999)], commit_message="Large")
    api.create_commit(repo, [Copy("x.bin", "y/z.bin")], commit_message="Copy")
    [x, z] = api.get_paths_info(repo, ["x.bin", "y/z.bin"])
    assert (x.lfs, x.blob_id, x.size) == (z.lfs, z.blob_id, 999)


def test_upload_folder_removes_what_is_gone(api: HfApi, repo: str, tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("changed")
    (tmp_path / "weights.bin").write_bytes(os.urandom(2000))
    api.upload_folder(repo_id=repo, folder_path=tmp_path, delete_patterns="*")
    assert files(api, repo) == {"a.txt", "weights.bin"}


class TestParent:
    def test_the_head_or_its_first_digits_are_accepted(self, api: HfApi, repo: str) -> None:
        for digits in (40, 7):
            parent = str(api.repo_info(repo).sha)[:digits]
            api.create_commit(repo, [Add(f"{digits}", b"x")], commit_message="On top", parent_commit=parent)
        assert {"40", "7"} < files(api, repo)

    def test_an_older_one_is_refused_with_412_and_nothing_moves(self, api: HfApi, repo: str) -> None:
        stale = api.repo_info(repo).sha
        head = api.create_commit(repo, [Add("x", b"1")], commit_message="First").oid
        with pytest.raises(HfHubHTTPError) as error:
            api.create_commit(repo, [Add("x", b"2")], commit_message="Late", parent_commit=stale)
        assert (error.value.response.status_code, error.value.server_message) == (412, STALE)
        assert api.repo_info(repo).sha == head


class TestRefused:
    def test_an_unknown_branch(self, api: HfApi, repo: str) -> None:
        with pytest.raises(RevisionNotFoundError):
            api.create_commit(repo, [Add("x", b"1")], commit_message="x", revision="nope")

    def test_a_pull_request_against_anything_but_a_branch(self, api: HfApi, repo: str) -> None:
        for against in (str(api.repo_info(repo).sha), "nowhere"):
            with pytest.raises(RevisionNotFoundError):
                api.create_commit(repo, [Add("x", b"1")], commit_message="x", revision=against, create_pr=True)
        api.create_branch(repo, branch="side")
        made = api.create_commit(repo, [Add("x", b"1")], commit_message="x", revision="side", create_pr=True)
        assert made.pr_num == 1

    def test_a_backslash_that_leads_out_by_the_official_client(self, api: HfApi, repo: str) -> None:
        with pytest.raises(HfHubHTTPError) as error:
            api.upload_file(path_or_fileobj=b"x", path_in_repo="..\\ddd", repo_id=repo)
        assert error.value.response.status_code == 422

    @pytest.mark.parametrize("path", ["gone.txt", "gone/"])
    def test_deleting_what_is_not_there(self, api: HfApi, repo: str, path: str) -> None:
        with pytest.raises(EntryNotFoundError):
            api.create_commit(repo, [Delete(path)], commit_message="x")

    def test_deleting_a_file_as_a_folder(self, api: HfApi, repo: str) -> None:
        with pytest.raises(EntryNotFoundError):
            api.create_commit(repo, [Delete("a.txt", is_folder=True)], commit_message="x")

    def test_a_large_file_that_never_arrived_is_named(self, http: httpx2.Client, repo: str) -> None:
        large = line("lfsFile", path="m/x.bin", algo="sha256", oid="a" * 64, size=5)
        answer = post(http, repo, line("header", summary="x"), large)
        assert answer.status_code == 400
        assert answer.json()["error"].endswith("Offending file(s):\n  - m/x.bin")

    def test_a_file_over_10_mib_outside_lfs(self, http: httpx2.Client, repo: str) -> None:
        answer = post(http, repo, line("header", summary="x"), file("x", bytes(10 * 2**20 + 1)))
        assert (answer.status_code, "larger than 10 MiB: x" in answer.json()["error"]) == (400, True)

    @pytest.mark.parametrize(
        "path", ["..\\x", "a\\..\\b", "/etc/passwd", "../x", "a/../x", "", "a//b", ".git/config", "a/.GIT/x", "."]
    )
    def test_a_path_outside_the_tree(self, http: httpx2.Client, repo: str, path: str) -> None:
        assert post(http, repo, line("header", summary="x"), file(path, b"x")).status_code == 422

    @pytest.mark.parametrize(
        "lines",
        [
            [b"nonsense"],
            [b"[]"],
            [file("x", b"x")],
            [line("header", summary="x"), line("header", summary="y")],
            [line("header", summary="x"), line("renamed", path="x")],
            [line("header", summary="x"), line("file", path="x", content="!", encoding="base64")],
            [line("header", summary=" ")],
            [],
        ],
        ids=["no JSON", "no object", "no header", "two headers", "unknown", "bad base64", "no title", "nothing"],
    )
    def test_a_malformed_stream_moves_nothing(
        self, api: HfApi, http: httpx2.Client, repo: str, lines: list[bytes]
    ) -> None:
        head = api.repo_info(repo).sha
        assert post(http, repo, *lines).status_code == 400
        assert api.repo_info(repo).sha == head

    def test_bad_front_matter_with_the_words_of_the_judge(self, api: HfApi, http: httpx2.Client, repo: str) -> None:
        readme = file("README.md", b"---\ntags: demo\n---\n")
        answer = post(http, repo, line("header", summary="x"), readme)
        assert answer.status_code == 400
        assert answer.json()["error"] == 'Invalid metadata in README.md.\n- "tags" must be an array'

    @pytest.mark.parametrize(("token", "status"), [(None, 401), ("hf_bob", 403), ("hf_alice_read", 403)])
    def test_who_may_not_write(self, http: httpx2.Client, repo: str, token: str | None, status: int) -> None:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        assert post(http, repo, line("header", summary="x"), headers=headers).status_code == status


def test_only_a_header_makes_an_empty_commit(api: HfApi, http: httpx2.Client, repo: str) -> None:
    before = api.repo_info(repo).sha
    answer = post(http, repo, line("header", summary="Nothing")).json()
    assert answer["success"] is True
    assert (answer["commitOid"], answer["hookOutput"]) == (api.repo_info(repo).sha, "")
    assert answer["commitUrl"].endswith(f"/{repo}/commit/{answer['commitOid']}")
    assert answer["commitOid"] != before
    assert files(api, repo) == {"a.txt", "d/b.txt", "d/e/c.txt"}


def test_a_file_in_plain_text_and_no_newline_at_the_end_are_read(http: httpx2.Client, repo: str) -> None:
    post(http, repo, line("header", summary="x"), line("file", path="é b", content="è\n", encoding="utf-8"))
    assert http.get(f"/{repo}/resolve/main/%C3%A9%20b").content == "è\n".encode()


def test_a_large_file_that_no_rule_knows_gets_one_in_the_same_commit(api: HfApi, repo: str) -> None:
    before = len(api.list_repo_commits(repo))
    api.create_commit(repo, [Add("my data.txt", os.urandom(10 * 2**20 + 1))], commit_message="Large")
    rules = Path(api.hf_hub_download(repo, ".gitattributes")).read_text()
    assert rules.splitlines()[-1] == "my[[:space:]]data.txt filter=lfs diff=lfs merge=lfs -text"
    assert len(api.list_repo_commits(repo)) == before + 1
    api.create_commit(repo, [Add("my data.txt", b"small now")], commit_message="Still large by its rule")
    [entry] = api.get_paths_info(repo, ["my data.txt"])
    assert entry.lfs.size == 9


@pytest.mark.parametrize(
    ("content", "large"),
    [
        (b"\0" * 1_000_001, True),
        (b"\0" * 1_000_000, False),
        (b"a" * 1_000_001, False),
        (b"a" * 600 + b"\0" * 1_000_000, False),  # the sample, 512 bytes, shows nothing
    ],
    ids=["binary", "smaller", "text", "text at first"],
)
def test_a_binary_file_of_more_than_a_megabyte_is_large(api: HfApi, repo: str, content: bytes, large: bool) -> None:
    api.create_commit(repo, [Add("picture", content)], commit_message="Picture")
    [entry] = api.get_paths_info(repo, ["picture"])
    assert (entry.lfs is not None) == large
    rules = Path(api.hf_hub_download(repo, ".gitattributes")).read_text()
    assert ("picture filter=lfs diff=lfs merge=lfs -text\n" in rules) == large


class TestPreupload:
    def test_says_mode_ignored_and_known_oid(self, api: HfApi, http: httpx2.Client, repo: str) -> None:
        api.create_commit(repo, [Add(".gitignore", b"*.log\n"), Add("w.bin", b"\1")], commit_message="Rules")
        sizes = {"a.txt": 1, "w.bin": 1, "big.txt": 10 * 2**20 + 1, "empty.bin": 0, "x.log": 1, "d": 1}
        body = {"files": [{"path": path, "size": size, "sample": ""} for path, size in sizes.items()]}
        answer = http.post(f"/api/models/{repo}/preupload/main", json=body, headers=ALICE).json()
        [a, w] = api.get_paths_info(repo, ["a.txt", "w.bin"])
        assert answer["commitOid"] == api.repo_info(repo).sha
        assert answer["files"] == [
            {"path": "a.txt", "uploadMode": "regular", "shouldIgnore": False, "oid": a.blob_id},
            {"path": "w.bin", "uploadMode": "lfs", "shouldIgnore": False, "oid": w.lfs.sha256},
            {"path": "big.txt", "uploadMode": "lfs", "shouldIgnore": False},
            {"path": "empty.bin", "uploadMode": "regular", "shouldIgnore": False},
            {"path": "x.log", "uploadMode": "regular", "shouldIgnore": True},
            {"path": "d", "uploadMode": "regular", "shouldIgnore": False},
        ]

    def test_rules_sent_along_count_instead(self, http: httpx2.Client, repo: str) -> None:
        body = {
            "files": [{"path": path, "size": 1, "sample": ""} for path in ("x.bin", "x.txt")],
            "gitAttributes": "*.txt filter=lfs",
            "gitIgnore": "x.*\n!x.txt\n",
        }
        answer = http.post(f"/api/models/{repo}/preupload/main", json=body, headers=ALICE).json()["files"]
        assert [(one["uploadMode"], one["shouldIgnore"]) for one in answer] == [("regular", True), ("lfs", False)]

    def test_of_a_malformed_request_is_refused(self, http: httpx2.Client, repo: str) -> None:
        for body in ({}, {"files": 5}, {"files": [{"path": "x"}]}):
            assert http.post(f"/api/models/{repo}/preupload/main", json=body, headers=ALICE).status_code == 400


def test_8_commits_at_once_to_one_repository_are_all_kept(api: HfApi, repo: str) -> None:
    def commit(number: int) -> str:
        return str(api.create_commit(repo, [Add(f"n{number}", b"x")], commit_message=f"Number {number}").oid)

    with ThreadPoolExecutor(8) as pool:
        made = set(pool.map(commit, range(8)))
    assert made <= {entry.commit_id for entry in api.list_repo_commits(repo)}
    assert {f"n{number}" for number in range(8)} < files(api, repo)


def start(data: Path) -> tuple["subprocess.Popen[str]", str]:
    command = [sys.executable, "-m", "localhub", "--port", "0", "--data", str(data), "--simulate"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    return process, process.stdout.readline().split()[1]


def test_killed_in_the_middle_of_a_commit_the_hub_has_the_old_head_and_a_sound_repository(tmp_path: Path) -> None:
    process, endpoint = start(tmp_path)
    api = HfApi(endpoint, token="hf_alice")
    api.create_repo("alice/x")
    head = api.repo_info("alice/x").sha
    git = tmp_path / "models/alice/x/git"
    blobs = len(list((git / "objects").glob("??/*")))

    def endless() -> Iterator[bytes]:
        yield line("header", summary="Never ends") + b"\n"
        for number in count():
            yield file(f"f{number}", os.urandom(30_000)) + b"\n"
            if number % 50 == 49 and len(list((git / "objects").glob("??/*"))) > blobs + 50:
                process.send_signal(signal.SIGKILL)

    with pytest.raises(httpx2.TransportError):
        web.post(f"{endpoint}/api/models/alice/x/commit/main", content=endless(), headers=ALICE, timeout=60)
    process.communicate()

    process, endpoint = start(tmp_path)
    try:
        api = HfApi(endpoint, token="hf_alice")
        assert api.repo_info("alice/x").sha == head
        checked = subprocess.run(
            ["git", "-C", str(git), "fsck", "--strict"], capture_output=True, text=True, check=True
        )
        assert "error" not in checked.stdout + checked.stderr
        new = api.create_commit("alice/x", [Add("f", b"x")], commit_message="Works").oid
        assert api.repo_info("alice/x").sha == new
    finally:
        process.terminate()
        process.communicate(timeout=10)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="reads peak memory from /proc")
def test_a_commit_of_60_mb_takes_a_fraction_of_it_in_memory(tmp_path: Path) -> None:
    process, endpoint = start(tmp_path)

    def peak() -> int:
        status = Path(f"/proc/{process.pid}/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) // 1024

    def body() -> Iterator[bytes]:
        yield line("header", summary="Much") + b"\n"
        for number in range(600):
            yield file(f"m/{number}", os.urandom(100_000)) + b"\n"

    try:
        HfApi(endpoint, token="hf_alice").create_repo("alice/x")
        before = peak()
        answer = web.post(f"{endpoint}/api/models/alice/x/commit/main", content=body(), headers=ALICE, timeout=60)
        assert answer.status_code == 200
        assert peak() - before < 20
    finally:
        process.terminate()
        process.communicate(timeout=10)
