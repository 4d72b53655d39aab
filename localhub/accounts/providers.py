"""CI systems beside GitHub whose jobs may be trusted publishers, and what their id tokens say.

The claims are those that each documents: https://docs.gitlab.com/ci/secrets/id_token_authentication/#token-payload,
https://circleci.com/docs/openid-connect-tokens/#format-of-the-openid-connect-id-token and
https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/. Which of them the Hub's
settings offer is documented for GitHub alone, so a publisher here may name any.
"""

from collections.abc import Callable, Mapping
from typing import Any

_ORGANISATION, _PROJECT = "11111111-2222-4333-8444-555555555555", "66666666-7777-4888-9999-000000000000"


def _gitlab(repository: str, ref: str) -> dict[str, Any]:
    name, kind = ref.rpartition("/")[2], "tag" if ref.startswith("refs/tags/") else "branch"
    return {
        "sub": f"project_path:{repository}:ref_type:{kind}:ref:{name}",
        "project_path": repository,
        "namespace_path": repository.rpartition("/")[0],
        "ref": name,
        "ref_type": kind,
        "ref_path": ref,
        "pipeline_source": "push",
        "ref_protected": "true",
    }


def _circleci(repository: str, ref: str) -> dict[str, Any]:
    origin = f"github.com/{repository}"
    about = f"org/{_ORGANISATION}/project/{_PROJECT}/user/{_PROJECT}"
    return {
        "sub": f"{about}/vcs-origin/{origin}/vcs-ref/{ref}",
        "oidc.circleci.com/project-id": _PROJECT,
        "oidc.circleci.com/vcs-origin": origin,
        "oidc.circleci.com/vcs-ref": ref,
        "oidc.circleci.com/ssh-rerun": False,
    }


def _bitbucket(_repository: str, ref: str) -> dict[str, Any]:
    identifier = f"{{{_PROJECT}}}"
    return {
        "sub": f"{identifier}:{{{_ORGANISATION}}}",
        "repositoryUuid": identifier,
        "workspaceUuid": f"{{{_ORGANISATION}}}",
        "branchName": ref.rpartition("/")[2],
        "pipelineUuid": identifier,
    }


PROVIDERS: Mapping[str, Callable[[str, str], dict[str, Any]]] = {
    "gitlab": _gitlab,
    "circleci": _circleci,
    "bitbucket": _bitbucket,
}
"""What an id token says of a job of a repository (owner/name) for a git reference, by the provider's name."""
