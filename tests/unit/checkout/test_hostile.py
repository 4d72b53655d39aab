"""Checkouts that would make a careless reader hang, follow, crash or publish what nobody chose."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hfspace_action.checkout import names, walk
from hfspace_action.errors import Failure
from hfspace_action.file import File
from tests.kit.gitrepo import commit, git, write

pytestmark = pytest.mark.timeout(60)  # each of these takes no time, or for ever


def refusal(workspace: Path, folder: str = ".", **selection: list[str]) -> Failure:
    with pytest.raises(Failure) as caught:
        walk.read(workspace, folder, **selection)
    return caught.value


# What is no file


@pytest.mark.parametrize(
    "name", ["index", "config", "HEAD", "packed-refs", "info/exclude", "logs/HEAD", "objects/info/alternates"]
)
def test_a_pipe_in_the_git_folder_is_refused_and_not_waited_for(tmp_path: Path, name: str) -> None:
    workspace = commit(tmp_path, {"app.py": ""})
    path = workspace / ".git" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    os.mkfifo(path)
    failure = refusal(workspace)
    assert failure.id == "checkout-repository"
    assert name == "HEAD" or name in failure.message


@pytest.mark.parametrize("how", ["link", "include", "commondir"])
def test_a_pipe_that_the_git_folder_leads_to_is_refused(tmp_path: Path, how: str) -> None:
    workspace = commit(tmp_path / "workspace", {"app.py": ""})
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    if how == "link":
        (workspace / ".git/packed-refs").unlink(missing_ok=True)
        (workspace / ".git/packed-refs").symlink_to(pipe)
    elif how == "include":
        git(workspace, "config", "include.path", str(pipe))
    else:
        (workspace / ".git/commondir").symlink_to(pipe)
    assert refusal(workspace).id == "checkout-repository"


@pytest.mark.parametrize("name", [".gitignore", ".gitattributes", ".gitmodules", "app/.gitignore"])
def test_a_pipe_among_the_rules_of_a_repository_is_left_out(tmp_path: Path, name: str) -> None:
    workspace = commit(tmp_path, {"app/app.py": "", "app/x": ""})
    os.mkfifo(workspace / name)
    assert list(walk.read(workspace, ".").files) == ["app/app.py", "app/x"]


@pytest.mark.parametrize(
    "make", [os.mkfifo, lambda path: os.symlink("/dev/zero", path)], ids=["pipe", "link to a device"]
)
def test_rules_that_are_no_file_are_refused_where_they_decide(tmp_path: Path, make: Callable[[Path], None]) -> None:
    write(tmp_path, {"app/app.py": ""})
    make(tmp_path / "app/.gitignore")
    failure = refusal(tmp_path)
    assert failure.id == "checkout-rules"
    assert "app/.gitignore" in failure.message


@pytest.mark.parametrize(
    "pointer",
    [b"", b"gitdir:", b"gitdir: \0", b"gitdir: /etc\n", b"nonsense", b"\xff" * 100, b"gitdir: .git\n", b"x" * 100_000],
)
def test_a_git_file_that_names_no_repository_is_refused(tmp_path: Path, pointer: bytes) -> None:
    write(tmp_path, {"app.py": "", ".git": pointer})
    assert refusal(tmp_path).id == "checkout-repository"


@pytest.mark.parametrize(
    "make", [Path.mkdir, os.mkfifo, lambda path: path.symlink_to("nowhere")], ids=["empty", "pipe", "link"]
)
def test_a_git_folder_that_is_none_is_refused(tmp_path: Path, make: Callable[[Path], None]) -> None:
    write(tmp_path, {"app.py": ""})
    make(tmp_path / ".git")
    assert refusal(tmp_path).id == "checkout-repository"


@pytest.mark.parametrize("elsewhere", ["../..", "/", "../../elsewhere"])
def test_a_work_tree_that_is_elsewhere_is_refused_without_a_look_at_it(tmp_path: Path, elsewhere: str) -> None:
    workspace = commit(tmp_path / "a/workspace", {"app.py": ""})
    write(tmp_path / "a/elsewhere", {"x": ""})
    git(workspace, "config", "core.worktree", elsewhere)
    failure = refusal(workspace)
    assert failure.id == "checkout-repository"
    assert "elsewhere" in failure.message


def test_objects_that_are_damaged_are_a_failure_of_the_checkout_or_of_no_matter(tmp_path: Path) -> None:
    workspace = commit(tmp_path, {"app.py": "1", "b.bat": "2", ".gitattributes": "*.bat text\n"})
    blob, tree = (git(workspace, "rev-parse", f"HEAD{at}").strip() for at in (":app.py", "^{tree}"))
    for id_ in (blob, tree):
        path = workspace / ".git/objects" / id_[:2] / id_[2:]
        path.chmod(0o644)
        path.write_bytes(b"damaged")
        if id_ == blob:
            assert list(walk.read(workspace, ".").files) == ["app.py", "b.bat"]
    assert refusal(workspace).id == "checkout-repository"


# Links and depth


def test_links_that_multiply_are_refused_soon(tmp_path: Path) -> None:
    write(tmp_path, {"f0/file": ""})
    for level in range(1, 17):
        folder = tmp_path / f"f{level}"
        folder.mkdir()
        for name in "ab":
            (folder / name).symlink_to(f"../f{level - 1}")
    commit(tmp_path)
    began = time.process_time()
    assert refusal(tmp_path).id == "checkout-link"
    assert time.process_time() - began < 10


def test_folders_that_are_nested_without_end_are_refused(tmp_path: Path) -> None:
    write(tmp_path, {"d/" * 150 + "file": ""})
    assert refusal(tmp_path).id == "checkout-deep"


# Names


@pytest.mark.parametrize(
    "name",
    [
        ".GIT",
        ".Git",
        "git~1",
        "GIT~1",
        ".git ",
        ".git.",
        ".git::$INDEX_ALLOCATION",
        ".g\u200cit",
        "\ufeff.git",
        "a\rb",
        "a\nb",
        "a\tb",
        "a\x7f",
    ],
)
@pytest.mark.parametrize("folder", [True, False])
def test_names_that_no_space_can_hold_are_refused(tmp_path: Path, name: str, folder: bool) -> None:
    write(tmp_path, {"app.py": "", f"{name}/x" if folder else name: ""})
    failure = refusal(tmp_path)
    assert failure.id == "checkout-name"
    assert list(walk.read(tmp_path, ".", exclude=["?*", "!app.py"]).files) == ["app.py"]


def test_a_name_that_is_not_utf_8_is_refused_and_written_out(tmp_path: Path) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")).write_bytes(b"")
    commit(tmp_path, {"app.py": ""})
    failure = refusal(tmp_path)
    assert failure.id == "checkout-name"
    assert r"caf\xe9" in failure.message


@pytest.mark.parametrize(
    "name", [".github", "git", "git~2", ".gitkeep", "a.git", "é", "日本", " a", "a b", ".git-x", "g", "."]
)
def test_ordinary_names_are_none_of_these(name: str) -> None:
    assert names.problem(name) is None


# What changes meanwhile


def swapped_for_link(path: Path, secret: Path) -> None:
    path.unlink()
    path.symlink_to(secret)


def swapped_above(path: Path, secret: Path) -> None:
    path.parent.rename(path.parent.with_name("before"))
    path.parent.symlink_to(secret.parent)


@pytest.mark.parametrize(
    "change",
    [
        swapped_for_link,
        swapped_above,
        lambda path, secret: os.replace(secret, path),
        lambda path, secret: path.write_text("other"),
        lambda path, secret: path.unlink(),
        lambda path, secret: (path.unlink(), path.mkdir()),
        lambda path, secret: (path.unlink(), os.mkfifo(path)),
    ],
    ids=["link", "link above", "other file", "rewritten", "gone", "folder", "pipe"],
)
@pytest.mark.parametrize("read", [File.read, File.open, File.with_blob, File.with_sha256])
def test_a_file_that_is_no_longer_the_one_that_was_found_is_not_read(
    tmp_path: Path, change: Callable[[Path, Path], object], read: Callable[[File], object]
) -> None:
    secret = write(tmp_path / "outside", {"page.html": "secret"}) / "page.html"
    write(tmp_path / "workspace", {"app/page.html": "public"})
    file = walk.read(tmp_path / "workspace", "app").files["page.html"]
    change(tmp_path / "workspace/app/page.html", secret)
    with pytest.raises(Failure) as caught:
        read(file)
    assert caught.value.id == "file-changed"
    assert "page.html" in caught.value.message


SWAPPER = """
import os, sys
real, link = sys.argv[1:]
while True:
    os.rename(real, real + ".away"); os.rename(link, real)
    os.rename(real, link); os.rename(real + ".away", real)
"""


def test_a_folder_that_is_swapped_for_a_link_all_the_time_never_gives_what_it_leads_to(tmp_path: Path) -> None:
    write(tmp_path / "outside", {"file": "secret"})
    workspace = write(tmp_path / "workspace", {"a/b/file": "public", "z": ""})
    (tmp_path / "link").symlink_to(tmp_path / "outside")
    swapper = subprocess.Popen([sys.executable, "-c", SWAPPER, str(workspace / "a/b"), str(tmp_path / "link")])
    seen, refused = set[str](), set[str]()
    try:
        until = time.monotonic() + 3
        while time.monotonic() < until:
            try:
                files = walk.read(workspace, ".").files
                seen |= {file.read().decode() for file in files.values()}
            except Failure as failure:
                refused.add(failure.id)
    finally:
        swapper.kill()
        swapper.wait()
    assert seen <= {"public", ""}
    assert refused <= {"checkout-changed", "checkout-link", "file-changed"}
    assert "public" in seen


@pytest.fixture
def nobody() -> Iterator[Callable[[], None]]:
    """Call it to go on as a user who owns nothing, where root would read everything."""
    user = os.geteuid()
    yield lambda: os.seteuid(user or 65534)
    os.seteuid(user)


def test_a_file_that_can_t_be_read_is_named(tmp_path: Path, nobody: Callable[[], None]) -> None:
    workspace = write(tmp_path, {"a": "x"})
    (workspace / "a").chmod(0)
    file = walk.read(workspace, ".").files["a"]
    nobody()
    with pytest.raises(Failure, match="a changed"):
        file.read()


@pytest.mark.parametrize("path", ["a\0b", "\0", "\udcff", "x" * 5000, "a/" * 3000, "~", "$HOME", "."])
def test_an_odd_path_is_one_that_is_not_there(tmp_path: Path, path: str) -> None:
    commit(tmp_path, {"app.py": ""})
    if path == ".":
        assert list(walk.read(tmp_path, path).files) == ["app.py"]
    else:
        assert refusal(tmp_path, path).id == "path-missing"
