"""The wanted tree and its difference from the Space's, judged by git itself on real repositories."""

import atexit
import functools
import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hfspace_action.errors import Failure
from hfspace_action.file import Entry, File, Pointer, blob_id
from hfspace_action.inputs.patterns.match import Patterns
from hfspace_action.plan import tree
from tests.kit.gitrepo import git

# Names that git sorts in surprising ways, and few enough that random trees meet.
FOLDERS = st.sampled_from(["a", "a.b", "a-b", "a0", "A", "é"])
NAMES = FOLDERS | st.sampled_from([".gitattributes", "README.md"])
PATHS = st.tuples(st.lists(FOLDERS, max_size=2), NAMES).map(lambda parts: "/".join([*parts[0], parts[1]]))
CONTENTS = st.sampled_from([b"", b"x", b"y", b"longer text\n", b"longer bytes"])
Tree = dict[str, bytes]


@st.composite
def trees(draw: st.DrawFn) -> Tree:
    made: Tree = {}
    for path in draw(st.lists(PATHS, max_size=8, unique=True)):
        if not any(path.startswith(other + "/") or other.startswith(path + "/") for other in made):
            made[path] = draw(CONTENTS)
    return made


def without_rules(files: Tree) -> Tree:
    return {path: content for path, content in files.items() if path != ".gitattributes"}


def pointer(content: bytes) -> bytes:
    return b"version https://git-lfs.github.com/spec/v1\noid sha256:%s\nsize %d\n" % (
        hashlib.sha256(content).hexdigest().encode(),
        len(content),
    )


def files_of(contents: Mapping[str, bytes]) -> list[File]:
    return [File.of(path, content) for path, content in contents.items()]


@functools.cache
def repository() -> Path:
    """One repository for all examples."""
    made = tempfile.TemporaryDirectory()
    atexit.register(made.cleanup)
    git(Path(made.name), "init", "--quiet", "--bare")
    return Path(made.name)


def import_tree(branch: str, contents: Mapping[str, bytes], modes: Mapping[str, str] | None = None) -> None:
    """Make a branch hold this tree, and no history."""
    stream = (
        f"reset refs/heads/{branch}\ncommit refs/heads/{branch}\ncommitter t <t@example.com> 0 +0000\ndata 0\n".encode()
    )
    for path, content in contents.items():
        mode = modes[path] if modes else "100644"
        stream += f"M {mode} inline {path}\ndata {len(content)}\n".encode() + content + b"\n"
    git(repository(), "fast-import", "--quiet", "--force", stdin=stream)


class Hub:
    """A Space's tree in a real repository, listed as the Hub lists it. `lfs` and `executable` choose by path."""

    def __init__(self, contents: Tree, lfs: Callable[[str], bool], executable: Callable[[str], bool]) -> None:
        self.contents, self.lfs = contents, lfs
        self.asked: list[str] = []
        stored = {path: pointer(content) if lfs(path) else content for path, content in contents.items()}
        modes = {path: "100755" if executable(path) else "100644" for path in contents}
        import_tree("stored", stored, modes)
        self.listing = git(repository(), "ls-tree", "-r", "-t", "-z", "stored").split("\0")[:-1]

    def list_folder(self, folder: str) -> Iterable[Entry]:
        self.asked.append(folder)
        for line in self.listing:
            about, _, path = line.partition("\t")
            _, kind, oid = about.split(" ")
            if path.rpartition("/")[0] == folder:
                content = self.contents.get(path, b"")
                sha256 = hashlib.sha256(content).hexdigest() if path in self.contents and self.lfs(path) else None
                yield Entry(path, "directory" if kind == "tree" else "file", oid, len(content), sha256)

    def list_all(self, folder: str) -> Iterable[Entry]:
        """With all folders below, in git's order."""
        self.asked.append(f"{folder}/**")
        asked, folders = list(self.asked), [folder]
        for each in folders:
            for entry in self.list_folder(each):
                yield entry
                folders += [entry.path] if entry.kind == "directory" else []
        self.asked = asked

    def after(self, change: tree.Difference) -> Tree:
        """The tree once a change is made."""
        left = dict(self.contents)
        for path in change.removed:
            gone = [each for each in left if each == path or (path.endswith("/") and each.startswith(path))]
            assert gone, f"{path} was not there to be removed"
            for each in gone:
                del left[each]
        for file in change.added:
            assert file.path not in left
            left[file.path] = file.read()
        for file in change.changed:
            assert left[file.path] != file.read()
            left[file.path] = file.read()
        return left


CHOICES = st.frozensets(st.integers(0, 7)).map(lambda chosen: lambda path: len(path) % 8 in chosen)
quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(contents=trees(), lfs=CHOICES)
def test_id_is_git_s_own_of_the_tree_as_the_hub_stores_it(contents: Tree, lfs: Callable[[str], bool]) -> None:
    contents = without_rules(contents)
    Hub(contents, lfs, executable=lambda _: False)
    assert (
        tree.build(files_of(contents), lambda file: lfs(file.path)).id
        == git(repository(), "rev-parse", "stored^{tree}").strip()
    )


@quick
@given(wanted=trees(), space=trees(), lfs=CHOICES, guess=CHOICES, executable=CHOICES)
def test_difference_is_what_git_diff_tree_finds(
    wanted: Tree,
    space: Tree,
    lfs: Callable[[str], bool],
    guess: Callable[[str], bool],
    executable: Callable[[str], bool],
) -> None:
    hub = Hub(space, lfs, executable)
    change = tree.difference(tree.build(files_of(wanted), lambda file: guess(file.path)), hub.list_folder)

    import_tree("space", without_rules(space))
    import_tree("wanted", without_rules(wanted))
    words = git(repository(), "diff-tree", "-r", "-z", "--no-renames", "--name-status", "space", "wanted").split("\0")[
        :-1
    ]
    found = set(zip(words[::2], words[1::2], strict=True))

    gone = {
        each
        for each in space
        if any(each == path or (path[-1] == "/" and each.startswith(path)) for path in change.removed)
    }
    assert found == (
        {("A", file.path) for file in change.added}
        | {("M", file.path) for file in change.changed}
        | {("D", path) for path in gone}
    )
    assert change.unchanged == len(without_rules(wanted)) - len(change.files)
    assert hub.asked[:1] == [""]
    assert len(hub.asked) == len(set(hub.asked))
    rules = {path: content for path, content in space.items() if path == ".gitattributes"}
    assert hub.after(change) == without_rules(wanted) | rules


@quick
@given(wanted=trees(), space=trees(), kept=CHOICES)
def test_difference_with_keep_removes_all_but_what_is_kept(
    wanted: Tree, space: Tree, kept: Callable[[str], bool]
) -> None:
    wanted, space = without_rules(wanted), without_rules(space)
    hub = Hub(space, lfs=lambda _: False, executable=lambda _: False)
    keep = {path: content for path, content in space.items() if kept(path) and path not in wanted}
    in_the_way = any(a.startswith(b + "/") or b.startswith(a + "/") for a in keep for b in wanted)
    folder = tree.build(files_of(wanted), lambda _: False)
    if in_the_way:
        with pytest.raises(Failure) as caught:
            tree.difference(folder, hub.list_folder, lambda path: path in keep)
        assert caught.value.id == "keep-conflict"
    else:
        assert hub.after(tree.difference(folder, hub.list_folder, lambda path: path in keep)) == wanted | keep


def test_difference_of_equal_trees_asks_for_the_root_only() -> None:
    contents = {"a/b/c": b"1", "a/d": b"2", "e": b"3"}
    hub = Hub(contents, lfs=lambda path: path == "a/d", executable=lambda _: False)
    change = tree.difference(tree.build(files_of(contents), lambda file: file.path == "a/d"), hub.list_folder)
    assert not change
    assert hub.asked == [""]


def test_difference_of_one_deep_file_asks_for_its_folders_only() -> None:
    hub = Hub({"a/b/c": b"1", "x/y/z": b"2", "p/q": b"3"}, lfs=lambda _: False, executable=lambda _: False)
    wanted = tree.build(files_of({"a/b/c": b"1", "x/y/z": b"changed", "p/q": b"3"}), lambda _: False)
    change = tree.difference(wanted, hub.list_folder)
    assert [file.path for file in change.changed] == ["x/y/z"]
    assert hub.asked == ["", "x", "x/y"]


def test_difference_in_many_folders_lists_them_at_once() -> None:
    space = {f"a/{number}/{deep}/file": b"1" for number in range(9) for deep in range(9)} | {
        "b/c": b"1",
        "gone/d": b"1",
    }
    wanted = {path: b"changed" for path in space if path.startswith("a/")} | {
        "b/c": b"2",
        "a/8/new": b"3",
        "new/e": b"4",
    }
    del wanted["a/1/2/file"]
    hub = Hub(space, lfs=lambda _: False, executable=lambda _: False)
    change = tree.difference(
        tree.build(files_of(wanted), lambda _: False), hub.list_folder, Patterns.parse(["*.db"]), hub.list_all
    )
    assert hub.after(change) == wanted
    assert hub.asked == ["", "gone", "a/**", "b"]


@pytest.mark.parametrize("wrong", ["guessed-lfs", "guessed-regular", "executable-on-the-hub"])
def test_difference_when_ids_mislead_costs_a_listing_but_no_change(wrong: str) -> None:
    contents = {"folder/file": b"same"}
    hub = Hub(contents, lfs=lambda _: wrong == "guessed-regular", executable=lambda _: wrong == "executable-on-the-hub")
    change = tree.difference(tree.build(files_of(contents), lambda _: wrong == "guessed-lfs"), hub.list_folder)
    assert not change
    assert hub.asked == ["", "folder"]


def test_difference_of_lfs_files_with_known_sha256_reads_none(tmp_path: Path) -> None:
    content = b"large"
    file = File("model.bin", len(content), None, str(tmp_path / "is-not-there"), hashlib.sha256(content).hexdigest())
    hub = Hub({"model.bin": content}, lfs=lambda _: True, executable=lambda _: False)
    assert not tree.difference(tree.build([file], lambda _: True), hub.list_folder)


def test_difference_of_a_file_of_another_size_does_not_read_it(tmp_path: Path) -> None:
    file = File("model.bin", 6, None, str(tmp_path / "is-not-there"))
    hub = Hub({"model.bin": b"large"}, lfs=lambda _: True, executable=lambda _: False)
    assert tree.difference(tree.build([file], lambda _: True), hub.list_folder).changed == (file,)


def test_difference_of_an_unwanted_folder_removes_it_whole_without_looking_in() -> None:
    hub = Hub({"old/a": b"1", "old/b/c": b"2", "e": b"3"}, lfs=lambda _: False, executable=lambda _: False)
    change = tree.difference(tree.build(files_of({"e": b"3"}), lambda _: False), hub.list_folder)
    assert change.removed == ("old/",)
    assert hub.asked == [""]


def test_difference_keeps_by_gitignore_patterns() -> None:
    space = {"data/users.db": b"1", "data/old.txt": b"2", "logs/a.log": b"3", "tmp/x": b"4", "e": b"5"}
    hub = Hub(space, lfs=lambda _: False, executable=lambda _: False)
    wanted = tree.build(files_of({"e": b"5"}), lambda _: False)
    change = tree.difference(wanted, hub.list_folder, Patterns.parse(["*.db", "/logs/"]))
    assert change.removed == ("data/old.txt", "tmp/")
    assert "logs" not in hub.asked


def test_difference_keeps_nothing_that_the_checkout_needs_the_name_of() -> None:
    hub = Hub({"data/users.db": b"1"}, lfs=lambda _: False, executable=lambda _: False)
    with pytest.raises(Failure, match="'data'") as caught:
        tree.difference(
            tree.build(files_of({"data": b"file"}), lambda _: False), hub.list_folder, Patterns.parse(["*.db"])
        )
    assert caught.value.id == "keep-conflict"


def test_difference_leaves_alone_what_the_client_can_t_touch() -> None:
    hub = Hub({".cache/x": b"1", "a/.cache/y": b"2", "a/b": b"3"}, lfs=lambda _: False, executable=lambda _: False)
    assert not tree.difference(tree.build(files_of({"a/b": b"3"}), lambda _: False), hub.list_folder)


@given(content=st.binary(max_size=300))
def test_file_ids_are_git_s_and_sha256_s(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as name:
        path = Path(name, "file")
        path.write_bytes(content)
        for source in (content, os.fspath(path)):
            file = File("file", len(content), None, source)
            assert file.with_blob().blob == hashlib.sha1(b"blob %d\0%s" % (len(content), content)).hexdigest()
            assert file.with_sha256().sha256 == hashlib.sha256(content).hexdigest()


@given(content=st.binary(max_size=50))
def test_pointer_is_read_and_identified_as_git_lfs_writes_it(content: bytes) -> None:
    parsed = Pointer.parse(pointer(content))
    assert parsed == (hashlib.sha256(content).hexdigest(), len(content))
    assert parsed is not None
    assert parsed.blob == blob_id(pointer(content))


@pytest.mark.parametrize(
    "text", [b"", b"version https://git-lfs.github.com/spec/v1\n", pointer(b"x") + b"more", pointer(b"x")[:-1]]
)
def test_pointer_is_not_seen_in_other_text(text: bytes) -> None:
    assert Pointer.parse(text) is None
