"""The handles that tests pull: records, faults, scripts."""

import re
import threading
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi
from huggingface_hub.errors import HfHubHTTPError

from tests.kit import web
from tests.kit.local import NO_ANSWER, LocalHub, until

Push = Callable[..., str]


def shapes(records: list[dict[str, Any]]) -> list[tuple[str, str, int | None]]:
    return [(record["method"], record["path"], record["status"]) for record in records]


def test_requests_are_recorded_with_what_they_cost(undisturbed: LocalHub, http: httpx2.Client) -> None:
    body = b'{"content": "x", "repoType": "space"}'
    answer = http.post("/api/whoami-v2?a=b", content=body)
    [record] = undisturbed.requests()
    assert (record["method"], record["path"], record["query"]) == ("POST", "/api/whoami-v2", "a=b")
    assert (record["status"], record["response_bytes"]) == (405, len(answer.content))
    assert 0 <= record["ms"] < 5000


def test_the_bytes_of_a_body_are_counted(undisturbed: LocalHub, http: httpx2.Client) -> None:
    http.post("/api/repos/create", content=b" " * 1000, headers={"authorization": "Bearer hf_alice"})
    assert [record["request_bytes"] for record in undisturbed.requests()] == [1000]


def test_control_requests_are_not_recorded(undisturbed: LocalHub, http: httpx2.Client) -> None:
    http.get("/_localhub/requests")
    assert undisturbed.requests() == []


def test_every_reply_has_a_request_id(http: httpx2.Client) -> None:
    ids = {http.get(path).headers["x-request-id"] for path in ["/api/whoami-v2", "/nothing", "/api/nothing"]}
    assert len(ids) == 3


def test_the_date_of_a_reply_is_not_older_than_the_request(http: httpx2.Client) -> None:
    before = int(time.time())
    assert parsedate_to_datetime(http.get("/api/nothing").headers["date"]).timestamp() >= before


def test_an_unknown_address_is_refused_in_the_hubs_shape(http: httpx2.Client) -> None:
    answer = http.get("/api/nothing")
    assert (answer.status_code, answer.json()) == (404, {"error": answer.headers["X-Error-Message"]})


def test_a_status_fault_happens_as_often_as_asked(undisturbed: LocalHub, http: httpx2.Client) -> None:
    undisturbed.fault(
        method="GET",
        path="^/api/whoami",
        kind="status",
        status=429,
        headers={"RateLimit": '"api";r=0;t=1'},
        body={"error": "slow down"},
        times=2,
    )
    answers = [http.get("/api/whoami-v2") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [429, 429, 401]
    assert answers[0].headers["RateLimit"] == '"api";r=0;t=1'
    assert answers[0].json() == {"error": "slow down"}


def test_a_fault_spares_what_does_not_match(undisturbed: LocalHub, http: httpx2.Client) -> None:
    undisturbed.fault(method="POST", path="whoami", kind="status", status=503)
    assert http.get("/api/whoami-v2").status_code == 401
    assert http.post("/api/repos/create").status_code == 401
    assert http.post("/api/whoami-v2").status_code == 503


def test_a_fault_may_look_at_the_query(undisturbed: LocalHub, http: httpx2.Client) -> None:
    undisturbed.fault(path=r"create_pr=1", kind="status", status=403)
    assert http.get("/api/whoami-v2?create_pr=1").status_code == 403
    assert http.get("/api/whoami-v2").status_code == 401


def test_an_html_fault_is_a_gateways_page(undisturbed: LocalHub, http: httpx2.Client) -> None:
    undisturbed.fault(kind="html")
    answer = http.get("/api/whoami-v2")
    assert (answer.status_code, answer.headers["content-type"]) == (502, "text/html; charset=utf-8")
    assert "502 Bad Gateway" in answer.text
    assert answer.headers["x-request-id"]


def test_a_dropped_request_gets_no_answer_and_does_nothing(undisturbed: LocalHub, api: HfApi, name: str) -> None:
    undisturbed.fault(path="/api/repos/create", kind="drop", times=1)
    with pytest.raises(NO_ANSWER):
        api.create_repo(name)
    assert not api.repo_exists(name)
    [record] = [r for r in undisturbed.requests() if r["path"] == "/api/repos/create"]
    assert (record["fault"], record["status"]) == ("drop", None)


def test_a_request_dropped_after_is_done_without_an_answer(undisturbed: LocalHub, api: HfApi, static: str) -> None:
    undisturbed.fault(method="POST", path="/commit/main$", kind="drop-after", times=1)
    with pytest.raises(NO_ANSWER):
        api.create_commit(static, [CommitOperationAdd("a", b"1")], commit_message="lost", repo_type="space")
    assert api.list_repo_commits(static, repo_type="space")[0].title == "lost"
    [record] = [r for r in undisturbed.requests() if r["path"].endswith("/commit/main")]
    assert (record["fault"], record["status"]) == ("drop-after", 200)


def test_a_hanging_request_is_answered_never_but_counted(undisturbed: LocalHub, http: httpx2.Client) -> None:
    undisturbed.fault(path="whoami", kind="hang", times=1)
    with pytest.raises(httpx2.ReadTimeout):
        http.get("/api/whoami-v2", timeout=0.3)
    assert shapes(undisturbed.requests()) == [("GET", "/api/whoami-v2", None)]
    assert http.get("/api/whoami-v2").status_code == 401


def test_other_requests_are_served_while_one_hangs(undisturbed: LocalHub, http: httpx2.Client) -> None:
    undisturbed.fault(path="whoami", kind="hang", times=1)
    caught: list[Exception] = []

    def wait() -> None:
        try:
            web.get(f"{undisturbed.endpoint}/api/whoami-v2", timeout=0.5)
        except httpx2.ReadTimeout as error:
            caught.append(error)

    waiting = threading.Thread(target=wait)
    waiting.start()
    until(undisturbed.requests)
    assert http.get("/api/whoami-v2").status_code == 401
    waiting.join()
    assert len(caught) == 1


@pytest.mark.parametrize(
    "fault", [{"kind": "odd"}, {"kind": "drop", "path": "("}, {"kind": "drop", "when": "now"}, "drop", {}]
)
def test_a_fault_that_makes_no_sense_is_refused(http: httpx2.Client, fault: Any) -> None:
    assert http.post("/_localhub/faults", json=fault).status_code == 400


def test_faults_are_listed_until_they_are_used_up_and_removed(undisturbed: LocalHub, http: httpx2.Client) -> None:
    undisturbed.fault(path="whoami", kind="html", times=1)
    undisturbed.fault(path="x", kind="drop")
    assert [fault["kind"] for fault in http.get("/_localhub/faults").json()] == ["html", "drop"]
    http.get("/api/whoami-v2")
    assert [fault["kind"] for fault in http.get("/_localhub/faults").json()] == ["drop"]
    http.delete("/_localhub/faults")
    assert http.get("/_localhub/faults").json() == []


def test_a_script_is_kept_for_a_space_that_does_not_exist_yet(api: HfApi, hub: LocalHub, name: str, push: Push) -> None:
    hub.script(name, {"stage": "RUNTIME_ERROR", "errorMessage": "as written"})
    api.create_repo(name, repo_type="space", space_sdk="docker")
    assert api.get_space_runtime(name).stage == "NO_APP_FILE"  # the Hub's own first commit doesn't play it
    push(name, {"a": "1"})
    runtime = api.get_space_runtime(name)
    assert (runtime.stage, runtime.raw["errorMessage"]) == ("RUNTIME_ERROR", "as written")


def test_a_script_plays_its_steps_in_time(api: HfApi, hub: LocalHub, docker: str, push: Push) -> None:
    hub.script(
        docker,
        {"stage": "BUILDING"},
        {"after": 0.5, "stage": "APP_STARTING"},
        {"after": 0.5, "stage": "RUNNING"},
    )
    started, seen = time.monotonic(), {}
    commit = push(docker, {"a": "1"})
    while "RUNNING" not in seen:
        assert time.monotonic() < started + 10
        seen.setdefault(api.get_space_runtime(docker).stage, time.monotonic() - started)
    assert list(seen) == ["BUILDING", "APP_STARTING", "RUNNING"]
    assert seen["APP_STARTING"] >= 0.5
    assert seen["RUNNING"] >= 1.0
    assert api.get_space_runtime(docker).raw["sha"] == commit


@pytest.mark.parametrize("sha", ["old", "new", "none"])
def test_a_script_says_whose_commit_runs(api: HfApi, hub: LocalHub, docker: str, push: Push, sha: str) -> None:
    old = api.space_info(docker).sha
    hub.script(docker, {"stage": "RUNNING", "sha": sha})
    new = push(docker, {"a": "1"})
    assert api.get_space_runtime(docker).raw.get("sha") == {"old": old, "new": new, "none": None}[sha]


def test_a_script_is_played_at_every_commit_until_it_is_removed(
    api: HfApi, hub: LocalHub, http: httpx2.Client, docker: str, push: Push
) -> None:
    hub.script(docker, {"stage": "BUILD_ERROR"})
    for text in "ab":
        push(docker, {"Dockerfile": text})
        assert api.get_space_runtime(docker).stage == "BUILD_ERROR"
    assert http.delete(f"/_localhub/spaces/{docker}/script").status_code == 200
    push(docker, {"Dockerfile": "c"})
    assert api.wait_for_space(docker, poll_interval=0.05, timeout=10).stage == "RUNNING"


@pytest.mark.parametrize("with_restart", [True, False], ids=["its-own-restart", "no-restart-of-its-own"])
def test_a_restart_plays_what_the_script_has_for_it(
    api: HfApi, http: httpx2.Client, docker: str, push: Push, with_restart: bool
) -> None:
    script: dict[str, Any] = {"steps": [{"stage": "PAUSED"}]}
    if with_restart:
        script["on_restart"] = [{"stage": "RUNTIME_ERROR"}]
    http.post(f"/_localhub/spaces/{docker}/script", json=script).raise_for_status()
    push(docker, {"Dockerfile": "FROM scratch"})
    assert api.get_space_runtime(docker).stage == "PAUSED"
    api.restart_space(docker)
    ended = api.wait_for_space(docker, poll_interval=0.05, timeout=10)
    assert ended.stage == ("RUNTIME_ERROR" if with_restart else "RUNNING")


@pytest.mark.parametrize("stage", ["RUNTIME_ERROR", None])
def test_a_change_of_settings_plays_what_the_script_has_for_a_restart(
    api: HfApi, hub: LocalHub, docker: str, push: Push, stage: str | None
) -> None:
    hub.script(docker, {"stage": "RUNNING"}, on_restart=[{"stage": stage}] if stage else [])
    push(docker, {"Dockerfile": "FROM scratch"})

    api.add_space_variable(docker, "MODE", "fast")

    assert api.get_space_runtime(docker).stage == (stage or "RUNNING")


@pytest.mark.parametrize(
    "script",
    [{}, "x", [{"after": 1}], [{"stage": "RUNNING", "sha": "newest"}], [{"stage": "X", "colour": 1}], {"on": []}],
)
def test_a_script_that_makes_no_sense_is_refused(http: httpx2.Client, script: Any) -> None:
    assert http.post("/_localhub/spaces/alice/x/script", json=script).status_code == 400


def test_a_new_script_step_may_have_any_stage(api: HfApi, hub: LocalHub, docker: str, push: Push) -> None:
    hub.script(docker, {"stage": "TELEPORTING"})
    push(docker, {"a": "1"})
    assert api.get_space_runtime(docker).stage == "TELEPORTING"


def test_an_error_names_the_request(api: HfApi) -> None:
    with pytest.raises(HfHubHTTPError) as error:
        api.repo_info("alice/nothing")
    assert re.fullmatch(r"Root=1-[0-9a-f-]{36}", error.value.request_id or "")
