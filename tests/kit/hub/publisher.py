"""Trusted publishers: the id tokens of their jobs, and the official client with what these are exchanged for."""

from collections.abc import Callable

from huggingface_hub import HfApi, SpaceHardware
from huggingface_hub._oidc import exchange_oidc_token

from tests.kit import web
from tests.kit.local import LocalHub

REPOSITORY = "octo/site"
CLAIMS = {"repository": REPOSITORY, "branch": "main", "workflow": "deploy.yml"}


def id_token(job: dict[str, str], audience: str = "https://huggingface.co") -> str:
    """What a step gets from the runner, asked as GitHub documents it."""
    answer = web.get(
        f"{job['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience={audience}",
        headers={"authorization": f"bearer {job['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}"},
    )
    return str(answer.raise_for_status().json()["value"])


def exchange(endpoint: str, space: str, token: str) -> dict[str, object]:
    """The answer to an id token."""
    return dict(exchange_oidc_token(subject_token=token, resource=f"spaces/{space}", endpoint=endpoint))


def publisher_of(hub: LocalHub, space: str) -> HfApi:
    """The client of a job that publishes to a Space."""
    hub.trust(space, **CLAIMS)
    return HfApi(hub.endpoint, token=str(exchange(hub.endpoint, space, id_token(hub.job(REPOSITORY)))["access_token"]))


DEEDS: dict[str, Callable[[HfApi, str], object]] = {
    "restart": lambda api, space: api.restart_space(space),
    "pause": lambda api, space: api.pause_space(space),
    "hardware": lambda api, space: api.request_space_hardware(space, SpaceHardware.T4_SMALL),
    "sleep time": lambda api, space: api.set_space_sleep_time(space, 3600),
    "secret": lambda api, space: api.add_space_secret(space, "KEY", "value"),
    "secrets": lambda api, space: api.get_space_secrets(space),
    "variable": lambda api, space: api.add_space_variable(space, "KEY", "value"),
    "visibility": lambda api, space: api.update_repo_settings(space, repo_type="space", visibility="private"),
    "branch": lambda api, space: api.create_branch(space, branch="x", repo_type="space"),
    "tag": lambda api, space: api.create_tag(space, tag="x", repo_type="space"),
    "squash": lambda api, space: api.super_squash_history(space, repo_type="space"),
    "pull request": lambda api, space: api.create_pull_request(space, "Large", repo_type="space"),
    "discussion": lambda api, space: api.create_discussion(space, "Large", repo_type="space"),
    "commit to a pull request": lambda api, space: api.upload_file(
        path_or_fileobj=b"x", path_in_repo="x", repo_id=space, repo_type="space", create_pr=True
    ),
}
"""What a publisher may not do."""
LOOKS: dict[str, Callable[[HfApi, str], object]] = {
    "rights": lambda api, space: api.auth_check(space, repo_type="space"),
    "logs": lambda api, space: list(api.fetch_space_logs(space)),
    "variables": lambda api, space: api.get_space_variables(space),
    "discussions": lambda api, space: list(api.get_repo_discussions(space, repo_type="space")),
}
"""What it may see, beside content, description and runtime, unless the Hub is stricter than that."""
