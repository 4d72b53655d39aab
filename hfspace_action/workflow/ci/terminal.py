"""A terminal, a container, or a CI system that is not known here: nothing is said of a run, but an id token may be given."""

from collections.abc import Mapping

from hfspace_action.workflow import id_token as jobs
from hfspace_action.workflow.id_token import Job
from hfspace_action.workflow.run import Source

from .place import Place
from .plain import FILES, plain


def source(_env: Mapping[str, str]) -> Source:
    """Return a source of which nothing is known but what the checkout itself says."""
    return Source()


def id_token(env: Mapping[str, str]) -> Job | None:
    """Whoever has an id token in HF_OIDC_ID_TOKEN, as huggingface_hub reads it."""
    return jobs.given(env.get("HF_OIDC_ID_TOKEN", ""), "the issuer of the id token", "sub")


PLACE = Place("a terminal", source, id_token, plain, FILES, missing="token-absent")
