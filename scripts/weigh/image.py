"""The image: its layers beside those of its base, and how soon a container says its first line."""

import contextlib
import json
import statistics
import subprocess
import tarfile
import zlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import IO

MEGABYTE = 1_000_000
CLOSED = "http://127.0.0.1:9"
"""An address where nobody answers: the first line comes before the first request."""


def added(image: str, base: str) -> float:
    """Return the megabytes (10⁶ bytes) that an image adds to its base, each layer compressed by gzip as `docker push` does."""
    theirs = len(_layers(base))
    ours = _layers(image)
    if ours[:theirs] != _layers(base):
        raise SystemExit(f"{image} is not made from the {base} that is here")
    return sum(_compressed(image, len(ours) - theirs)) / MEGABYTE


def _layers(image: str) -> list[str]:
    shown = subprocess.run(["docker", "image", "inspect", image], check=True, capture_output=True, text=True).stdout
    layers: list[str] = json.loads(shown)[0]["RootFS"]["Layers"]
    return layers


def _compressed(image: str, last: int) -> Iterator[int]:
    """Return the compressed bytes of the last layers of an image."""
    with subprocess.Popen(["docker", "save", image], stdout=subprocess.PIPE) as saved:
        assert saved.stdout is not None  # noqa: S101 - for the type checker
        sizes: dict[str, int] = {}
        manifest: list[dict[str, list[str]]] = []
        with tarfile.open(fileobj=saved.stdout, mode="r|") as archive:
            for member in archive:
                content = archive.extractfile(member)
                if content is None:
                    continue
                if member.name == "manifest.json":
                    manifest = json.load(content)
                else:
                    sizes[member.name] = _gzipped(content)
    return iter([sizes[layer] for layer in manifest[0]["Layers"][-last:]])


def _gzipped(content: IO[bytes]) -> int:
    packer, size = zlib.compressobj(6, zlib.DEFLATED, 31), 0
    while piece := content.read(1 << 20):
        size += len(packer.compress(piece))
    return size + len(packer.flush())


def start(image: str, rounds: int = 7) -> float:
    """Return the median of the seconds from the start of a container to its first line, by the engine's own clock."""
    return statistics.median(_first_line(image) for _ in range(rounds))


def _first_line(image: str) -> float:
    inputs = {"INPUT_SPACE": "alice/moon", "INPUT_HF-TOKEN": "hf_weighed", "INPUT_ENDPOINT": CLOSED}
    command = ["docker", "run", "--detach", "--network", "none"]
    command += [f"--env={name}={value}" for name, value in inputs.items()] + [image]
    container = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()[-1]
    try:
        with subprocess.Popen(
            ["docker", "logs", "--follow", "--timestamps", container], stdout=subprocess.PIPE, text=True
        ) as log:
            assert log.stdout is not None  # noqa: S101 - for the type checker
            said = next(line for line in log.stdout if "hf-space-deploy " in line)
            log.kill()
        shown = subprocess.run(["docker", "inspect", container], check=True, capture_output=True, text=True).stdout
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            subprocess.run(["docker", "rm", "--force", container], check=True, capture_output=True)
    began = json.loads(shown)[0]["State"]["StartedAt"]
    return (_moment(said.split(" ", 1)[0]) - _moment(began)).total_seconds()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)


def base_of(dockerfile: Path) -> str:
    """Return the image that the last stage of a Dockerfile begins with."""
    froms = [line.split()[1] for line in dockerfile.read_text("utf-8").splitlines() if line.startswith("FROM ")]
    return froms[-1]
