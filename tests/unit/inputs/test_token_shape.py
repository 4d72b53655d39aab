"""Tokens by their shape: what certainly is none is refused before anything is sent, and nothing of it is told."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hfspace_action.errors import Failure
from hfspace_action.inputs import schema, token_shape

BODY = "AbCdEfGhIjKlMnOpQrStUvWxYzAbCdEfGh"
GOOD = f"hf_{BODY}"


@pytest.mark.parametrize(
    ("text", "error", "words"),
    [
        pytest.param("HF_TOKEN", "token-name", "name of a secret", id="the secret's name"),
        pytest.param("hf-token", "token-name", "name of a secret", id="the input's name"),
        pytest.param("${{ secrets.HF_TOKEN }}", "token-name", "name of a secret", id="an expression that nobody filled in"),
        pytest.param("secrets.HF_TOKEN", "token-name", "name of a secret", id="an expression without its braces"),
        pytest.param("$HF_TOKEN", "token-name", "name of a secret", id="a shell's variable"),
        pytest.param("${HF_TOKEN}", "token-name", "name of a secret", id="a shell's variable in braces"),
        pytest.param(f"ghp_{BODY}", "token-foreign", "a token of GitHub", id="GitHub, classic"),
        pytest.param(f"github_pat_{BODY}", "token-foreign", "a token of GitHub", id="GitHub, fine-grained"),
        pytest.param(f"ghs_{BODY}", "token-foreign", "a token of GitHub", id="GitHub, a job's"),
        pytest.param(f"gho_{BODY}", "token-foreign", "a token of GitHub", id="GitHub, OAuth"),
        pytest.param(f"sk-proj-{BODY}", "token-foreign", "an API key", id="OpenAI"),
        pytest.param(f"pypi-{BODY}", "token-foreign", "PyPI", id="PyPI"),
        pytest.param(f'"{GOOD}"', "token-mistyped", "quotes", id="in quotes"),
        pytest.param(f"'{GOOD}", "token-mistyped", "quotes", id="one quote only"),
        pytest.param(f"Bearer {GOOD}", "token-mistyped", "Bearer", id="with its header's word"),
        pytest.param(f"Authorization: Bearer {GOOD}", "token-mistyped", "a name stands before it", id="with its header"),
        pytest.param(f"HF_TOKEN={GOOD}", "token-mistyped", "a name stands before it", id="as an assignment"),
        pytest.param(f"hf-token: {GOOD}", "token-mistyped", "a name stands before it", id="as YAML"),
        pytest.param(f"{GOOD}\n{GOOD}", "token-mistyped", "more than one line", id="two lines"),
        pytest.param(f"hf_{BODY[:5]} {BODY[5:]}", "token-mistyped", "white space", id="a space in it"),
        pytest.param("***", "token-mistyped", "asterisks", id="copied from a log"),
        pytest.param("https://huggingface.co/settings/tokens", "token-mistyped", "an address", id="the page's address"),
        pytest.param(f"{GOOD}…", "token-mistyped", "no token has", id="a letter that no token has"),
    ],
)  # fmt: skip
def test_what_is_no_token_is_told_apart_and_not_shown(text: str, error: str, words: str) -> None:
    with pytest.raises(schema.BadInputs) as refused:
        schema.read({"INPUT_SPACE": "alice/demo", "INPUT_HF-TOKEN": text})

    (failure,) = refused.value.failures
    assert failure.id == error
    assert words in failure.message
    assert BODY[:5] not in str(failure) + failure.message + failure.advice


@pytest.mark.parametrize(
    "text",
    [
        GOOD,
        "hf_alice",
        "api_org_AbC",
        "hf_jwt_eyJh.eyJz.x-_",
        "hf_oauth_AbC",
        "AbCdEf012",
        "abc.def/ghi+j=",
        "AbCdEf==",
    ],
)
def test_what_may_be_a_token_is_left_to_the_hub(text: str) -> None:  # fmt: skip
    assert token_shape.check(text) == text


def test_white_space_and_line_ends_around_a_token_are_taken_off() -> None:
    read = schema.read({"INPUT_SPACE": "alice/demo", "INPUT_HF-TOKEN": f"  {GOOD}\r\n"})

    assert read.hf_token == GOOD


def test_a_token_of_an_unusual_length_is_said_to_be_one() -> None:
    assert token_shape.kind("hf_alice") == "a user access token of an unusual length (37 characters are usual)"


@given(st.text(min_size=1))
def test_any_text_is_taken_as_it_is_or_refused_and_is_of_some_kind(text: str) -> None:
    assert token_shape.kind(text)
    refused: Failure | None = None
    try:
        token_shape.check(text)
    except Failure as failure:
        refused = failure
    assert refused is None or refused.id in ("token-name", "token-foreign", "token-mistyped")
    assert refused is None or len(text) < 8 or text not in refused.message + refused.advice
