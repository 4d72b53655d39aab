"""The official JavaScript client, npm @huggingface/hub, unmodified: another view of the Hub than the Python client's."""

import json
import os
import subprocess
from base64 import b64decode, b64encode
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from huggingface_hub import HfApi

from tests.kit import needs
from tests.kit.local import LocalHub

NODE = Path(__file__).parent / "node"
pytestmark = pytest.mark.xdist_group("npm @huggingface/hub")  # installed once
Call = Callable[..., Any]


@pytest.fixture(scope="module")
def node() -> str:
    """Node with the client installed from the lock file."""
    return needs.node(NODE, "@huggingface/hub")


@pytest.fixture
def calls(node: str, endpoint: str) -> Call:
    """`calls(["name", {parameters}], …, token=…)`: what each call gave; a refusal is the last one."""

    def calls(*wanted: list[Any], token: str = "hf_alice") -> list[Any]:
        environment = os.environ | {"HF_ENDPOINT": endpoint, "HF_TOKEN": token}
        done = subprocess.run(
            [node, str(NODE / "call.js")],
            input=json.dumps(wanted),
            env=environment,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return list(json.loads(done.stdout))

    return calls


def space(name: str) -> dict[str, str]:
    return {"type": "space", "name": name}


def files(contents: dict[str, bytes]) -> list[dict[str, str]]:
    return [{"path": path, "content": b64encode(content).decode()} for path, content in contents.items()]


def test_creates_a_space_shows_it_and_deletes_it(calls: Call, endpoint: str, name: str) -> None:
    created, info, listed, deleted, exists = calls(
        ["createRepo", {"repo": space(name), "sdk": "docker", "visibility": "private"}],
        ["spaceInfo", {"name": name, "additionalFields": ["author", "runtime", "subdomain"]}],
        ["listFiles", {"repo": space(name)}],
        ["deleteRepo", {"repo": space(name)}],
        ["repoExists", {"repo": space(name)}],
    )
    assert created["repoUrl"] == f"{endpoint}/spaces/{name}"
    assert (info["name"], info["sdk"], info["private"], info["author"]) == (name, "docker", True, "alice")
    assert info["runtime"]["stage"] == "NO_APP_FILE"
    assert info["subdomain"] == name.replace("/", "-")
    assert [(one["type"], one["path"]) for one in listed] == [("file", ".gitattributes"), ("file", "README.md")]
    assert (deleted, exists) == (None, False)


@pytest.mark.parametrize("xet", [True, False], ids=["by Xet", "by LFS"])
def test_uploads_and_downloads_files(
    calls: Call, undisturbed: LocalHub, http: httpx2.Client, static: str, xet: bool
) -> None:
    contents = {
        "index.html": b"<h1>hello</h1>\n",
        "a folder/é.txt": "é\n".encode(),
        "model.bin": os.urandom(300_000),
        "over-10-MiB.txt": os.urandom(6 * 2**20).hex().encode(),
    }
    uploaded, listed, *downloaded = calls(
        ["uploadFiles", {"repo": space(static), "files": files(contents), "commitTitle": "All", "useXet": xet}],
        ["listFiles", {"repo": space(static), "recursive": True}],
        *(["downloadFile", {"repo": space(static), "path": path, "xet": xet}] for path in contents),
    )
    sizes = {one["path"]: one["size"] for one in listed if one["type"] == "file"}
    assert {path: sizes[path] for path in contents} == {path: len(content) for path, content in contents.items()}
    assert {one["path"] for one in listed if "lfs" in one} == {"model.bin", "over-10-MiB.txt"}
    assert {one["path"] for one in listed if "xetHash" in one} == ({"model.bin", "over-10-MiB.txt"} if xet else set())
    assert [b64decode(one) for one in downloaded] == list(contents.values())
    for path, content in contents.items():
        assert http.get(f"/spaces/{static}/resolve/{uploaded['commit']['oid']}/{path}").content == content
    puts = {one["path"].split("/")[1] for one in undisturbed.requests() if one["method"] == "PUT"}
    assert puts == (set() if xet else {"lfs-storage"})


def test_sees_the_same_commit_run_as_the_python_client(calls: Call, api: HfApi, docker: str) -> None:
    (uploaded,) = calls(["uploadFiles", {"repo": space(docker), "files": files({"Dockerfile": b"FROM scratch\n"})}])
    runtime = api.wait_for_space(docker, timeout=10, poll_interval=0.05)
    (info,) = calls(["spaceInfo", {"name": docker, "additionalFields": ["runtime"]}])
    assert info["runtime"] == runtime.raw
    assert (runtime.stage, runtime.raw["sha"]) == ("RUNNING", uploaded["commit"]["oid"])


def test_deletes_files_in_one_commit(calls: Call, static: str) -> None:
    uploaded, _, history, listed = calls(
        ["uploadFiles", {"repo": space(static), "files": files({"a.txt": b"a", "b/c.txt": b"c"})}],
        ["deleteFiles", {"repo": space(static), "paths": ["a.txt", "b/c.txt"], "commitTitle": "Less"}],
        ["listCommits", {"repo": space(static)}],
        ["listFiles", {"repo": space(static), "recursive": True}],
    )
    assert [one["title"] for one in history][:1] == ["Less"]
    assert history[1]["oid"] == uploaded["commit"]["oid"]
    assert [one["path"] for one in listed] == [".gitattributes", "README.md"]


def test_an_outdated_parent_is_refused(calls: Call, static: str) -> None:
    first, second = (["uploadFiles", {"repo": space(static), "files": files({"a.txt": text})}] for text in (b"1", b"2"))
    (before,) = calls(first)
    second[1]["parentCommit"] = before["commit"]["oid"]
    third = ["uploadFiles", {**second[1], "files": files({"a.txt": b"3"})}]
    _, refused = calls(second, third)
    assert refused["refused"] == 412
    assert "The branch was updated since you opened this page" in refused["message"]


def test_what_may_not_be_is_refused_as_such(calls: Call, static: str) -> None:
    upload = ["uploadFiles", {"repo": space(static), "files": files({"a.txt": b"a"})}]
    for token, name, status in (("hf_bob", static, 403), ("hf_alice", "alice/nothing", 404)):
        (refused,) = calls([upload[0], {**upload[1], "repo": space(name)}], token=token)
        assert refused["refused"] == status
    (refused,) = calls(["createRepo", {"repo": space("alice/x"), "sdk": "docker"}], token="hf_bob")
    assert refused["refused"] == 403
    (refused,) = calls(["createRepo", {"repo": space("bob/x"), "sdk": "docker"}], token="hf_bob")
    assert refused["refused"] == 402
    assert "requires a PRO subscription" in refused["message"]
