"""The event of a workflow run, as the runner writes it down: the environment of a step that a pull request starts."""

import json
from pathlib import Path
from typing import Any

from tests.kit.github import Pull
from tests.kit.step.action import REPOSITORY


def pull_request(
    folder: Path, pull: Pull, action: str, *, name: str = "pull_request", merged: bool = False, actor: str = "octocat"
) -> dict[str, str]:
    """The environment of a run for something that happened to a pull request."""
    payload = {
        "action": action,
        "number": pull.number,
        "pull_request": {
            "number": pull.number,
            "state": pull.state,
            "merged": merged,
            "html_url": f"https://github.com/{REPOSITORY}/pull/{pull.number}",
            "head": {"sha": pull.sha, "ref": pull.branch, "repo": {"full_name": pull.repository}},
            "base": {"sha": "b" * 40, "ref": "main", "repo": {"full_name": REPOSITORY}},
            "labels": [{"name": label} for label in sorted(pull.labels)],
        },
        "repository": {"full_name": REPOSITORY, "private": False},
    }
    return _environment(folder, name, payload, actor)


def workflow_run(folder: Path, pull: Pull, *, sha: str | None = None, event: str = "pull_request") -> dict[str, str]:
    """The environment of a run that follows one of a pull request's. Of forks, GitHub names no pull request in it."""
    run = {
        "head_sha": sha or pull.sha,
        "head_branch": pull.branch,
        "head_repository": {"full_name": pull.repository},
        "event": event,
        "pull_requests": [],
    }
    payload = {"action": "completed", "workflow_run": run, "repository": {"full_name": REPOSITORY}}
    return _environment(folder, "workflow_run", payload, "octocat")


def push(folder: Path, **about: Any) -> dict[str, str]:
    """The environment of a run for a push."""
    return _environment(folder, "push", {"repository": {"full_name": REPOSITORY, "private": False}, **about}, "octocat")


def _environment(folder: Path, name: str, payload: dict[str, Any], actor: str) -> dict[str, str]:
    file = folder / "event.json"
    file.write_text(json.dumps(payload), "utf-8")
    return {"GITHUB_EVENT_NAME": name, "GITHUB_EVENT_PATH": str(file), "GITHUB_ACTOR": actor}
