"""GitHub Actions.

Source: https://docs.github.com/actions/reference/workflows-and-actions/variables
"""

from collections.abc import Mapping

from hfspace_action.workflow import origin
from hfspace_action.workflow.id_token import Job
from hfspace_action.workflow.run import Source

from .commands import Commands, spelled
from .place import Files, Place


def source(env: Mapping[str, str]) -> Source:
    """Read the source from a runner's environment."""
    repository, server, run = (env.get(f"GITHUB_{name}", "") for name in ("REPOSITORY", "SERVER_URL", "RUN_ID"))
    page = f"{server}/{repository}" if server and repository else ""
    return Source(
        repository=repository,
        sha=env.get("GITHUB_SHA", ""),
        page=page,
        run_url=f"{page}/actions/runs/{run}" if page and run else "",
        attempt=env.get("GITHUB_RUN_ATTEMPT", ""),
        api=env.get("GITHUB_API_URL", ""),
        event=env.get("GITHUB_EVENT_PATH", ""),
        event_name=env.get("GITHUB_EVENT_NAME", ""),
        actor=origin.actor(env),
    )


def id_token(env: Mapping[str, str]) -> Job | None:
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


FILES = Files("GITHUB_OUTPUT", "GITHUB_STEP_SUMMARY", spelled, made=False)
PLACE = Place("GitHub", source, id_token, Commands, FILES, proof="`id-token: write`")
