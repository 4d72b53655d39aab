"""The input `checks`: what is read, and what is refused with which words."""

import pytest

from hfspace_action.inputs import checks
from hfspace_action.inputs.key_values import Refused


def refused(text: str) -> str:
    with pytest.raises(Refused) as caught:
        checks.read(text)
    return f"{caught.value} {caught.value.advice}"


def test_defaults() -> None:
    (check,) = checks.read("- path: /health")
    assert (check.name, check.path, check.method, check.status, check.within) == (
        "GET /health", "/health", "GET", (range(200, 400),), None,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "status"),
    [("200", [(200, 200)]), ("[200, 404]", [(200, 200), (404, 404)]), ("200-299", [(200, 299)]), ("2xx", [(200, 299)]),
     ("[2xx, 401 - 403]", [(200, 299), (401, 403)]), ("'503'", [(503, 503)])],
)  # fmt: skip
def test_status(written: str, status: list[tuple[int, int]]) -> None:
    (check,) = checks.read(f"- {{path: /, status: {written}}}")
    assert [(each.start, each.stop - 1) for each in check.status] == status


@pytest.mark.parametrize(("written", "seconds"), [("2s", 2), ("500ms", 0.5), ("1m", 60), ("3", 3), ("0.5", 0.5)])
def test_within(written: str, seconds: float) -> None:
    (check,) = checks.read(f"- {{path: /, within: {written}}}")
    assert check.within == pytest.approx(seconds)


def test_call_of_an_api() -> None:
    (check,) = checks.read("- api: predict\n  arguments: [Ada, 2]\n  returns: [text, number]\n  within: 30s\n")
    assert (check.api, check.arguments, check.returns) == ("/predict", ("Ada", 2), ("text", "number"))
    assert not check.repeatable


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: b: c", "not valid YAML"),
        ("path: /health", "not a list"),
        ("[]", "not a list"),
        ("- /health", "entry 1, there is no mapping"),
        ("- {}", "entry 1, nothing is asked for"),
        ("- path: /\n- {path: /x, stauts: 200}", "entry 2, 'stauts' is not known Did you mean `status`?"),
        ("- path: health", "'health' is not a path"),
        ("- path: //evil.example/", "is not a path"),
        ("- path: \"/a\\r\\nX: y\"", "is not a path"),
        ("- path: https://evil.example/", "is not a path"),
        ("- {path: /, status: 99}", "'99' is not an HTTP status"),
        ("- {path: /, status: 299-200}", "empty range"),
        ("- {path: /, status: true}", "is not an HTTP status"),
        ("- {path: /, status: []}", "is not an HTTP status"),
        ("- {path: /, within: soon}", "'soon' is not a time"),
        ("- {path: /, within: 0}", "'0' is not a time"),
        ("- {path: /, within: 3h}", "'3h' is not a time"),
        ("- {path: /, within: .inf}", "is not a time"),
        ("- {path: /, method: FETCH}", "'FETCH' is not a method"),
        ("- {path: /, json: status}", "`json` is not a mapping"),
        ("- {path: /, header: [a]}", "`header` is not a mapping"),
        ("- {path: /, header: {'a b': c}}", "`header` is not a mapping"),
        ("- {path: /, contains: []}", "`contains` is not a text"),
        ("- {path: /, contains: {a: b}}", "`contains` is not a text"),
        ("- {method: HEAD, contains: x}", "has no body"),
        ("- {api: /predict, status: 200}", "`status` can't stand beside `api`"),
        ("- {path: /, returns: text}", "`returns` is of use with `api` only"),
        ("- {api: /predict, returns: picture}", "'picture' is not a kind of answer"),
        ("- {path: /, name: ''}", "`name` is empty"),
        ("- path: /\n- path: /", "two of its entries are called 'GET /'"),
        ("\n".join(f"- path: /{number}" for number in range(51)), "51 entries"),
    ],
)  # fmt: skip
def test_refused(text: str, words: str) -> None:
    assert words in refused(text)
