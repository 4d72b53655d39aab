"""Trees of very many files, made in seconds: as one pack, which is also what a runner's checkout has."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from tests.kit.gitrepo import git

README = "---\ntitle: Made\nemoji: 🧱\ncolorFrom: blue\ncolorTo: indigo\nsdk: docker\napp_port: 7860\n---\n# Made\n"
DOCKERFILE = "FROM python:3.13-slim\nCMD python -m http.server 7860\n"


def many(folders: int, files: int = 100) -> dict[str, str]:
    """`files` small texts in each of so many folders; README and Dockerfile take the places of two."""
    texts = {f"part-{a:04}/file-{b:02}.txt": f"{a} {b} " * 20 + "\n" for a in range(folders) for b in range(files)}
    del texts["part-0000/file-00.txt"], texts["part-0000/file-01.txt"]
    return texts | {"README.md": README, "Dockerfile": DOCKERFILE}


def checkout(folder: Path, texts: Mapping[str, str]) -> Path:
    """A work tree with one commit that holds these files."""
    folder.mkdir(parents=True)
    git(folder, "init", "--quiet")
    git(folder, "fast-import", "--quiet", stdin="\n".join(_commit(texts)).encode())
    git(folder, "reset", "--quiet", "--hard", "main")
    return folder


def deployed(repository: Path, workspace: Path) -> None:
    """Put what a work tree has committed onto a repository's main, in a commit of its own, as a deploy would."""
    git(repository, "fetch", "--quiet", str(workspace), "main")
    made = git(repository, "commit-tree", "FETCH_HEAD^{tree}", "-p", "main", "-m", "test").strip()
    git(repository, "update-ref", "refs/heads/main", made)


def _commit(texts: Mapping[str, str]) -> Iterator[str]:
    yield from ("commit refs/heads/main", "committer t <t@example.com> 0 +0000", "data 0")
    for path, text in texts.items():
        yield from (f"M 100644 inline {path}", f"data {len(text.encode())}", text)
