"""What some tests need beside Python and git. Where it is missing they are skipped, and say what to do about it."""

import fcntl
import json
import os
import shutil
import subprocess
import urllib.parse
import urllib.request
from pathlib import Path

import pytest


def engine(*images: str) -> None:
    """A Docker engine that answers to the `docker` command and has these images."""
    if _docker("version"):
        pytest.skip("needs a Docker engine that the `docker` command reaches (DOCKER_HOST)")
    for image in images:
        if _docker("image", "inspect", image):
            pytest.skip(f"needs the image {image}: docker pull it, or build one and give it this name")


def node(folder: Path, package: str) -> str:
    """Node with what the lock file in `folder` names; the path of the program."""
    found, npm = shutil.which("node"), shutil.which("npm")
    if not (found and npm):
        pytest.skip(f"needs node and npm, to run the official {package}")
    with (folder / "package-lock.json").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # two processes of pytest that install in one folder empty it for each other
        if not (folder / "node_modules/.package-lock.json").exists():
            command = [npm, "ci", "--no-audit", "--no-fund", "--ignore-scripts"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
            if done.returncode:
                pytest.skip(f"npm could not install {package}: {done.stderr[-500:]}")
    return found


def browser() -> str:
    """Chromium, as Debian and Ubuntu package it, or where CHROMIUM says."""
    program = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not program:
        pytest.skip("needs Chromium: apt-get install chromium, or set CHROMIUM to the program")
    return program


def git_lfs() -> None:
    """The program that git asks for large files."""
    if shutil.which("git-lfs") is None:
        pytest.skip("needs git-lfs: apt-get install git-lfs")


def open_webui() -> Path:
    """The program that lays out Open WebUI's tree, which is too large to be kept here."""
    program = os.environ.get("OPEN_WEBUI", "")
    if not program:
        pytest.skip("set OPEN_WEBUI to a program that lays out Open WebUI's tree as a git checkout at its argument")
    return Path(program)


def _docker(*arguments: str) -> int:
    try:
        return subprocess.run(["docker", *arguments], capture_output=True, timeout=30, check=False).returncode
    except FileNotFoundError:
        return 127


def npm(package: str, folder: Path) -> Path:
    """Download a package of npm (name@version): the archive in `folder`."""
    subprocess.run(["npm", "pack", package, "--silent", "--pack-destination", folder], check=True, capture_output=True)
    return next(folder.glob("*.tgz"))


def unpacked(archive: Path, folder: Path) -> Path:
    """Unpack an archive that has one folder at its top; that one."""
    folder.mkdir()
    subprocess.run(["tar", "--extract", "--file", archive, "--directory", folder], check=True)
    (top,) = folder.iterdir()
    return top


def sdist(name: str, folder: Path) -> Path:
    """Download a source distribution from the index that pip uses. Pip itself would run its build."""
    from pip._internal.models.index import PyPI

    asked = subprocess.run(
        ["python3", "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False
    )
    page = f"{(asked.stdout.strip() or PyPI.simple_url).rstrip('/')}/{name.rpartition('-')[0].replace('_', '-')}/"
    request = urllib.request.Request(page, headers={"Accept": "application/vnd.pypi.simple.v1+json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        files = json.load(answer)["files"]
    address = next(file["url"] for file in files if file["filename"] == f"{name}.tar.gz")
    urllib.request.urlretrieve(urllib.parse.urljoin(page, address), folder / "sdist.tar.gz")
    return folder / "sdist.tar.gz"
