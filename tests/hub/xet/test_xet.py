"""The Xet CAS, judged by hf_xet: the unmodified wheel, alone and inside the official client."""

import hashlib
import json
import os
import random
import subprocess
import sys
from array import array
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx2
import pytest
from huggingface_hub import HfApi, RepoFile, hf_hub_url

from tests.kit.local import LocalHub, localhub

Run = Callable[..., str]
MB = 1_000_000

UPLOAD = """
import sys
from huggingface_hub import CommitOperationAdd, HfApi
repo, folder, *names = sys.argv[1:]
added = [CommitOperationAdd(name, f"{folder}/{name}") for name in names]
HfApi().create_commit(repo, added, repo_type="dataset", commit_message="Files")
"""
DOWNLOAD = """
import hashlib, json, sys
from huggingface_hub import hf_hub_download
repo, *names = sys.argv[1:]
paths = {name: hf_hub_download(repo, name, repo_type="dataset") for name in names}
print(json.dumps({name: hashlib.sha256(open(path, "rb").read()).hexdigest() for name, path in paths.items()}))
"""
STREAM = """
import hashlib, json, os, sys
import hf_xet
repo, file, ranges = sys.argv[1:]
url = f"{os.environ['HF_ENDPOINT']}/api/datasets/{repo}/xet-write-token/main"
access = {"token_refresh_url": url, "token_refresh_headers": {"Authorization": "Bearer hf_alice"}}
session = hf_xet.XetSession()
with session.new_upload_commit(**access) as commit:
    upload = commit.start_upload_file(file)
info, group = upload.result().xet_info, session.new_download_stream_group(**access)
parts = [b"".join(group.download_stream(info, start=start, end=end)) for start, end in json.loads(ranges)]
print(json.dumps([hashlib.sha256(part).hexdigest() for part in parts]))
"""


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a script as a client of its own, which remembers nothing of another's uploads."""

    def run(hub: LocalHub, script: str, *arguments: str, **environment: str) -> str:
        home = tmp_path / f"home-{random.getrandbits(64):x}"
        environment |= {"HF_HOME": str(home), "HF_ENDPOINT": hub.endpoint, "HF_TOKEN": "hf_alice"}
        command = [sys.executable, "-c", script, *arguments]
        done = subprocess.run(
            command, check=False, env=os.environ | environment, capture_output=True, text=True, timeout=100
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.fixture
def dataset(api: HfApi, name: str) -> str:
    api.create_repo(name, repo_type="dataset")
    return name


def write(folder: Path, **files: bytes) -> dict[str, str]:
    """Write files that the Hub keeps in large-file storage; their sha256 by name."""
    for name, content in files.items():
        (folder / f"{name}.bin").write_bytes(content)
    return {f"{name}.bin": hashlib.sha256(content).hexdigest() for name, content in files.items()}


def sent(hub: LocalHub) -> int:
    """Bytes uploaded as xorbs."""
    return sum(one["request_bytes"] for one in hub.requests() if one["path"].startswith("/_xet/v1/xorbs/"))


def paths(hub: LocalHub) -> set[str]:
    """What was asked of the CAS, without the hashes."""
    asked = (one["path"].split("/") for one in hub.requests() if one["path"].startswith("/_xet/"))
    return {"/".join(part for part in path[2:] if len(part) < 64) for path in asked}


def test_files_of_every_size_and_kind_come_back_by_xet(
    undisturbed: LocalHub, run: Run, dataset: str, tmp_path: Path
) -> None:
    dice = random.Random("kinds")
    noise = dice.randbytes(20 * MB)
    contents = {
        "byte": b"x",
        "small": dice.randbytes(100 << 10),
        "text": b"".join(b"line %d of a text\n" % number for number in range(20 * MB // 20)),
        "noise": noise,
        "floats": array("f", (number / 1000 for number in range(5 * MB))).tobytes(),
        "duplicate": noise,
        "edited": noise[: 9 * MB] + b"an edit" + noise[9 * MB :],
    }
    expected = write(tmp_path, **contents)
    run(undisturbed, UPLOAD, dataset, str(tmp_path), *expected)
    assert json.loads(run(undisturbed, DOWNLOAD, dataset, *expected)) == expected
    assert {"v1/xorbs/default", "v2/shards", "v2/reconstructions", "xorbs"} <= paths(undisturbed)
    content_by_the_hub = [one for one in undisturbed.requests() if "/resolve/" in one["path"] and one["response_bytes"]]
    assert not content_by_the_hub
    assert not [one for one in undisturbed.requests() if one["path"].startswith("/lfs-storage/")]


def test_clients_that_speak_only_version_1_are_served(
    undisturbed: LocalHub, run: Run, dataset: str, tmp_path: Path
) -> None:
    only = {"HF_XET_CLIENT_SHARD_API_VERSION": "1", "HF_XET_CLIENT_RECONSTRUCTION_API_VERSION": "1"}
    expected = write(tmp_path, old=random.Random("old").randbytes(3 * MB))
    run(undisturbed, UPLOAD, dataset, str(tmp_path), *expected, **only)
    assert json.loads(run(undisturbed, DOWNLOAD, dataset, *expected, **only)) == expected
    assert {"v1/shards", "v1/reconstructions"} <= paths(undisturbed)
    assert not {"v2/shards", "v2/reconstructions"} & paths(undisturbed)


def test_content_that_the_hub_has_is_not_sent_again_by_a_client_that_never_saw_it(
    undisturbed: LocalHub, run: Run, dataset: str, tmp_path: Path
) -> None:
    content = random.Random("once").randbytes(8 * MB)
    run(undisturbed, UPLOAD, dataset, str(tmp_path), *write(tmp_path, first=content))
    assert 8 * MB <= sent(undisturbed) < 8.2 * MB
    undisturbed.forget()
    again = write(tmp_path, copy=content, edited=content[: 4 * MB] + b"an edit" + content[4 * MB :])
    run(undisturbed, UPLOAD, dataset, str(tmp_path), *again)
    assert 0 < sent(undisturbed) < 0.5 * MB
    assert json.loads(run(undisturbed, DOWNLOAD, dataset, *again)) == again


def test_any_range_of_a_file_can_be_streamed(hub: LocalHub, run: Run, dataset: str, tmp_path: Path) -> None:
    dice = random.Random("ranges")
    block = dice.randbytes(2 * MB)
    content = block + b"between" + block + dice.randbytes(MB) + block  # the same chunks several times, in several terms
    (tmp_path / "file").write_bytes(content)
    size = len(content)
    ranges = [[0, size], [0, 1], [size - 1, size], [2 * MB - 1, 2 * MB + 8]]
    ranges += [sorted(dice.sample(range(size), 2)) for _ in range(20)]
    found = json.loads(run(hub, STREAM, dataset, str(tmp_path / "file"), json.dumps(ranges)))
    assert found == [hashlib.sha256(content[start:end]).hexdigest() for start, end in ranges]


def test_an_empty_file_can_be_uploaded_and_streamed(hub: LocalHub, run: Run, dataset: str, tmp_path: Path) -> None:
    (tmp_path / "empty").touch()
    found = json.loads(run(hub, STREAM, dataset, str(tmp_path / "empty"), "[[null, null]]"))
    assert found == [hashlib.sha256().hexdigest()]


def test_several_clients_may_upload_the_same_content_at_once(
    hub: LocalHub, run: Run, dataset: str, tmp_path: Path
) -> None:
    (tmp_path / "file").write_bytes(random.Random("race").randbytes(3 * MB))
    with ThreadPoolExecutor(3) as pool:
        arguments = [hub, STREAM, dataset, str(tmp_path / "file"), "[[null, null]]"]
        found = [run.result() for run in [pool.submit(run, *arguments) for _ in range(3)]]
    assert {*found} == {json.dumps([hashlib.sha256((tmp_path / "file").read_bytes()).hexdigest()]) + "\n"}


def test_listings_and_downloads_name_the_same_xet_hash(
    hub: LocalHub, api: HfApi, run: Run, dataset: str, tmp_path: Path
) -> None:
    names = write(tmp_path, named=random.Random("named").randbytes(MB))
    run(hub, UPLOAD, dataset, str(tmp_path), *names)
    (listed,) = api.get_paths_info(dataset, [*names], repo_type="dataset")
    assert isinstance(listed, RepoFile)
    assert listed.lfs is not None
    url = hf_hub_url(dataset, "named.bin", repo_type="dataset", endpoint=hub.endpoint)
    metadata = api.get_hf_file_metadata(url=url)
    assert metadata.xet_file_data is not None
    assert listed.xet_hash == metadata.xet_file_data.file_hash
    assert listed.lfs.sha256 == names["named.bin"]


def test_a_file_outlives_a_restart_of_the_hub(run: Run, name: str, tmp_path: Path) -> None:
    expected = write(tmp_path, kept=random.Random("kept").randbytes(3 * MB))
    data = str(tmp_path / "data")
    with localhub("--data", data) as hub:
        HfApi(hub.endpoint, token="hf_alice").create_repo(name, repo_type="dataset")
        run(hub, UPLOAD, name, str(tmp_path), *expected)
    with localhub("--data", data) as hub:
        assert json.loads(run(hub, DOWNLOAD, name, *expected)) == expected
        assert "xorbs" in paths(hub)


def test_who_may_propose_gets_a_token_though_no_reference_is_made_yet(
    http: httpx2.Client, api: HfApi, name: str
) -> None:
    api.create_repo(name)
    bob = {"authorization": "Bearer hf_bob"}
    assert http.get(f"/api/models/{name}/xet-write-token/None?create_pr=1", headers=bob).status_code == 200
    assert http.get(f"/api/models/{name}/xet-write-token/main", headers=bob).status_code == 403
    assert http.get(f"/api/models/{name}/xet-read-token/None", headers=bob).status_code == 404
