"""What is deployed of a checkout, on real repositories made by git."""

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hfspace_action.checkout import walk
from hfspace_action.errors import Place
from hfspace_action.file import File, blob_id
from hfspace_action.plan import tree
from tests.kit.gitrepo import commit, git, write
from tests.unit.checkout.reading import paths, refusal

POINTER = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'ab' * 32}\nsize 7\n"


def age(folder: Path) -> None:
    """Make files older than the index will be, as they are after a checkout of some size; git trusts their stamps then."""
    for path in folder.rglob("*"):
        if ".git" not in path.parts and path.is_file():
            os.utime(path, (1_600_000_000, 1_600_000_000))


# What is in


def test_read_gives_a_clean_checkout_with_the_ids_of_its_commit(tmp_path: Path) -> None:
    commit(tmp_path, {"app.py": "print()\n", "static/é.svg": "<svg/>", "empty": ""})
    found = walk.read(tmp_path, ".")
    assert paths(found) == ["app.py", "empty", "static/é.svg"]
    assert [file.blob for file in found.files.values()] == [
        git(tmp_path, "rev-parse", f"HEAD:{path}").strip() for path in found.files
    ]
    assert [file.size for file in found.files.values()] == [8, 0, 6]
    assert found.commit == git(tmp_path, "rev-parse", "HEAD").strip()
    assert (found.notices, found.left_out.counts, found.remarks) == ((), {}, ())
    assert tree.build(found.files.values(), lambda _: False).id == git(tmp_path, "rev-parse", "HEAD^{tree}").strip()


def test_read_takes_what_is_on_disk_where_it_differs_from_the_commit(tmp_path: Path) -> None:
    commit(tmp_path, {"changed": "1", "deleted": "2", "staged": "3", "same": "4", "uncached": "5"})
    write(tmp_path, {"changed": "one", "staged": "three", "new/untracked": "x", "new/tracked": "y"})
    (tmp_path / "deleted").unlink()
    git(tmp_path, "add", "staged", "new/tracked")
    git(tmp_path, "rm", "--quiet", "--cached", "uncached")
    found = walk.read(tmp_path, ".")
    assert {path: file.read() for path, file in found.files.items()} == {
        "changed": b"one",
        "new/tracked": b"y",
        "same": b"4",
        "staged": b"three",
    }
    assert all(file.with_blob().blob == blob_id(file.read()) for file in found.files.values())
    assert found.left_out.paths == {"untracked": ["new/untracked", "uncached"]}
    assert found.commit is None
    assert found.head == git(tmp_path, "rev-parse", "HEAD").strip()
    assert "changed, deleted, new/tracked, staged" in found.remarks[0]


def test_read_leaves_out_what_git_does_not_track(tmp_path: Path) -> None:
    write(tmp_path, {"dist/forced.js": "1"})
    commit(tmp_path)
    write(tmp_path, {".gitignore": "node_modules/\n*.log\ndist/\n", "sub/.gitignore": "/secret\n"})
    write(tmp_path, {"node_modules/a/b": "1", "x.log": "2", "sub/secret": "3", "dist/built.js": "4", "sub/new": "5"})
    found = walk.read(tmp_path, ".")
    assert paths(found) == ["dist/forced.js"]
    assert found.left_out.paths["untracked"] == ["dist/built.js", "node_modules/", "sub/", "x.log"]
    assert found.commit == found.head  # the files are the commit's, whatever else is here


def test_read_of_a_folder_outside_git_follows_its_gitignore_files_and_mentions_it(tmp_path: Path) -> None:
    write(
        tmp_path, {"index.html": "hi", ".gitignore": ".env\n*.log\n!keep.log\n/a/x\n", "a/.gitignore": "b/\n!c.log\n"}
    )
    write(tmp_path, {".env": "y", "a/b/c": "x", "a/x": "", "a/c.log": "", "a/d.log": "", "a/keep.log": "", "z/a/x": ""})
    found = walk.read(tmp_path, ".")
    assert paths(found) == ["a/c.log", "a/keep.log", "index.html", "z/a/x"]
    assert found.left_out.paths["ignored"] == [".env", "a/b/", "a/d.log", "a/x"]
    assert (found.commit, found.head) == (None, None)
    assert [each.id for each in found.notices] == ["no-git"]


@pytest.mark.parametrize("folder", ["dist", "dist/web"])
def test_read_of_an_ignored_folder_outside_git_takes_all_of_it(tmp_path: Path, folder: str) -> None:
    write(tmp_path, {".gitignore": "dist/\n*.map\n", "dist/web/a.js.map": "{}", "dist/web/.gitignore": "*"})
    assert walk.read(tmp_path, folder).files.keys() == {"web/a.js.map" if folder == "dist" else "a.js.map"}


def test_read_of_a_repository_in_which_nothing_is_tracked_is_refused_by_its_reason(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, {"index.html": "hi"})
    failure = refusal(tmp_path)
    assert failure.id == "checkout-empty"
    assert "1 untracked: index.html" in failure.message


@pytest.mark.parametrize("ignored", ["dist/\n*.map\n", ""])
def test_read_of_a_built_folder_that_is_not_tracked_takes_all_of_it_and_names_no_commit(
    tmp_path: Path, ignored: str
) -> None:
    commit(tmp_path, {".gitignore": ignored, "src/a.ts": ""})
    write(tmp_path, {"dist/index.html": "hi", "dist/assets/a.js.map": "{}"})
    found = walk.read(tmp_path, "dist")
    assert paths(found) == ["assets/a.js.map", "index.html"]
    assert (found.commit, found.head is None) == (None, False)
    assert "`path: dist` is not tracked by git" in found.remarks[0]


def test_read_of_a_folder_in_a_monorepo_names_places_in_the_workspace(tmp_path: Path) -> None:
    commit(tmp_path, {"apps/web/README.md": "hi", "apps/web/src/a": "x", "other": "y"})
    found = walk.read(tmp_path, "apps/web/")
    assert paths(found) == ["README.md", "src/a"]
    assert found.files["src/a"].blob == blob_id(b"x")
    assert (found.folder, found.place("README.md", 3)) == ("apps/web", Place("apps/web/README.md", 3))


def test_read_never_looks_for_a_repository_above_the_workspace(tmp_path: Path) -> None:
    commit(tmp_path, {".gitignore": "*\n"})
    write(tmp_path / "workspace", {"index.html": ""})
    assert paths(walk.read(tmp_path / "workspace", ".")) == ["index.html"]


def test_read_leaves_out_the_machinery_of_git_and_github_at_every_depth(tmp_path: Path) -> None:
    files = {
        ".github/workflows/ci.yml": "",
        ".gitignore": "",
        ".gitattributes": "",
        ".gitmodules": "",
        "a/.gitignore": "",
    }
    commit(tmp_path, files | {"a/.github/x": "", ".dockerignore": "", "app.py": ""})
    write(tmp_path, {".cache/huggingface/download/x": ""})
    found = walk.read(tmp_path, ".")
    assert paths(found) == [".dockerignore", "app.py"]
    assert found.left_out.counts == {"machinery": 6, "untracked": 1}
    assert "Left out: 6 of git and GitHub, 1 untracked: .cache/." in found.remarks[0]


def test_read_takes_a_submodule_with_its_own_rules_and_ids(tmp_path: Path) -> None:
    library = commit(tmp_path / "library", {"lib.py": "x", ".gitignore": "*.log\n"})
    workspace = commit(tmp_path / "workspace", {"app.py": ""})
    git(workspace, "submodule", "--quiet", "add", str(library), "vendor/lib")
    commit(workspace)
    write(workspace, {"vendor/lib/a.log": "", "vendor/lib/new.py": ""})
    found = walk.read(workspace, ".")
    assert paths(found) == ["app.py", "vendor/lib/lib.py"]
    assert found.commit == found.head
    assert found.files["vendor/lib/lib.py"].blob == blob_id(b"x")

    plain = tmp_path / "plain"
    git(tmp_path, "clone", "--quiet", str(workspace), str(plain))
    found = walk.read(plain, ".")
    assert paths(found) == ["app.py"]
    assert [(each.id, each.place) for each in found.notices] == [("submodule", Place("vendor/lib"))]


def test_read_takes_another_checkout_inside_of_the_workspace_where_it_is_named(tmp_path: Path) -> None:
    commit(tmp_path, {"app.py": ""})
    commit(tmp_path / "other", {"x": "1", ".gitignore": "*.log"})
    write(tmp_path, {"other/a.log": ""})
    write(tmp_path, {"other/y": "2"})
    assert paths(walk.read(tmp_path, ".")) == ["app.py"]
    assert paths(walk.read(tmp_path, ".", include=["other/"])) == ["app.py", "other/a.log", "other/x", "other/y"]
    assert paths(walk.read(tmp_path, "other")) == ["x"]


def test_read_takes_the_files_of_a_submodule_whose_repository_is_gone(tmp_path: Path) -> None:
    library = commit(tmp_path / "library", {"lib.py": "x"})
    workspace = commit(tmp_path / "workspace", {"app.py": ""})
    git(workspace, "submodule", "--quiet", "add", str(library), "lib")
    commit(workspace)
    (workspace / "lib/.git").unlink()
    assert paths(walk.read(workspace, ".")) == ["app.py", "lib/lib.py"]


def test_read_works_on_a_partial_clone(tmp_path: Path) -> None:
    origin = commit(tmp_path / "origin", {"a": "1", "b": "2", ".gitattributes": "* text=auto\n"})
    git(origin, "config", "uploadpack.allowFilter", "true")
    git(tmp_path, "clone", "--quiet", "--filter=blob:none", f"file://{origin}", "clone")
    git(tmp_path / "clone", "config", "extensions.partialClone", "origin")  # what `git fetch --filter` leaves
    assert [file.with_blob().blob for file in walk.read(tmp_path / "clone", ".").files.values()] == [
        blob_id(b"1"),
        blob_id(b"2"),
    ]


def test_read_works_on_files_of_another_owner(tmp_path: Path) -> None:
    commit(tmp_path, {"a": "1"})
    if os.geteuid() == 0:  # as in the container; nobody else can give files away
        for path in (tmp_path, *tmp_path.rglob("*")):
            os.chown(path, 1001, 1001)
    assert walk.read(tmp_path, ".").files["a"].blob == blob_id(b"1")


NAMES = st.sampled_from(["a", "b", "c.log", "keep.log", "d"])


IGNORED = st.sampled_from(
    ["", "*.log\n!keep.log\n", "a/\n", "/b\nd\n", "*\n!*/\n!*.log\n", "a/*\n!a/b\n", "**/b\n!c.log/b\n"]
)


PLANS = st.dictionaries(
    st.lists(NAMES, min_size=1, max_size=3).map("/".join), st.sampled_from(["", "1", "22"]), min_size=1, max_size=8
)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(committed=PLANS, written=PLANS, ignored=IGNORED)
def test_read_agrees_with_git_ls_files(
    tmp_path_factory: pytest.TempPathFactory, committed: dict[str, str], written: dict[str, str], ignored: str
) -> None:
    workspace = tmp_path_factory.mktemp("random")

    def put(files: dict[str, str]) -> None:
        for path, content in files.items():
            above = [workspace.joinpath(*path.split("/")[:depth]) for depth in range(1, path.count("/") + 1)]
            if not (workspace / path).is_dir() and not any(each.is_file() for each in above):
                write(workspace, {path: content})

    put({"README.md": "always there"} | committed)
    commit(workspace)
    put(written | {".gitignore": ignored})
    listed = git(workspace, "ls-files", "-z", "--cached").split("\0")[:-1]
    expected = {path for path in listed if (workspace / path).is_file()}
    found = walk.read(workspace, ".")
    assert set(found.files) == expected
    assert (found.commit == found.head) == (git(workspace, "status", "--porcelain", "--untracked-files=no") == "")
    assert all(file.with_blob().blob == blob_id((workspace / path).read_bytes()) for path, file in found.files.items())


# Contents that filters made


@pytest.fixture
def lfs(tmp_path: Path) -> Callable[[], Path]:
    """A repository whose `*.bin` are kept in LFS, by a filter that says 'ab…' is the sha256 of everything."""

    def make() -> Path:
        git(tmp_path, "init", "--quiet")
        clean = f"import sys; n = len(sys.stdin.buffer.read()); print({POINTER[:-7]!r} + f'size {{n}}')"
        git(tmp_path, "config", "filter.lfs.clean", f'{sys.executable} -c "{clean.replace(chr(10), chr(92) + "n")}"')
        write(tmp_path, {"model.bin": b"content", ".gitattributes": "*.bin filter=lfs -text\n", "app.py": "x"})
        age(tmp_path)
        return commit(tmp_path)

    return make


def test_lfs_files_take_sha256_from_their_pointer_and_are_not_read(lfs: Callable[[], Path]) -> None:
    workspace = lfs()
    assert git(workspace, "show", "HEAD:model.bin") == POINTER
    found = walk.read(workspace, ".")
    # The pointer's digest is not that of the content, so only who did not read it can say this:
    assert found.files["model.bin"]._replace(seen=None) == File(
        "model.bin", 7, None, str(workspace / "model.bin"), "ab" * 32
    )
    assert found.files["app.py"].blob == blob_id(b"x")


def test_lfs_file_that_was_changed_since_is_not_taken_for_its_pointer(lfs: Callable[[], Path]) -> None:
    workspace = lfs()
    write(workspace, {"model.bin": b"CONTENT"})
    found = walk.read(workspace, ".")
    file = found.files["model.bin"]
    assert (file.blob, found.commit) == (None, None)
    assert file.sha256 == hashlib.sha256(b"CONTENT").hexdigest()


def test_pointer_that_another_filter_unfolds_is_not_taken_for_lfs(tmp_path: Path) -> None:
    """The blob is a pointer, and the file on disk, which git holds for clean, is not of the size that it names."""
    git(tmp_path, "init", "--quiet")
    git(tmp_path, "config", "filter.lfs.clean", "cat pointer.txt")
    write(tmp_path, {"pointer.txt": POINTER, ".gitattributes": "*.bin filter=lfs -text\n", "model.bin": b"other size"})
    age(tmp_path)
    commit(tmp_path)
    assert git(tmp_path, "show", "HEAD:model.bin") == POINTER
    file = walk.read(tmp_path, ".", exclude=["pointer.txt"]).files["model.bin"]
    assert (file.blob, file.sha256) == (blob_id(b"other size"), None)


def test_lfs_pointers_that_were_never_fetched_are_refused_with_the_remedy(tmp_path: Path) -> None:
    commit(tmp_path, {"a.bin": POINTER, "b/c.bin": POINTER, ".gitattributes": "*.bin filter=lfs\n", "app.py": ""})
    failure = refusal(tmp_path)
    assert failure.id == "checkout-lfs"
    assert "a.bin, b/c.bin" in failure.message
    assert "lfs: true" in failure.advice
    assert paths(walk.read(tmp_path, ".", exclude=["*.bin"])) == ["app.py"]


def test_line_ends_that_git_converted_count_as_they_are_on_disk(tmp_path: Path) -> None:
    write(tmp_path, {".gitattributes": "*.bat text eol=crlf\n", "run.bat": "a\r\nb\r\n", "run.sh": "a\nb\n"})
    age(tmp_path)
    commit(tmp_path)
    assert git(tmp_path, "cat-file", "-s", "HEAD:run.bat") == "4\n"
    found = walk.read(tmp_path, ".")
    assert found.files["run.bat"].blob == blob_id(b"a\r\nb\r\n")
    assert found.files["run.sh"].blob == blob_id(b"a\nb\n")
    assert "Changed by git on the way to the disk" in found.remarks[0]
    assert "run.bat" in found.remarks[0]
    assert found.commit == found.head


@pytest.mark.parametrize(
    "how", ["rule above", "rule gone", "rule untracked", "rule in another commit", "core.autocrlf"]
)
def test_line_ends_count_as_they_are_on_disk_wherever_the_rule_is(tmp_path: Path, how: str) -> None:
    write(tmp_path, {"app/run.bat": "a\r\n", "other": ""})
    if how == "core.autocrlf":
        git(tmp_path, "init", "--quiet")
        git(tmp_path, "config", "core.autocrlf", "true")
    else:
        write(tmp_path, {".gitattributes": "*.bat eol=crlf\n"})
    age(tmp_path)
    commit(tmp_path)
    assert git(tmp_path, "cat-file", "-s", "HEAD:app/run.bat") == "2\n"
    if how == "rule gone":
        (tmp_path / ".gitattributes").unlink()
    if how == "rule untracked":
        git(tmp_path, "rm", "--quiet", "--force", ".gitattributes")
    if how == "rule in another commit":
        without = git(tmp_path, "commit-tree", "-m", "x", git(tmp_path, "write-tree", "--prefix=app/").strip()).strip()
        git(tmp_path, "read-tree", "--empty")
        git(tmp_path, "read-tree", "--prefix=app/", without)
        plain = git(tmp_path, "commit-tree", "-m", "x", git(tmp_path, "write-tree").strip()).strip()
        git(tmp_path, "reset", "--quiet", "--mixed", "HEAD")
        git(tmp_path, "checkout", "--quiet", plain)
        assert not (tmp_path / ".gitattributes").exists()
        assert git(tmp_path, "status", "--porcelain") == ""
    assert walk.read(tmp_path, "app").files["run.bat"].blob == blob_id(b"a\r\n")
