"""Commits the pinned actions and pushes the release's tags at once: `python -m scripts.release.tags 1.2.3 COMMIT`.

The release is a child of the commit that was built, and no branch has it: main goes on building the Dockerfile. `v1.2.3` may move once, from
the built commit to its child; `v1.2` and `v1` go where the newest of their series is. All or none are pushed, and none that somebody else
moved meanwhile.
"""

import subprocess
import sys
from pathlib import Path

from .version import Version, parse, series

ROOT = Path(__file__).parents[2]
FILES = ("action.yml", "rehearse/action.yml", "uvx/action.yml")
WHO = ("-c", "user.name=github-actions[bot]", "-c", "user.email=41898282+github-actions[bot]@users.noreply.github.com")


class CannotRelease(Exception):
    """Why no tag was pushed."""


def commit(version: Version, built: str, root: Path = ROOT) -> str:
    """Commit the pinned actions on top of the built commit; the new commit's id. Raises `CannotRelease`."""
    if _git(root, "rev-parse", "HEAD") != built:
        raise CannotRelease(f"the work tree is not at {built}")
    changed = _git(root, "diff", "--name-only").split()
    if sorted(changed) != sorted(FILES):
        raise CannotRelease(f"a release changes {' and '.join(FILES)}, not {' '.join(changed) or 'nothing'}")
    _git(
        root,
        *WHO,
        "commit",
        "--quiet",
        "--all",
        "--message",
        f"Release {version}\n\nThe actions run what was built from {built}.",
    )
    return _git(root, "rev-parse", "HEAD")


def push(version: Version, built: str, release: str, root: Path = ROOT, remote: str = "origin") -> list[str]:
    """Push the tags; their names. Raises `CannotRelease` where the version is out already, or somebody moved a tag."""
    ids, commits = _remote_tags(root, remote)
    if commits.get(version.tag, built) != built:
        raise CannotRelease(f"{version.tag} is released already, at {commits[version.tag]}")
    others = [other for tag in ids if (other := parse(tag)) and other != version]
    moving = [version.tag, *(name for name in series(version, others) if name != "latest")]
    leases = [f"--force-with-lease=refs/tags/{tag}:{ids.get(tag, '')}" for tag in moving]
    refs = [f"{release}:refs/tags/{tag}" for tag in moving]
    try:
        _git(root, "push", "--quiet", "--atomic", *leases, remote, *refs)
    except subprocess.CalledProcessError as error:
        raise CannotRelease(f"the tags were not pushed: {error.stderr.strip()}") from error
    return moving


def _remote_tags(root: Path, remote: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the ids of the remote's tags, which a lease compares, and the commits that they lead to (of annotated ones another)."""
    lines = [line.split("\t") for line in _git(root, "ls-remote", "--tags", remote).splitlines()]
    named = {ref.removeprefix("refs/tags/"): sha for sha, ref in lines}
    ids = {tag: sha for tag, sha in named.items() if not tag.endswith("^{}")}
    return ids, {tag: named.get(f"{tag}^{{}}", sha) for tag, sha in ids.items()}


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def main() -> int:
    """Commit, push, and print the release's commit."""
    version, built = parse(sys.argv[1]), sys.argv[2]
    try:
        if version is None:
            raise CannotRelease(f"'{sys.argv[1]}' is not a version such as 1.2.3")
        release = commit(version, built)
        print(f"{' '.join(push(version, built, release))} → {release}")
    except CannotRelease as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
