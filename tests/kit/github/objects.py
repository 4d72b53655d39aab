"""The stand-in's git: objects and branches of a real repository on the disk, as GitHub's git data API shows them."""

import base64
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.kit.gitrepo import ENVIRONMENT, git

from .judge import filled

if TYPE_CHECKING:
    from .server import Asked

_MISSING = 404, {"message": "Not Found", "status": "404"}
_EXISTS = 422, {"message": "Reference already exists", "documentation_url": "https://docs.github.com", "errors": []}


def _ask(asked: "Asked", *arguments: str, given: bytes | None = None, **env: str) -> str | None:
    """Ask git about the repository; None where it refuses."""
    folder = asked.there.git
    assert folder is not None, "this stand-in has no repository"
    command = ["git", "-C", str(folder), *arguments]
    ran = subprocess.run(command, input=given, capture_output=True, check=False, env=ENVIRONMENT | env)
    return ran.stdout.decode().strip() if ran.returncode == 0 else None


def _commit(asked: "Asked", repository: str, sha: str) -> tuple[int, Any]:
    tree = _ask(asked, "rev-parse", "--verify", "--quiet", f"{sha}^{{commit}}^{{tree}}")
    return _MISSING if tree is None else (200, _shown(asked, repository, sha, tree))


def _shown(asked: "Asked", repository: str, sha: str, tree: str) -> dict[str, Any]:
    address = f"{asked.there.url}/repos/{repository}/git"
    known = {"sha": sha, "url": f"{address}/commits/{sha}", "tree": {"sha": tree, "url": f"{address}/trees/{tree}"}}
    shown: dict[str, Any] = filled("git-commit", **known)
    return shown


def _tree(asked: "Asked", repository: str, sha: str) -> tuple[int, Any]:
    listed = _ask(asked, "ls-tree", "-z", "--full-tree", *(["-r"] if asked.query.get("recursive") else []), sha)
    if listed is None:
        return _MISSING
    entries = [each.partition("\t") for each in listed.split("\0") if each]
    tree = [
        dict(zip(("mode", "type", "sha"), facts.split(), strict=True)) | {"path": path} for facts, _, path in entries
    ]
    return 200, _tree_shown(asked, repository, sha, tree)


def _tree_shown(asked: "Asked", repository: str, sha: str, tree: list[dict[str, str]]) -> dict[str, Any]:
    url = f"{asked.there.url}/repos/{repository}/git/trees/{sha}"
    return {"sha": sha, "url": url, "truncated": False, "tree": tree}


def _new_blob(asked: "Asked", repository: str) -> tuple[int, Any]:
    content = base64.b64decode(asked.body["content"], validate=True)
    sha = _ask(asked, "hash-object", "-w", "--stdin", given=content)
    return 201, {"sha": sha, "url": f"{asked.there.url}/repos/{repository}/git/blobs/{sha}"}


def _new_tree(asked: "Asked", repository: str) -> tuple[int, Any]:
    with tempfile.TemporaryDirectory() as folder:
        index = str(Path(folder, "index"))
        _ask(asked, "read-tree", asked.body["base_tree"], GIT_INDEX_FILE=index)
        for each in asked.body["tree"]:
            if each["sha"] is None:
                change = ["--force-remove", each["path"]]
            else:
                change = ["--add", "--cacheinfo", f"{each['mode']},{each['sha']},{each['path']}"]
            assert _ask(asked, "update-index", *change, GIT_INDEX_FILE=index) is not None, each
        sha = _ask(asked, "write-tree", GIT_INDEX_FILE=index) or ""
    return 201, _tree_shown(asked, repository, sha, [])


def _new_commit(asked: "Asked", repository: str) -> tuple[int, Any]:
    body = asked.body
    parents = [word for parent in body["parents"] for word in ("-p", parent)]
    sha = _ask(asked, "commit-tree", body["tree"], *parents, given=body["message"].encode()) or ""
    return 201, _shown(asked, repository, sha, body["tree"])


def _ref_shown(asked: "Asked", repository: str, name: str) -> dict[str, Any]:
    sha = _ask(asked, "rev-parse", name)
    about: dict[str, Any] = filled("git-ref", ref=name, url=f"{asked.there.url}/repos/{repository}/git/{name}")
    url = f"{asked.there.url}/repos/{repository}/git/commits/{sha}"
    return about | {"object": {"sha": sha, "type": "commit", "url": url}}


def _ref(asked: "Asked", repository: str, name: str) -> tuple[int, Any]:
    known = _ask(asked, "rev-parse", "--verify", "--quiet", f"refs/{name}")
    return _MISSING if known is None else (200, _ref_shown(asked, repository, f"refs/{name}"))


def _new_ref(asked: "Asked", repository: str) -> tuple[int, Any]:
    name = asked.body["ref"]
    if _ask(asked, "rev-parse", "--verify", "--quiet", name) is not None:
        return _EXISTS
    _ask(asked, "update-ref", name, asked.body["sha"])
    return 201, _ref_shown(asked, repository, name)


def _move_ref(asked: "Asked", repository: str, name: str) -> tuple[int, Any]:
    _ask(asked, "update-ref", f"refs/{name}", asked.body["sha"])
    for pull in asked.there.pulls.values():
        if f"heads/{pull.branch}" == name and pull.state == "open":
            pull.sha = asked.body["sha"]
    return 200, _ref_shown(asked, repository, f"refs/{name}")


def merge(folder: Path, branch: str, into: str) -> None:
    """Merge a branch as GitHub's button does: a commit of its own on the other."""
    git(folder, "checkout", "--quiet", into)
    git(folder, "merge", "--quiet", "--no-ff", "--message", f"Merge {branch}", branch)


def routes(repository: str) -> list[tuple[str, str, str, Callable[..., tuple[int, Any]]]]:
    """Return the routes of the git data API under a pattern for the repository."""
    return [
        ("GET", f"{repository}/git/commits/([0-9a-f]+)", "contents", _commit),
        ("GET", f"{repository}/git/trees/([0-9a-f]+)", "contents", _tree),
        ("POST", f"{repository}/git/blobs", "contents", _new_blob),
        ("POST", f"{repository}/git/trees", "contents", _new_tree),
        ("POST", f"{repository}/git/commits", "contents", _new_commit),
        ("GET", f"{repository}/git/ref(?:s)?/(.+)", "contents", _ref),
        ("POST", f"{repository}/git/refs", "contents", _new_ref),
        ("PATCH", f"{repository}/git/refs/(.+)", "contents", _move_ref),
    ]
