"""The job that this step runs in, as far as it may prove to others who it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Job:
    """A job that may ask GitHub for id tokens: where, with which token, and what they will say of it."""

    url: str
    token: str = field(repr=False)
    claims: Mapping[str, str] = field(default_factory=dict)


def read(env: Mapping[str, str]) -> Job | None:
    """The job of a runner's environment; None unless it has `permissions: id-token: write`."""
    url, token = env.get("ACTIONS_ID_TOKEN_REQUEST_URL", ""), env.get("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "")
    if not url or not token:
        return None
    ref = env.get("GITHUB_REF", "")
    claims = {
        "repository": env.get("GITHUB_REPOSITORY", ""),
        "branch": ref.removeprefix("refs/heads/") if ref.startswith("refs/heads/") else "",
        "workflow": env.get("GITHUB_WORKFLOW_REF", "").partition("@")[0].rpartition("/")[2],
    }
    return Job(url, token, claims)
