"""How much of a phone's screen a summary takes, measured in Chromium."""

from dataclasses import replace

import pytest

from hfspace_action.plan.plan import Entry
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


PRICES = """[...document.querySelectorAll('pre[lang=diff] .line')].filter(line => line.textContent.includes('$')).map(line => {
  const text = line.firstChild, range = document.createRange(), at = text.data.indexOf('$');
  range.setStart(text, at); range.setEnd(text, text.data.indexOf(')', at));
  return range.getBoundingClientRect().right - line.closest('pre').getBoundingClientRect().right; })"""
PLANNED = [
    "~ visibility: public → private",
    "~ hardware: t4-small ($0.40/h), was cpu-basic",
    "~ sleep-time: 48h → never",
]


@pytest.mark.browser
@pytest.mark.parametrize("result", [Result.LIVE, Result.PLANNED])
def test_a_phone_cuts_no_price_off(result: Result) -> None:
    large = str(Entry("change", "hardware", None, "cpu-upgrade", "a100-large-x8", dollars_per_hour=20))
    given = replace(FULL, result=result, plan=[*PLANNED, large])

    with pictures.browser(needs.browser()) as chromium, pictures.opened(chromium, summary(given, str)) as shown:
        beyond = shown.evaluate(PRICES)

    assert len(beyond) == 2
    assert max(beyond) < 0
