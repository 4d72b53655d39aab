"""`redaction`: a secret is hidden in every spelling in which programs show it, in parts, and over lines."""

import base64
import html
import json
import re
import time
import urllib.parse
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfspace_action.workflow.redaction import Redactor

SECRET = "hf_AbCdEf?GhIj/KlMn+Op:Q\"rS'tU\\v&W<x>é%41"
PLAIN = "hf_AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh"


def redactor(*secrets: str) -> Redactor:
    made = Redactor()
    for secret in secrets or (SECRET, PLAIN):
        made.add(secret)
    return made


def longest_part(shown: str, secret: str) -> int:
    """The length of the longest part of a secret that a text shows."""
    return max(
        (size for size in range(1, len(secret) + 1) for at in range(len(secret) - size + 1) if secret[at : at + size] in shown),
        default=0,
    )  # fmt: skip


SPELLINGS: list[tuple[str, Callable[[str], str]]] = [
    ("as it is", str),
    ("JSON", json.dumps),
    ("JSON with letters kept", lambda secret: json.dumps(secret, ensure_ascii=False)),
    ("JSON in JSON", lambda secret: json.dumps(json.dumps({"a": secret}))),
    ("Python's repr", repr),
    ("ASCII", ascii),
    ("bytes", lambda secret: repr(secret.encode())),
    ("percent", lambda secret: urllib.parse.quote(secret, safe="")),
    ("percent as in a path", urllib.parse.quote),
    ("percent in small letters", lambda secret: re.sub("%..", lambda found: found[0].lower(), urllib.parse.quote(secret))),
    ("a form", urllib.parse.quote_plus),
    ("percent twice", lambda secret: urllib.parse.quote(urllib.parse.quote(secret))),
    ("percent in JSON", lambda secret: json.dumps(urllib.parse.quote(secret) + '"')),
    ("HTML", html.escape),
    ("HTML by numbers", lambda secret: "".join(f"&#{ord(each)};" for each in secret)),
    ("HTML in hex", lambda secret: "".join(f"&#x{ord(each):X};" for each in secret)),
    ("escaped Markdown", lambda secret: re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", secret)),
    ("coloured in the middle", lambda secret: f"\x1b[1m{secret[:9]}\x1b[31m{secret[9:]}\x1b[0m"),
    ("two lines", lambda secret: f"{secret[:17]}\n{secret[17:]}"),
    ("lines of six, indented", lambda secret: "\n    ".join(secret[at : at + 6] for at in range(0, len(secret), 6))),
    ("continued lines", lambda secret: f"{secret[:17]} \\\r\n  {secret[17:]}"),
    ("lines in JSON", lambda secret: json.dumps(f"{secret[:17]}\n{secret[17:]}")),
]  # fmt: skip


@pytest.mark.parametrize("secret", [SECRET, PLAIN], ids=["punctuation", "plain"])
@pytest.mark.parametrize("spell", [spell for _, spell in SPELLINGS], ids=[name for name, _ in SPELLINGS])
def test_a_secret_is_hidden_in_every_spelling(spell: Callable[[str], str], secret: str) -> None:
    shown = redactor()(f"before {spell(secret)} after")

    assert shown.startswith("before ")
    assert shown.endswith(" after")
    assert "***" in shown
    assert longest_part(shown, secret) < 5


@pytest.mark.parametrize("encode", [base64.b64encode, base64.urlsafe_b64encode], ids=["base64", "URL-safe base64"])
@pytest.mark.parametrize("before", ["", "u:", "x", "user:"])
@pytest.mark.parametrize("width", [0, 20])
def test_a_secret_is_hidden_in_base64(encode: Callable[[bytes], bytes], before: str, width: int) -> None:
    encoded = encode(f"{before}{SECRET}:tail".encode()).decode()
    lines = "\n".join(encoded[at : at + width] for at in range(0, len(encoded), width)) if width else encoded

    shown = redactor()(f"Authorization: Basic {lines}")

    assert longest_part(shown, encoded) < 12, shown


def test_a_secret_is_hidden_in_hex() -> None:
    assert redactor()(f"{SECRET.encode().hex()} {SECRET.encode().hex().upper()}") == "*** ***"


@pytest.mark.parametrize("length", range(7, len(PLAIN)))
@pytest.mark.parametrize("mark", ["", "…", "...", " … (12 more characters)", "'…", "\nnext line"])
def test_the_part_that_a_cut_leaves_is_hidden(mark: str, length: int) -> None:
    assert redactor()(f"variable A: {PLAIN[:length]}{mark}") == f"variable A: ***{mark}"


def test_the_end_behind_an_ellipsis_is_hidden() -> None:
    assert redactor()(f"…{PLAIN[-9:]} and ...{PLAIN[-12:]}") == "…*** and ...***"


def test_secrets_that_hold_one_another_are_hidden_whole() -> None:
    assert redactor("hf_abc", "hf_abc_longer")("a hf_abc b hf_abc_longer c") == "a *** b *** c"


@pytest.mark.parametrize(
    "text", ["nothing of it: hf_ %41 &amp; \\n AbCdE", "", "…", "a\n\nb\\", "%", "&#99999999;", "\\u12", "%ff%fe"]
)
def test_other_text_stays(text: str) -> None:
    assert redactor()(text) == text


def test_the_lines_of_a_text_stay_lines() -> None:
    text = f"one {PLAIN[:10]}\n\n{PLAIN[10:20]}\n  {PLAIN[20:]} two\nthree"

    assert redactor()(text).split("\n") == ["one ***", "", "***", "  *** two", "three"]


def test_lines_that_come_one_by_one_show_no_secret_that_they_divide() -> None:
    hide = redactor()
    lines = ["start", f"key={PLAIN[:9]}", f"   {PLAIN[9:20]}", PLAIN[20:], "the end", PLAIN]

    assert [hide.next_line(line) for line in lines] == ["start", "key=***", "   ***", "***", "the end", "***"]


def test_short_secrets_stay_because_they_are_words() -> None:
    assert redactor("true")("true") == "true"


@given(st.text(alphabet="ab\\%&#;n4\n…. <'\"", max_size=60), st.text(alphabet="ab\\%&#;n41 ", min_size=6, max_size=12))
def test_any_text_is_searched_without_an_error_and_shows_no_secret(text: str, secret: str) -> None:
    shown = redactor(secret)(f"{text}|{secret}|{text}")

    assert secret not in shown.replace("***", "")


@pytest.mark.parametrize(
    "text", [" " * 200_000, "\\" * 200_000, "%4" * 100_000, "&#" * 100_000, "hf_AbC" * 40_000, "\n" * 200_000, "\x1b[" * 100_000]
)  # fmt: skip
def test_a_hostile_text_takes_time_by_its_length_only(text: str) -> None:
    hide = redactor()

    def seconds(part: str) -> float:
        began = time.process_time()
        hide(part)
        return time.process_time() - began

    quarter = max(seconds(text[: len(text) // 4]), 0.001)
    assert seconds(text) / quarter < 12, "by its square, it would be 16 times"
