"""Pages that no browser minds and Python's parsers do."""

import pytest

from hfspace_action.card.detect.web import pages
from hfspace_action.card.title import of_markdown
from hfspace_action.file import File
from hfspace_action.readers.files import Deployed


@pytest.mark.parametrize(
    "odd", ["<![foo[ x ]]>", "<![ if IE]>", '<script src="//[a"></script>', '<script src="http://[b]/x"></script>']
)
def test_a_page_is_read_as_far_as_it_goes(odd: str) -> None:
    content = f"<script src='a.js'></script>{odd}".encode()
    found = pages.look(Deployed({"index.html": File.of("index.html", content)}), "index.html")

    assert found.missing == ("a.js",)


@pytest.mark.parametrize("odd", ["<![foo[ x ]]>", "<![ if IE]>"])
def test_a_heading_before_it_is_the_title(odd: str) -> None:
    assert of_markdown(f"<h1>Tides</h1>{odd}\n") == "Tides"
