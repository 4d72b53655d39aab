"""Titles: the first heading as CommonMark reads it, as plain text."""

import time

import pytest

from hfspace_action.card import title


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("# Plain title #\n", "Plain title"),
        ("text\n\n# 🤖 My **bold** `app` 👩🏽‍💻\n", "My bold app"),
        ("# [Linked](https://x) :rocket: ![logo](x.png) <b>x</b>\n", "Linked x"),
        ("My title\r\n========\r\n", "My title"),
        ("Two\nlines\n===\n", "Two lines"),
        ('<h1 align="center">\n  <img src="x"/> Centered\n</h1>\n', "Centered"),
        ('<div align="center">\n\n# In a div\n\n</div>\n', "In a div"),
        ('<p align="center"><h1>First</h1></p>\n\n# Second\n', "First"),
        ("```\n# comment\n```\n# Real\n", "Real"),
        ("    # code\n\n# Real\n", "Real"),
        ("# C# and snake_case: notes\n", "C# and snake_case: notes"),
        ("# The Algorithms - C#\n", "The Algorithms - C#"),
        ("# C# #\n", "C#"),
        ("# R&amp;D &copy; lab\n", "R&D lab"),
        ("<h1>R&amp;D</h1>\n", "R&D"),
        ("<!--\n# template note\n-->\n# Real\n", "Real"),
        ("<!-- <h1>old</h1> -->\n\n# Real\n", "Real"),
        ("# my\\_app \\# one\n", "my_app # one"),
        ("# \n# Second\n", "Second"),
        ("# 🚀\n# Second\n", "Second"),
        ("# One<br>two\n", "One two"),
        ("# One<br/> two <!-- x --> three\n", "One two three"),
        ("<h1>One<br>two</h1>\n", "One two"),
        ("#NoSpace\n\n# Real\n", "Real"),
        ("####### seven\n", ""),
        ("   # Three spaces\n", "Three spaces"),
        ("# [ref] and [a][b]\n\n[ref]: https://x\n[b]: https://y\n", "ref and a"),
        ("# `a * b` *c*\n", "a * b c"),
        ("# 日本語 タイトル\n", "日本語 タイトル"),
        ("> # Quoted\n", "Quoted"),
        ("## Second level\n", ""),
        ("# 🚀\n", ""),
        ("", ""),
    ],
)
def test_the_title_is_the_first_heading_as_plain_text(text: str, expected: str) -> None:
    assert title.of_markdown(text) == expected


@pytest.mark.parametrize("piece", ["[", "![[", "*a ", "<a ", "> ", "`", "# <!-- ", "<h1>", "- "])
def test_a_hostile_readme_takes_no_time(piece: str) -> None:
    began = time.process_time()
    title.of_markdown(piece * 100_000)
    assert time.process_time() - began < 10


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("My app\n======\n", "My app"),
        ("======\nMy app\n======\n", "My app"),
        (".. image:: x\n\nMy *app*\n--------\n", "My app"),
        ("no heading\n\n", ""),
    ],
)
def test_the_title_of_restructured_text(text: str, expected: str) -> None:
    assert title.of_restructured_text(text) == expected
