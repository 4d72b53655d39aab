"""No real app, Dockerfile or requirement file is stopped that runs. Downloads them: run by `make packages`."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from hfspace_action.file import File
from hfspace_action.foresight import Tree, foresee
from hfspace_action.readers.files import Deployed
from tests.kit.needs import sdist, unpacked
from tests.kit.trees import APP

pytestmark = [pytest.mark.packages, pytest.mark.timeout(900)]

# Source distribution → at least so many apps of Gradio, Dockerfiles and requirement files in it.
PACKAGES = {
    "dockerspawner-13.0.0": (0, 3, 2),
    "evaluate-0.4.3": (1, 0, 0),
    "fastapi-0.115.0": (0, 0, 6),
    "gradio-3.50.2": (15, 0, 3),
    "gradio-4.44.1": (20, 0, 3),
    "gradio-5.49.1": (20, 4, 3),
    "great_expectations-1.0.0": (0, 0, 30),
    "gunicorn-23.0.0": (0, 0, 6),
    "jupyterhub-5.2.1": (0, 6, 4),
}
# What is right to say of a requirement file: a Gradio Space has no other file when it installs this one.
OTHER_FILES = {"requirements-missing", "requirement-path"}


@pytest.mark.parametrize("package", PACKAGES)
def test_what_is_in_a_package_is_not_stopped(package: str, tmp_path: Path) -> None:
    top = unpacked(sdist(package, tmp_path), tmp_path / "files")

    apps, dockerfiles, requirements = list(of_apps(top)), list(of_dockerfiles(top)), list(of_requirements(top))

    least = PACKAGES[package]
    assert min(len(apps) - least[0], len(dockerfiles) - least[1], len(requirements) - least[2]) >= 0
    assert [told for each in (*apps, *dockerfiles, *requirements) for told in each] == []


def of_apps(top: Path) -> Iterator[list[str]]:
    """Each script that launches, as the app of a Space of its folder."""
    for path in top.rglob("*.py"):
        if ".launch(" in path.read_text("utf-8", "replace") and path.parent.name not in ("gradio", "cli"):
            yield told(path, tree(path.parent, "gradio", app_file=path.name))


def of_dockerfiles(top: Path) -> Iterator[list[str]]:
    """Each Dockerfile, built from its folder or from the whole."""
    for path in top.rglob("Dockerfile"):
        text = File.of("Dockerfile", path.read_bytes())
        yield min((told(path, tree(root, "docker", text)) for root in (path.parent, top)), key=len)


def of_requirements(top: Path) -> Iterator[list[str]]:
    for path in top.rglob("*requirements*.txt"):
        files = (File.of("requirements.txt", path.read_bytes()), File.of("app.py", APP.encode()))
        found = tree(None, "gradio", *files)
        yield [each for each in told(path, found) if each.split(": ")[1].split()[0] not in OTHER_FILES]


def tree(root: Path | None, sdk: str, *more: File, **data: str) -> Tree:
    paths = [path for path in root.rglob("*") if path.is_file() and not path.is_symlink()] if root else []
    there = {
        name: File(name, path.stat().st_size, None, str(path))
        for path in paths
        if root and (name := path.relative_to(root).as_posix()) and not re.search(r"(?:^|/)node_modules/", name)
    }
    return Tree(Deployed({**there, **{file.path: file for file in more}}), sdk, {"sdk": sdk, **data})


def told(path: Path, of: Tree) -> list[str]:
    """What would stop this Space."""
    return [f"{path.name}: {one.id} {one.place} {one.message}" for one in foresee(of).certain]
