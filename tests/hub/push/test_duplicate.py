"""Large files for another repository, as the official client asks for them, and what is refused."""

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd as Add
from huggingface_hub import CommitOperationCopy as Copy
from huggingface_hub import HfApi
from huggingface_hub.errors import FileDuplicationError
from huggingface_hub.hf_api import RepoFile

from tests.kit.local import LocalHub

ALICE = {"authorization": "Bearer hf_alice"}
LARGE = b"1" * 50_000


@pytest.fixture
def source(api: HfApi, name: str) -> str:
    api.create_repo(name, repo_type="space", space_sdk="static")
    api.create_commit(name, [Add("model.bin", LARGE), Add("a.txt", b"a")], repo_type="space", commit_message="Files")
    return name


def listed(api: HfApi, space: str) -> RepoFile:
    [found] = api.get_paths_info(space, ["model.bin"], repo_type="space")
    assert isinstance(found, RepoFile)
    assert found.lfs
    return found


def ask(http: httpx2.Client, source: str, target: str, headers: dict[str, str], **file: str) -> httpx2.Response:
    body = {"target": {"type": "space", "name": target}, "files": [file]}
    return http.post(f"/api/spaces/{source}/lfs-files/duplicate", json=body, headers=headers)


def test_the_client_copies_between_two_spaces(hub: LocalHub, api: HfApi, source: str) -> None:
    target = f"{source}-copy"
    api.create_repo(target, repo_type="space", space_sdk="static")
    hub.forget()

    copies = [Copy(path, path, src_repo_id=source, src_repo_type="space") for path in ("model.bin", "a.txt")]
    api.create_commit(target, copies, repo_type="space", commit_message="Copied")

    assert listed(api, target).blob_id == listed(api, source).blob_id
    assert sum(each["request_bytes"] for each in hub.requests()) < 5_000


def test_what_is_not_kept_with_this_hash_fails(http: httpx2.Client, api: HfApi, source: str) -> None:
    target = f"{source}-copy"
    api.create_repo(target, repo_type="space", space_sdk="static")
    found = listed(api, source)
    sha256, xet = str(found.lfs and found.lfs.sha256), str(found.xet_hash)

    good = ask(http, source, target, ALICE, sha256=sha256, xetHash=xet, filename="model.bin").json()
    bad = ask(http, source, target, ALICE, sha256="0" * 64, xetHash=xet, filename="model.bin").json()

    assert (good["success"], good["succeeded"], good["failed"]) == (True, 1, [])
    assert (bad["success"], bad["processed"], [each["sha256"] for each in bad["failed"]]) == (False, 1, ["0" * 64])
    assert issubclass(FileDuplicationError, Exception), "which the client raises of it"


def test_who_may_not_write_to_the_target_gets_nothing(http: httpx2.Client, api: HfApi, source: str) -> None:
    file = {"sha256": "0" * 64, "xetHash": "0" * 64, "filename": "model.bin"}
    assert ask(http, source, source, {"authorization": "Bearer hf_reader"}, **file).status_code in (401, 403)
    assert ask(http, source, source, {}, **file).status_code == 401
    assert ask(http, source, f"{source}-none", ALICE, **file).status_code == 404
    assert http.post(f"/api/spaces/{source}/lfs-files/duplicate", json={"files": []}, headers=ALICE).status_code == 400
