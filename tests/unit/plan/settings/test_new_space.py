"""A Space that is not there yet: whether its name looks misspelt, and who may see it."""

from typing import NamedTuple

import pytest

from hfspace_action.inputs.schema import Inputs
from hfspace_action.plan.settings import new_space


@pytest.mark.parametrize(
    ("space", "there", "meant"),
    [
        ("alice/stie", ["alice/site"], "alice/site"),
        ("alice/sites", ["alice/site"], "alice/site"),
        ("alice/my_site", ["alice/my-site"], "alice/my-site"),
        ("alice/Site", ["alice/site"], "alice/site"),
        ("alice/open-wbeu", ["alice/open-webui", "alice/other"], None),
        ("alice/chatbot-demmo-app", ["alice/chatbot-demo-ap"], "alice/chatbot-demo-ap"),
        ("alice/demo-2", ["alice/demo-1", "alice/demo-10"], None),
        ("alice/demo2", ["alice/demo"], None),
        ("alice/site-pr-12", ["alice/site-pr-13", "alice/site"], None),
        ("alice/site-staging", ["alice/site"], None),
        ("alice/tts", ["alice/ttt", "alice/tt"], None),
        ("alice/new", [], None),
        ("alice/new", ["alice/new"], None),
        ("alice/space-68", ["alice/spcae-38"], None),
        ("alice/space-68", ["alice/spcae-68"], "alice/spcae-68"),
    ],
)
def test_a_name_that_is_almost_that_of_another_space(space: str, there: list[str], meant: str | None) -> None:
    assert new_space.similar(space, there) == meant


class Visibility(NamedTuple):
    """The input, the GitHub repository's visibility, what is wanted of the Space, and why."""

    given: str | None
    repository: str | None
    wanted: str | None
    reason: str


@pytest.mark.parametrize(
    "case",
    [
        Visibility(given=None, repository="private", wanted="private", reason="the source repository is private"),
        Visibility(given=None, repository="internal", wanted="private", reason="the source repository is internal"),
        Visibility(given=None, repository="public", wanted=None, reason="the source repository is public"),
        Visibility(given=None, repository=None, wanted=None, reason="not known"),
        Visibility(given="public", repository="private", wanted="public", reason="the input visibility"),
        Visibility(given="private", repository="public", wanted="private", reason="the input visibility"),
    ],
    ids=lambda case: f"{case.given} of a repository {case.repository}",
)
def test_who_may_see_a_new_space(case: Visibility) -> None:
    decided = new_space.visibility(Inputs(space="alice/site", hf_token="hf_x", visibility=case.given), case.repository)
    assert decided.wanted == case.wanted
    assert case.reason in str(decided)
