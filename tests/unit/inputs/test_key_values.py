"""The inputs `secrets` and `variables` as texts: nothing is cut off unseen, and no message shows what may be secret."""

import pytest

from hfspace_action.inputs import key_values
from hfspace_action.inputs.key_values import Refused
from hfspace_action.inputs.schema import secret_values

WRAPPED = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVowMTIzNDU2NzY3\nZDRUVGFTECRETTAIL=="


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A=1\nB=x=y", {"A": "1", "B": "x=y"}),
        ("A=1\r\nB= two words ", {"A": "1", "B": " two words "}),
        ("A=first\u2028B=rest\x0bC=end", {"A": "first\u2028B=rest\x0bC=end"}),
        ("A: 'pass word #1 rest'", {"A": "pass word #1 rest"}),
        ('A: "&b c"', {"A": "&b c"}),
        ("A: pass#word", {"A": "pass#word"}),
        ("A: |\n  one\n  two\n", {"A": "one\ntwo\n"}),
        ("A: p:q\nB: 010", {"A": "p:q", "B": "010"}),
    ],
)
def test_secrets_are_what_was_written(text: str, expected: dict[str, str]) -> None:
    assert key_values.secrets(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"KEY={WRAPPED}",
        f"KEY={WRAPPED[:-1]}",
        f"KEY={WRAPPED.rstrip('=')}",
        "KEY: pass word #1 hidden",
        "KEY: &a hidden",
        "KEY: !tag hidden",
        "KEY: &a hidden\nOTHER: *a",
        "KEY: hidden\n  folded",
        "KEY=",
        "9KEY=hidden",
        "KEY: [hidden]",
        "A: " + "[" * 3000,
    ],
)  # fmt: skip
def test_secrets_that_are_not_what_they_look_like_are_refused_and_nothing_of_them_is_shown(text: str) -> None:
    with pytest.raises(Refused) as refused:
        key_values.secrets(text)

    shown = str(refused.value) + refused.value.advice
    assert not any(word in shown for word in ("hidden", "TAIL", "QUJD", "9KEY", "pass word"))


@pytest.mark.parametrize(
    "text", [f"KEY={WRAPPED}", "KEY: pass word #1 hidden", "  A: s3cr3tvalue\nB: othervalue", "A: " + "[" * 3000]
)
def test_what_is_refused_is_masked_all_the_same(text: str) -> None:
    masked = secret_values({"INPUT_SECRETS": text})

    for line in text.strip().splitlines():
        value = line.partition("=" if "=" in line else ": ")[2]
        assert len(value) <= 3 or any(value in each for each in masked)


def test_secrets_are_read_for_masking_as_they_are_read_for_use() -> None:
    assert secret_values({"INPUT_SECRETS": "  AKEY: s3cr3tvalue\nBKEY: othervalue"}) == ["s3cr3tvalue", "othervalue"]


def test_variables_may_have_comments_and_name_what_is_wrong() -> None:
    assert key_values.variables("A: x # why") == {"A": "x"}
    with pytest.raises(Refused, match="'A-B' can't be a name"):
        key_values.variables("A-B: x")
