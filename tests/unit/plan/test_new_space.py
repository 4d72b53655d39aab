"""A Space that is not there yet: whether its name looks misspelt, and who may see it."""

import pytest

from hfspace_action.inputs.schema import Inputs
from hfspace_action.plan import new_space


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
    ],
)
def test_a_name_that_is_almost_that_of_another_space(space: str, there: list[str], meant: str | None) -> None:
    assert new_space.similar(space, there) == meant


@pytest.mark.parametrize(
    ("given", "repository", "wanted", "reason"),
    [
        (None, "private", "private", "the GitHub repository is private"),
        (None, "internal", "private", "the GitHub repository is internal"),
        (None, "public", None, "the GitHub repository is public"),
        (None, None, None, "not known"),
        ("public", "private", "public", "the input visibility"),
        ("private", "public", "private", "the input visibility"),
    ],
)
def test_who_may_see_a_new_space(given: str | None, repository: str | None, wanted: str | None, reason: str) -> None:
    decided = new_space.visibility(Inputs(space="alice/site", hf_token="hf_x", visibility=given), repository)
    assert decided.wanted == wanted
    assert reason in str(decided)
