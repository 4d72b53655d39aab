"""What keeps a checkout from being deployed: all of it at once, with the lines that leave it out."""

from pathlib import Path

import pytest

from hfspace_action.card import card
from hfspace_action.checkout import walk
from hfspace_action.errors import Failure, Failures
from tests.kit.gitrepo import commit, write
from tests.kit.space.made_repositories import PAGE, STREAMLIT
from tests.kit.step.paste import paste

POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "a" * 64 + "\nsize 12345\n"


def obstacles(workspace: Path, **inputs: str) -> list[str]:
    exclude = inputs.get("exclude", "").splitlines()
    try:
        found = walk.look(workspace, ".", exclude=exclude)
        card.complete(found, space="alice/demo", sdk=None, front_matter={})
    except Failures as several:
        return [failure.id for failure in several.failures]
    except Failure as failure:
        return [failure.id]
    return []


def test_every_obstacle_is_named_at_once(tmp_path: Path) -> None:
    write(tmp_path, {"app.py": STREAMLIT, "models/a.bin": POINTER})
    (tmp_path / "dangling").symlink_to("gone")
    commit(tmp_path)

    assert sorted(obstacles(tmp_path)) == ["checkout-lfs", "checkout-link", "sdk-streamlit"]


@pytest.mark.parametrize("content", [POINTER, POINTER.rstrip("\n"), POINTER.replace("\n", "\r\n")])
@pytest.mark.parametrize("name", ["model.bin", "models/a [1].bin", "w*.bin"])
def test_a_pointer_that_the_app_does_not_need_is_left_out_by_the_lines(tmp_path: Path, content: str, name: str) -> None:
    commit(tmp_path, {"index.html": PAGE, name: content, "models/kept.txt": ""})
    with pytest.raises(Failure) as refused:
        walk.read(tmp_path, ".")

    inputs = paste(refused.value.advice, tmp_path)

    assert obstacles(tmp_path, **inputs) == []
    assert "models/kept.txt" in walk.read(tmp_path, ".", exclude=inputs["exclude"].splitlines()).files


def test_a_dangling_link_is_left_out_by_the_lines(tmp_path: Path) -> None:
    write(tmp_path, {"index.html": PAGE})
    (tmp_path / "data").symlink_to("/mnt/data")
    commit(tmp_path)
    with pytest.raises(Failure, match="data") as refused:
        walk.read(tmp_path, ".")

    assert obstacles(tmp_path, **paste(refused.value.advice, tmp_path)) == []


def test_files_that_git_crypt_keeps_locked_are_refused(tmp_path: Path) -> None:
    locked = b"\0GITCRYPT\0" + b"\x07" * 40
    write(tmp_path / "keys", {".gitattributes": "*.key filter=git-crypt diff=git-crypt\n"})
    commit(tmp_path, {"index.html": PAGE, "keys/a/b.key": locked, "keys/open.txt": "open"})

    with pytest.raises(Failure, match=r"git-crypt and were not unlocked: keys/a/b\.key\.") as refused:
        walk.read(tmp_path, ".")
    assert refused.value.id == "checkout-encrypted"
    assert obstacles(tmp_path, **paste(refused.value.advice, tmp_path)) == []


def test_without_git_crypt_no_file_is_opened_for_it(tmp_path: Path) -> None:
    commit(tmp_path, {"index.html": PAGE, "a.bin": b"\0GITCRYPT\0" + b"\x07" * 40})
    assert "a.bin" in walk.read(tmp_path, ".").files
