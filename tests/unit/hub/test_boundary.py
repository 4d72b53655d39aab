"""The boundary: answers that are none, endless ones, and redirects to another server. The Hub is a server that says what a test says."""

import gzip
import json
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hfspace_action.errors import Failure
from hfspace_action.file import File
from hfspace_action.hub.api import Hub
from hfspace_action.hub.connection import client, shape
from hfspace_action.hub.errors import OutcomeUnknown
from hfspace_action.hub.git import Message
from hfspace_action.hub.retry import Retries
from hfspace_action.hub.settings import NewSpace
from tests.kit.app import App, page, serving

SPACE = "alice/demo"
SHA = "a" * 40
RUNTIME = {"stage": "RUNNING", "hardware": {"current": "cpu-basic", "requested": "cpu-basic"}, "gcTimeout": 3600}
DESCRIPTION = {"id": SPACE, "sha": SHA, "private": False, "sdk": "static", "runtime": RUNTIME}
Answer = Callable[[BaseHTTPRequestHandler], None]


def answer(value: Any, status: int = 200, **headers: str) -> Answer:
    return page(json.dumps(value), status, Content_Type="application/json", **headers)


def hub_at(app: App, naps: list[float] | None = None) -> Hub:
    return Hub(app.url(), "hf_alice", Retries(print, (naps if naps is not None else []).append))


def refused(reply: Answer, ask: Callable[[Hub], object] = lambda hub: hub.space(SPACE)) -> Failure:
    with serving(reply) as app, pytest.raises(Failure) as caught:
        ask(hub_at(app))
    return caught.value


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "has None for `all of it`, where an object belongs"),
        ([], "has list for `all of it`"),
        ("RUNNING", "has str for `all of it`"),
        (7, "has 7 for `all of it`"),
        ({}, "has no `id`"),
        (DESCRIPTION | {"id": 7}, "has 7 for `id`, where str belongs"),
        (DESCRIPTION | {"sha": "head"}, "has str for `sha`, where a commit id belongs"),
        (DESCRIPTION | {"runtime": {"stage": 7}}, "has 7 for `runtime.stage`"),
        (DESCRIPTION | {"runtime": {}}, "has no `runtime.stage`"),
        (DESCRIPTION | {"runtime": RUNTIME | {"gcTimeout": "never"}}, "has str for `runtime.gcTimeout`"),
        (DESCRIPTION | {"runtime": RUNTIME | {"hardware": ["t4"]}}, "for `runtime.hardware`"),
        (DESCRIPTION | {"private": "no"}, "has str for `private`"),
    ],
    ids=str,
)
def test_an_answer_of_another_shape_is_the_hubs_failure_and_named(value: Any, words: str) -> None:
    failure = refused(answer(value))

    assert failure.id == "hub-unwell"
    assert f"GET /api/spaces/{SPACE}" in failure.message
    assert words in failure.message


@pytest.mark.parametrize(
    "reply",
    [
        page("<!doctype html><h1>Welcome to the proxy</h1>", Content_Type="text/html"),
        page(""),
        page("hello"),
        page(b"\xff\xfe\x00"),
        page('{"id": "alice/demo"'),
        page("[" * 100_000),
        page(b"no gzip", Content_Encoding="gzip"),
    ],
    ids=["HTML", "nothing", "text", "not UTF-8", "half", "deep", "bad gzip"],
)
def test_what_is_no_json_is_no_hub(reply: Answer) -> None:
    assert refused(reply).id in ("not-a-hub", "hub-unwell")


def test_what_was_asked_for_once_wrongly_is_asked_again() -> None:
    replies = [answer({}), page("<html>"), answer(DESCRIPTION)]
    naps: list[float] = []

    def in_turn(request: BaseHTTPRequestHandler) -> None:
        replies.pop(0)(request)

    with serving(in_turn) as app:
        assert hub_at(app, naps).space(SPACE) is not None
    assert naps == [1, 2]


@pytest.mark.parametrize(
    ("value", "status"),
    [([], 404), ("no", 404), ({"error": 7}, 404), ({"errors": [7]}, 400), ({"errors": 1}, 500), (None, 403)],
)
def test_an_error_of_another_shape_is_an_error(value: Any, status: int) -> None:
    assert refused(answer(value, status)).id in ("hub-refused", "hub-unwell", "forbidden")


@pytest.mark.parametrize("value", [{}, {"commitOid": 7, "commitUrl": "x"}, {"commitOid": SHA}, [], None])
def test_a_commit_that_is_answered_without_its_fields_may_have_been_made(value: Any) -> None:
    def reply(request: BaseHTTPRequestHandler) -> None:
        body = {"files": [{"path": "a.txt", "uploadMode": "regular", "shouldIgnore": False}]}
        answer(body if "/preupload/" in request.path else value)(request)

    with serving(reply) as app:
        hub = hub_at(app)
        prepared = hub.commits.prepare(SPACE, "main", [File.of("a.txt", b"a")])
        with pytest.raises(OutcomeUnknown):
            hub.commits.commit(
                SPACE, revision="main", parent=SHA, added=prepared, removed=(), message=Message("Deploy", "")
            )


def test_a_hub_that_would_leave_out_files_gets_none() -> None:
    body = {"files": [{"path": "a.txt", "uploadMode": "regular", "shouldIgnore": True}]}
    failure = refused(answer(body), lambda hub: hub.commits.prepare(SPACE, "main", [File.of("a.txt", b"a")]))
    assert "shouldIgnore" in failure.message


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_what_is_sent_goes_to_no_other_server(status: int) -> None:
    with (
        serving(answer({})) as other,
        serving(page("", status, Location=f"{other.url('localhost')}/api/spaces/alice/demo/secrets")) as app,
        pytest.raises(Failure) as caught,
    ):
        hub_at(app).settings.set_secret(SPACE, "KEY", "a-secret-value", "")

    assert caught.value.id == "hub-elsewhere"
    assert "localhost" in caught.value.message
    assert other.requests == []


@pytest.mark.parametrize("status", [302, 307])
def test_what_another_server_says_of_the_hub_proves_nothing(status: int) -> None:
    with (
        serving(answer(DESCRIPTION)) as other,
        serving(page("", status, Location=f"{other.url('localhost')}/api/spaces/alice/demo")) as app,
        pytest.raises(Failure) as caught,
    ):
        hub_at(app).space(SPACE)

    assert caught.value.id == "hub-elsewhere"
    assert other.requests == []


def test_a_file_may_come_from_another_server_but_without_credentials() -> None:
    with (
        serving(page("*.bin filter=lfs\n")) as other,
        serving(page("", 302, Location=f"{other.url('localhost')}/x")) as app,
    ):
        assert hub_at(app).git.text(SPACE, SHA, ".gitattributes") == "*.bin filter=lfs\n"

    assert "authorization" not in other.requests[0]


def test_redirects_without_an_end() -> None:
    assert refused(page("", 302, Location=f"/api/spaces/{SPACE}")).id == "answer-endless"


def test_a_listing_that_names_itself_as_its_next_page() -> None:
    def reply(request: BaseHTTPRequestHandler) -> None:
        answer([], Link=f'<http://{request.headers["Host"]}{request.path}>; rel="next"')(request)

    assert refused(reply, lambda hub: hub.git.list_folder(SPACE, SHA, "")).id == "answer-endless"


def test_a_listing_of_empty_pages_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MOST_PAGES", 20)
    numbers = iter(range(10_000))

    def reply(request: BaseHTTPRequestHandler) -> None:
        path = request.path.partition("?")[0]
        answer([], Link=f'<http://{request.headers["Host"]}{path}?cursor={next(numbers)}>; rel="next"')(request)

    assert refused(reply, lambda hub: hub.git.list_folder(SPACE, SHA, "")).id == "answer-endless"


@pytest.mark.parametrize("encoded", [True, False], ids=["compressed", "plain"])
def test_an_answer_that_is_too_large(encoded: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(client, "MOST_BYTES", 1_000_000)
    body = b'{"id": "' + b"x" * 2_000_000 + b'"}'
    reply = page(gzip.compress(body), Content_Encoding="gzip") if encoded else page(body)

    failure = refused(reply)
    assert failure.id == "answer-endless"
    assert "more than 1,000,000 bytes" in failure.message


@pytest.mark.parametrize(
    "headers",
    [
        {"Retry_After": "²"}, {"Retry_After": "9" * 5000}, {"Retry_After": "-1"}, {"Retry_After": "soon"},
        {"RateLimit": '"api";r=0;t=' + "9" * 5000}, {"RateLimit": "r"}, {"RateLimit": '"api";r=x;t=y'},
    ],
    ids=lambda headers: str(headers)[:40],
)  # fmt: skip
def test_odd_words_about_when_to_come_back(headers: dict[str, str]) -> None:
    assert refused(page("", 429, **headers)).id == "rate-limited"
    with serving(answer(DESCRIPTION, **headers)) as app:
        assert hub_at(app).space(SPACE) is not None


def test_a_compressed_answer_is_read(tmp_path: Path) -> None:
    reply = page(gzip.compress(json.dumps(DESCRIPTION).encode()), Content_Encoding="gzip")
    with serving(reply) as app:
        found = hub_at(app).space(SPACE)
    assert found is not None
    assert found.head == SHA


@pytest.mark.parametrize(
    ("value", "wanted", "words"),
    [
        (True, int, "has True for `all of it`, where int belongs"),
        (None, {"a?": int}, "where an object belongs"),
        ({"a": None}, {"a?": int}, None),
        ({"a": None}, {"a": int}, "has None for `a`"),
        ([{"a": 1}, {"a": "x"}], [{"a": int}], "for `[1].a`"),
        ({"x": {"value": 1}}, {str: {"value": str}}, "for `x.value`"),
        (1, (str, int), None),
        (-1, shape.count, "a number of at least 0"),
    ],
)
def test_shapes(value: Any, wanted: Any, words: str | None) -> None:
    found = shape.problem(value, wanted)
    assert (found is None) if words is None else (found is not None and words in found)


class Unread(NamedTuple):
    """An answer that has the Hub's shape, and that the official client can't read all the same."""

    path: str
    value: Any
    ask: Callable[[Hub], object]


@pytest.mark.parametrize(
    "unread",
    [
        Unread(f"/api/spaces/{SPACE}", DESCRIPTION | {"lastModified": "yesterday"}, lambda hub: hub.space(SPACE)),
        Unread(f"/api/spaces/{SPACE}", DESCRIPTION | {"lastModified": 7}, lambda hub: hub.space(SPACE)),
        Unread(f"/api/spaces/{SPACE}/secrets", {"KEY": {"updatedAt": "2026"}}, lambda hub: hub.settings.secrets(SPACE)),
        Unread(
            f"/api/spaces/{SPACE}",
            DESCRIPTION | {"siblings": [{"rfilename": "a", "lfs": {"size": 1}}]},
            lambda hub: hub.space(SPACE),
        ),
        Unread(
            f"/api/spaces/{SPACE}/tree/main",
            [{"type": "file", "path": "a", "oid": SHA, "size": 1, "lfs": {"oid": "b" * 64, "size": 1}}],
            lambda hub: hub.git.list_folder(SPACE, "main", ""),
        ),
        Unread(
            f"/api/spaces/{SPACE}/paths-info/main",
            [{"type": "file", "path": "a", "oid": SHA, "size": 1, "lastCommit": {"id": SHA, "title": 7, "date": "x"}}],
            lambda hub: hub.git.last_titles(SPACE, "main", ["a"]),
        ),
        Unread(
            "/api/repos/create", {"url": "http://nowhere" * 9}, lambda hub: hub.create(SPACE, NewSpace(sdk="static"))
        ),
    ],
    ids=lambda unread: f"{unread.path} {str(unread.value)[-40:]}",
)
def test_what_the_client_can_not_read_is_the_hubs_failure(unread: Unread) -> None:
    failure = refused(answer(unread.value), unread.ask)

    assert failure.id == "hub-unwell", failure.message
    assert len(failure.message) < 500


@pytest.mark.parametrize("ask", [lambda hub: hub.git.head(SPACE), lambda hub: hub.git.branch_head(SPACE, "refs/pr/1")])
def test_a_head_that_is_not_named_is_no_head(ask: Callable[[Hub], object]) -> None:
    assert "has no `sha`" in refused(answer({"id": SPACE}), ask).message
