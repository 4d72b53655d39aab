"""Custom domains: what is asked of them, and what of their answers is worth a warning.

The Hub is never asked; the domains are servers on this machine. `localhost` is another host than 127.0.0.1.
"""

from collections.abc import Sequence

import pytest

from hfspace_action.hub.api import Hub
from hfspace_action.hub.retry import Retries
from hfspace_action.space import Domain, Space
from hfspace_action.watch.app import domains
from hfspace_action.watch.app.domains import Asked
from tests.kit.app import App, page, serving
from tests.kit.watch.world import BEFORE

TOKEN = "hf_alice"
BY_APP = {"x_proxied_host": "http://10.0.0.1"}
AT_HOME = "http://127.0.0.1:1"
LIVE = "https://huggingface.co"


@pytest.fixture
def hub() -> Hub:
    return Hub(AT_HOME, TOKEN, Retries(print))


def space(*names: str, stage: str | None = "READY", sdk: str = "docker") -> Space:
    return BEFORE._replace(sdk=sdk, domains=tuple(Domain(name, stage) for name in names))


def at(app: App, host: str = "localhost") -> str:
    return f"{host}:{app.port}"


def asked(hub: Hub, of: Space) -> Sequence[Asked]:
    return list(domains.ask(hub, of))


def test_it_is_asked_as_a_stranger_asks(hub: Hub) -> None:
    with serving(page(**BY_APP)) as app:
        (found,) = asked(hub, space(at(app)))

    assert found == (at(app), "HTTP 200", "")
    (request,) = app.requests
    assert (request[":method"], request[":path"]) == ("GET", "/")
    assert request.keys().isdisjoint({"authorization", "x-hf-authorization", "cookie"})


def test_a_redirect_to_another_host_is_an_answer_and_not_followed(hub: Hub) -> None:
    with (
        serving(page()) as other,
        serving(page("", 302, Location=f"http://{at(other, '127.0.0.1')}/", **BY_APP)) as app,
    ):
        (found,) = asked(hub, space(at(app)))

    assert (found.words, found.advice, other.requests) == ("HTTP 302", "", [])


@pytest.mark.parametrize(
    ("status", "by_app", "sdk", "reached"),
    [
        (200, True, "docker", True),
        (404, True, "docker", True),
        (404, False, "docker", False),
        (404, False, "static", True),
        (500, True, "docker", False),
        (503, False, "static", False),
    ],
)
def test_what_counts_as_reached(status: int, by_app: bool, sdk: str, reached: bool, hub: Hub) -> None:
    with serving(page("", status, **(BY_APP if by_app else {}))) as app:
        (found,) = asked(hub, space(at(app), sdk=sdk))

    assert (found.words, found.advice == "") == (f"HTTP {status}", reached)


@pytest.mark.parametrize("stage", ["PENDING", "EXPIRED_CHALLENGE", "NEW_STAGE", None])
def test_one_that_is_not_ready_has_advice_whatever_it_answers(stage: str | None, hub: Hub) -> None:
    with serving(page(**BY_APP)) as app:
        (found,) = asked(hub, space(at(app), stage=stage))

    assert found.words == f"{stage or 'of no known stage'} on the Hub; HTTP 200"
    assert "CNAME record point to hf.space" in found.advice


def test_no_more_than_a_few_are_asked(hub: Hub) -> None:
    assert len(asked(hub, space(*["127.0.0.1:9"] * 20))) == domains.MOST


@pytest.mark.parametrize(
    ("name", "endpoint", "url"),
    [
        ("demo.example.org", LIVE, "https://demo.example.org/"),
        ("demo.example.org", AT_HOME, "https://demo.example.org/"),
        ("localhost:7860", LIVE, "https://localhost:7860/"),
        ("localhost:7860", AT_HOME, "http://localhost:7860/"),
        ("demo.example.org/path", LIVE, None),
        ("user@demo.example.org", LIVE, None),
        ("https://demo.example.org", LIVE, None),
        ("demo.example.org:999999", LIVE, None),
        ("", LIVE, None),
    ],
)
def test_only_a_hub_on_this_machine_has_domains_without_tls(name: str, endpoint: str, url: str | None) -> None:
    found = domains._url(name, endpoint)

    assert (str(found) if found else None) == url
