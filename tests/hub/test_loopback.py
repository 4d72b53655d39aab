"""Whom localhub answers: programs of this machine, and not what a web page in its browser can be made to send."""

import httpx2
import pytest
from huggingface_hub import HfApi

from tests.kit import web
from tests.kit.local import LocalHub


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "localhost.evil.example", ""]
)
@pytest.mark.parametrize("path", ["/", "/api/whoami-v2", "/_localhub/requests", "/api/repos/create"])
def test_a_name_that_only_points_here_gets_no_answer(http: httpx2.Client, host: str, path: str) -> None:
    answer = http.get(path, headers={"host": host, "authorization": "Bearer hf_alice"})

    assert answer.status_code == (403 if host else answer.status_code)
    assert "alice" not in answer.text


@pytest.mark.parametrize("host", ["localhost", "hub.localhost", "127.0.0.1"])
def test_names_of_this_machine_get_one(http: httpx2.Client, host: str) -> None:
    port = http.base_url.port
    assert http.get("/api/whoami-v2", headers={"host": f"{host}:{port}", "authorization": "Bearer hf_alice"}).is_success


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "multipart/form-data; boundary=x"},
        {},
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["faults", "oidc/jobs", "spaces/alice/x/script", "spaces/alice/x/trusted-publishers"])
def test_a_control_route_takes_nothing_that_a_form_can_send(
    http: httpx2.Client, headers: dict[str, str], path: str
) -> None:
    answer = http.post(f"/_localhub/{path}", content=b'{"repository": "a/b"}', headers=headers)
    assert answer.status_code == 403
    assert http.get("/_localhub/faults").json() == []


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "http://localhost"])
def test_a_page_of_another_address_can_not_write(http: httpx2.Client, origin: str) -> None:
    headers = {"origin": origin, "authorization": "Bearer hf_alice"}
    body = {"name": "made-by-a-page", "type": "space", "sdk": "static"}

    assert http.post("/api/repos/create", json=body, headers=headers).status_code == 403
    assert http.request("DELETE", "/_localhub/requests", headers=headers).status_code == 403
    assert http.get("/api/spaces/alice/made-by-a-page").status_code in (401, 404)


def test_a_space_answers_to_its_own_pages_only(hub: LocalHub, api: HfApi, static: str) -> None:
    host = api.space_info(static).host
    assert host
    assert web.get(host, headers={"host": "evil.example"}).status_code == 403
    assert web.post(host, headers={"origin": "https://evil.example"}).status_code == 403
    assert web.get(host).status_code != 403


def test_a_body_that_is_read_whole_has_a_bound(http: httpx2.Client) -> None:
    endless = (b" " * 1024 * 1024 for _ in range(65))
    headers = {"authorization": "Bearer hf_alice", "content-type": "application/json"}
    assert http.post("/api/repos/create", content=endless, headers=headers).status_code == 413
