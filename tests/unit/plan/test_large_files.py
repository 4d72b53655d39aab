"""What a Space's `.gitattributes` says about large files, as git itself reads it."""

import subprocess
from pathlib import Path

import pytest

from hfspace_action.file import File
from hfspace_action.plan.large_files import FIRST, LARGEST_REGULAR, Attributes, Storage

LFS = "filter=lfs diff=lfs merge=lfs -text"
RULES = f"""\
*.bin {LFS}
*.tar.* {LFS}
*tfevents* {LFS}
saved_model/**/* {LFS}
/top.dat {LFS}
deep/name.dat {LFS}
anywhere.dat {LFS}
with[[:space:]]space.dat {LFS}
star\\*.dat {LFS}
[ab].dat {LFS}
x?.dat {LFS}
**/assets/*.png {LFS}
first/**/last.obj {LFS}
all/** {LFS}
mid**dle.obj {LFS}
not.bin -filter
odd.bin filter=other
# comment.bin {LFS}
docs/*.md text
"""
PATHS = (
    "a.bin", "d/a.bin", "a.bin/file.txt", "x.tar.gz", "x.tar", "d/events.out.tfevents.1", "saved_model/a", "saved_model/d/a",
    "d/saved_model/a", "top.dat", "d/top.dat", "deep/name.dat", "d/deep/name.dat", "anywhere.dat", "d/e/anywhere.dat",
    "with space.dat", "d/with space.dat", "star*.dat", "starry.dat", "a.dat", "c.dat", "x1.dat", "x12.dat", "not.bin", "d/not.bin",
    "assets/a.png", "d/e/assets/a.png", "assets/d/a.png", "first/last.obj", "first/d/e/last.obj", "all/a", "all/d/a", "x/all/a",
    "middle.obj", "mid/dle.obj", "midXdle.obj", "odd.bin", "comment.bin", "docs/a.md", ".bin", "README.md",
)  # fmt: skip


def test_rules_are_read_as_git_reads_them(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    (tmp_path / ".gitattributes").write_text(RULES)
    asked = subprocess.run(
        ["git", "-C", tmp_path, "check-attr", "-z", "filter", *PATHS], capture_output=True, text=True, check=True
    )
    fields = asked.stdout.split("\0")[:-1]
    git = {path: value == "lfs" for path, value in zip(fields[::3], fields[2::3], strict=True)}
    rules = Attributes(RULES)

    assert {path: rules.lfs(path) for path in PATHS} == git


def test_a_new_space_keeps_large_and_known_files_in_lfs() -> None:
    stored = Storage()

    assert stored(File.of("model.safetensors", b"x"))
    assert not stored(File.of("empty.bin", b"")), "there is nothing to keep"
    assert not stored(File.of("page.html", b"x"))
    assert stored(File.of("large.txt", b"x" * (LARGEST_REGULAR + 1)))


def test_a_line_of_the_hubs_for_one_file_counts() -> None:
    assert Storage(FIRST + f"static/logo.png {LFS}\n")(File.of("static/logo.png", b"x"))


@pytest.mark.timeout(10)
@pytest.mark.parametrize(
    "rules", ["*a" * 200 + f" {LFS}\n", f"*x*y {LFS}\n" * 5000, "".join(f"dir/{n}.png {LFS}\n" for n in range(20_000))]
)
def test_rules_of_strangers_take_no_long_time(rules: str) -> None:
    stored = Attributes(rules)
    for number in range(2000):
        stored.lfs(f"{'a' * 100}/{number}.html")


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "pattern", ["[b-a].x", "[a-\\].x", "[!]a].x", "[a--b].x", "[&&~~||].x", "[[:alpha:]].x", "*[z-"]
)
def test_a_set_that_is_none_is_passed_over_and_the_others_count(pattern: str) -> None:
    rules = Attributes(f"*.bin filter=lfs\n{pattern} filter=lfs\nmodels/*_big* filter=lfs\n")

    assert [rules.lfs(path) for path in ("one.bin", "models/a_big.y", "n/models/a_big.y")] == [True, True, False]
