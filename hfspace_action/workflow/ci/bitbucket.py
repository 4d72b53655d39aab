"""Bitbucket Pipelines.

Source: https://support.atlassian.com/bitbucket-cloud/docs/variables-and-secrets/ and
https://support.atlassian.com/bitbucket-cloud/docs/integrate-pipelines-with-resource-servers-using-oidc/. The id token of a step is
for its workspace, unless the step names other audiences; it is used only where the Hub is among them.
"""

from collections.abc import Mapping

from hfspace_action.workflow import id_token as jobs
from hfspace_action.workflow.id_token import Job
from hfspace_action.workflow.run import Source

from . import forges
from .place import Place
from .plain import FILES, plain

_VISIBILITY = {"true": "private", "false": "public"}


def source(env: Mapping[str, str]) -> Source:
    """Read the source from the step's variables."""
    repository, number = env.get("BITBUCKET_REPO_FULL_NAME", ""), env.get("BITBUCKET_BUILD_NUMBER", "")
    page = f"https://bitbucket.org/{repository}" if repository else ""
    return Source(
        repository=repository,
        sha=env.get("BITBUCKET_COMMIT", ""),
        page=page,
        forge=forges.BITBUCKET,
        run_url=f"{page}/pipelines/results/{number}" if page and number else "",
        shown_to=_VISIBILITY.get(env.get("BITBUCKET_REPO_IS_PRIVATE", ""), ""),
    )


def id_token(env: Mapping[str, str]) -> Job | None:
    """The step whose id token is in HF_OIDC_ID_TOKEN, or Bitbucket's own where that is for the Hub."""
    token = env.get("HF_OIDC_ID_TOKEN", "")
    own = env.get("BITBUCKET_STEP_OIDC_TOKEN", "")
    if not token and jobs.for_the_hub(own):
        token = own
    return jobs.given(token, "Bitbucket Pipelines", "repositoryUuid", "branchName")


PLACE = Place("Bitbucket", source, id_token, plain, FILES, missing="token-absent-bitbucket")
