"""The event that started the workflow, as the runner wrote it down.

Source: https://docs.github.com/actions/reference/workflows-and-actions/variables (GITHUB_EVENT_PATH).
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

_LARGEST = 25 * 1024 * 1024  # bytes; GitHub caps a webhook's payload there


def read(env: Mapping[str, str]) -> Mapping[str, Any]:
    """Return the payload of the event; empty where there is none that can be read."""
    path = env.get("GITHUB_EVENT_PATH")
    if not path:
        return {}
    try:
        with Path(path).open("rb") as file:
            payload = json.loads(file.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return {}
    return payload if isinstance(payload, dict) else {}


def repository_visibility(payload: Mapping[str, Any]) -> str | None:
    """Return who may see the GitHub repository: public, private or internal; None where the event does not say."""
    repository = payload.get("repository")
    if not isinstance(repository, dict):
        return None
    named = repository.get("visibility")
    if named in ("public", "private", "internal"):
        return str(named)
    private = repository.get("private")
    return None if not isinstance(private, bool) else "private" if private else "public"


def branch(payload: Mapping[str, Any]) -> str:
    """Return the branch that the run is for, else the repository's default one; empty where the event says neither."""
    ref = payload.get("ref")
    if isinstance(ref, str) and ref.startswith("refs/heads/"):
        return ref.removeprefix("refs/heads/")
    repository = payload.get("repository")
    default = repository.get("default_branch") if isinstance(repository, dict) else None
    return default if isinstance(default, str) else ""
