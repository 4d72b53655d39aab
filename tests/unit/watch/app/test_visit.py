"""Visiting an app: who gets to see which credential, where redirects lead, and what ends a visit.

The Hub is localhub; the apps are servers on this machine that note what they are asked. `localhost` is another host than 127.0.0.1.
"""

from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx2
import pytest
from huggingface_hub import HfApi

from hfspace_action.hub.api import Hub
from hfspace_action.hub.retry import Retries
from hfspace_action.space import Space
from hfspace_action.watch.app import visit
from hfspace_action.watch.app.visit import Answer, NoAnswer, Question, Visitor, is_the_hubs
from tests.kit.app import App, endless, page, routes, serving
from tests.kit.local import LocalHub, localhub

TOKEN = "hf_alice"
SPACE_TOKEN = "opens-one-space"
BY_APP = {"x_proxied_host": "http://10.0.0.1"}
HOME = Question("/")
PAGE = Question("/", most=1000, elsewhere=True)

_numbers = count(1)


@pytest.fixture(scope="module")
def local() -> Iterator[LocalHub]:
    with localhub("--simulate") as hub:
        yield hub


@pytest.fixture
def masked() -> list[str]:
    return []


@pytest.fixture
def hub(local: LocalHub, masked: list[str]) -> Hub:
    return Hub(local.endpoint, TOKEN, Retries(print), mask=masked.append)


@pytest.fixture
def private(local: LocalHub, hub: Hub) -> Iterator[Space]:
    """A private Space of which the Hub gives out tokens. Where its app is, the test says."""
    name = f"alice/visited-{next(_numbers)}"
    HfApi(local.endpoint, token=TOKEN).create_repo(name, repo_type="space", space_sdk="docker", private=True)
    gives_tokens(local, name, {"token": SPACE_TOKEN})
    space = hub.observe(name, address=True)
    assert space is not None
    assert space.visibility == "private"
    yield space
    local.no_faults()


def gives_tokens(local: LocalHub, name: str, body: Any, status: int = 200) -> None:
    local.no_faults()
    local.fault(method="GET", path=f"/api/spaces/{name}/jwt", kind="status", status=status, body=body)


def at(space: Space, app: App, host: str = "127.0.0.1", **more: Any) -> Space:
    return space._replace(host=app.url(host), **more)


def asked(hub: Hub, space: Space, question: Question = HOME) -> Answer:
    return Visitor(hub).visit(space, question)


# Credentials


@pytest.mark.parametrize("visibility", ["public", "protected", None])
def test_what_is_not_said_to_be_private_is_asked_without_credentials(
    visibility: str | None, hub: Hub, private: Space
) -> None:
    with serving(page()) as app:
        asked(hub, at(private, app, visibility=visibility))

    assert [request[":path"] for request in app.requests] == ["/"]
    assert not {"authorization", "x-hf-authorization", "cookie"} & app.requests[0].keys()


def test_a_private_space_is_asked_with_a_token_of_its_own(hub: Hub, private: Space, masked: list[str]) -> None:
    with serving(page(**BY_APP)) as app:
        answer = asked(hub, at(private, app), Question("/health?deep=1"))

    assert [request[":path"] for request in app.requests] == [f"/health?deep=1&__sign={SPACE_TOKEN}"]
    assert TOKEN not in str(app.requests)
    assert (answer.url, answer.closed) == (f"{app.url()}/health?deep=1", False)
    assert masked == [SPACE_TOKEN], "apps log what they are asked"


def test_the_token_is_asked_for_once(local: LocalHub, hub: Hub, private: Space) -> None:
    local.forget()
    gives_tokens(local, private.id, {"token": SPACE_TOKEN})
    with serving(page(**BY_APP)) as app:
        visitor = Visitor(hub)
        for _ in range(3):
            visitor.visit(at(private, app), HOME)

    assert len([each for each in local.requests() if each["path"].endswith("/jwt")]) == 1


@pytest.mark.parametrize(
    ("status", "body"), [(404, {}), (401, {}), (200, {}), (200, []), (200, {"token": 7}), (200, "hello")]
)
def test_where_there_is_no_such_token_the_edge_gets_a_header(
    status: int, body: Any, local: LocalHub, hub: Hub, private: Space
) -> None:
    gives_tokens(local, private.id, body, status)
    with serving(page(**BY_APP)) as app:
        asked(hub, at(private, app))

    assert [request.get("x-hf-authorization") for request in app.requests] == [f"Bearer {TOKEN}"]
    assert "authorization" not in app.requests[0], "which the edge would pass on to the app"


@pytest.mark.parametrize("status", [401, 403, 404, 302])
def test_where_the_edge_does_not_take_the_token_it_gets_a_header(status: int, hub: Hub, private: Space) -> None:
    def edge(request: Any) -> None:
        opened = "X-HF-Authorization" in request.headers
        answer = page("in", **BY_APP) if opened else page("", status, Location="http://localhost:1/login")
        answer(request)

    with serving(edge) as app:
        visitor = Visitor(hub)
        first = visitor.visit(at(private, app), HOME)
        visitor.visit(at(private, app), HOME)

    assert (first.status, first.closed) == (200, False)
    assert [SPACE_TOKEN in request[":path"] for request in app.requests] == [True, False, False]


def test_an_edge_that_takes_no_credential_leaves_the_app_unknown(hub: Hub, private: Space) -> None:
    with serving(page("Not found", 404)) as app:
        answer = asked(hub, at(private, app))

    assert answer.closed
    assert "authorization" not in {name for request in app.requests for name in request}


@pytest.mark.parametrize("status", [401, 403, 404])
def test_an_app_that_refuses_is_known(status: int, hub: Hub, private: Space) -> None:
    with serving(page("", status, **BY_APP)) as app:
        answer = asked(hub, at(private, app))

    assert (answer.status, answer.by_app, answer.closed) == (status, True, False)
    assert len(app.requests) == 1


def test_credentials_do_not_go_to_a_host_that_is_not_the_hubs(hub: Hub, private: Space) -> None:
    with serving(page()) as app:
        asked(hub, at(private, app, "localhost"))

    assert len(app.requests) == 1
    assert not {TOKEN, SPACE_TOKEN} & set(str(app.requests).replace("=", " ").split())


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
def test_the_hubs_own_hosts(url: str, endpoint: str, trusted: bool) -> None:
    assert is_the_hubs(httpx2.URL(url), endpoint) is trusted


# Redirects


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_followed(status: int, hub: Hub, private: Space) -> None:
    with serving(routes(root=page("", status, Location="/index.html"), index_html=page("hello"))) as app:
        answer = asked(hub, at(private, app, visibility="public"), PAGE)

    assert (answer.status, answer.body) == (200, b"hello")


def test_the_key_is_shown_again_after_a_redirect_on_the_same_host(hub: Hub, private: Space) -> None:
    with serving(routes(root=page("", 302, Location="/index.html"), index_html=page(**BY_APP))) as app:
        asked(hub, at(private, app))

    assert [request[":path"] for request in app.requests] == [
        f"/?__sign={SPACE_TOKEN}", f"/index.html?__sign={SPACE_TOKEN}",
    ]  # fmt: skip


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
@pytest.mark.parametrize("suffix", ["", "?__sign=" + SPACE_TOKEN])
@pytest.mark.parametrize("status", [302, 307])
def test_no_credential_follows_a_redirect_to_another_server(
    status: int, suffix: str, host: str, hub: Hub, private: Space
) -> None:
    cookie = {"Set_Cookie": f"spaces-jwt={SPACE_TOKEN}; Path=/"}
    with (
        serving(page("large")) as other,
        serving(page("", status, Location=other.url(host) + f"/file{suffix}", **cookie)) as app,
    ):
        answer = asked(hub, at(private, app), PAGE)

    assert answer.body == b"large"
    assert [request[":path"] for request in other.requests] == ["/file"]
    assert not {"authorization", "x-hf-authorization", "cookie"} & other.requests[0].keys()


def test_back_from_another_server_the_key_is_for_the_first_only(hub: Hub, private: Space) -> None:
    with serving(page()) as first, serving(page("", 302, Location=first.url() + "/end")) as other:
        first.answer = routes(root=page("", 302, Location=other.url() + "/"), end=page("fine"))
        asked(hub, at(private, first), PAGE)

    assert SPACE_TOKEN in first.requests[1][":path"]
    assert SPACE_TOKEN not in str(other.requests)


def test_an_app_that_sends_its_visitors_elsewhere_has_answered(hub: Hub, private: Space) -> None:
    with serving(page()) as other, serving(page("", 302, Location=other.url() + "/login", **BY_APP)) as app:
        answer = asked(hub, at(private, app, visibility="public"), PAGE)

    assert (answer.status, other.requests) == (302, [])


def test_redirects_without_an_end(hub: Hub, private: Space) -> None:
    with serving(page("", 302, Location="/")) as app, pytest.raises(NoAnswer, match="redirects more than 5 times"):
        asked(hub, at(private, app, visibility="public"))

    assert len(app.requests) == visit.MOST_REDIRECTS + 1


@pytest.mark.parametrize("location", ["http://[", "http://127.0.0.1:port/", "file:///etc/passwd", "//"])
def test_a_redirect_to_nowhere(location: str, hub: Hub, private: Space) -> None:
    with serving(page("", 302, Location=location)) as app:
        try:
            answer = asked(hub, at(private, app, visibility="public"), PAGE)
        except NoAnswer:
            return
    assert answer.status == 302


# What is asked, and what is read


def test_a_post_carries_its_content_and_follows_nothing(hub: Hub, private: Space) -> None:
    question = Question("/call", "POST", {"content-type": "application/json"}, b'{"data": []}')
    with serving(routes(call=page("", 307, Location="/elsewhere", **BY_APP))) as app:
        answer = asked(hub, at(private, app), question)

    assert answer.status == 307
    [request] = app.requests
    assert (request[":method"], request[":body"], request["content-type"]) == (
        "POST",
        '{"data": []}',
        "application/json",
    )


def test_no_more_is_read_than_is_wanted(hub: Hub, private: Space) -> None:
    with serving(endless) as app:
        answer = asked(hub, at(private, app, visibility="public"), Question("/", most=100_000))

    assert answer.body == b"x" * 100_000


@pytest.mark.parametrize("host", [None, "", "http://127.0.0.1:port"])
def test_an_address_that_is_none(host: str | None, hub: Hub, private: Space) -> None:
    with pytest.raises(NoAnswer, match=r"no address|InvalidURL"):
        asked(hub, private._replace(host=host))
