"""What `include` and `exclude` choose, judged by git where it has an answer, and what is said of the choice."""

import random
from pathlib import Path

import pytest

from hfspace_action.checkout import walk
from hfspace_action.errors import Failure
from tests.kit.gitrepo import commit, git, write
from tests.unit.inputs.patterns.test_match import pattern, tree


def chosen(workspace: Path, **selection: list[str]) -> list[str]:
    return list(walk.read(workspace, ".", **selection).files)


def notes(workspace: Path, **selection: list[str]) -> list[str]:
    return [note.message for note in walk.read(workspace, ".", **selection).notices]


def test_exclude_leaves_out_what_git_would_ignore_of_random_trees_and_lists(tmp_path: Path) -> None:
    chance = random.Random(16)
    for number in range(60):
        files = [path for path in tree(chance) if ".git" not in path]
        lines = [line.strip() for line in (pattern(chance) for _ in range(3)) if line.strip()]
        workspace = commit(tmp_path / str(number), dict.fromkeys([*files, "always"], "x"))
        write(tmp_path / str(number) / ".git/info", {"exclude": "\n".join([*lines, "sentinel"]) + "\n"})
        asked = "\0".join([*files, "always", "sentinel"]).encode()
        listed = git(workspace, "check-ignore", "--no-index", "-z", "--stdin", stdin=asked)
        expected = sorted({*files, "always"} - set(listed.split("\0")))
        if expected:
            assert chosen(workspace, exclude=lines) == expected, lines


def test_include_brings_untracked_files_and_neither_git_s_own_nor_the_space_s_rules(tmp_path: Path) -> None:
    commit(tmp_path, {".gitignore": "dist/\n", ".gitattributes": "", ".github/x": "", "app.py": ""})
    write(tmp_path, {"dist/a.js": "", "dist/b.map": "", "dist/deep/c.js": "", "dist/.gitignore": "*", "new.txt": ""})
    assert chosen(tmp_path, include=["dist/**/*.js"]) == ["app.py", "dist/a.js", "dist/deep/c.js"]
    assert chosen(tmp_path, include=["dist/", "new.txt"]) == [
        "app.py",
        "dist/a.js",
        "dist/b.map",
        "dist/deep/c.js",
        "new.txt",
    ]
    assert chosen(tmp_path, include=["dist/**", "!*.map"]) == ["app.py", "dist/a.js", "dist/deep/c.js"]
    assert chosen(tmp_path, include=[".git*"]) == [".github/x", ".gitignore", "app.py", "dist/.gitignore"]
    found = walk.read(tmp_path, ".", include=["dist/**"])
    assert found.commit is None
    assert "Brought by `include`: 3 files, 2 in dist/, 1 in dist/deep/." in found.remarks


def test_include_does_not_reach_into_what_tools_installed_unless_it_names_that(tmp_path: Path) -> None:
    commit(tmp_path, {"app.py": ""})
    write(
        tmp_path,
        {
            "dist/a.js": "",
            "packages/web/dist/b.js": "",
            "node_modules/x/dist/c.js": "",
            ".venv/lib/site-packages/y/dist/d.js": "",
            "env/pyvenv.cfg": "",
            "env/lib/dist/e.js": "",
            ".cache/dist/f.js": "",
        },
    )
    assert chosen(tmp_path, include=["dist/"]) == ["app.py", "dist/a.js", "packages/web/dist/b.js"]
    found = walk.read(tmp_path, ".", include=["dist/"])
    assert "Brought by `include`: 2 files, 1 in dist/, 1 in packages/web/dist/." in found.remarks
    assert found.left_out.paths["untracked"] == [".cache/", ".venv/", "env/", "node_modules/"]
    assert chosen(tmp_path, include=["node_modules/x/dist/"]) == ["app.py", "node_modules/x/dist/c.js"]


def test_exclude_wins_over_include(tmp_path: Path) -> None:
    commit(tmp_path, {".gitignore": "dist/\n", "docs/a.md": "", "docs/b/c.md": "", "tests/x.py": "", "app.py": ""})
    write(tmp_path, {"dist/a.js": "", "dist/secret": ""})
    found = walk.read(tmp_path, ".", include=["dist/"], exclude=["tests/", "docs/**/*.md", "secret"])
    assert list(found.files) == ["app.py", "dist/a.js"]
    assert found.left_out.counts == {"excluded": 4, "machinery": 1}


def test_exclude_brings_single_files_back_as_git_does(tmp_path: Path) -> None:
    commit(tmp_path, {"docs/x.md": "", "docs/y.md": "", "docs/deep/z.md": "", "app.py": ""})
    assert chosen(tmp_path, exclude=["docs/**", "!docs/y.md"]) == ["app.py", "docs/y.md"]
    assert chosen(tmp_path, exclude=["docs/", "!docs/y.md"]) == ["app.py"]


def test_what_was_left_out_is_one_line_with_counts_names_and_the_way_to_bring_it(tmp_path: Path) -> None:
    commit(tmp_path, {".github/a": "", ".gitignore": "dist/\n", "tests/x": "", "app.py": ""})
    write(tmp_path, {"gha-creds-1.json": "{}", "node_modules/a/b": "", "dist/a.js": ""})
    (line,) = walk.read(tmp_path, ".", exclude=["tests/"]).remarks
    assert line == (
        "Left out: 1 excluded (tests/), 2 of git and GitHub (.github/, .gitignore), 3 untracked: dist/, gha-creds-1.json, node_modules/. "
        "To deploy one of them, name it: `include: dist/`"
    )


@pytest.mark.parametrize(
    ("line", "hint"),
    [
        ("./tests", "write `tests`"),
        ("'tests/'", "write `tests/`"),
        ('"tests/"', "write `tests/`"),
        ("*.a,*.b", "one a line"),
        ("*.a *.b", "one a line"),
        ("- tests/", "write `tests/`"),
        ("tests\\x.py", "write `tests/x.py`"),
        ("Tests/", "upper and lower case"),
        ("/github/workspace/tests", "relative to the deployed folder"),
        ("../tests", "relative to the deployed folder"),
    ],
)
@pytest.mark.parametrize("name", ["include", "exclude"])
def test_a_pattern_that_matches_nothing_is_a_warning_with_what_it_meant(
    tmp_path: Path, name: str, line: str, hint: str
) -> None:
    commit(tmp_path, {"tests/x.py": "", "app.py": ""})
    (message,) = notes(tmp_path, **{name: [line]})
    assert message.startswith(f"`{name}: {line}` matches nothing: ")
    assert hint in message


def test_a_pattern_with_the_path_of_the_deployed_folder_is_a_warning(tmp_path: Path) -> None:
    commit(tmp_path, {"app/tests/x.py": "", "app/app.py": ""})
    (note,) = walk.read(tmp_path, "app", exclude=["app/tests/"]).notices
    assert "write `tests/`" in note.message


def test_patterns_that_match_or_that_another_makes_redundant_are_no_warning(tmp_path: Path) -> None:
    commit(tmp_path, {"tests/x.py": "", "docs/a.md": "", "docs/y.md": "", "app.py": ""})
    write(tmp_path, {"dist/a": ""})
    assert (
        notes(tmp_path, exclude=["*.py", "tests/", "docs/*", "!docs/y.md"], include=["dist/", "dist/a", "docs/y.md"])
        == []
    )


def test_a_negation_without_effect_is_a_warning(tmp_path: Path) -> None:
    commit(tmp_path, {"docs/a.md": "", "docs/y.md": "", "app.py": ""})
    (message,) = notes(tmp_path, exclude=["docs/", "!docs/y.md"])
    assert message.startswith("`exclude: !docs/y.md` brings nothing back: ")
    assert "in place of" in message


def test_path_that_names_an_untracked_folder_of_a_monorepo_takes_it_whole(tmp_path: Path) -> None:
    commit(tmp_path, {"web/src/a.ts": ""})
    write(tmp_path, {"web/out/index.html": "", "web/out/.env.js": "", "web/node_modules/x": ""})
    found = walk.read(tmp_path, "web/out")
    assert list(found.files) == [".env.js", "index.html"]
    assert found.remarks == ("`path: web/out` is not tracked by git, and so is deployed whole.",)


def test_a_link_to_what_is_not_tracked_is_refused_unless_include_names_that(tmp_path: Path) -> None:
    commit(tmp_path, {"app.py": ""})
    write(tmp_path, {"build/a": "1"})
    (tmp_path / "current").symlink_to("build")
    git(tmp_path, "add", "current")
    with pytest.raises(Failure, match="leads to what git does not track"):
        walk.read(tmp_path, ".")
    assert chosen(tmp_path, include=["build/"]) == ["app.py", "build/a", "current/a"]
