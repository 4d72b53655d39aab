"""How much of a phone's screen a summary takes, measured in Chromium."""

from dataclasses import replace

import pytest

from hfspace_action.report.summary import summary
from hfspace_action.result import Result
from tests.kit import needs
from tests.kit.step import pictures
from tests.kit.summaries import FULL, LIVE

UNCHANGED = replace(FULL, changed=False, changes=None, plan=["nothing to change"])


@pytest.mark.browser
@pytest.mark.parametrize("given", [FULL, LIVE, UNCHANGED], ids=["all that can change", "little known", "unchanged"])
def test_a_live_summary_fits_on_a_phone(given: object) -> None:
    assert isinstance(given, type(FULL))
    assert given.result is Result.LIVE

    with pictures.browser(needs.browser()) as chromium, pictures.opened(chromium, summary(given, str)) as shown:
        assert pictures.height(shown) <= 500
        assert shown.evaluate("document.documentElement.scrollWidth") <= pictures.PHONE, (
            "nothing is wider than the screen"
        )
