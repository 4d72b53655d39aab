"""Ids come from git's index only where the file on disk is known to be as git wrote it."""

import os
import time
from pathlib import Path

import pytest

from hfspace_action.checkout import walk
from hfspace_action.checkout.git.index import Index, UnreadableIndex
from hfspace_action.errors import Failure
from hfspace_action.file import blob_id
from tests.kit.gitrepo import commit, git, write

OLD = 1_600_000_000_000_000_000


def settled(folder: Path, files: dict[str, str]) -> Path:
    """A checkout whose files are older than its index, so that git trusts what it knows of them."""
    write(folder, files)
    for path in files:
        os.utime(folder / path, ns=(OLD, OLD))
    return commit(folder)


def rewrite(path: Path, content: str) -> None:
    """Put other content of the same size under a name, and the old time, as `cp -p` and some builds do."""
    path.write_text(content)
    os.utime(path, ns=(OLD, OLD))


@pytest.mark.parametrize("version", ["2", "3", "4"])
def test_index_lists_what_git_does(tmp_path: Path, version: str) -> None:
    settled(tmp_path, {"a": "1", "a.b/c": "22", "e/é/f g": "333", "d/x" * 60: "4"})
    git(tmp_path, "update-index", "--index-version", version)
    if version == "3":
        git(tmp_path, "update-index", "--skip-worktree", "a")
    index = Index(str(tmp_path / ".git/index"))
    listed = git(tmp_path, "ls-files", "-z", "--stage").split("\0")[:-1]
    assert {line.partition("\t")[2]: line.split()[1] for line in listed} == {path: index.blob(path) for path in index}
    untouched = [path for path in index if index.is_untouched(path, os.lstat(tmp_path / path))]
    assert sorted(untouched) == sorted(path for path in index if not (version == "3" and path == "a"))
    assert index.skipped == ({"a"} if version == "3" else set())


@pytest.mark.parametrize(
    "setup",
    [
        (),
        ("update-index", "--assume-unchanged", "page.html"),
        ("update-index", "--skip-worktree", "page.html"),
        ("config", "core.ignoreStat", "true"),
        ("config", "core.trustctime", "false"),
        ("config", "core.checkStat", "minimal"),
        ("config", "core.fileMode", "false"),
        ("config", "core.fsmonitor", "true"),
        ("config", "core.untrackedCache", "true"),
        ("config", "feature.manyFiles", "true"),
    ],
    ids=" ".join,
)
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_tracked_file_that_a_build_rewrote_is_sent_whatever_git_was_made_to_believe(
    tmp_path: Path, setup: tuple[str, ...], when: str
) -> None:
    if setup and setup[0] == "config" and when == "before":
        git(tmp_path, "init", "--quiet")
        git(tmp_path, *setup)
    settled(tmp_path, {"page.html": "old", "other": "x"})
    if setup and when == "after":
        git(tmp_path, *setup)
    rewrite(tmp_path / "page.html", "new")
    found = walk.read(tmp_path, ".")
    assert found.files["page.html"].with_blob().blob == blob_id(b"new")
    assert found.commit is None
    assert "page.html" in found.remarks[0]
    assert found.files["other"].blob == blob_id(b"x")


def test_a_file_that_was_only_touched_is_still_the_commit_s(tmp_path: Path) -> None:
    settled(tmp_path, {"a": "1"})
    os.utime(tmp_path / "a")
    found = walk.read(tmp_path, ".")
    assert found.commit == found.head


def test_a_change_within_the_tick_of_the_index_is_seen(tmp_path: Path) -> None:
    for number in range(20):  # with the file written as late as can be, and again as soon as can be
        workspace = commit(tmp_path / str(number), {"a": "1"})
        (workspace / "a").write_text("2")
        assert walk.read(workspace, ".").files["a"].with_blob().blob == blob_id(b"2")


def test_a_sparse_checkout_is_deployed_as_it_is_and_counted(tmp_path: Path) -> None:
    settled(tmp_path, {"app/a": "1", "docs/b": "2", "c": "3"})
    git(tmp_path, "sparse-checkout", "set", "app")
    found = walk.read(tmp_path, ".")
    assert list(found.files) == ["app/a", "c"]
    assert found.commit == found.head
    assert "A sparse checkout: 1 files of the commit are not here." in found.remarks


@pytest.mark.parametrize(
    ("commands", "remedy"),
    [
        ([("update-index", "--split-index")], ("update-index", "--no-split-index")),
        (
            [("sparse-checkout", "set", "--cone", "--sparse-index", "app")],
            ("sparse-checkout", "reapply", "--no-sparse-index"),
        ),
    ],
    ids=["split", "sparse"],
)
def test_an_index_in_another_format_is_refused_with_what_helps(
    tmp_path: Path, commands: list[tuple[str, ...]], remedy: tuple[str, ...]
) -> None:
    settled(tmp_path, {"app/a": "1", "docs/deep/b": "2"})
    for command in commands:
        git(tmp_path, *command)
    with pytest.raises(Failure) as caught:
        walk.read(tmp_path, ".")
    assert caught.value.id == "checkout-format"
    assert " ".join(("git", *remedy)) in caught.value.advice
    git(tmp_path, *remedy)
    assert "app/a" in walk.read(tmp_path, ".").files


@pytest.mark.parametrize("cut", [0, 3, 11, 40, 100, -1, -20, -30])
def test_a_damaged_index_is_named(tmp_path: Path, cut: int) -> None:
    index = settled(tmp_path, {"a": "1", "b": "2"}) / ".git/index"
    index.write_bytes(index.read_bytes()[:cut])
    with pytest.raises(UnreadableIndex):
        Index(str(index))
    with pytest.raises(Failure, match="damaged") as caught:
        walk.read(tmp_path, ".")
    assert caught.value.id == "checkout-repository"


def test_a_flipped_bit_of_an_index_is_noticed(tmp_path: Path) -> None:
    index = settled(tmp_path, {"a": "1"}) / ".git/index"
    content = bytearray(index.read_bytes())
    content[60] ^= 1
    index.write_bytes(content)
    with pytest.raises(UnreadableIndex):
        Index(str(index))


def test_an_index_of_many_files_is_read_in_no_time(tmp_path: Path) -> None:
    names = "".join(f"100644 {'1' * 40}\tfolder-{number % 500}/file-{number}\n" for number in range(50_000))
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "update-index", "--index-info", stdin=names.encode())
    began = time.process_time()
    assert len(list(Index(str(tmp_path / ".git/index")))) == 50_000
    assert time.process_time() - began < 2
