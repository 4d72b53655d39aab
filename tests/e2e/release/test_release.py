"""The steps of a release, on a scratch clone with a remote of its own: as release.yml runs them, without a registry."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from scripts.release import check, image, pin, tags
from scripts.release.version import Version, parse, series
from tests.kit import ROOT

DIGEST, REHEARSE = "sha256:" + "ab" * 32, "sha256:" + "ef" * 32
NAME = "ghcr.io/org/hf-space-deploy"


def git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


class Project:
    """A copy of what a release touches, as a clone with a remote."""

    def __init__(self, folder: Path) -> None:
        self.remote, self.root = folder / "remote.git", folder / "clone"
        subprocess.run(["git", "init", "--quiet", "--bare", "--initial-branch=main", self.remote], check=True)
        subprocess.run(["git", "clone", "--quiet", self.remote, self.root], check=True, capture_output=True)
        for name, value in {"user.name": "Ada", "user.email": "ada@example.com"}.items():
            git(self.root, "config", name, value)
        git(self.root, "checkout", "--quiet", "-b", "main")
        names = (
            "action.yml",
            "rehearse/action.yml",
            "uvx/action.yml",
            "Dockerfile",
            "CHANGELOG.md",
            "hfspace_action/__init__.py",
            "pyproject.toml",
        )
        names += tuple(str(path.relative_to(ROOT)) for path in (ROOT / "scripts/release").glob("*.py"))
        for name in (*names, "scripts/__init__.py"):
            self.write(name, (ROOT / name).read_text("utf-8"))
        self.save("Begin")

    def write(self, name: str, text: str) -> None:
        (self.root / name).parent.mkdir(parents=True, exist_ok=True)
        (self.root / name).write_text(text, "utf-8")

    def edit(self, name: str, pattern: str, new: str) -> None:
        text, found = re.subn(pattern, new, (self.root / name).read_text("utf-8"), flags=re.MULTILINE)
        assert found
        self.write(name, text)

    def version(self, version: str) -> None:
        """What a maintainer changes before a release, and merges."""
        self.edit("hfspace_action/__init__.py", '__version__ = "[^"]*"', f'__version__ = "{version}"')
        self.edit("Dockerfile", 'image.version="[^"]*"', f'image.version="{version}"')
        self.edit("pyproject.toml", '^version = "[^"]*"', f'version = "{version}"')
        self.edit(
            "CHANGELOG.md",
            r"^## \[Unreleased\]\n",
            f"## [Unreleased]\n\n## [{version}] - 2026-11-30\n\n* What {version} brings.\n",
        )
        self.save(f"Prepare {version}")

    def save(self, message: str) -> str:
        git(self.root, "add", "--all")
        git(self.root, "commit", "--quiet", "--message", message)
        git(self.root, "push", "--quiet", "origin", "main")
        return self.head()

    def head(self) -> str:
        return git(self.root, "rev-parse", "HEAD")

    def step(self, module: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A step of release.yml."""
        command = [sys.executable, "-m", f"scripts.release.{module}", *arguments]
        return subprocess.run(
            command, cwd=self.root, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False
        )

    def release(self, version: str) -> str:
        """All steps that need no registry, at the work tree's head; the release's commit."""
        built = self.head()
        for module, *arguments in (
            ("check", version),
            ("image", version, NAME, built),
            ("pin", version, NAME, DIGEST, REHEARSE),
            ("tags", version, built),
        ):
            done = self.step(module, *arguments)
            assert done.returncode == 0, done.stderr
        release = self.head()
        git(self.root, "checkout", "--quiet", "main")
        git(self.root, "reset", "--quiet", "--hard", built)
        return release

    def tags(self) -> dict[str, str]:
        """The tags of the remote, with the commits that they lead to."""
        listed = git(self.remote, "for-each-ref", "--format=%(refname:short) %(objectname) %(*objectname)", "refs/tags")
        return {line.split()[0]: line.split()[-1] for line in listed.splitlines()}

    def file(self, revision: str, name: str) -> str:
        return git(self.remote, "show", f"{revision}:{name}")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path)


def test_a_release_pins_the_image_by_its_digest_and_moves_the_tags(project: Project) -> None:
    project.version("1.0.0")
    built = project.head()

    release = project.release("1.0.0")

    assert project.tags() == {"v1.0.0": release, "v1.0": release, "v1": release}
    assert yaml.safe_load(project.file("v1", "action.yml"))["runs"] == {
        "using": "docker",
        "image": f"docker://{NAME}@{DIGEST}",
    }
    assert (
        yaml.safe_load(project.file("v1", "rehearse/action.yml"))["runs"]["image"]
        == f"docker://{NAME}-rehearse@{REHEARSE}"
    )
    assert "hf-space-deploy==1.0.0" in project.file("v1", "uvx/action.yml")
    assert git(project.remote, "rev-parse", "v1^") == built


def test_main_goes_on_building_the_dockerfile(project: Project) -> None:
    project.version("1.0.0")

    project.release("1.0.0")

    assert yaml.safe_load(project.file("main", "action.yml"))["runs"] == {"using": "docker", "image": "Dockerfile"}


def test_inputs_and_outputs_are_those_of_main(project: Project) -> None:
    project.version("1.0.0")

    project.release("1.0.0")

    for file in ("action.yml", "rehearse/action.yml", "uvx/action.yml"):
        released, before = (yaml.safe_load(project.file(revision, file)) for revision in ("v1", "main"))
        assert {**released, "runs": None} == {**before, "runs": None}


def test_v1_stays_at_the_newest_when_an_older_series_is_mended(project: Project) -> None:
    project.version("1.0.0")
    first = project.head()
    project.release("1.0.0")
    project.version("1.1.0")
    newest = project.release("1.1.0")
    git(project.root, "checkout", "--quiet", "-B", "main", first)
    project.edit("CHANGELOG.md", r"\Z", "\n")
    git(project.root, "push", "--quiet", "--force", "origin", "main")
    project.version("1.0.1")

    mended = project.release("1.0.1")

    assert {tag: project.tags()[tag] for tag in ("v1", "v1.1", "v1.0")} == {
        "v1": newest,
        "v1.1": newest,
        "v1.0": mended,
    }


@pytest.mark.parametrize("annotated", [True, False], ids=["annotated", "light"])
def test_a_tag_that_was_pushed_to_begin_the_release_moves_to_it(project: Project, annotated: bool) -> None:
    project.version("1.0.0")
    git(project.root, "tag", "v1.0.0", *(["--annotate", "--message=1.0.0"] if annotated else []))
    git(project.root, "push", "--quiet", "origin", "v1.0.0")

    release = project.release("1.0.0")

    assert project.tags()["v1.0.0"] == release


def test_what_is_released_is_not_released_again(project: Project) -> None:
    project.version("1.0.0")
    built, release = project.head(), project.release("1.0.0")
    project.step("pin", "1.0.0", NAME, "sha256:" + "cd" * 32, REHEARSE)

    again = project.step("tags", "1.0.0", built)

    assert again.returncode == 1
    assert again.stderr == f"v1.0.0 is released already, at {release}\n"
    assert set(project.tags().values()) == {release}


def test_a_tag_that_somebody_moves_meanwhile_stops_all_of_them(project: Project) -> None:
    project.version("1.0.0")
    first = project.release("1.0.0")
    project.version("1.1.0")
    built = project.head()
    assert project.step("pin", "1.1.0", NAME, DIGEST, REHEARSE).returncode == 0
    release = tags.commit(Version(1, 1, 0), built, project.root)
    hook = project.remote / "hooks/pre-receive"  # somebody else's push comes first
    hook.write_text(f"#!/bin/sh\nunset GIT_QUARANTINE_PATH\ngit update-ref refs/tags/v1 {built}\n")
    hook.chmod(0o755)
    git(project.remote, "fetch", "--quiet", str(project.root), "main")

    with pytest.raises(tags.CannotRelease, match="the tags were not pushed"):
        tags.push(Version(1, 1, 0), built, release, project.root)

    assert project.tags() == {"v1.0.0": first, "v1.0": first, "v1": built}


@pytest.mark.parametrize("extra", ["README.md", "hfspace_action/main.py"], ids=["another file", "the program"])
def test_a_release_changes_nothing_but_the_two_actions(project: Project, extra: str) -> None:
    project.write(extra, "before\n")
    project.version("1.0.0")
    built = project.head()
    assert project.step("pin", "1.0.0", NAME, DIGEST, REHEARSE).returncode == 0
    project.write(extra, "after\n")

    done = project.step("tags", "1.0.0", built)

    assert done.returncode == 1
    assert extra in done.stderr
    assert project.tags() == {}


def refused(project: Project, version: str) -> str:
    done = project.step("check", version)
    assert done.returncode == 1
    return done.stderr


def test_a_version_that_a_file_does_not_have_is_refused(project: Project) -> None:
    project.version("1.0.0")

    assert "hfspace_action/__init__.py says 1.0.0, not 1.0.1" in refused(project, "v1.0.1")
    assert "Dockerfile says 1.0.0, not 1.0.1" in refused(project, "v1.0.1")


@pytest.mark.parametrize("text", ["1", "v1.2", "1.2.3-rc1", "01.2.3", "1.2.3.4", "", "latest"])
def test_what_is_no_version_is_refused(project: Project, text: str) -> None:
    assert "is not a version such as 1.2.3" in refused(project, text)


def test_the_changelog_must_have_the_version_with_a_date_and_words(project: Project) -> None:
    project.version("1.0.0")
    project.edit("CHANGELOG.md", r"^## \[1\.0\.0\] - .*\n", "## [1.0.0]\n")
    assert "no date" in refused(project, "1.0.0")
    project.edit("CHANGELOG.md", r"^## \[1\.0\.0\]\n", "## [1.1.0] - 2026-12-01\n")
    assert "no section `## [1.0.0]" in refused(project, "1.0.0")
    project.edit("CHANGELOG.md", r"^## \[1\.1\.0\][\s\S]*\Z", "## [1.0.0] - 2026-12-01\n")
    assert "is empty" in refused(project, "1.0.0")


def test_what_is_still_unreleased_stops_a_release(project: Project) -> None:
    project.version("1.0.0")
    project.edit("CHANGELOG.md", r"^## \[Unreleased\]\n", "## [Unreleased]\n\n* Something.\n")

    assert "[Unreleased]" in refused(project, "1.0.0")


def test_the_notes_of_a_release_are_its_section_alone(project: Project) -> None:
    project.version("1.0.0")
    project.edit("CHANGELOG.md", r"^## \[Unreleased\]\n", "## [Unreleased]\n\n## [1.0.1] - 2026-12-01\n\n* Mended.\n")

    assert check.notes("1.0.1", project.root) == "* Mended."


def test_an_image_has_its_version_and_the_series_that_it_leads() -> None:
    assert image.tags(Version(1, 2, 0), NAME, [Version(1, 1, 9), Version(1, 2, 0)]) == [
        f"{NAME}:1.2.0",
        f"{NAME}:1.2",
        f"{NAME}:1",
        f"{NAME}:latest",
    ]
    assert image.tags(Version(1, 1, 10), NAME, [Version(1, 1, 9), Version(1, 2, 0)]) == [
        f"{NAME}:1.1.10",
        f"{NAME}:1.1",
    ]
    assert image.tags(Version(1, 9, 0), NAME, [Version(2, 0, 0)]) == [f"{NAME}:1.9.0", f"{NAME}:1.9", f"{NAME}:1"]


def test_versions_compare_as_numbers() -> None:
    assert series(Version(1, 10, 0), [Version(1, 9, 0)]) == ["v1.10", "v1", "latest"]
    assert parse("v1.10.0") == Version(1, 10, 0)


def test_the_image_says_which_commit_it_is_made_of(project: Project) -> None:
    project.version("1.0.0")
    head = project.head()

    done = project.step("image", "1.0.0", "ghcr.io/Org/hf-space-deploy", head)

    blocks: dict[str, Any] = dict(re.findall(r"^(\w+)<<END_OF_\1\n([\s\S]*?)\nEND_OF_\1$", done.stdout, re.MULTILINE))
    labels = dict(line.split("=", 1) for line in blocks["labels"].splitlines())
    assert labels["org.opencontainers.image.revision"] == head
    assert labels["org.opencontainers.image.source"] == "https://github.com/org/hf-space-deploy"
    assert labels["org.opencontainers.image.version"] == "1.0.0"
    assert blocks["tags"].splitlines()[0] == f"{NAME}:1.0.0"  # registries take no capitals


def test_the_image_that_rehearses_is_of_the_same_repository(project: Project) -> None:
    project.version("1.0.0")

    done = project.step("image", "1.0.0", f"{NAME}-rehearse", project.head())

    assert "org.opencontainers.image.source=https://github.com/org/hf-space-deploy\n" in done.stdout
    assert f"{NAME}-rehearse:1.0.0\n" in done.stdout


@pytest.mark.parametrize(
    ("name", "digest"),
    [(NAME, "sha256:abc"), (NAME, "latest"), (f"{NAME}:1", DIGEST), ("nowhere", DIGEST), (NAME, DIGEST + "\nrun: x")],
)
def test_only_an_image_by_its_digest_is_pinned(name: str, digest: str) -> None:
    with pytest.raises(pin.CannotPin):
        pin.action((ROOT / "action.yml").read_text("utf-8"), Version(1, 0, 0), name, digest)


def test_what_is_pinned_is_not_pinned_again(project: Project) -> None:
    assert project.step("pin", "1.0.0", NAME, DIGEST, REHEARSE).returncode == 0
    before = (project.root / "action.yml").read_text("utf-8")

    again = project.step("pin", "1.0.1", NAME, DIGEST, REHEARSE)

    assert again.returncode == 1
    assert "pinned already" in again.stderr
    assert (project.root / "action.yml").read_text("utf-8") == before
