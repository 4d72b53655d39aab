"""Twenty deploys of every kind, whose Spaces are verified, and three ways to tamper with one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pygit2
from huggingface_hub import CommitOperationAdd, HfApi

from tests.kit.gitrepo import commit, git, write
from tests.kit.local import LocalHub
from tests.kit.step.action import Step, deploy

STATIC = {"index.html": "<h1>Moon</h1>\n", "css/site.css": "h1 {}\n", "css/print.css": "h1 { margin: 0 }\n"}
GRADIO = {
    "app.py": "import gradio\n\ngradio.Interface(str, 'text', 'text').launch()\n",
    "requirements.txt": "requests\n",
    "parts/words.txt": "hello\n",
}
DOCKER = {"Dockerfile": "FROM scratch\nCOPY . /\n", "src/main.go": "package main\n", "src/go.mod": "module x\n"}
CARD = "---\ntitle: Moon\nsdk: static\n---\n\n# Moon\n"
BINARY = bytes(range(256)) * 4


def _below(folder: str, files: Mapping[str, str | bytes]) -> dict[str, str | bytes]:
    return {f"{folder}/{path}": content for path, content in files.items()}


def _executable(workspace: Path) -> None:
    (workspace / "parts/run.sh").chmod(0o755)
    git(workspace, "commit", "--quiet", "--all", "--message", "Executable")


def _linked(workspace: Path) -> None:
    (workspace / "css/same.css").symlink_to("site.css")
    commit(workspace)


@dataclass(frozen=True)
class Case:
    """A deploy: the files of the repository, those that git does not track, what else is done to it, the inputs, and what is on the
    Space before. `edit` are files that somebody edits there after a first deploy, which the second keeps; `then` is what the
    repository has for it."""

    name: str
    files: Mapping[str, str | bytes]
    inputs: Mapping[str, str] = field(default_factory=dict)
    untracked: Mapping[str, str | bytes] = field(default_factory=dict)
    also: Callable[[Path], None] | None = None
    before: Mapping[str, str] = field(default_factory=dict)
    edit: Mapping[str, str] = field(default_factory=dict)
    then: Mapping[str, str] = field(default_factory=dict)
    kept: Sequence[str] = ()


CASES = (
    Case("static", STATIC),
    Case("static with its own card", {**STATIC, "README.md": CARD}),
    Case(
        "the Space's own front matter",
        {**STATIC, "README.md": "# Moon\n"},
        before={"README.md": "---\ntitle: Theirs\nsdk: static\nemoji: 🌙\npinned: true\n---\n\nHello\n"},
    ),
    Case(
        "files that only the Space has",
        STATIC,
        {"keep": "data/\n*.db"},
        before={"data/seen.json": "{}", "votes.db": "1"},
        kept=("data/seen.json", "votes.db"),
    ),
    Case(
        "path, include, exclude and front matter",
        {**_below("site", {**STATIC, "css/draft.css": "x", "README.md": "# Site\n"}), "other.txt": "not deployed"},
        {
            "path": "site",
            "include": "out/",
            "exclude": "*draft*",
            "sdk": "static",
            "front-matter": "title: '☾ \"moon\": 1'\nshort_description: 4.40\npinned: true\ntags: [one, two]",
        },
        untracked=_below("site/out", {"page.js": "1"}),
    ),
    Case("gradio", GRADIO),
    Case("a large file by its name", {**GRADIO, "parts/model.bin": BINARY}),
    Case("a version that is a number", GRADIO, {"front-matter": "python_version: 3.10\napp_file: app.py"}),
    Case("an executable bit", {**GRADIO, "parts/run.sh": "#!/bin/sh\n"}, also=_executable),
    Case("a link", STATIC, also=_linked),
    Case("docker", DOCKER),
    Case("docker with a port", DOCKER, {"front-matter": "app_port: 8080"}),
    Case("git's own rules", {**STATIC, ".gitattributes": "*.css text eol=lf\n", ".gitignore": "out/\n"}),
    Case("an ignored file that is included", {**STATIC, ".gitignore": "css/made.css\n"}, {"include": "css/made.css"},
         untracked={"css/made.css": "made"}),
    Case("a card without a heading", {**STATIC, "README.md": "Just words.\r\nMore.\r\n"}),
    Case("a built folder", {"src/a.js": "1"}, {"path": "dist"}, untracked=_below("dist", STATIC)),
    Case("no key of the card", {**STATIC, "README.md": CARD}, {"front-matter": "title:\nemoji: 🌊"}),
    Case(
        "an edit that is kept",
        STATIC,
        {"on-drift": "keep"},
        edit={"css/site.css": "h1 { color: red }\n"},
        then={"css/print.css": "h1 { margin: 1px }\n"},
        kept=("css/site.css",),
    ),
    Case("names of every kind", {**STATIC, "css/ö ü.txt": "1", "css/q'\"`$.txt": "2", "css/日本.txt": "3"}),
    Case("a large change", {**STATIC, **{f"many/{number}.txt": str(number) for number in range(1100)}}),
)  # fmt: skip
TELLING = tuple(CASES[:5])
"""Those of them that `make test` tries."""


def prepared(case: Case, hub: LocalHub, space: str, workspace: Path) -> None:
    """Make the repository, and deploy it to the Space."""
    api = HfApi(hub.endpoint, token="hf_alice")
    commit(workspace, case.files)
    write(workspace, case.untracked)
    if case.also:
        case.also(workspace)
    if case.before:
        api.create_repo(space, repo_type="space", space_sdk="static")
        _commit(api, space, case.before)
    _published(case, hub, space, workspace)
    if case.edit:
        _commit(api, space, case.edit)
        commit(workspace, case.then)
        _published(case, hub, space, workspace)


def verified(
    hub: LocalHub,
    space: str,
    workspace: Path,
    inputs: Mapping[str, str] | None = None,
    *,
    env: Mapping[str, str] | None = None,
) -> Step:
    """Verify a public Space: with no token, and no inputs."""
    given = {"space": space, "command": "verify", "hf-token": "", **(inputs or {})}
    return deploy(workspace, hub.endpoint, given, env=env)


def _published(case: Case, hub: LocalHub, space: str, workspace: Path) -> None:
    given = {"space": space, "wait": "false", "visibility": "public", **case.inputs}
    step = deploy(workspace, hub.endpoint, given)
    assert step.outputs["result"] == "published", step.log


def _commit(api: HfApi, space: str, files: Mapping[str, str]) -> None:
    added = [CommitOperationAdd(path, text.encode()) for path, text in files.items()]
    api.create_commit(space, added, repo_type="space", commit_message="By hand")


class Tampering:
    """A Space's repository, changed by git beneath the Hub, and put back."""

    def __init__(self, hub: LocalHub, space: str) -> None:
        self.path = hub.data / "spaces" / space / "git"
        self.head = git(self.path, "rev-parse", "main").strip()

    def victim(self, kept: Sequence[str] = ()) -> str:
        """Return a file that a deploy wrote: the last that git lists."""
        paths = git(self.path, "ls-tree", "-r", "-z", "--name-only", "main").split("\0")[:-1]
        return [path for path in paths if path not in kept and path != ".gitattributes"][-1]

    def byte(self, path: str) -> None:
        """Change one byte of a file, or of its pointer's digest."""
        content = bytearray(self._content(path))
        at = content.index(b"sha256:") + 7 if content.startswith(b"version https://git-lfs") else 0
        content[at] ^= 1
        self._put("100644", self._blob(bytes(content)), path)

    def mode(self, path: str) -> None:
        """Make a file executable."""
        self._put("100755", self._blob(self._content(path)), path)

    def extra(self, path: str) -> None:
        """Add a file."""
        self._put("100644", self._blob(b"extra"), path)

    def back(self) -> None:
        """Put main back."""
        git(self.path, "update-ref", "refs/heads/main", self.head)

    def _content(self, path: str) -> bytes:
        found = pygit2.Repository(self.path).revparse_single(f"main:{path}")
        assert isinstance(found, pygit2.Blob)
        return found.data

    def _blob(self, content: bytes) -> str:
        return git(self.path, "hash-object", "-w", "--stdin", stdin=content).strip()

    def _put(self, mode: str, blob: str, path: str) -> None:
        git(self.path, "read-tree", "main")
        git(self.path, "update-index", "--add", "--cacheinfo", f"{mode},{blob},{path}")
        tree = git(self.path, "write-tree").strip()
        made = git(self.path, "commit-tree", tree, "-p", "main", "-m", "Tampered with").strip()
        git(self.path, "update-ref", "refs/heads/main", made)
