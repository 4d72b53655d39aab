"""The pictures of the documentation: there, small, in light and dark, with words for who can't see them."""

import re

import pytest

from scripts.pictures import KEPT, KEPT_IN
from tests.kit import ROOT
from tests.kit.docs import pages

LARGEST = 80_000
"""Bytes."""


@pytest.mark.parametrize("name", [f"{kept}-{colours}.png" for kept in KEPT.values() for colours in ("light", "dark")])
def test_a_picture_of_the_readme_is_a_small_png(name: str) -> None:
    content = (KEPT_IN / name).read_bytes()

    assert content.startswith(b"\x89PNG")
    assert len(content) <= LARGEST
    assert name in pages.text(ROOT / "README.md")


def test_no_picture_is_left_over() -> None:
    assert {path.name for path in KEPT_IN.iterdir()} == {
        f"{kept}-{colours}.png" for kept in KEPT.values() for colours in ("light", "dark")
    }


def test_every_picture_has_words() -> None:
    for page in pages.pages():
        for image in re.findall(r"<img [^>]*>", pages.text(page)):
            found = re.search(r'alt="([^"]*)"', image)
            assert found, page
            assert len(found[1]) > 30, page
        assert "![](" not in pages.text(page)
