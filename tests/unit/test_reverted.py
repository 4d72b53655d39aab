"""`make reverted` takes fixes back by their lines, so they must be there."""

import pytest

from scripts.variants.reverted import FIXES, Fix
from tests.kit import ROOT


@pytest.mark.parametrize("fix", FIXES, ids=lambda fix: fix.name)
def test_the_lines_of_a_fix_are_there_once(fix: Fix) -> None:
    assert (ROOT / "hfspace_action" / fix.path).read_text("utf-8").count(fix.lines) == 1
