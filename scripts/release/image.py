"""Prints the image's tags, labels and annotations as outputs of a step: `python -m scripts.release.image 1.2.3 ghcr.io/org/name COMMIT`."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

from .version import Version, parse, series

ROOT = Path(__file__).parents[2]
_OCI = "org.opencontainers.image."


def tags(version: Version, name: str, released: list[Version]) -> list[str]:
    """Return the image's names: the version, and each series that it is now the newest of, without a `v` as registries have it."""
    return [f"{name}:{each.removeprefix('v')}" for each in (version.tag, *series(version, released))]


def labels(version: Version, repository: str, commit: str, made: datetime) -> dict[str, str]:
    """Return what the image says of itself; title, description and licence are in the Dockerfile."""
    return {
        f"{_OCI}version": str(version),
        f"{_OCI}revision": commit,
        f"{_OCI}source": repository,
        f"{_OCI}url": repository,
        f"{_OCI}documentation": f"{repository}/blob/{version.tag}/README.md",
        f"{_OCI}created": made.strftime("%Y-%m-%dT%H:%M:%SZ"),
    }


def outputs(version: Version, name: str, commit: str, root: Path = ROOT) -> dict[str, list[str]]:
    """Return the outputs of the step. The image was made when its commit was, so that a second build says the same."""
    said = _git(root, "show", "--no-patch", "--format=%ct", commit)
    registry, _, path = name.removesuffix("-rehearse").partition("/")
    repository = f"https://github.com/{path}" if registry == "ghcr.io" else f"https://{registry}/{path}"
    made = labels(version, repository, commit, datetime.fromtimestamp(int(said), UTC))
    return {
        "tags": tags(version, name, released(root)),
        "labels": [f"{key}={value}" for key, value in made.items()],
        "annotations": [f"index:{key}={value}" for key, value in made.items()],  # what the registry's page shows
    }


def released(root: Path) -> list[Version]:
    """Return the versions that have a tag."""
    return [version for tag in _git(root, "tag", "--list", "v*").split() if (version := parse(tag))]


def _git(root: Path, *arguments: str) -> str:
    return subprocess.run(["git", *arguments], cwd=root, check=True, capture_output=True, text=True).stdout.strip()


def main() -> int:
    """Print the outputs."""
    version = parse(sys.argv[1])
    if version is None:
        print(f"'{sys.argv[1]}' is not a version such as 1.2.3", file=sys.stderr)
        return 1
    for name, values in outputs(version, sys.argv[2].lower(), sys.argv[3]).items():
        print(f"{name}<<END_OF_{name}", *values, f"END_OF_{name}", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
