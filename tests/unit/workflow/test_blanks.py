"""A secret that was over several lines is on one by the time it is shown; and no cut divides a word, which would no longer be known."""

import json
from urllib.parse import quote

import pytest

from hfspace_action import text
from hfspace_action.workflow.redaction import SHORTEST_JOINED, Redactor

SECRET = 's3cr3t/Zq8+Vb5=Rt7"Kp2&Xw9 Lm4'


def redacted(words: str, secret: str = SECRET) -> str:
    made = Redactor()
    made.add(secret)
    return made(words)


@pytest.mark.parametrize("blank", [" ", "  ", "\n", "\t", "\r\n  "])
@pytest.mark.parametrize("width", [3, 8, 16, 20])
def test_a_secret_with_blanks_in_it_is_hidden(blank: str, width: int) -> None:
    whole = "".join(SECRET.split())
    shown = redacted("before " + blank.join(whole[at : at + width] for at in range(0, len(whole), width)) + " after")

    assert "".join(shown.split()).replace("*", "") == "beforeafter"


def test_words_that_happen_to_hold_a_short_one_stay() -> None:
    words = "where names are renamed, pass words on"
    assert redacted(words, "ren-amed") == words
    assert redacted(words, "password") == words
    assert len("password") < SHORTEST_JOINED


@pytest.mark.parametrize(
    "spelled", [SECRET.replace(" ", ""), quote(SECRET, safe=""), json.dumps(SECRET.replace(" ", ""))]
)
@pytest.mark.parametrize("longest", range(40, 90, 7))
def test_a_cut_divides_no_word(spelled: str, longest: int) -> None:
    said = f"The Hub says in many words that it does not like {spelled} nor anything else of this"
    short = text.beginning(said, longest)

    assert len(short) <= longest + 2
    assert spelled in short or spelled[:8] not in short


@pytest.mark.parametrize(
    ("value", "short"),
    [("", ""), ("two words", "two words"), ("three short words", "three …"), ("x" * 20, "…"), ("ten letter", "ten letter"), ("ten letters", "ten …")],
)  # fmt: skip
def test_a_beginning(value: str, short: str) -> None:
    assert text.beginning(value, 10) == short
