"""Deployments as GitHub shows them on a pull request: an environment, what was deployed to it, and how that ended.

The description refuses an empty address, so one that is not known is left out. Source: the REST API's pages on deployments.
"""

from typing import Literal, NamedTuple

from github.Deployment import Deployment
from github.GithubObject import NotSet

from .client import Access, repository

State = Literal["in_progress", "success", "failure", "error", "inactive"]


class Begun(NamedTuple):
    """A deployment under way."""

    id: int
    environment: str


def begin(access: Access, commit: str, environment: str, *, log: str) -> Begun:
    """Begin a deployment of a commit to an environment that goes away some day. `log` is the address of the run, or empty.
    Raises `NoAnswer`."""
    with repository(access) as asked:
        made = asked.create_deployment(
            commit,
            auto_merge=False,
            required_contexts=[],
            environment=environment,
            transient_environment=True,
            production_environment=False,
            description="Preview on a Hugging Face Space",
        )
        made.create_status("in_progress", target_url=log or NotSet)
        return Begun(made.id, environment)


def end(access: Access, begun: Begun, state: State, *, log: str, app: str) -> None:
    """Say how it ended, and that those before it are no more, where it went well. `app` is the app's address, or empty. Raises
    `NoAnswer`."""
    with repository(access) as asked:
        for each in asked.get_deployments(environment=begun.environment):
            if each.id == begun.id:
                address, page = app or NotSet, log or NotSet
                each.create_status(state, auto_inactive=False, target_url=page, environment_url=address)
            elif state == "success":
                _remove(each)


def remove(access: Access, environment: str) -> int:
    """Remove all deployments to an environment that is gone, and return how many. Raises `NoAnswer`."""
    with repository(access) as asked:
        found = list(asked.get_deployments(environment=environment))
        for each in found:
            _remove(each)
    return len(found)


def _remove(deployment: Deployment) -> None:
    """Remove one, which GitHub does not do before it is inactive."""
    deployment.create_status("inactive")
    deployment.requester.requestJsonAndCheck("DELETE", deployment.url)
