"""Checks on a real app: ten kinds, each right, wrong and at its edge, with the words on what came instead."""

import json
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from hfspace_action.hub.api import Hub
from hfspace_action.hub.retry import Retries
from hfspace_action.inputs import checks
from hfspace_action.space import Space
from hfspace_action.watch.app.probe import Asked, Probe
from tests.kit.app import App, page, routes, serving
from tests.kit.local import LocalHub, localhub

STATE = {
    "status": "ok",
    "ready": True,
    "count": 1,
    "models": [{"id": "a"}, {"id": "b"}],
    "v1.2": "dotted",
    "none": None,
}


def by_method(request: BaseHTTPRequestHandler) -> None:
    page(request.command, 201 if request.command == "POST" else 200, x_proxied_host="h")(request)


def slow(request: BaseHTTPRequestHandler) -> None:
    time.sleep(0.4)
    page("slow", x_proxied_host="h")(request)


APP = routes(
    root=page("<h1>Tides</h1>", x_proxied_host="h", Content_Type="text/html; charset=utf-8"),
    missing=page("no such page", 404, x_proxied_host="h"),
    teapot=page("", 418, x_proxied_host="h"),
    moved=page("", 302, x_proxied_host="h", Location="/"),
    state=page(json.dumps(STATE), x_proxied_host="h", Content_Type="application/json"),
    text=page("plain text", x_proxied_host="h"),
    latin=page("caf\u00e9".encode("latin-1"), x_proxied_host="h", Content_Type="text/html; charset=ISO-8859-1"),
    marked=page(b'\xef\xbb\xbf{"status": "ok"}', x_proxied_host="h"),
    empty=page("", x_proxied_host="h"),
    edge=page("Your space is in error", 503),
    method=by_method,
    slow=slow,
)


@pytest.fixture(scope="module")
def app() -> Iterator[App]:
    with serving(APP) as app:
        yield app


@pytest.fixture(scope="module")
def local() -> Iterator[LocalHub]:
    with localhub("--simulate") as local:
        yield local


@pytest.fixture(scope="module")
def hub(local: LocalHub) -> Hub:
    return Hub(local.endpoint, "hf_alice", Retries(print))


@pytest.fixture(scope="module")
def space(local: LocalHub, hub: Hub, app: App) -> Space:
    """A Space whose app the Hub says to be this one."""
    name = "alice/checked"
    api = HfApi(hub.endpoint, token="hf_alice")
    local.script(name, {"stage": "RUNNING", "host": app.url()})
    api.create_repo(name, repo_type="space", space_sdk="docker")
    api.create_commit(
        name, [CommitOperationAdd("Dockerfile", b"FROM scratch\n")], repo_type="space", commit_message="App"
    )
    found = hub.observe(name)
    assert found is not None
    return found


def made(text: str, hub: Hub, space: Space, *, default: str = "/") -> tuple[bool, str, bool]:
    """What comes of one check: whether it is good, in words, and whether the app was reached."""
    outcome = Probe(hub, Asked(default, visited=False, checks=checks.read(text)), say=print).answers(space)
    return outcome.good, outcome.words, outcome.reached


CHECKS = [
    # kind, case, the check, good, words
    ("status", "right", "- {path: /missing, status: 404}", True, "HTTP 404"),
    ("status", "wrong", "- {path: /missing, status: 200}", False, "HTTP 404 instead of 200"),
    ("status", "edge: left out, an error is none of 200 to 399", "- {path: /teapot}", False, "HTTP 418 instead of 200 to 399"),
    ("status list", "right", "- {path: /teapot, status: [200, 418]}", True, "HTTP 418"),
    ("status list", "wrong", "- {path: /teapot, status: [200, 204]}", False, "HTTP 418 instead of 200 or 204"),
    ("status list", "edge: a redirect that is asked for is not followed", "- {path: /moved, status: [302]}", True, "HTTP 302"),
    ("status range", "right", "- {path: /teapot, status: 400-499}", True, "HTTP 418"),
    ("status range", "wrong", "- {path: /teapot, status: 2xx}", False, "HTTP 418 instead of 200 to 299"),
    ("status range", "edge: its last number", "- {path: /teapot, status: 400-418}", True, "HTTP 418"),
    ("status list", "edge: in a line of text", "- {path: /teapot, status: '200, 400-418'}", True, "HTTP 418"),
    ("contains", "edge: another encoding", "- {path: /latin, contains: caf\u00e9}", True, "HTTP 200"),
    ("json", "edge: behind a byte order mark", "- {path: /marked, json: {status: ok}}", True, "HTTP 200"),
    ("method", "right", "- {path: /method, method: POST, status: 201, contains: POST}", True, "HTTP 201"),
    ("method", "wrong", "- {path: /method, method: POST, status: 200}", False, "HTTP 201 instead of 200"),
    ("method", "edge: lower case", "- {path: /method, method: post, status: 201}", True, "HTTP 201"),
    ("contains", "right", "- {path: /, contains: Tides}", True, "HTTP 200"),
    ("contains", "wrong", "- {path: /, contains: tides}", False,
     "the answer does not contain 'tides': it begins with '<h1>Tides</h1>'"),
    ("contains", "edge: an empty answer", "- {path: /empty, contains: x}", False, "the answer does not contain 'x': it is empty"),
    ("json path", "right", "- {path: /state, json: {models.1.id: b}}", True, "HTTP 200"),
    ("json path", "wrong", "- {path: /state, json: {models.2.id: b}}", False,
     "`models.2.id` is not in the answer: it has 'status, ready, count, models, v1.2, none'"),
    ("json path", "edge: brackets, and a key with a dot", "- {path: /state, json: {'$.models[0].id': a, v1.2: dotted}}", True,
     "HTTP 200"),
    ("json value", "right", "- {path: /state, json: {status: ok, ready: true, count: 1, none: null}}", True, "HTTP 200"),
    ("json value", "wrong", "- {path: /state, json: {status: loading}}", False, "`status` is 'ok' instead of 'loading'"),
    ("json value", "edge: true is not 1", "- {path: /state, json: {ready: 1}}", False, "`ready` is true instead of 1"),
    ("json", "edge: no JSON", "- {path: /text, json: {status: ok}}", False, "the answer is not JSON: it begins with 'plain text'"),
    ("header", "right", "- {path: /state, header: {content-type: application/json}}", True, "HTTP 200"),
    ("header", "wrong", "- {path: /, header: {content-type: json}}", False,
     "the header content-type is not 'json': it is 'text/html; charset=utf-8'"),
    ("header", "edge: not there", "- {path: /, header: {x-version: '1'}}", False, "the header x-version is not '1': there is none"),
    ("within", "right", "- {path: /slow, within: 5s}", True, "HTTP 200"),
    ("within", "wrong", "- {path: /slow, within: 200ms}", False, "no answer (ReadTimeout), which has to come within 0.2 s"),
    ("within", "edge: no answer is too late where none is asked for", "- {path: /slow}", True, "HTTP 200"),
    ("path", "right", "- path: /state?full=1", True, "HTTP 200"),
    ("path", "wrong", "- {path: /nowhere, status: 200}", False, "the Hub, in the app's place, answers HTTP 404"),
    ("path", "edge: left out, the default path", "- {name: page, contains: Tides}", True, "HTTP 200"),
    ("whose", "right", "- {path: /missing, status: 404}", True, "HTTP 404"),
    ("whose", "edge: the Hub's own 503 is not the app's", "- {path: /edge, status: 503}", False,
     "the Hub, in the app's place, answers HTTP 503"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "good", "words"), [each[2:] for each in CHECKS], ids=[f"{each[0]}: {each[1]}" for each in CHECKS]
)
def test_check(text: str, good: bool, words: str, hub: Hub, space: Space) -> None:
    outcome = made(text, hub, space)

    assert outcome[:2] == (good, words)
    assert outcome[2] is ("in the app's place" not in words and "no answer" not in words)


def test_default_path_is_that_of_the_front_matter(hub: Hub, space: Space, app: App) -> None:
    assert made("- {name: page, json: {status: ok}}", hub, space, default="/state")[0]


def test_every_check_has_a_row_with_what_came(hub: Hub, space: Space, app: App) -> None:
    text = "- {path: /, contains: Tides}\n- {path: /missing}\n- {name: state, path: /state, json: {status: down}}\n"
    probe = Probe(hub, Asked(checks=checks.read(text)), say=print)
    probe.answers(space)

    assert [tuple(row) for row in probe.rows] == [
        ("GET /", True, "HTTP 200"),
        ("GET /missing", False, "HTTP 404 instead of 200 to 399"),
        ("state", False, "`status` is 'ok' instead of 'down'"),
    ]
    failure = probe.failure("2 min")
    assert failure is not None
    assert failure.id == "check-failed"
    assert "GET /missing: HTTP 404 instead of 200 to 399 (and state)" in failure.message


def test_check_that_changes_something_is_not_made_again_once_it_was_good(hub: Hub, space: Space, app: App) -> None:
    probe = Probe(hub, Asked(checks=checks.read("- {path: /method, method: POST, status: 201}")), say=print)
    before = len(app.requests)
    for _ in range(3):
        assert probe.answers(space).good

    assert [request[":method"] for request in app.requests[before:]] == ["GET", "POST", "GET", "GET"]
