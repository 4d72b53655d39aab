"""`markdown`: nothing that others wrote acts in a summary, and it is shown unchanged."""

import io
import re
from dataclasses import replace
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfspace_action.report import markdown
from hfspace_action.report.summary import summary
from hfspace_action.result import Result
from hfspace_action.workflow.runner import Runner
from tests.kit import ROOT
from tests.kit.summaries import (
    FAILED,
    HOSTILE,
    LIVE,
    filled,
    page,
    render,
    shape,
    words,
)


@pytest.mark.parametrize(
    "text", ["alice/my-demo_2 is 1.5 MB: 3 files, 100 %", "C++ (a) 'b' \"c\" x=1; y? {z}", "a & b > c"]
)
def test_ordinary_text_needs_no_escape(text: str) -> None:
    assert markdown.escape(text) == text


def test_only_this_module_makes_markdown_safe() -> None:
    """But for words without a value in them."""
    for source in (ROOT / "hfspace_action/report").glob("*.py"):
        made = re.findall(r"\bSafe\((.*)", source.read_text("utf-8"))
        if source.name != "markdown.py":
            assert all(
                re.match(r"\"|f\" line |f\"hf-space-deploy |f\"\$\{dollars|sign\(|SIGNS|verb\b|$", each)
                or "{Result" in each
                for each in made
            ), made


@cache
def harmless(result: Result) -> list[tuple[object, list[str]]]:
    return shape(page(replace(filled("harmless"), result=result)))


@pytest.mark.parametrize("result", [Result.LIVE, Result.PLANNED, Result.SEEN, Result.ERROR, Result.ROLLED_BACK])
@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_changes_nothing_in_any_result(text: str, result: Result) -> None:
    assert shape(page(replace(filled(text), result=result))) == harmless(result)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_changes_nothing_but_text(text: str) -> None:
    assert shape(page(filled(text))) == shape(page(filled("harmless")))


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_is(text: str) -> None:
    assert words(page(replace(LIVE, hardware=text))).count(" ".join(text.replace("\n", "").split())) == 1
    log = next(page(replace(FAILED, log_tail=[text])).iter("pre"))
    assert "".join(log.itertext()).split() == text.split()


@given(st.text(alphabet=st.sampled_from("ab1 *_`~#&;<>|()[]{}!@:/\\.-+='\"\n\r\tw\x00\x1b\udcffé✓"), max_size=40))
def test_any_text_in_any_place_changes_nothing_but_text(text: str) -> None:
    source = f"### {markdown.escape(text)}\n\n- {markdown.escape(text)}\n\n| {markdown.escape(text)} |\n|:--|\n| x |\n"
    plain = render("### a\n\n- a\n\n| a |\n|:--|\n| x |\n")
    assert shape(render(source)) == shape(plain)


@given(st.text(alphabet=st.sampled_from("ab1 *_`~#&;<>|()[]{}!@:/\\.-+='\"wé✓"), min_size=1, max_size=40))
def test_any_printable_text_is_shown_as_it_is(text: str) -> None:
    (cell,) = render(f"| x |\n|:--|\n| .{markdown.escape(text)}. |\n").iter("td")
    assert "".join(cell.itertext()) == f".{text}."


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "ftp://evil.example",
        "https://",
        "https:// evil",
        "https://a\nb",
        "https://a\\b",
        "https://" + "a" * 5000,
        "",
    ],
)
def test_link_to_what_is_no_web_address_is_only_text(url: str) -> None:
    assert not list(page(replace(LIVE, app_url=url, space_url=None, commit_url=None)).iter("a"))


def test_link_keeps_an_odd_address_whole() -> None:
    odd = "http://127.0.0.1:7860/a(b)|c`d*e_f\"g'h<i>?x=1&y=[2]#@z"
    assert {
        link.get("href") for link in page(replace(LIVE, app_url=odd, space_url=None, commit_url=None)).iter("a")
    } == {odd}


def test_summary_stays_small_whatever_is_in_it() -> None:
    big = filled("<|>\n" * 300_000)
    many = {name: list(getattr(big, name)) * 500 for name in ("plan", "notes", "failures", "phases", "log_tail")}
    assert len(summary(replace(big, **many), str).encode()) < 512 * 1024


def test_summary_shows_broken_text() -> None:
    source = summary(filled("nul\x00 \udcff \x1b[31mred\x1b[0m \x1b]0;title\x07"), str)
    assert "nul" in source.encode().decode()
    assert "\x1b" not in source
    assert "\x00" not in source


def test_summary_hides_secrets_before_their_spelling_changes() -> None:
    runner = Runner({}, io.StringIO())
    runner.mask("s*kr|t:_1")
    runner.mask("plain-secret")
    source = summary(filled("https://x.example/s*kr|t:_1/plain-secret"), runner.redact)
    seen = render(source)
    assert "s*kr" not in words(seen)
    assert not re.search("kr.{0,9}t|plain.?s", source)
    assert all("***" in (link.get("href") or "") for link in seen.iter("a"))
