"""Spaces at their own addresses."""

import json
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from huggingface_hub import HfApi
from huggingface_hub.errors import HfHubHTTPError

from localhub.accounts.accounts import account_id
from tests.kit import web
from tests.kit.local import LocalHub

Push = Callable[..., str]
INJECTED = re.compile(r"<script>window\.huggingface=\{variables:(\{.*?\})\};</script>")


def visit(address: str, **headers: str) -> httpx2.Response:
    """A visit as a browser makes it; a credential goes to the first host only."""
    return web.get(address, headers=headers, follow_redirects=True)


def page(address: str, **headers: str) -> str:
    """The page as its author wrote it: without the Hub's script."""
    return INJECTED.sub("", visit(address, **headers).text)


SITE = {
    "index.html": "<h1>Hello</h1>",
    "style.css": "h1 {}",
    "docs/index.html": "Docs",
    "about.html": "About",
    "a b/notes#1.txt": "Notes",
    "data.bin": b"\x00\x01" * 5000,
}


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
        ("/about", "About", "text/html; charset=utf-8"),
        ("/about.html", "About", "text/html; charset=utf-8"),
        ("/index.html", "<h1>Hello</h1>", "text/html; charset=utf-8"),
        ("/style.css", "h1 {}", "text/css; charset=utf-8"),
        ("/a%20b/notes%231.txt", "Notes", "text/plain; charset=utf-8"),
        ("/docs/", "Docs", "text/html; charset=utf-8"),
        ("/docs", "Docs", "text/html; charset=utf-8"),
    ],
)
def test_a_static_space_serves_its_files(site: str, path: str, body: str, media_type: str) -> None:
    answer = visit(site + path)
    served = (answer.status_code, INJECTED.sub("", answer.text), answer.headers["content-type"])
    assert served == (200, body, media_type)


def test_the_root_of_a_static_space_is_a_redirect_to_its_page(site: str) -> None:
    answer = web.get(f"{site}/?x=1")
    assert (answer.status_code, answer.headers["location"]) == (302, "/index.html")


def test_a_static_space_serves_the_content_of_large_files_not_their_pointers(site: str) -> None:
    answer = visit(f"{site}/data.bin")
    assert answer.content == SITE["data.bin"]
    assert answer.headers["content-type"] == "application/octet-stream"


@pytest.mark.parametrize("path", ["/nothing", "/..%2f..%2frepo.json", "/%2e%2e/repo.json", "/docs/nothing", "/a//b"])
def test_what_is_not_in_a_static_space_is_404(site: str, path: str) -> None:
    answer = web.get(site + path)
    assert (answer.status_code, answer.text) == (404, "Entry not found")


def test_large_files_come_from_another_host_that_knows_no_accounts(
    api: HfApi, undisturbed: LocalHub, static: str, site: str
) -> None:
    api.update_repo_settings(static, repo_type="space", visibility="private")
    answer = web.get(f"{site}/data.bin", headers={"authorization": "Bearer hf_alice"})
    there = answer.headers["location"]
    assert answer.status_code == 302
    assert httpx2.URL(there).host != httpx2.URL(site).host
    assert web.get(there).content == SITE["data.bin"]
    file, _, signature = there.partition("?")
    for other in (f"{file}?{signature[:-3]}xxx", file, f"{file.rpartition('/')[0]}/{'0' * 64}?{signature}"):
        assert web.get(other, headers={"authorization": "Bearer hf_alice"}).status_code == 403
    assert len(undisturbed.received("cdn")) == 4


@pytest.mark.parametrize(
    ("text", "around"),
    [
        ("<!doctype html><head><title>x</title></head>", ("<!doctype html><head>", "<title>x</title></head>")),
        ('<HEAD lang="en">\n<HEAD>', ('<HEAD lang="en">', "\n<HEAD>")),
        ("<!doctype html><header></header>", ("", "<!doctype html><header></header>")),
        ("text", ("", "text")),
    ],
    ids=["behind the head", "behind the first one", "no head", "no page"],
)
def test_a_script_with_the_variables_is_put_into_pages(
    api: HfApi, static: str, push: Push, text: str, around: tuple[str, str]
) -> None:
    api.add_space_variable(static, "GREETING", "</script>")
    push(static, {"index.html": text, "data.json": text})
    host = reach(api, static, "RUNNING")
    served = web.get(f"{host}/index.html").text
    found = INJECTED.search(served)
    assert found is not None
    assert (served[: found.start()], served[found.end() :]) == around
    assert json.loads(found[1]) == {"SPACE_CREATOR_USER_ID": account_id("alice"), "GREETING": "</script>"}
    assert web.get(f"{host}/data.json").text == text


def test_a_static_space_may_name_its_page(api: HfApi, static: str, push: Push) -> None:
    push(static, {"README.md": "---\nsdk: static\napp_file: site/start.html\n---\n", "site/start.html": "Start"})
    host = reach(api, static, "RUNNING")
    assert web.get(host).headers["location"] == "/site/start.html"
    assert page(host) == "Start"


def test_a_page_can_not_be_named_so_that_visitors_are_sent_elsewhere(
    api: HfApi, hub: LocalHub, static: str, push: Push
) -> None:
    hub.script(static, {"stage": "RUNNING"})  # by itself it would be NO_APP_FILE
    push(static, {"README.md": "---\nsdk: static\napp_file: //x/start.html\n---\n", "x/start.html": "Start"})
    assert web.get(reach(api, static, "RUNNING")).headers["location"] == "/x/start.html"


def test_a_new_commit_of_a_static_space_is_served(api: HfApi, static: str, push: Push) -> None:
    push(static, {"index.html": "one"})
    host = reach(api, static, "RUNNING")
    push(static, {"index.html": "two"})
    assert reach(api, static, "RUNNING") == host
    assert page(host) == "two"


def test_a_simulated_app_names_its_space_and_commit(api: HfApi, docker: str, push: Push) -> None:
    commit = push(docker, {"Dockerfile": "FROM scratch"})
    host = reach(api, docker, "RUNNING")
    answer = web.get(f"{host}/any/path")
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
    assert old in web.get(host).text


@pytest.mark.parametrize("stage", ["BUILDING", "BUILD_ERROR", "PAUSED", "STOPPED", "A_STAGE_OF_TOMORROW"])
def test_a_space_that_is_down_gets_the_edges_own_503(
    api: HfApi, hub: LocalHub, docker: str, push: Push, stage: str
) -> None:
    hub.script(docker, {"stage": stage})
    push(docker, {"Dockerfile": "FROM scratch"})
    answer = web.get(reach(api, docker, stage))
    assert answer.status_code == 503
    assert "x-proxied-host" not in answer.headers


def test_a_script_lets_the_app_itself_answer_503(api: HfApi, hub: LocalHub, docker: str, push: Push) -> None:
    hub.script(docker, {"stage": "RUNNING", "http_status": 503})
    push(docker, {"Dockerfile": "FROM scratch"})
    answer = web.get(reach(api, docker, "RUNNING"))
    assert answer.status_code == 503
    assert "x-proxied-host" in answer.headers


def test_a_sleeping_space_is_woken_by_a_visit(api: HfApi, hub: LocalHub, docker: str, push: Push) -> None:
    hub.script(docker, {"stage": "SLEEPING"})
    commit = push(docker, {"Dockerfile": "FROM scratch"})
    host = reach(api, docker, "SLEEPING")
    assert web.get(host).status_code == 503
    reach(api, docker, "RUNNING")
    assert commit in web.get(host).text


def test_a_private_space_answers_only_to_a_token_that_may_read(api: HfApi, static: str, site: str) -> None:
    api.update_repo_settings(static, repo_type="space", visibility="private")
    assert web.get(site).status_code == 404
    for header in ("authorization", "x-hf-authorization"):
        for token in ("hf_bob", "hf_nobody", "x"):
            assert web.get(site, headers={header: f"Bearer {token}"}).status_code == 404
        assert page(site, **{header: "Bearer hf_alice_read"}) == "<h1>Hello</h1>"


def space_token(api: HfApi, space: str, **asked: str) -> str:
    answer = web.get(
        f"{api.endpoint}/api/spaces/{space}/jwt", params=asked, headers={"authorization": f"Bearer {api.token}"}
    )
    return str(answer.raise_for_status().json()["token"])


def in_seconds(seconds: float) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def test_a_token_of_the_space_opens_it_for_a_while(api: HfApi, static: str, site: str) -> None:
    api.update_repo_settings(static, repo_type="space", visibility="private")
    other = f"{static}-other"
    api.create_repo(other, repo_type="space", space_sdk="static", private=True)
    token = space_token(api, static, expiration=in_seconds(600))
    for wrong in (space_token(api, other), space_token(api, static, expiration=in_seconds(-1)), "hf_alice", ""):
        assert web.get(f"{site}/index.html?__sign={wrong}").status_code == 404
    assert page(f"{site}/index.html?__sign={token}") == "<h1>Hello</h1>"
    assert api.whoami(token="hf_alice")["name"] == "alice"
    with pytest.raises(HfHubHTTPError):
        api.whoami(token=token)


def test_the_cookie_that_comes_with_it_opens_what_the_page_refers_to(api: HfApi, static: str, site: str) -> None:
    api.update_repo_settings(static, repo_type="space", visibility="private")
    with httpx2.Client(follow_redirects=True) as browser:
        assert INJECTED.sub("", browser.get(f"{site}/?__sign={space_token(api, static)}").text) == "<h1>Hello</h1>"
        assert browser.get(f"{site}/style.css").text == "h1 {}"


@pytest.mark.parametrize("token", ["hf_bob", False])
def test_a_token_of_a_private_space_is_for_its_readers(
    http: httpx2.Client, api: HfApi, static: str, token: str
) -> None:
    api.update_repo_settings(static, repo_type="space", visibility="private")
    headers = {"authorization": f"Bearer {token}"} if token else {}
    assert http.get(f"/api/spaces/{static}/jwt", headers=headers).headers["x-error-code"] == "RepoNotFound"


def test_a_moment_that_is_none_is_refused(http: httpx2.Client, static: str) -> None:
    assert http.get(f"/api/spaces/{static}/jwt?expiration=soon").status_code == 400


def test_the_app_of_a_protected_space_is_public(api: HfApi, static: str, site: str) -> None:
    api.update_repo_settings(static, repo_type="space", visibility="protected")
    assert page(site) == "<h1>Hello</h1>"


def test_the_address_of_a_deleted_space_is_closed(api: HfApi, static: str, site: str) -> None:
    api.delete_repo(static, repo_type="space")
    with pytest.raises(httpx2.ConnectError):
        web.get(site)


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
    assert page(host) == "old"
    deadline = time.monotonic() + 5
    while page(host) != "new":
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_visits_are_recorded_apart_from_requests(http: httpx2.Client, undisturbed: LocalHub, site: str) -> None:
    undisturbed.forget()
    web.get(f"{site}/style.css?v=1")
    visits = json.loads(http.get("/_localhub/visits").text)
    assert [(v["method"], v["path"], v["query"], v["status"], v["response_bytes"]) for v in visits] == [
        ("GET", "/style.css", "v=1", 200, len(SITE["style.css"]))
    ]
    assert undisturbed.requests() == []
