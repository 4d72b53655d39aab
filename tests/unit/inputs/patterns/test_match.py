"""Patterns in .gitignore syntax, judged by git itself."""

import random
import time
from pathlib import Path

import pytest

from hfspace_action.inputs.patterns.match import Pattern, Patterns
from tests.kit.gitrepo import git, write

TREES = 2000
NAMES = [
    "a",
    "b",
    "ab",
    "a.b",
    "docs",
    "dist",
    "x.py",
    "X.PY",
    "é",
    "a b",
    "[a]",
    "a]",
    "-",
    "!a",
    "#a",
    "\\a",
    "a*",
    "^",
]
GLOBS = [
    "*", "**", "***", "?", "??", "*.py", "*.*", "a*", "*b", "*a*b*", "a?", "[ab]", "[!a]*", "[^a]", "[]a]", "[a-c]*", "[b-]", "[-a]*",
    "[[:alpha:]]", "[[:upper:][:punct:]]*", "[[:space:]]", "*[[:digit:]]*", "[[:nope:]]", "[a", "a[]", "[\\a]", "[a-\\c]", "[[:a]",
    "\\a", "\\*", "\\!a", "\\#a", "a\\", "#a", "a\\ b", "a**", "**b", "a**b", "[!/]*", "[[a]]", "[:a]", "é", "é*", "d?cs", "[c-a]",
]  # fmt: skip


def pattern(chance: random.Random) -> str:
    parts = [chance.choice(GLOBS if chance.random() < 0.6 else NAMES) for _ in range(chance.choice([1, 1, 1, 2, 2, 3]))]
    text = "/".join(parts)
    before, after = chance.choice(["", "", "", "/", "**/"]), chance.choice(["", "", "", "/", "/**", " ", "\\ ", "/**/"])
    return chance.choice(["", "", "", "!"]) + before + text + after


def tree(chance: random.Random) -> list[str]:
    """The files of a small tree, in which no file is a folder as well."""
    wanted = {
        "/".join(chance.choice(NAMES) for _ in range(chance.choice([1, 1, 2, 2, 3])))
        for _ in range(chance.randint(1, 8))
    }
    return sorted(path for path in wanted if not any(other.startswith(path + "/") for other in wanted))


def folders(files: list[str]) -> set[str]:
    return {"/".join(file.split("/")[:depth]) + "/" for file in files for depth in range(1, file.count("/") + 1)}


def test_patterns_answer_as_git_does_for_random_trees_and_lists(tmp_path: Path) -> None:
    chance = random.Random(13)
    cases = []
    git(tmp_path, "init", "--quiet")
    for number in range(TREES):
        files, lines = tree(chance), [pattern(chance) for _ in range(chance.randint(1, 5))]
        write(tmp_path / str(number), dict.fromkeys(files, ""))
        write(tmp_path / str(number), {".gitignore": "\n".join(lines) + "\n"})
        cases.append((str(number), lines, sorted(folders(files)) + files))
    asked = [f"{number}/{path}".rstrip("/") for number, _, paths in cases for path in paths]
    listed = git(tmp_path, "check-ignore", "--no-index", "-z", "--stdin", stdin="\0".join(asked).encode())
    ignored = set(listed.split("\0"))

    ours = {
        f"{number}/{path}".rstrip("/")
        for number, lines, paths in cases
        for patterns in [Patterns.parse(lines)]
        for path in paths
        if patterns(path)
    }

    wrong = ours ^ (ignored - {""})
    shown = [(path, path in ignored, cases[int(path.partition("/")[0])][1]) for path in sorted(wrong)[:10]]
    assert not wrong, f"{len(wrong)} of {len(asked)} differ; path, git's answer, patterns: {shown}"
    assert len(asked) / 10 < len(ours) < len(asked) * 9 / 10


@pytest.mark.parametrize("line", ["*a*a*a*a*a*a*a*a*b", "**/a/**/a/**/a/**/a/**/b", "[a-z]*[a-z]*[a-z]*[a-z]*[a-z]*0"])
def test_pattern_takes_linear_time(line: str) -> None:
    patterns = Patterns.parse([line])
    began = time.process_time()
    assert not patterns("a/" * 500 + "a" * 3000)
    assert time.process_time() - began < 1


def test_used_are_the_patterns_that_decided_something() -> None:
    patterns = Patterns.parse(["*.py", "# none", "", "!keep.py", "docs/"])
    assert [patterns(path) for path in ("a.py", "keep.py", "b.txt")] == [True, False, False]
    assert [each.text for each in patterns.patterns if each not in patterns.used] == ["docs/"]


@pytest.mark.parametrize(("line", "literal"), [("README.md", True), ("/a/b/", True), ("*.md", False), ("a\\*", False)])
def test_literal_is_a_pattern_that_names_one_path(line: str, literal: bool) -> None:
    found = Pattern.parse(line)
    assert found is not None
    assert found.literal is literal
