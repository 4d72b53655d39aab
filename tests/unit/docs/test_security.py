"""Each promise of SECURITY.md has a test that is there."""

import re

from tests.kit import ROOT

TEXT = (ROOT / "SECURITY.md").read_text("utf-8")


def test_every_promise_names_tests_that_are_there() -> None:
    rows = [line for line in TEXT.splitlines() if line.startswith("| ") and "promise" not in line]
    named = {row: re.findall(r"`(tests/[^`]+)`", row) for row in rows}

    assert len(rows) >= 12
    assert [row for row, paths in named.items() if not paths] == []
    assert [path for paths in named.values() for path in paths if not (ROOT / path).is_file()] == []


def test_it_says_how_to_report() -> None:
    assert "../../security/advisories/new" in TEXT
