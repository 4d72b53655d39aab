"""Forgejo Actions, and Gitea's, which it comes from: GitHub's variables and commands on a server of its own.

Source: https://forgejo.org/docs/latest/user/actions/reference/ (Environment variables, enable-openid-connect). A run's page is
named by its number, not by its id as on GitHub.
"""

from collections.abc import Mapping

from hfspace_action.workflow.id_token import Job
from hfspace_action.workflow.run import Source

from . import github
from .commands import Commands
from .forges import FORGEJO
from .place import Place


def source(env: Mapping[str, str]) -> Source:
    """Read the source from a runner's environment."""
    found = github.source(_as_githubs(env))
    number = _as_githubs(env).get("GITHUB_RUN_NUMBER", "")
    run_url = f"{found.page}/actions/runs/{number}" if found.page and number else ""
    return found._replace(forge=FORGEJO, run_url=run_url, api="")


def id_token(env: Mapping[str, str]) -> Job | None:
    """The job of a runner's environment; None unless its workflow has `enable-openid-connect: true`."""
    job = github.id_token(_as_githubs(env))
    if job is None:
        return None
    claims = {"repository": job.claims["repository"], "ref": _as_githubs(env).get("GITHUB_REF", "")}
    return Job(job.url, job.token, claims, provider="Forgejo Actions")


def _as_githubs(env: Mapping[str, str]) -> Mapping[str, str]:
    """Return the environment with what only stands under Forgejo's own name under GitHub's too."""
    own = {f"GITHUB_{name[8:]}": value for name, value in env.items() if name.startswith("FORGEJO_")}
    return {**own, **env}


PLACE = Place("Forgejo", source, id_token, Commands, github.FILES, proof="`enable-openid-connect`")
