"""Spaces at their own addresses."""

import json
import time
from collections.abc import Callable

import httpx2
import pytest
from huggingface_hub import HfApi

from tests.kit.local import LocalHub

Push = Callable[..., str]
SITE = {"index.html": "<h1>Hello</h1>", "style.css": "h1 {}", "docs/index.html": "Docs", "data.bin": b"\x00\x01" * 5000}


def reach(api: HfApi, space: str, stage: str) -> str:
    """The address of a Space, once it is in a stage."""
    deadline = time.monotonic() + 10
    while api.get_space_runtime(space).stage != stage:
        assert time.monotonic() < deadline, api.get_space_runtime(space).raw
        time.sleep(0.02)
    host = api.space_info(space).host
    assert host is not None
    return host


@pytest.fixture
def site(api: HfApi, static: str, push: Push) -> str:
    """The address of a static Space with SITE."""
    push(static, SITE)
    return reach(api, static, "RUNNING")


@pytest.mark.parametrize(
    ("path", "body", "media_type"),
    [
        ("/", "<h1>Hello</h1>", "text/html; charset=utf-8"),
        ("/index.html", "<h1>Hello</h1>", "text/html; charset=utf-8"),
        ("/style.css", "h1 {}", "text/css; charset=utf-8"),
        ("/docs/", "Docs", "text/html; charset=utf-8"),
        ("/docs", "Docs", "text/html; charset=utf-8"),
    ],
)
def test_a_static_space_serves_its_files(site: str, path: str, body: str, media_type: str) -> None:
    answer = httpx2.get(site + path)
    assert (answer.status_code, answer.text, answer.headers["content-type"]) == (200, body, media_type)


def test_a_static_space_serves_the_content_of_large_files_not_their_pointers(site: str) -> None:
    answer = httpx2.get(f"{site}/data.bin")
    assert answer.content == SITE["data.bin"]
    assert answer.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize("path", ["/nothing", "/..%2f..%2frepo.json", "/%2e%2e/repo.json", "/docs/nothing", "/a//b"])
def test_what_is_not_in_a_static_space_is_404(site: str, path: str) -> None:
    assert httpx2.get(site + path).status_code == 404


def test_a_static_space_may_name_its_page(api: HfApi, static: str, push: Push) -> None:
    push(static, {"README.md": "---\nsdk: static\napp_file: site/start.html\n---\n", "site/start.html": "Start"})
    assert httpx2.get(reach(api, static, "RUNNING")).text == "Start"


def test_a_new_commit_of_a_static_space_is_served(api: HfApi, static: str, push: Push) -> None:
    push(static, {"index.html": "one"})
    host = reach(api, static, "RUNNING")
    push(static, {"index.html": "two"})
    assert reach(api, static, "RUNNING") == host
    assert httpx2.get(host).text == "two"


def test_a_simulated_app_names_its_space_and_commit(api: HfApi, docker: str, push: Push) -> None:
    commit = push(docker, {"Dockerfile": "FROM scratch"})
    host = reach(api, docker, "RUNNING")
    answer = httpx2.get(f"{host}/any/path")
    assert answer.status_code == 200
    assert docker in answer.text
    assert commit in answer.text
    assert answer.headers["x-proxied-host"] == host


def test_the_old_app_answers_while_the_new_one_is_built(api: HfApi, hub: LocalHub, docker: str, push: Push) -> None:
    old = push(docker, {"Dockerfile": "FROM scratch"})
    host = reach(api, docker, "RUNNING")
    hub.script(docker, {"stage": "RUNNING_BUILDING"})
    push(docker, {"b": "2"})
    reach(api, docker, "RUNNING_BUILDING")
    assert old in httpx2.get(host).text


@pytest.mark.parametrize("stage", ["BUILDING", "BUILD_ERROR", "PAUSED", "STOPPED", "A_STAGE_OF_TOMORROW"])
def test_a_space_that_is_down_gets_the_edges_own_503(
    api: HfApi, hub: LocalHub, docker: str, push: Push, stage: str
) -> None:
    hub.script(docker, {"stage": stage})
    push(docker, {"Dockerfile": "FROM scratch"})
    answer = httpx2.get(reach(api, docker, stage))
    assert answer.status_code == 503
    assert "x-proxied-host" not in answer.headers


def test_a_script_lets_the_app_itself_answer_503(api: HfApi, hub: LocalHub, docker: str, push: Push) -> None:
    hub.script(docker, {"stage": "RUNNING", "http_status": 503})
    push(docker, {"Dockerfile": "FROM scratch"})
    answer = httpx2.get(reach(api, docker, "RUNNING"))
    assert answer.status_code == 503
    assert "x-proxied-host" in answer.headers


def test_a_sleeping_space_is_woken_by_a_visit(api: HfApi, hub: LocalHub, docker: str, push: Push) -> None:
    hub.script(docker, {"stage": "SLEEPING"})
    commit = push(docker, {"Dockerfile": "FROM scratch"})
    host = reach(api, docker, "SLEEPING")
    assert httpx2.get(host).status_code == 503
    reach(api, docker, "RUNNING")
    assert commit in httpx2.get(host).text


def test_a_private_space_answers_only_to_a_token_that_may_read(api: HfApi, static: str, site: str) -> None:
    api.update_repo_settings(static, repo_type="space", visibility="private")
    for headers in [{}, {"authorization": "Bearer hf_bob"}, {"authorization": "Bearer hf_nobody"}]:
        assert httpx2.get(site, headers=headers).status_code == 404
    assert httpx2.get(site, headers={"authorization": "Bearer hf_alice_read"}).text == "<h1>Hello</h1>"


def test_the_app_of_a_protected_space_is_public(api: HfApi, static: str, site: str) -> None:
    api.update_repo_settings(static, repo_type="space", visibility="protected")
    assert httpx2.get(site).text == "<h1>Hello</h1>"


def test_the_address_of_a_deleted_space_is_closed(api: HfApi, static: str, site: str) -> None:
    api.delete_repo(static, repo_type="space")
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(site)


def test_a_script_changes_what_the_hub_calls_the_host(api: HfApi, hub: LocalHub, static: str, push: Push) -> None:
    hub.script(static, {"stage": "RUNNING", "host": "http://127.0.0.1:9/elsewhere"})
    push(static, {"index.html": "x"})
    assert reach(api, static, "RUNNING") == "http://127.0.0.1:9/elsewhere"


def test_a_script_lets_a_static_space_go_on_serving_the_old_page(
    api: HfApi, hub: LocalHub, static: str, push: Push
) -> None:
    push(static, {"index.html": "old"})
    host = reach(api, static, "RUNNING")
    hub.script(static, {"stage": "RUNNING", "sha": "old"}, {"after": 0.5, "stage": "RUNNING"})
    push(static, {"index.html": "new"})
    assert httpx2.get(host).text == "old"
    deadline = time.monotonic() + 5
    while httpx2.get(host).text != "new":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_visits_are_recorded_apart_from_requests(http: httpx2.Client, undisturbed: LocalHub, site: str) -> None:
    undisturbed.forget()
    httpx2.get(f"{site}/style.css?v=1")
    visits = json.loads(http.get("/_localhub/visits").text)
    assert [(v["method"], v["path"], v["query"], v["status"], v["response_bytes"]) for v in visits] == [
        ("GET", "/style.css", "v=1", 200, len(SITE["style.css"]))
    ]
    assert undisturbed.requests() == []
