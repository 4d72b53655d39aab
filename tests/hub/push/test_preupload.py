"""Which files go to LFS: the rules of .gitattributes, judged by git check-attr."""

import subprocess
from pathlib import Path

import pytest

from localhub.push.preupload import FIRST_GITATTRIBUTES, Attributes, track

PATHS = [
    *("model.bin", "a/b/model.bin", "model.bin/readme.txt", "x.7z", "notes.txt", "saved_model/x", "saved_model/a/b/c"),
    *("other/saved_model/x", "run.tfevents.1", "a.tar.gz", "my file.onnx", "deep/er/data.parquet", "é.pt", "[x].txt"),
    *("my data.txt", "a/my data.txt", "star*.txt", "starry.txt", "#hash.txt", "sub/only.dat", "only.dat"),
]
RULES = {
    "the Hub's own": FIRST_GITATTRIBUTES,
    "a later rule wins": "*.bin filter=lfs -text\nmodel.bin -filter\n",
    "unspecified": "*.txt filter=lfs\nnotes.txt !filter\n",
    "another filter": "*.txt filter=lfs\nnotes.txt filter=other\n",
    "a path with a folder": "sub/only.dat filter=lfs\n",
    "anchored": "/only.dat filter=lfs\n",
    "comments and blanks": "# *.txt filter=lfs\n\n  \n*.bin diff=lfs\n",
    "spaces": "my[[:space:]]data.txt filter=lfs\n",
}


def by_git(folder: Path, gitattributes: str) -> set[str]:
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    (folder / ".gitattributes").write_text(gitattributes)
    answer = subprocess.run(
        ["git", "-C", str(folder), "check-attr", "-z", "--stdin", "filter"],
        input="\0".join(PATHS), check=True, capture_output=True, text=True,
    ).stdout.split("\0")  # fmt: skip
    return {path for path, value in zip(answer[::3], answer[2::3], strict=False) if value == "lfs"}


@pytest.mark.parametrize("gitattributes", RULES.values(), ids=RULES.keys())
def test_rules_mean_what_they_mean_to_git(tmp_path: Path, gitattributes: str) -> None:
    attributes = Attributes(gitattributes)
    assert {path for path in PATHS if attributes.lfs(path)} == by_git(tmp_path, gitattributes)


@pytest.mark.parametrize("path", [path for path in PATHS if not Attributes(FIRST_GITATTRIBUTES).lfs(path)])
def test_a_tracked_path_is_in_lfs_for_us_and_for_git(tmp_path: Path, path: str) -> None:
    after = track(FIRST_GITATTRIBUTES, [path])
    assert after.startswith(FIRST_GITATTRIBUTES)
    assert after != FIRST_GITATTRIBUTES
    assert Attributes(after).lfs(path)
    assert path in by_git(tmp_path, after)


def test_tracking_adds_nothing_for_what_is_tracked() -> None:
    assert track(FIRST_GITATTRIBUTES, ["a/model.bin", "x.zip"]) == FIRST_GITATTRIBUTES


def test_tracking_ends_an_unfinished_line_first() -> None:
    assert track("*.a filter=lfs", ["x.b"]).splitlines() == [
        "*.a filter=lfs",
        "x.b filter=lfs diff=lfs merge=lfs -text",
    ]
