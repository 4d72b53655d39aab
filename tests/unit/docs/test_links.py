"""No link of the documentation is dead, and every page is reached."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.kit import ROOT
from tests.kit.docs import pages

PAGES = pages.pages()
OURS = "https://github.com/org/hf-space-deploy/blob/main/"
FORMS = {"../security/advisories/new", "../../security/advisories/new"}


def dead(page: Path, link: str) -> str | None:
    """Why a link leads nowhere; None if it leads somewhere, or out of the repository."""
    if link.startswith(OURS):
        page, link = ROOT / "x", link.removeprefix(OURS)
    if urlsplit(link).scheme or link in FORMS:
        return None
    path, _, anchor = unquote(link).partition("#")
    target = (page.parent / path).resolve() if path else page
    if not target.exists():
        return f"there is no {path}"
    if anchor and target.suffix == ".md" and anchor not in pages.anchors(target):
        return f"{target.name} has no heading #{anchor}"
    return None


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    assert {link: why for link in pages.links(page) if (why := dead(page, link))} == {}


def test_links_of_the_forms_lead_somewhere() -> None:
    text = (ROOT / ".github/ISSUE_TEMPLATE/config.yml").read_text("utf-8")
    links = [line.split("url: ")[1] for line in text.splitlines() if "url: " in line]

    assert links
    assert [dead(ROOT / "x", link) for link in links] == [None] * len(links)


@pytest.mark.parametrize("link", ["nowhere.md", "README.md#nothing", "#nothing", f"{OURS}docs/nothing.md"])
def test_a_dead_link_is_found(link: str) -> None:
    assert dead(ROOT / "README.md", link)


def test_every_page_is_reached_from_the_readme() -> None:
    reached, ahead = {ROOT / "README.md"}, [ROOT / "README.md"]
    while ahead:
        page = ahead.pop()
        for link in pages.links(page):
            target = (page.parent / unquote(link).partition("#")[0]).resolve()
            if target in PAGES and target not in reached:
                reached.add(target)
                ahead.append(target)

    documents = {page for page in PAGES if page.parent in (ROOT, ROOT / "docs")}
    assert {page.name for page in documents - reached} == set()
