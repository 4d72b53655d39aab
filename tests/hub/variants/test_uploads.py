"""What preupload decides otherwise."""

import base64

import httpx2
import pytest

from .conftest import Vary

ALICE = {"authorization": "Bearer hf_alice"}
BINARY, TEXT = base64.b64encode(b"\x89PNG\0").decode(), base64.b64encode(b"text").decode()
FILES = {"small.png": (5, BINARY), "large.png": (2_000_000, BINARY), "large.txt": (2_000_000, TEXT)}


def modes(http: httpx2.Client, space: str) -> dict[str, str]:
    files = [{"path": path, "size": size, "sample": sample} for path, (size, sample) in FILES.items()]
    answer = http.post(f"/api/spaces/{space}/preupload/main", json={"files": files}, headers=ALICE)
    return {one["path"]: one["uploadMode"] for one in answer.json()["files"]}


@pytest.mark.parametrize(
    ("variants", "expected"),
    [
        ([], {"large.png"}),
        (["small-binaries-lfs"], {"small.png", "large.png"}),
        (["lfs-by-name"], set()),
    ],
)
def test_which_files_are_large(
    http: httpx2.Client, vary: Vary, static: str, variants: list[str], expected: set[str]
) -> None:
    vary(*variants)
    assert {path for path, mode in modes(http, static).items() if mode == "lfs"} == expected


@pytest.mark.parametrize("variant", [None, "gitignore-absent"])
def test_an_empty_gitignore(http: httpx2.Client, vary: Vary, static: str, push: object, variant: str | None) -> None:
    assert callable(push)
    push(static, {".gitignore": "*.log\n"})
    vary(*([variant] if variant else []))
    files = [{"path": "x.log", "size": 1, "sample": TEXT}]

    def ignored(**sent: str) -> bool:
        body = {"files": files, **sent}
        answer = http.post(f"/api/spaces/{static}/preupload/main", json=body, headers=ALICE).json()
        return bool(answer["files"][0]["shouldIgnore"])

    assert ignored()
    assert ignored(gitIgnore="") == (variant is not None)
    assert not ignored(gitIgnore="#\n")
