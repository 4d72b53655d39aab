"""A Gradio app's API as its answers describe it: what fits an endpoint, and what kind of answer came. The real app is called in
tests/e2e/watch/test_gradio.py."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from hfspace_action.inputs import checks
from hfspace_action.inputs.checks import Check
from hfspace_action.result import Result
from hfspace_action.watch.app import gradio_api
from hfspace_action.watch.app.gradio_api import call, is_a
from hfspace_action.watch.app.outcome import Outcome
from hfspace_action.watch.app.visit import Answer, NoAnswer, Question

NAME = {"parameter_name": "name", "parameter_has_default": False, "type": {"type": "string"}}
TIMES = {"parameter_name": "times", "parameter_has_default": True, "parameter_default": 1, "type": {"type": "number"}}
PICTURE = {"parameter_name": "picture", "component": "Image", "type": {"type": "object"}}
ENDPOINTS: Mapping[str, Any] = {
    "/greet": {"parameters": [NAME, TIMES]},
    "/none": {"parameters": []},
    "/see": {"parameters": [PICTURE]},
}
FILE = {"path": "/tmp/gradio/x", "meta": {"_type": "gradio.FileData"}}


def check(text: str) -> Check:
    (found,) = checks.read(f"- {text}")
    return found


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("{api: /greet, arguments: [Ada, 2]}", ["Ada", 2]),
        ("{api: /greet, arguments: [Ada]}", ["Ada", 1]),
        ("{api: /greet, arguments: Ada}", ["Ada", 1]),
        ("{api: /greet, arguments: {times: 3, name: Ada}}", ["Ada", 3]),
        ("{api: /greet, arguments: [null]}", [None, 1]),
        ("{api: none}", []),
        (
            "{api: see, arguments: 'https://example.org/a.png'}",
            [{"path": "https://example.org/a.png", "meta": FILE["meta"]}],
        ),
    ],
)
def test_arguments(text: str, sent: list[object]) -> None:
    assert gradio_api.arguments(check(text), ENDPOINTS) == sent


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("{api: /predict}", "the app has no endpoint /predict; it has /greet, /none, /see"),
        ("{api: /greet}", "it needs an argument `name`; the endpoint is now /greet(name: string, times: number = 1)"),
        ("{api: /greet, arguments: [Ada, 2, 3]}", "it takes 2 arguments, not 3"),
        ("{api: /greet, arguments: {who: Ada}}", "it takes no argument `who`"),
        ("{api: /greet, arguments: [7]}", "its argument `name` is 7, where a string is wanted"),
        ("{api: /greet, arguments: [Ada, true]}", "its argument `times` is true, where a number is wanted"),
    ],
)
def test_changed_signature(text: str, words: str) -> None:
    with pytest.raises(gradio_api.Refused) as caught:
        gradio_api.arguments(check(text), ENDPOINTS)

    assert words in str(caught.value)
    assert caught.value.final


@pytest.mark.parametrize(
    ("kind", "value", "right"),
    [
        ("text", "a", True), ("text", 1, False), ("number", 1.5, True), ("number", True, False), ("number", "1", False),
        ("boolean", False, True), ("boolean", 0, False), ("list", [], True), ("object", {}, True), ("nothing", None, True),
        ("nothing", "", False), ("anything", None, True), ("file", FILE, True), ("file", "/tmp/x", False),
        ("image", FILE | {"mime_type": "image/png"}, True), ("image", {"url": "https://x/a.PNG?y=1"}, True), ("image", FILE, False),
        ("audio", {"path": "a.wav"}, True), ("audio", {"path": "a.png"}, False), ("video", {"video": {"path": "a.mp4"}}, True),
    ],
)  # fmt: skip
def test_kinds(kind: str, value: object, right: bool) -> None:
    assert is_a(kind, value) is right


def played(events: str | None, *, by_app: bool = True, info: int = 200, prefix: str = "/gradio_api") -> Outcome:
    """What comes of a call to an app that answers so."""

    def ask(question: Question) -> Answer:
        if not question.path.startswith(f"{prefix}/"):
            return Answer(question.path, 404, by_app, {}, b"{}")
        if question.path.endswith("/info"):
            return Answer(question.path, info, by_app, {}, json.dumps({"named_endpoints": ENDPOINTS}).encode())
        if question.method == "POST":
            return Answer(question.path, 200, by_app, {}, b'{"event_id": "e1"}')
        if events is None:
            raise NoAnswer("no answer (ReadTimeout)")
        return Answer(question.path, 200, by_app, {}, events.encode())

    return call(check("{api: /greet, arguments: [Ada], returns: [text], within: 3s}"), ask)


@pytest.mark.parametrize(
    ("events", "good", "words"),
    [
        ('event: complete\ndata: ["Hello"]\n\n', True, 'answers ["Hello"]'),
        ('event: heartbeat\ndata: null\n\nevent: generating\ndata: ["H"]\n\nevent: complete\ndata: ["Hello"]\n\n', True,
         'answers ["Hello"]'),
        ('event: complete\ndata: [1]\n\n', False, "output 1 is no text: 1"),
        ('event: complete\ndata: ["a", "b"]\n\n', False, 'it returns 2 outputs instead of 1: ["a", "b"]'),
        ('event: error\ndata: {"error": "it broke"}\n\n', False, "the function fails: 'it broke'"),
        ('event: error\ndata: {"error": null}\n\n', False, "the function fails: the app hides why; its log has it"),
        ('event: error\ndata: null\n\n', False, "the function fails: the app hides why; its log has it"),
        ("event: heartbeat\ndata: null\n\n", False, "the call gave no answer within 3 s"),
        (None, False, "the call gave no answer within 3 s"),
    ],
)  # fmt: skip
def test_answer(events: str | None, good: bool, words: str) -> None:
    assert played(events) == Outcome(good, words, reached=True)


def test_gradio_4_has_it_at_the_root() -> None:
    assert played('event: complete\ndata: ["Hello"]\n\n', prefix="").good


def test_no_gradio_app() -> None:
    assert "the app has no Gradio API at /" in played(None, prefix="/elsewhere").words


def test_the_edges_answer_is_not_the_apps() -> None:
    outcome = played(None, by_app=False, info=503)

    assert outcome == Outcome(False, "the Hub, in the app's place, answers HTTP 503")


def test_only_what_the_files_would_have_to_change_is_final() -> None:
    ask = lambda question: Answer(question.path, 200, True, {}, json.dumps({"named_endpoints": {}}).encode())  # noqa: E731

    assert call(check("{api: /greet}"), ask).final is Result.UNREACHABLE
    assert played('event: error\ndata: {"error": null}\n\n').final is None
