"""Asking the app: what counts as an answer, what is the published page, and who gets to see the token.

The Hub is localhub; the apps are servers on this machine that note what they are asked.
"""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from hfspace_action.hub.api import Hub
from hfspace_action.hub.retry import Retries
from hfspace_action.space import Space
from hfspace_action.watch.probe import Probe, is_the_hubs, serves
from tests.kit.local import LocalHub, localhub

TOKEN = "hf_alice"
PAGE = (
    "<!doctype html>\n<html><head><title>Tides</title></head>\n<body><h1>Tides</h1><p>High at noon</p></body></html>\n"
)
SHORTER = PAGE.replace("<p>High at noon</p>", "")
SCRIPT = "<script>window.huggingface = {variables: {}}</script>"

_numbers = count(1)


@dataclass
class App:
    """An app: what it answers, and the headers of the requests that it got."""

    answer: Callable[[BaseHTTPRequestHandler], None]
    port: int = 0
    requests: list[dict[str, str]] = field(default_factory=list)

    def url(self, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}"


@contextmanager
def serving(answer: Callable[[BaseHTTPRequestHandler], None]) -> Iterator[App]:
    app = App(answer)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            app.requests.append({name.lower(): value for name, value in self.headers.items()})
            app.answer(self)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        app.port = server.server_port
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
        thread.start()
        try:
            yield app
        finally:
            server.shutdown()
            thread.join()


def page(body: str | bytes = "fine", status: int = 200, **headers: str) -> Callable[[BaseHTTPRequestHandler], None]:
    content = body.encode() if isinstance(body, str) else body

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in headers.items():
            request.send_header(name.replace("_", "-"), value)
        request.send_header("Content-Length", str(len(content)))
        request.end_headers()
        request.wfile.write(content)

    return answer


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    try:
        while True:
            request.wfile.write(b"x" * 65536)
    except ConnectionError:
        return


@pytest.fixture(scope="module")
def local() -> Iterator[LocalHub]:
    with localhub("--simulate") as hub:
        yield hub


@pytest.fixture
def hub(local: LocalHub) -> Hub:
    return Hub(local.endpoint, TOKEN, Retries(print))


def space_at(local: LocalHub, hub: Hub, host: str, *, private: bool = False) -> Space:
    """A Space that runs, and whose app the Hub says to be at `host`."""
    name = f"alice/probed-{next(_numbers)}"
    api = HfApi(local.endpoint, token=TOKEN)
    local.script(name, {"stage": "RUNNING", "host": host})
    api.create_repo(name, repo_type="space", space_sdk="docker", private=private)
    api.create_commit(
        name, [CommitOperationAdd("Dockerfile", b"FROM scratch\n")], repo_type="space", commit_message="App"
    )
    space = hub.observe(name)
    assert space is not None
    return space


def probing(hub: Hub, path: str = "/", *, shows: str | None = None) -> Probe:
    return Probe(hub, path, page=shows, say=print)


# What counts as an answer


@pytest.mark.parametrize("status", [200, 204, 302, 308])
def test_answer(status: int, local: LocalHub, hub: Hub) -> None:
    with serving(page("", status, Location="/login")) as app:
        probe = probing(hub, "/health?deep=1")

        assert probe.answers(space_at(local, hub, app.url()))
        assert probe.url == app.url() + "/health?deep=1"
        assert probe.answer == f"HTTP {status}"


@pytest.mark.parametrize("status", [400, 401, 404, 500, 503])
def test_no_answer(status: int, local: LocalHub, hub: Hub) -> None:
    with serving(page("", status)) as app:
        assert not probing(hub).answers(space_at(local, hub, app.url()))


def test_the_apps_answer_is_told_from_the_edges(local: LocalHub, hub: Hub) -> None:
    with serving(page("", 503, x_proxied_host="http://10.0.0.1")) as app:
        probe, space = probing(hub), space_at(local, hub, app.url())

        probe.answers(space)
        by_app = probe.answer
        app.answer = page("Your space is in error", 503)
        probe.answers(space)

    assert by_app == "the app answers HTTP 503"
    assert probe.answer == "the Hub, in the app's place, answers HTTP 503"


def test_nobody_there(local: LocalHub, hub: Hub) -> None:
    with serving(page()) as app:
        gone = app.url()
    probe = probing(hub)

    assert not probe.answers(space_at(local, hub, gone))
    assert probe.answer == "no answer (ConnectError)"


def test_connection_that_breaks_off(local: LocalHub, hub: Hub) -> None:
    with serving(lambda request: request.connection.close()) as app:
        probe = probing(hub)

        assert not probe.answers(space_at(local, hub, app.url()))
        assert probe.answer.startswith("no answer")


def test_address_that_is_none(local: LocalHub, hub: Hub) -> None:
    probe = probing(hub)

    assert not probe.answers(space_at(local, hub, "http://127.0.0.1:port"))
    assert probe.answer == "no answer (InvalidURL)"


def test_address_that_the_hub_does_not_tell_is_asked_for_again(local: LocalHub, hub: Hub) -> None:
    with serving(page()) as app:
        space, probe = space_at(local, hub, app.url()), probing(hub)
        local.fault(method="GET", path=f"/api/spaces/{space.id}$", kind="status", status=503, times=1)

        assert not probe.answers(space)
        assert "could not be read" in probe.answer
        assert probe.url == "", "nothing was asked"
        assert probe.answers(space)


# The token


def test_public_space_is_asked_without_token(local: LocalHub, hub: Hub) -> None:
    with serving(page()) as app:
        assert probing(hub).answers(space_at(local, hub, app.url()))

    assert [headers.get("authorization") for headers in app.requests] == [None]


def test_private_space_is_asked_with_token(local: LocalHub, hub: Hub) -> None:
    with serving(page()) as app:
        assert probing(hub).answers(space_at(local, hub, app.url(), private=True))

    assert [headers.get("authorization") for headers in app.requests] == [f"Bearer {TOKEN}"]


def test_token_does_not_go_to_another_host(local: LocalHub, hub: Hub) -> None:
    with serving(page()) as app:
        assert probing(hub).answers(space_at(local, hub, app.url("localhost"), private=True))

    assert len(app.requests) == 1
    assert TOKEN not in str(app.requests)


def test_token_does_not_follow_a_redirect(local: LocalHub, hub: Hub) -> None:
    with serving(page()) as other, serving(page("", 302, Location=other.url("localhost") + "/login")) as app:
        assert probing(hub).answers(space_at(local, hub, app.url(), private=True))

    assert TOKEN in str(app.requests)
    assert other.requests == []


def test_space_made_private_meanwhile_is_asked_with_token(local: LocalHub, hub: Hub) -> None:
    with serving(page()) as app:
        space, probe = space_at(local, hub, app.url()), probing(hub)
        probe.answers(space)
        HfApi(local.endpoint, token=TOKEN).update_repo_settings(space.id, private=True, repo_type="space")
        seen = hub.observe(space.id)
        assert seen is not None
        probe.answers(seen)

    assert [headers.get("authorization") for headers in app.requests] == [None, f"Bearer {TOKEN}"]


@pytest.mark.parametrize(
    ("url", "endpoint", "trusted"),
    [
        ("https://alice-demo.hf.space/", "https://huggingface.co", True),
        ("https://alice-demo.static.hf.space/", "https://huggingface.co", True),
        ("https://alice-demo.hf.space:8443/", "https://huggingface.co", True),
        ("http://alice-demo.hf.space/", "https://huggingface.co", False),
        ("https://hf.space/", "https://huggingface.co", False),
        ("https://evilhf.space/", "https://huggingface.co", False),
        ("https://alice-demo.hf.space.example.org/", "https://huggingface.co", False),
        ("https://example.org/.hf.space", "https://huggingface.co", False),
        ("https://alice-demo.hf.space@example.org/", "https://huggingface.co", False),
        ("https://example.org#@alice-demo.hf.space/", "https://huggingface.co", False),
        ("https://demo.example.org/", "https://huggingface.co", False),
        ("http://127.0.0.1:7001/", "http://127.0.0.1:8000", True),
        ("http://127.0.0.1:7001/", "https://huggingface.co", False),
        ("http://localhost:7001/", "http://127.0.0.1:8000", False),
        ("http://hub.example.org/", "http://hub.example.org", False),
    ],
)
def test_token_is_for(url: str, endpoint: str, trusted: bool) -> None:
    assert is_the_hubs(httpx2.URL(url), endpoint) is trusted


# The page of a static Space


@pytest.mark.parametrize(
    ("served", "published", "same"),
    [
        pytest.param(PAGE, PAGE, True, id="as published"),
        pytest.param(PAGE.replace("</head>", SCRIPT + "</head>"), PAGE, True, id="with a script of the Hub's in its head"),
        pytest.param(PAGE + SCRIPT, PAGE, True, id="with a script of the Hub's at its end"),
        pytest.param(PAGE.replace("noon", "midnight"), PAGE, False, id="another text"),
        pytest.param(SHORTER, PAGE, False, id="a text that is missing"),
        pytest.param(PAGE.replace("<h1>Tides</h1><p>High at noon</p>", "<p>High at noon</p><h1>Tides</h1>"), PAGE, False,
                     id="in another order"),
        pytest.param("", PAGE, False, id="nothing"),
        pytest.param("404: not found", PAGE, False, id="an error page"),
    ],
)  # fmt: skip
def test_serves(served: str, published: str, same: bool) -> None:
    assert serves(served, published) is same


def test_page_is_not_ours_until_it_is(local: LocalHub, hub: Hub) -> None:
    with serving(page(PAGE.replace("noon", "dawn"))) as app:
        space, probe = space_at(local, hub, app.url()), probing(hub, shows=PAGE)

        assert not probe.answers(space)
        assert probe.answer == "the page served is not yet the published one"
        app.answer = page(PAGE.replace("</body>", SCRIPT + "</body>"))
        assert probe.answers(space)


def test_old_page_that_says_all_that_the_new_one_does_is_not_ours(local: LocalHub, hub: Hub) -> None:
    with serving(page(PAGE + SCRIPT)) as app:
        space, probe = space_at(local, hub, app.url()), probing(hub, shows=SHORTER)
        probe.remember(space)

        assert not probe.answers(space)
        app.answer = page(SHORTER + SCRIPT)
        assert probe.answers(space)


def test_compressed_page(local: LocalHub, hub: Hub) -> None:
    with serving(page(gzip.compress(PAGE.encode()), Content_Encoding="gzip")) as app:
        assert probing(hub, shows=PAGE).answers(space_at(local, hub, app.url()))


def test_page_that_is_not_what_it_says(local: LocalHub, hub: Hub) -> None:
    with serving(page(b"not gzip at all", Content_Encoding="gzip")) as app:
        probe = probing(hub, shows=PAGE)

        assert not probe.answers(space_at(local, hub, app.url()))
        assert probe.answer == "no answer (DecodingError)"


def test_page_without_end_is_given_up(local: LocalHub, hub: Hub) -> None:
    with serving(endless) as app:
        assert not probing(hub, shows=PAGE).answers(space_at(local, hub, app.url()))
