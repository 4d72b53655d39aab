"""Runs a workflow with `act`, a runner that is not ours, and reads its log: steps, outputs, annotations, summaries."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

from tests.kit import ROOT
from tests.kit.step import leaks

# The image that act takes for the action of the repository itself (`uses: ./`) when it is told not to build it.
IMAGE = "act-dockeraction:latest"
REHEARSE = "act-rehearse-dockeraction:latest"
"""The image of rehearse/action.yml."""
RUNNER = os.environ.get("ACT_RUNNER", "local/act-runner:latest")
"""What act runs a job in: an image that has git, Node.js and Python."""


@dataclass
class Job:
    """A job that has ended. Steps go by their ids in the workflow."""

    result: str = "unknown"
    steps: dict[str, str] = field(default_factory=dict)
    outputs: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    logs: dict[str, str] = field(default_factory=lambda: defaultdict(str))
    summaries: dict[str, str] = field(default_factory=lambda: defaultdict(str))
    annotations: list[dict[str, str]] = field(default_factory=list)
    log: str = ""
    """What act shows on a terminal."""


def push(repository: Path, workflow: str, *, secrets: Mapping[str, str], variables: Mapping[str, str]) -> Job:
    """What GitHub does when `repository` is pushed: run `workflow` (a path in it) over its work tree."""
    return happens(Event("push"), repository, workflow, secrets=secrets, variables=variables)


class Event(NamedTuple):
    """What GitHub runs a workflow for: an event with its payload. `env` is that of the whole run, `engine` gives the job the Docker
    engine, as GitHub's runners do."""

    name: str
    payload: Mapping[str, Any] | None = None
    env: Mapping[str, str] = MappingProxyType({})
    engine: bool = False


def happens(
    event: Event, repository: Path, workflow: str, *, secrets: Mapping[str, str], variables: Mapping[str, str]
) -> Job:
    """What GitHub does on an event: run `workflow` (a path in it) over the work tree."""
    with tempfile.TemporaryDirectory(prefix="act-") as home:
        secret_file = Path(home) / "secrets"
        secret_file.write_text("".join(f"{name}={value}\n" for name, value in secrets.items()), "utf-8")
        command: list[str | Path] = [
            Path(sys.executable).with_name("act"),
            event.name,
            "--json",
            "--directory",
            repository,
            "--workflows",
            workflow,
        ]
        command += ["--platform", f"ubuntu-latest={RUNNER}", "--pull=false", "--action-offline-mode", "--rebuild=false"]
        socket = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock") if event.engine else "-"
        command += ["--network", "host", "--container-daemon-socket", socket, "--secret-file", secret_file]
        if event.payload is not None:
            (Path(home) / "event.json").write_text(json.dumps(event.payload), "utf-8")
            command += ["--eventpath", Path(home) / "event.json"]
        command += [part for name, value in event.env.items() for part in ("--env", f"{name}={value}")]
        command += [part for name, value in variables.items() for part in ("--var", f"{name}={value}")]
        env = {**os.environ, "HOME": home, "XDG_CACHE_HOME": home}
        done = subprocess.run(
            command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=240, check=False
        )
    # act's own record of what it was told to mask is shown to nobody; a real runner keeps none.
    shown = [line for line in done.stdout.splitlines() if not _is_mask(line)]
    leaks.refuse(secrets.values(), {"act's log": "\n".join(shown)})
    return _read(done.stdout)


def _is_mask(line: str) -> bool:
    return line.startswith("{") and json.loads(line).get("command") == "add-mask"


def _read(log: str) -> Job:
    job = Job()
    for line in log.split("\n"):
        if not line.startswith("{"):
            job.log += line + "\n"
            continue
        entry = json.loads(line)
        step = (entry.get("stepID") or [""])[0]
        match entry.get("command"):
            case "set-output":
                job.outputs[step][entry["name"]] = entry["arg"]
            case "summary":
                job.summaries[step] += entry["content"]
            case "error" | "warning" | "notice" as level:
                job.annotations.append({"level": level, "message": entry["arg"], **(entry["kvPairs"] or {})})
        job.log += entry["msg"].rstrip("\n") + "\n"
        if entry.get("raw_output"):
            job.logs[step] += entry["msg"]
        if entry.get("stage") == "Main" and "stepResult" in entry:
            job.steps[step] = entry["stepResult"]
        job.result = entry.get("jobResult", job.result)
    return job


def with_the_action(repository: Path) -> None:
    """Put the action into a repository of somebody's, for workflows of `example`. It lies where nothing is deployed from."""
    for file, dockerfile, image in (
        ("action.yml", "Dockerfile", IMAGE),
        ("rehearse/action.yml", "../Dockerfile.rehearse", REHEARSE),
    ):
        target = repository / ".github/hf-space-deploy" / file
        target.parent.mkdir(parents=True, exist_ok=True)
        text = (ROOT / file).read_text("utf-8")
        target.write_text(text.replace(f"image: {dockerfile}", f"image: docker://{image}"), "utf-8")


def example(repository: Path, name: str) -> str:
    """Copy a workflow of examples/workflows, as people do, and return its path. It takes the action as it is in the work tree."""
    text = (ROOT / "examples/workflows" / name).read_text("utf-8")
    target = repository / ".github/workflows" / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if "actions/checkout" not in text:  # which this copy of the action comes from
        text = text.replace("    steps:\n", "    steps:\n      - uses: actions/checkout@v6\n")
    target.write_text(re.sub(r"org/hf-space-deploy(/\w+)?@v1", r"./.github/hf-space-deploy\1", text), "utf-8")
    return f".github/workflows/{name}"
