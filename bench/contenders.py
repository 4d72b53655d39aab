"""The ways to put a checkout on a Space that are compared, each run as its own documentation says."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx2
import yaml
from huggingface_hub import HfApi

from tests.kit import ROOT

TOKEN = "hf_alice"
NODE = ROOT / "tests" / "hub" / "api" / "node"
HFJS = NODE / "node_modules" / "@huggingface" / "hub" / "dist" / "cli.js"


@dataclass(frozen=True)
class Job:
    """A checkout to bring to a Space of a Hub. `home` is a fresh folder for caches, as every job on a runner has it."""

    checkout: Path
    space: str
    endpoint: str
    home: Path

    @property
    def environment(self) -> dict[str, str]:
        """What every command gets: an address and a token, and nothing that would make it look for updates."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "HF_HOME": str(self.home / "huggingface"),
            "HF_ENDPOINT": self.endpoint,
            "HF_TOKEN": TOKEN,
            "HF_HUB_DISABLE_UPDATE_CHECK": "1",
            "GIT_TERMINAL_PROMPT": "0",
        }


@dataclass(frozen=True)
class Command:
    """A program to be measured, where it runs, and its environment."""

    arguments: list[str]
    folder: Path
    environment: Mapping[str, str]


@dataclass(frozen=True)
class Contender:
    """One way. `prepare` runs before a Space's first deploy and is not measured; `missing` says what is not there for it on
    this machine or this Hub."""

    name: str
    command: Callable[[Job], Command]
    prepare: Callable[[Job], None] = lambda _: None
    missing: Callable[[str], str | None] = lambda _: None


def _action(job: Job) -> Command:
    """This project's step, which is not to wait for the Space: the others don't either."""
    declared = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))["inputs"]
    given = {"space": job.space, "hf-token": TOKEN, "endpoint": job.endpoint, "wait": "false"}
    inputs = {f"INPUT_{name.upper()}": given.get(name, about.get("default", "")) for name, about in declared.items()}
    files = {f"GITHUB_{name}": str(job.home / name) for name in ("OUTPUT", "STEP_SUMMARY", "STATE", "ENV")}
    for file in files.values():
        Path(file).touch()
    environment = job.environment | inputs | files | {"GITHUB_WORKSPACE": str(job.checkout)}
    return Command([sys.executable, str(ROOT / "entrypoint.py")], job.checkout, environment)


def _hf_upload(job: Job) -> Command:
    """What the official action huggingface/hub-sync runs, word for word."""
    arguments = [str(Path(sys.executable).with_name("hf")), "upload", job.space, ".", "--repo-type", "space"]
    arguments += ["--exclude", ".git*", "--exclude", ".github*", "--delete", "*"]
    return Command(arguments, job.checkout, job.environment)


def _hfjs_upload(job: Job) -> Command:
    """The JavaScript client. It knows no exclusions and would send .git, so it gets the files without it."""
    bare = job.home / "checkout"
    shutil.copytree(job.checkout, bare, ignore=shutil.ignore_patterns(".git*"))
    arguments = ["node", str(HFJS), "upload", job.space, ".", "--repo-type", "space", "--quiet"]
    return Command(arguments, bare, job.environment)


def _git_push(job: Job) -> Command:
    """git, with git-lfs where the checkout uses it. The first push replaces the commit that the Hub makes."""
    remote = job.endpoint.replace("://", f"://alice:{TOKEN}@") + f"/spaces/{job.space}"
    return Command(["git", "push", "--quiet", "--force", remote, "HEAD:main"], job.checkout, job.environment)


def _create(job: Job) -> None:
    """Make the Space: git can't."""
    HfApi(job.endpoint, token=TOKEN).create_repo(job.space, repo_type="space", space_sdk="docker")


def _no_node(_: str) -> str | None:
    if not shutil.which("node") or not shutil.which("npm"):
        return "Node.js and npm are not installed"
    if not HFJS.exists():
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=NODE, check=True)
    return None


def _no_git(endpoint: str) -> str | None:
    """Whether this Hub serves git."""
    HfApi(endpoint, token=TOKEN).create_repo("alice/git", repo_type="space", space_sdk="static", exist_ok=True)
    address = f"{endpoint}/spaces/alice/git/info/refs?service=git-receive-pack"
    status = httpx2.get(address, auth=("alice", TOKEN)).status_code
    return None if status == 200 else f"localhub does not serve git (HTTP {status})"


CONTENDERS = (
    Contender("this action", _action),
    Contender("hf upload", _hf_upload),
    Contender("hfjs upload", _hfjs_upload, missing=_no_node),
    Contender("git push", _git_push, prepare=_create, missing=_no_git),
)
