"""Asking the app: what counts as an answer, and what is the published page.

The Hub is localhub; the apps are servers on this machine that note what they are asked.
"""

import gzip
from collections.abc import Iterator
from itertools import count

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from hfspace_action.hub.api import Hub
from hfspace_action.hub.retry import Retries
from hfspace_action.space import Space
from hfspace_action.watch.app.page import serves
from hfspace_action.watch.app.probe import Asked, Probe
from tests.kit.app import endless, page, serving
from tests.kit.local import LocalHub, localhub

TOKEN = "hf_alice"
PAGE = (
    "<!doctype html>\n<html><head><title>Tides</title></head>\n<body><h1>Tides</h1><p>High at noon</p></body></html>\n"
)
SHORTER = PAGE.replace("<p>High at noon</p>", "")
SCRIPT = "<script>window.huggingface = {variables: {}}</script>"

_numbers = count(1)


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


def probing(hub: Hub, path: str = "/", *, shows: str | None = None, lenient: bool = False) -> Probe:
    return Probe(hub, Asked(path, page=shows, lenient=lenient), say=print)


def came(probe: Probe) -> str:
    """What came last."""
    return probe.rows[-1].words


# What counts as an answer


@pytest.mark.parametrize("status", [200, 204, 304])
def test_answer(status: int, local: LocalHub, hub: Hub) -> None:
    with serving(page("", status)) as app:
        probe = probing(hub, "/health?deep=1")

        assert probe.answers(space_at(local, hub, app.url())).good
        assert probe.url == app.url() + "/health?deep=1"
        assert came(probe) == f"HTTP {status}"


@pytest.mark.parametrize("status", [400, 401, 404, 500, 503])
def test_no_answer(status: int, local: LocalHub, hub: Hub) -> None:
    with serving(page("", status)) as app:
        assert not probing(hub).answers(space_at(local, hub, app.url())).good


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 406, 410, 422, 426])
def test_at_a_path_that_nobody_named_what_the_app_itself_answers_counts(status: int, local: LocalHub, hub: Hub) -> None:
    with serving(page("", status, x_proxied_host="http://10.0.0.1")) as app:
        probe, space = probing(hub, lenient=True), space_at(local, hub, app.url())

        assert probe.answers(space).good
        assert came(probe) == f"the app itself answers HTTP {status}, which counts as answering"
        assert not probing(hub).answers(space).good, "of a path that was named, more is wanted"
        app.answer = page("", status)
        assert not probe.answers(space).good, "the edge's own answer counts nowhere"


@pytest.mark.parametrize("status", [408, 425, 429, 500, 502, 503])
def test_what_passes_does_not_count(status: int, local: LocalHub, hub: Hub) -> None:
    with serving(page("", status, x_proxied_host="http://10.0.0.1")) as app:
        assert not probing(hub, lenient=True).answers(space_at(local, hub, app.url())).good


@pytest.mark.parametrize(
    ("headers", "error", "reached"),
    [({"x_proxied_host": "http://10.0.0.1"}, "unreachable", True), ({}, "not-reached", False)],
)
def test_failure_says_whose_answer_it_was(
    headers: dict[str, str], error: str, reached: bool, local: LocalHub, hub: Hub
) -> None:
    with serving(page("", 503, **headers)) as app:
        probe = probing(hub, lenient=True)
        probe.answers(space_at(local, hub, app.url()))

    failure = probe.failure("30 min")
    assert failure is not None
    assert (failure.id, probe.reached) == (error, reached)


def test_the_apps_answer_is_told_from_the_edges(local: LocalHub, hub: Hub) -> None:
    with serving(page("", 503, x_proxied_host="http://10.0.0.1")) as app:
        probe, space = probing(hub), space_at(local, hub, app.url())

        probe.answers(space)
        by_app = came(probe)
        app.answer = page("Your space is in error", 503)
        probe.answers(space)

    assert by_app == "the app answers HTTP 503"
    assert came(probe) == "the Hub, in the app's place, answers HTTP 503"


def test_nobody_there(local: LocalHub, hub: Hub) -> None:
    with serving(page()) as app:
        gone = app.url()
    probe = probing(hub)

    assert not probe.answers(space_at(local, hub, gone)).good
    assert came(probe) == "no answer (ConnectError)"


def test_connection_that_breaks_off(local: LocalHub, hub: Hub) -> None:
    with serving(lambda request: request.connection.close()) as app:
        probe = probing(hub)

        assert not probe.answers(space_at(local, hub, app.url())).good
        assert came(probe).startswith("no answer")


def test_address_that_is_none(local: LocalHub, hub: Hub) -> None:
    probe = probing(hub)

    assert not probe.answers(space_at(local, hub, "http://127.0.0.1:port")).good
    assert came(probe) == "no answer (InvalidURL)"


def test_address_that_the_hub_does_not_tell_is_asked_for_again(local: LocalHub, hub: Hub) -> None:
    with serving(page()) as app:
        space, probe = space_at(local, hub, app.url()), probing(hub)
        local.fault(method="GET", path=f"/api/spaces/{space.id}$", kind="status", status=503, times=1)

        assert not probe.answers(space).good
        assert "could not be read" in came(probe)
        assert probe.url == "", "nothing was asked"
        assert probe.answers(space).good


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

        assert not probe.answers(space).good
        assert came(probe) == "the page served is not yet the published one"
        app.answer = page(PAGE.replace("</body>", SCRIPT + "</body>"))
        assert probe.answers(space).good


def test_old_page_that_says_all_that_the_new_one_does_is_not_ours(local: LocalHub, hub: Hub) -> None:
    with serving(page(PAGE + SCRIPT)) as app:
        space, probe = space_at(local, hub, app.url()), probing(hub, shows=SHORTER)
        probe.remember(space)

        assert not probe.answers(space).good
        app.answer = page(SHORTER + SCRIPT)
        assert probe.answers(space).good


def test_compressed_page(local: LocalHub, hub: Hub) -> None:
    with serving(page(gzip.compress(PAGE.encode()), Content_Encoding="gzip")) as app:
        assert probing(hub, shows=PAGE).answers(space_at(local, hub, app.url())).good


def test_page_that_is_not_what_it_says(local: LocalHub, hub: Hub) -> None:
    with serving(page(b"not gzip at all", Content_Encoding="gzip")) as app:
        probe = probing(hub, shows=PAGE)

        assert not probe.answers(space_at(local, hub, app.url())).good
        assert came(probe) == "no answer (DecodingError)"


def test_page_without_end_is_given_up(local: LocalHub, hub: Hub) -> None:
    with serving(endless) as app:
        assert not probing(hub, shows=PAGE).answers(space_at(local, hub, app.url())).good
