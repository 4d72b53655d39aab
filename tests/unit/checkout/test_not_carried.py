"""What of a checkout can't be carried over to a Space: followed, refused by its reason, or left out with a notice."""

import os
from pathlib import Path

import pytest

from hfspace_action.checkout import walk
from hfspace_action.errors import Failure, Place
from hfspace_action.file import blob_id
from tests.kit.gitrepo import commit, git, write
from tests.unit.checkout.reading import paths, refusal


def test_link_to_a_file_is_carried_as_its_content_with_a_notice(tmp_path: Path) -> None:
    commit(tmp_path, {"apps/web/index.html": "", "shared/logo.svg": "<svg/>"})
    (tmp_path / "apps/web/logo.svg").symlink_to("../../shared/logo.svg")
    commit(tmp_path)
    found = walk.read(tmp_path, "apps/web")
    assert found.files["logo.svg"].read() == b"<svg/>"
    assert found.files["logo.svg"].blob == blob_id(b"<svg/>")
    assert [(each.id, each.place) for each in found.notices] == [("link", Place("apps/web/logo.svg"))]


def test_link_to_a_folder_is_carried_as_its_files(tmp_path: Path) -> None:
    write(tmp_path, {"real/a": "1", "real/deep/b": "2", ".gitignore": "*.log\n"})
    (tmp_path / "alias").symlink_to("real")
    commit(tmp_path)
    write(tmp_path, {"real/x.log": ""})
    found = walk.read(tmp_path, ".")
    assert paths(found) == ["alias/a", "alias/deep/b", "real/a", "real/deep/b"]
    assert found.files["alias/deep/b"].blob == blob_id(b"2")


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("/etc/hostname", "out of the checkout"),
        ("../outside", "out of the checkout"),
        (".git/config", "out of the checkout"),
        ("nowhere", "nowhere"),
        ("link", "nowhere"),
        (".env", "git does not track"),
        ("node_modules/a", "git does not track"),
        (".", "in a circle"),
    ],
)
def test_link_that_can_t_be_followed_is_refused(tmp_path: Path, target: str, why: str) -> None:
    write(tmp_path, {"outside": "secret"})
    workspace = write(tmp_path / "workspace", {"app.py": "", ".gitignore": ".env\nnode_modules\n"})
    (workspace / "link").symlink_to(target)
    commit(workspace)
    write(workspace, {".env": "secret", "node_modules/a": "x"})
    failure = refusal(workspace)
    assert failure.id == "checkout-link"
    assert "link (" in failure.message
    assert why in failure.message
    assert paths(walk.read(workspace, ".", exclude=["link"])) == ["app.py"]


def test_link_to_the_whole_checkout_is_refused_without_a_look_above_it(tmp_path: Path) -> None:
    commit(tmp_path, {".gitignore": "*\n"})
    workspace = commit(tmp_path / "workspace", {"app/x": ""})
    (workspace / "app/all").symlink_to("..")
    git(workspace, "add", "app/all")
    assert "app/all" not in refusal(workspace, "app").message
    assert "all (leads round in a circle)" in refusal(workspace, "app").message


def test_links_that_lead_into_one_another_are_refused(tmp_path: Path) -> None:
    commit(tmp_path, {"a/x": "", "b/y": ""})
    (tmp_path / "a/to-b").symlink_to("../b")
    (tmp_path / "b/to-a").symlink_to("../a")
    commit(tmp_path)
    assert "in a circle" in refusal(tmp_path).message


def test_links_inside_a_built_folder_may_stay_in_it_only(tmp_path: Path) -> None:
    commit(tmp_path, {".gitignore": "dist/\n.env\n"})
    write(tmp_path, {"dist/v1/a.js": "1", ".env": "secret"})
    (tmp_path / "dist/latest").symlink_to("v1")
    assert paths(walk.read(tmp_path, "dist")) == ["latest/a.js", "v1/a.js"]
    (tmp_path / "dist/env").symlink_to("../.env")
    assert "git does not track" in refusal(tmp_path, "dist").message


@pytest.mark.parametrize("folder", ["../other", "/etc", "app/../..", "link-out", ".git", ".git/objects"])
def test_folder_outside_of_the_checkout_is_refused(tmp_path: Path, folder: str) -> None:
    write(tmp_path / "other", {"x": ""})
    workspace = commit(tmp_path / "workspace", {"app/x": ""})
    (workspace / "link-out").symlink_to(tmp_path / "other")
    failure = refusal(workspace, folder)
    assert failure.id == "path-outside"
    assert f"'{folder}'" in failure.message


@pytest.mark.parametrize("folder", ["nowhere", "app.py"])
def test_folder_that_is_none_is_refused(tmp_path: Path, folder: str) -> None:
    commit(tmp_path, {"app.py": ""})
    assert refusal(tmp_path, folder).id == "path-missing"


def test_folder_that_is_a_link_inside_of_the_checkout_is_followed(tmp_path: Path) -> None:
    commit(tmp_path, {"packages/web/index.html": ""})
    (tmp_path / "site").symlink_to("packages/web")
    assert paths(walk.read(tmp_path, "site")) == ["index.html"]


@pytest.mark.parametrize("files", [{}, {".github/x": ""}, {"a.log": "", ".gitignore": "*.log"}])
def test_nothing_to_deploy_is_refused(tmp_path: Path, files: dict[str, str]) -> None:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, files)
    assert refusal(tmp_path).id == "checkout-empty"


def test_repository_that_can_t_be_read_is_refused_rather_than_taken_whole(tmp_path: Path) -> None:
    commit(tmp_path, {"app.py": ""})
    (tmp_path / ".git/index").write_bytes(b"damaged, and long enough to be looked at as an index of some kind")
    assert refusal(tmp_path).id == "checkout-repository"


@pytest.mark.parametrize("folder", [".", "app"])
def test_work_tree_whose_repository_is_not_here_is_refused(folder: str, tmp_path: Path) -> None:
    write(tmp_path, {".git": "gitdir: ../gone\n", ".gitignore": "*.env\n", "app/app.py": "", "app/my.env": "KEY=1"})
    with pytest.raises(Failure) as refused:
        walk.read(tmp_path, folder)
    assert refused.value.id == "checkout-repository"


def test_repository_whose_work_tree_is_elsewhere_is_refused(tmp_path: Path) -> None:
    workspace = commit(tmp_path / "workspace", {"app.py": ""})
    write(tmp_path / "elsewhere", {"app.py": "other"})
    git(workspace, "config", "core.worktree", str(tmp_path / "elsewhere"))
    failure = refusal(workspace)
    assert failure.id == "checkout-repository"
    assert "elsewhere" in failure.message


def test_file_that_the_client_refuses_is_named(tmp_path: Path) -> None:
    commit(tmp_path, {"app.py": "", "a/.cache/x/y": ""})
    failure = refusal(tmp_path)
    assert failure.id == "checkout-cache"
    assert "a/.cache/x/y" in failure.message


@pytest.mark.parametrize(("count", "refused"), [(10_000, False), (10_001, True)])
def test_folder_with_too_many_entries_is_refused(tmp_path: Path, count: int, refused: bool) -> None:
    folder = tmp_path / "icons"
    folder.mkdir()
    for number in range(count):
        (folder / str(number)).touch()
    if refused:
        assert "icons/ (10,001 entries)" in refusal(tmp_path).message
    else:
        assert len(walk.read(tmp_path, ".").files) == count


def test_names_that_differ_by_case_are_noticed(tmp_path: Path) -> None:
    commit(tmp_path, {"Readme": "", "README": "", "docs/a": "", "Docs/b": "", "other": ""})
    (found,) = walk.read(tmp_path, ".").notices
    assert found.id == "case"
    assert "Docs, README, Readme, docs" in found.message


def test_what_is_no_file_is_left_out_with_a_notice(tmp_path: Path) -> None:
    commit(tmp_path, {"app.py": ""})
    os.mkfifo(tmp_path / "pipe")
    found = walk.read(tmp_path, ".", include=["pipe"])
    assert paths(found) == ["app.py"]
    assert [(each.id, each.place) for each in found.notices] == [("special", Place("pipe"))]


@pytest.mark.parametrize(
    ("dockerfile", "lost"),
    [
        ('CMD ["./start.sh"]', True),
        ("CMD ./start.sh --port 80", True),
        ('ENTRYPOINT ["/app/scripts/start.sh"]', True),
        ("RUN make && ./scripts/start.sh", True),
        ("RUN cd scripts; exec ./start.sh", True),
        ('CMD ["bash", "./start.sh"]', False),
        ("RUN bash ./start.sh", False),
        ("RUN chmod +x start.sh\nCMD ./start.sh", False),
        ("COPY --chmod=755 . .\nCMD ./start.sh", False),
        ("COPY ./start.sh /app/", False),
        ("CMD ./restart.sh", False),
    ],
)
def test_lost_executable_bit_is_noticed_where_it_matters(tmp_path: Path, dockerfile: str, lost: bool) -> None:
    commit(tmp_path, {"Dockerfile": f"FROM x\n{dockerfile}\n", "scripts/start.sh": "#!/bin/sh\n", "icon.svg": ""})
    (tmp_path / "scripts/start.sh").chmod(0o755)
    (tmp_path / "icon.svg").chmod(0o755)
    found = walk.read(tmp_path, ".").notices
    assert [(each.id, each.place) for each in found] == ([("executable", Place("scripts/start.sh"))] if lost else [])
