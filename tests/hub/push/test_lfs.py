"""The LFS protocol: by the official client without Xet, and what it must refuse by plain requests."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfApi

from tests.kit.local import LocalHub

ALICE = {"authorization": "Bearer hf_alice"}
PART = 16 * 2**20
UPLOAD = """
import sys
from huggingface_hub import CommitOperationAdd, HfApi
repo, *names = sys.argv[1:]
operations = [CommitOperationAdd(name.rpartition("/")[2], name) for name in names]
HfApi().create_commit(repo, operations, commit_message="Without Xet")
"""


@pytest.fixture
def repo(api: HfApi, name: str) -> str:
    api.create_repo(name)
    return name


def upload_without_xet(hub: LocalHub, repo: str, *files: Path) -> None:
    """In a process of its own: the client reads HF_HUB_DISABLE_XET when it is imported."""
    environment = os.environ | {"HF_ENDPOINT": hub.endpoint, "HF_TOKEN": "hf_alice", "HF_HUB_DISABLE_XET": "1"}
    subprocess.run([sys.executable, "-c", UPLOAD, repo, *map(str, files)], env=environment, check=True, timeout=100)


def batch(
    http: httpx2.Client, repo: str, *objects: tuple[str, int], headers: dict[str, str] = ALICE, **more: object
) -> httpx2.Response:
    body = {
        "operation": "upload",
        "transfers": ["basic"],
        "objects": [{"oid": o, "size": s} for o, s in objects],
    } | more
    return http.post(f"/{repo}.git/info/lfs/objects/batch", json=body, headers=headers)


def test_files_in_one_part_and_in_several_arrive_whole(
    undisturbed: LocalHub, http: httpx2.Client, repo: str, tmp_path: Path
) -> None:
    contents = {"one.bin": os.urandom(5000), "parts.bin": os.urandom(PART + 5)}
    for file, content in contents.items():
        (tmp_path / file).write_bytes(content)
    upload_without_xet(undisturbed, repo, *(tmp_path / file for file in contents))
    for file, content in contents.items():
        assert http.get(f"/{repo}/resolve/main/{file}").content == content
    puts = [one["path"] for one in undisturbed.requests() if one["method"] == "PUT"]
    assert sorted(len(path.split("/")) for path in puts) == [3, 5, 5]


def test_what_is_there_is_not_sent_again(undisturbed: LocalHub, api: HfApi, repo: str, tmp_path: Path) -> None:
    file, again = tmp_path / "a.bin", tmp_path / "b.bin"
    for one in (file, again):
        one.write_bytes(b"same" * 999)
    upload_without_xet(undisturbed, repo, file)
    undisturbed.forget()
    upload_without_xet(undisturbed, repo, again)
    assert "PUT" not in {one["method"] for one in undisturbed.requests()}
    assert {"a.bin", "b.bin"} < set(api.list_repo_files(repo))


def test_a_client_that_knows_xet_is_sent_there(http: httpx2.Client, repo: str) -> None:
    answer = batch(http, repo, ("a" * 64, 5), transfers=["basic", "multipart", "xet"]).json()
    header = answer["objects"][0]["actions"]["upload"]["header"]
    assert answer["transfer"] == "xet"
    assert set(header) >= {"X-Xet-Cas-Url", "X-Xet-Access-Token", "X-Xet-Token-Expiration"}


def test_bytes_that_are_not_the_named_ones_are_refused(http: httpx2.Client, repo: str) -> None:
    oid = hashlib.sha256(b"right").hexdigest()
    put = batch(http, repo, (oid, 5)).json()["objects"][0]["actions"]["upload"]["href"]
    assert http.put(put, content=b"wrong").status_code == 400
    assert "actions" in batch(http, repo, (oid, 5)).json()["objects"][0]
    parts = batch(http, repo, (oid, PART + 1), transfers=["multipart"]).json()["objects"][0]["actions"]["upload"]
    assert http.put(parts["header"]["1"], content=b"wrong").headers["etag"]
    assert http.post(parts["href"], json={"oid": oid, "parts": []}).status_code == 400
    assert http.put(put, content=b"right").status_code == 200
    assert "actions" not in batch(http, repo, (oid, 5)).json()["objects"][0]


def test_verify_compares_the_size(http: httpx2.Client, repo: str) -> None:
    content = os.urandom(10)
    oid = hashlib.sha256(content).hexdigest()
    actions = batch(http, repo, (oid, 10)).json()["objects"][0]["actions"]

    def verify(size: int) -> int:
        return http.post(actions["verify"]["href"], json={"oid": oid, "size": size}, headers=ALICE).status_code

    assert verify(10) == 404
    http.put(actions["upload"]["href"], content=content)
    assert (verify(10), verify(11)) == (200, 422)


def test_a_completion_said_twice_succeeds_twice(http: httpx2.Client, repo: str) -> None:
    content = os.urandom(PART + 1)
    oid = hashlib.sha256(content).hexdigest()
    send = batch(http, repo, (oid, len(content)), transfers=["multipart"]).json()["objects"][0]["actions"]["upload"]
    http.put(send["header"]["2"], content=content[PART:])
    http.put(send["header"]["1"], content=content[:PART])
    assert [http.post(send["href"], json={"oid": oid, "parts": []}).status_code for _ in range(2)] == [200, 200]


def test_download_is_answered_for_what_is_there(http: httpx2.Client, repo: str) -> None:
    content = os.urandom(10)
    oid = hashlib.sha256(content).hexdigest()
    http.put(batch(http, repo, (oid, 10)).json()["objects"][0]["actions"]["upload"]["href"], content=content)
    there, gone = batch(http, repo, (oid, 10), ("b" * 64, 1), operation="download").json()["objects"]
    download = there["actions"]["download"]
    assert http.get(download["href"], headers=download["header"]).content == content
    assert gone["error"]["code"] == 404


def test_a_bad_object_is_named_among_good_ones(http: httpx2.Client, repo: str) -> None:
    good, bad = batch(http, repo, ("a" * 64, 1), ("../x", 1)).json()["objects"]
    assert "actions" in good
    assert bad["error"]["code"] == 422


@pytest.mark.parametrize("objects", ["x", [5], [{"oid": "a"}], [{"oid": "a" * 64, "size": "big"}]])
def test_a_malformed_batch_is_refused(http: httpx2.Client, repo: str, objects: object) -> None:
    assert batch(http, repo, objects=objects).status_code == 422, json.dumps(objects)


@pytest.mark.parametrize(("token", "status"), [(None, 401), ("hf_bob", 403), ("hf_alice_read", 403)])
def test_who_may_not_upload(http: httpx2.Client, repo: str, token: str | None, status: int) -> None:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    assert batch(http, repo, ("a" * 64, 1), headers=headers).status_code == status
