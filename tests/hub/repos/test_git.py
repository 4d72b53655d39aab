"""localhub.git over real repositories, judged by git itself."""

import subprocess
import threading
from pathlib import Path

import pytest

from localhub.repos.git import MAIN, Conflict, Moved, Repository
from localhub.repos.pointer import Pointer
from localhub.repos.tree_edits import Changes, Removed

SHA256 = "a" * 64


def git(repository: Repository, *arguments: str) -> str:
    return subprocess.run(
        ["git", "-C", str(repository.path), *arguments], check=True, capture_output=True, text=True
    ).stdout.strip()


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    files = {"README.md": b"# Hello\n", "app/main.py": b"print(1)\n", "app/lib/a.py": b"a\n", "app.txt": b"t\n"}
    return Repository.create(tmp_path / "git", files, author="alice")


def change(repository: Repository, puts: dict[str, bytes] | None = None, removes: tuple[str, ...] = ()) -> Changes:
    changes = Changes()
    for path in removes:
        changes.remove(path.rstrip("/"), Removed.FOLDER if path.endswith("/") else Removed.FILE)
    for path, content in (puts or {}).items():
        changes.put(path, repository.write(content))
    return changes


def commit(repository: Repository, ref: str = MAIN, *, message: str = "Change", **what: object) -> str:
    changes = change(repository, **what)  # type: ignore[arg-type]
    return repository.commit(ref, repository.resolve(ref), changes, message, "alice")


def tree(repository: Repository, rev: str = "main") -> list[str]:
    return git(repository, "ls-tree", "-r", "--name-only", rev).splitlines()


def test_create_makes_a_repository_git_accepts_with_main_and_one_commit(repository: Repository) -> None:
    assert git(repository, "rev-parse", "HEAD") == repository.head()
    assert git(repository, "log", "--format=%an %s") == "alice initial commit"
    assert tree(repository) == ["README.md", "app.txt", "app/lib/a.py", "app/main.py"]
    assert git(repository, "fsck", "--strict") == ""


def test_create_without_files_has_an_empty_tree(tmp_path: Path) -> None:
    repository = Repository.create(tmp_path / "git", {}, author="alice")
    assert list(repository.list("main")) == []


class TestCommit:
    def test_writes_deletes_and_nests(self, repository: Repository) -> None:
        commit(repository, puts={"app/new/deep/x": b"x", "README.md": b"2"}, removes=("app/main.py",))
        assert tree(repository) == ["README.md", "app.txt", "app/lib/a.py", "app/new/deep/x"]
        assert repository.read("main", "README.md") == b"2"
        assert git(repository, "fsck", "--strict") == ""

    def test_removing_the_last_file_removes_its_folders(self, repository: Repository) -> None:
        commit(repository, removes=("app/lib/a.py",))
        assert tree(repository) == ["README.md", "app.txt", "app/main.py"]
        assert [entry.path for entry in repository.list("main", "app")] == ["app/main.py"]

    def test_a_folder_removed_and_filled_again_holds_only_the_new(self, repository: Repository) -> None:
        commit(repository, puts={"app/lib/b.py": b"b"}, removes=("app/",))
        assert tree(repository) == ["README.md", "app.txt", "app/lib/b.py"]

    def test_a_file_gives_way_to_a_folder_of_its_name(self, repository: Repository) -> None:
        commit(repository, puts={"app.txt/x": b"x"}, removes=("app.txt",))
        assert "app.txt/x" in tree(repository)

    @pytest.mark.parametrize("path", ["gone.txt", "gone/x", "app/gone.py", "README.md/"])
    def test_removing_what_is_not_there_names_it_and_moves_nothing(self, repository: Repository, path: str) -> None:
        before = repository.head()
        with pytest.raises(KeyError) as error:
            commit(repository, removes=(path,))
        assert error.value.args == (path.rstrip("/"),)
        assert repository.head() == before

    def test_from_an_outdated_parent_is_refused(self, repository: Repository) -> None:
        first = repository.head()
        second = commit(repository, puts={"x": b"1"})
        with pytest.raises(Moved):
            repository.commit(MAIN, first, change(repository, {"x": b"2"}), "Late", "alice")
        assert repository.head() == second

    def test_of_eight_threads_from_one_parent_one_wins(self, repository: Repository) -> None:
        parent, won, lost = repository.head(), [], []

        def attempt(number: int) -> None:
            changes = change(repository, {f"{number}": b"x"})
            try:
                won.append(repository.commit(MAIN, parent, changes, "Race", "alice"))
            except Moved:
                lost.append(number)

        threads = [threading.Thread(target=attempt, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (len(won), len(lost)) == (1, 7)
        assert repository.head() == won[0]

    def test_after_a_process_died_holding_the_lock(self, repository: Repository) -> None:
        (repository.path / "refs/heads/main.lock").touch()
        again = Repository(repository.path)
        new = commit(again, puts={"x": b"1"})
        assert again.head() == new


class TestList:
    def test_one_folder_carries_git_ids_and_sizes(self, repository: Repository) -> None:
        shown = git(repository, "ls-tree", "-l", "main").splitlines()
        expected = {line.split("\t")[1]: line.split()[2:4] for line in shown}
        for entry in repository.list("main"):
            oid, size = expected.pop(entry.path)
            assert (entry.oid, str(entry.size) if entry.kind == "file" else "-") == (oid, size)
        assert not expected

    def test_recursive_has_folders_before_what_they_hold(self, repository: Repository) -> None:
        paths = [entry.path for entry in repository.list("main", recursive=True)]
        assert paths == ["README.md", "app.txt", "app", "app/lib", "app/lib/a.py", "app/main.py"]

    @pytest.mark.parametrize("path", ["", "app"])
    def test_goes_on_behind_any_entry(self, repository: Repository, path: str) -> None:
        for recursive in (True, False):
            whole = list(repository.list("main", path, recursive=recursive))
            for position, entry in enumerate(whole):
                assert (
                    list(repository.list("main", path, recursive=recursive, after=entry.path)) == whole[position + 1 :]
                )

    def test_of_a_file_or_nothing_is_refused(self, repository: Repository) -> None:
        for path in ("README.md", "nothing"):
            with pytest.raises(KeyError):
                next(repository.list("main", path))

    def test_shows_a_pointer_as_the_file_it_stands_for(self, repository: Repository) -> None:
        pointer = bytes(Pointer(SHA256, 123_456))
        commit(repository, puts={"big.bin": pointer})
        entry = repository.entry("main", "big.bin")
        assert (entry.lfs, entry.size, entry.pointer_size) == (Pointer(SHA256, 123_456), 123_456, len(pointer))
        assert entry.oid == git(repository, "rev-parse", "main:big.bin")
        assert repository.read("main", "big.bin") == pointer

    def test_files_are_those_of_git(self, repository: Repository) -> None:
        assert list(repository.files("main")) == tree(repository)


class TestResolve:
    def test_branch_tag_pull_request_and_commit(self, repository: Repository) -> None:
        first = repository.head()
        repository.create_ref("refs/pr/1", first)
        repository.tag("v1", first, "", "alice")
        repository.tag("v2", first, "Annotated", "alice")
        repository.create_ref("refs/heads/feature/x", first)
        commit(repository, puts={"x": b"1"})
        for rev in ("refs/pr/1", "v1", "v2", "feature/x", first, first[:7], "refs/tags/v2"):
            assert repository.resolve(rev) == first
        assert repository.resolve("HEAD") == repository.resolve("main") == git(repository, "rev-parse", "main")

    @pytest.mark.parametrize("rev", ["nope", "", "a..b", "refs/pr/9", "f" * 40, "../main", "zz~1", "abc"])
    def test_unknown_or_malformed_is_a_key_error(self, repository: Repository, rev: str) -> None:
        with pytest.raises(KeyError):
            repository.resolve(rev)

    def test_a_tree_or_blob_id_is_no_revision(self, repository: Repository) -> None:
        with pytest.raises(KeyError):
            repository.resolve(repository.entry("main", "README.md").oid)


class TestMerge:
    def test_of_an_unmoved_branch_takes_its_tree_as_one_commit(self, repository: Repository) -> None:
        base = repository.head()
        repository.create_ref("refs/pr/1", base)
        commit(repository, "refs/pr/1", puts={"x": b"1"})
        tip = commit(repository, "refs/pr/1", puts={"y": b"2"})
        merged = repository.merge(MAIN, [base, tip], "Both (#1)", "alice", squash=True)
        assert repository.head() == merged
        assert git(repository, "rev-parse", "main^{tree}") == git(repository, "rev-parse", "refs/pr/1^{tree}")
        assert git(repository, "log", "--format=%P", "-1", "main") == base

    def test_of_a_moved_branch_keeps_both_sides(self, repository: Repository) -> None:
        repository.create_ref("refs/pr/1", repository.head())
        tip = commit(repository, "refs/pr/1", puts={"x": b"1"})
        moved = commit(repository, puts={"y": b"2"})
        repository.merge(MAIN, [moved, tip], "x (#1)", "alice", squash=True)
        assert {"x", "y"} <= set(tree(repository))
        assert git(repository, "fsck", "--strict") == ""

    def test_unsquashed_it_has_both_parents(self, repository: Repository) -> None:
        repository.create_ref("refs/pr/1", repository.head())
        tip = commit(repository, "refs/pr/1", puts={"x": b"1"})
        moved = commit(repository, puts={"y": b"2"})
        repository.merge(MAIN, [moved, tip], "x (#1)", "alice", squash=False)
        assert git(repository, "log", "--format=%P", "-1", "main") == f"{moved} {tip}"
        assert {"x", "y"} <= set(tree(repository))

    def test_names_the_files_in_conflict(self, repository: Repository) -> None:
        repository.create_ref("refs/pr/1", repository.head())
        tip = commit(repository, "refs/pr/1", puts={"README.md": b"theirs\n"})
        moved = commit(repository, puts={"README.md": b"ours\n"})
        assert repository.conflicts(moved, tip) == ("README.md",)
        with pytest.raises(Conflict, match=r"README\.md"):
            repository.merge(MAIN, [moved, tip], "x (#1)", "alice", squash=True)
        assert repository.head() == moved


def test_log_is_newest_first_with_titles_and_messages(repository: Repository) -> None:
    commit(repository, puts={"x": b"1"}, message="One\n\nBody\nof it")
    commit(repository, puts={"x": b"2"}, message="Two")
    found = [(entry.title, entry.message, entry.author) for entry in repository.log("main")]
    assert found == [("Two", "", "alice"), ("One", "Body\nof it", "alice"), ("initial commit", "", "alice")]


def test_last_commits_are_those_of_git_log(repository: Repository) -> None:
    commit(repository, puts={"app/main.py": b"2"})
    commit(repository, puts={"x": b"1"})
    paths = ["README.md", "app", "app/main.py", "app/lib", "x"]
    found = repository.last_commits("main", paths)
    assert {path: found[path].id for path in paths} == {
        path: git(repository, "log", "-1", "--format=%H", "main", "--", path) for path in paths
    }


def test_diff_is_a_patch_git_can_read_or_nothing_when_too_large(repository: Repository) -> None:
    old, new = repository.head(), commit(repository, puts={"x": b"1\n", "y": b"2\n"})
    patch = repository.diff(old, new)
    assert patch is not None
    assert "+++ b/x" in patch
    assert repository.diff(old, new, most_files=1) is None


def test_flatten_leaves_one_commit_with_the_same_tree(repository: Repository) -> None:
    commit(repository, puts={"x": b"1"})
    before = git(repository, "rev-parse", "main^{tree}")
    repository.flatten(MAIN, "Squashed", "alice")
    assert git(repository, "rev-list", "--count", "main") == "1"
    assert git(repository, "rev-parse", "main^{tree}") == before


def test_references_are_made_once_and_with_valid_names(repository: Repository) -> None:
    repository.create_ref("refs/heads/x", repository.head())
    with pytest.raises(FileExistsError):
        repository.create_ref("refs/heads/x", repository.head())
    with pytest.raises(ValueError):
        repository.create_ref("refs/heads/a..b", repository.head())
    repository.delete_ref("refs/heads/x")
    with pytest.raises(KeyError):
        repository.delete_ref("refs/heads/x")


def test_pointer_is_exactly_the_three_lines() -> None:
    text = b"version https://git-lfs.github.com/spec/v1\noid sha256:" + SHA256.encode() + b"\nsize 5\n"
    assert bytes(Pointer(SHA256, 5)) == text
    assert Pointer.parse(text) == Pointer(SHA256, 5)
    assert Pointer.parse(text + b"\n") is None
