"""CircleCI.

Source: https://circleci.com/docs/reference/variables/ and https://circleci.com/docs/oidc-tokens-with-custom-claims/. The id token
that each job has is for the organisation itself, not for the Hub; it is used only where its audience was set to the Hub.
"""

from collections.abc import Mapping

from hfspace_action.workflow import id_token as jobs
from hfspace_action.workflow.id_token import Job
from hfspace_action.workflow.run import Source

from . import forges
from .place import Place
from .plain import FILES, plain

_CLAIMS = ("oidc.circleci.com/project-id", "oidc.circleci.com/vcs-origin", "oidc.circleci.com/vcs-ref")


def source(env: Mapping[str, str]) -> Source:
    """Read the source from the job's variables."""
    owner, name = env.get("CIRCLE_PROJECT_USERNAME", ""), env.get("CIRCLE_PROJECT_REPONAME", "")
    page = forges.page(env.get("CIRCLE_REPOSITORY_URL", ""))
    return Source(
        repository=f"{owner}/{name}" if owner and name else name,
        sha=env.get("CIRCLE_SHA1", ""),
        page=page,
        forge=forges.forge(page),
        run_url=env.get("CIRCLE_BUILD_URL", ""),
    )


def id_token(env: Mapping[str, str]) -> Job | None:
    """The job whose id token is in HF_OIDC_ID_TOKEN, or CircleCI's own where that is for the Hub."""
    token = env.get("HF_OIDC_ID_TOKEN", "")
    own = env.get("CIRCLE_OIDC_TOKEN_V2", "")
    if not token and jobs.for_the_hub(own):
        token = own
    return jobs.given(token, "CircleCI", *_CLAIMS)


PLACE = Place("CircleCI", source, id_token, plain, FILES, missing="token-absent-circleci")
