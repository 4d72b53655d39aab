"""A step ends: within its `timeout` and a moment more, whatever hangs, and with all that it has to say."""

import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from hfspace_action.deadline import GRACE
from tests.kit import gitrepo, repository
from tests.kit.app import page, serving
from tests.kit.local import LocalHub
from tests.kit.loopback import slow_line
from tests.kit.step.action import Step, begin, deploy, output_names
from tests.kit.step.provoke import SITE

GIVEN = 4.0
OVER = threading.Event()  # nobody sets it
MARGIN = 4.0  # seconds: to start and end a process on a busy machine


def ran(workspace: Path, hub: LocalHub, inputs: Mapping[str, str]) -> Step:
    """Run a step which has to be over in time, with all outputs and a summary."""
    began = time.monotonic()
    step = deploy(workspace, hub.endpoint, {"timeout": f"{GIVEN:.0f}s", **inputs})
    assert time.monotonic() - began < GIVEN + GRACE + MARGIN, step.log
    assert step.exit_code == 1
    assert step.outputs.keys() == output_names()
    assert step.outputs["error"] in step.log
    assert step.summary
    assert "Traceback" not in step.log
    return step


def published(api: HfApi, space: str) -> str:
    """A version that is there; its commit."""
    api.create_repo(space, repo_type="space", space_sdk="static")
    added = [CommitOperationAdd("old.html", b"old\n")]
    return api.create_commit(space, added, repo_type="space", commit_message="Before").oid


HANGS = [
    pytest.param("GET", "/api/whoami-v2", id="the account"),
    pytest.param("GET", r"^/api/spaces/{space}\?", id="the state"),
    pytest.param("GET", r"^/api/spaces/{space}/tree/", id="a listing"),
    pytest.param("POST", r"^/api/spaces/{space}/preupload/", id="the question before an upload"),
    pytest.param("POST", r"^/api/spaces/{space}/commit/", id="a commit"),
]


@pytest.mark.parametrize(("method", "path"), HANGS)
def test_what_hangs_is_given_up_at_the_deadline(
    method: str, path: str, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    if "whoami" not in path:
        published(api, space)
    repository.create(workspace, SITE)
    hub.fault(method=method, path=path.replace("{space}", space), kind="hang")

    step = ran(workspace, hub, {"space": space})

    # The question before an upload is a part of it: its own bound and the upload's end in the same moment.
    errors = {"hub-silent", "upload-stalled"} if "preupload" in path else {"hub-silent"}
    assert step.outputs["result"] == "timeout", step.log
    assert step.outputs["error"] in errors, step.log


def test_a_large_upload_that_hangs_is_given_up(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    """hf_xet sends it in native code, which knows nothing of a deadline."""
    before = published(api, space)
    repository.create(workspace, SITE)
    gitrepo.write(workspace, {"model.bin": bytes(range(256)) * 4096 * 12})
    gitrepo.commit(workspace)
    hub.fault(method="POST", path="/v1/", kind="hang")

    step = ran(workspace, hub, {"space": space})
    hub.no_faults()

    assert (step.outputs["result"], step.outputs["error"]) == ("timeout", "upload-stalled"), step.log
    assert api.space_info(space).sha == before


@pytest.mark.slow
def test_an_upload_that_moves_is_not_cut(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    published(api, space)
    repository.create(workspace, SITE)
    gitrepo.write(workspace, {"map.txt": "".join(f"{number:07}\n" for number in range(250_000))})
    gitrepo.commit(workspace)
    began = time.monotonic()

    with slow_line(int(hub.endpoint.rpartition(":")[2]), 300_000) as endpoint:
        step = deploy(workspace, endpoint, {"space": space, "timeout": "2s", "wait": "false"})

    assert step.outputs["result"] == "published", step.log
    assert time.monotonic() - began > 2 * 2


@pytest.mark.parametrize("status", [429, 503])
def test_a_wait_beyond_the_deadline_is_told_instead(
    status: int, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    published(api, space)
    repository.create(workspace, SITE)
    hub.fault(method="GET", path=f"^/api/spaces/{space}", kind="status", status=status, headers={"Retry-After": "300"})

    step = ran(workspace, hub, {"space": space, "timeout": "60s"})  # which it takes a part of

    assert step.outputs["error"] == {429: "rate-limited", 503: "wait-too-long"}[status]
    assert "5 min" in step.log


def drip(*, head: bool) -> Callable[[BaseHTTPRequestHandler], None]:
    """An answer of which a byte comes now and then, from its `head` on or after that."""

    def reply(request: BaseHTTPRequestHandler) -> None:
        if not head:
            request.send_response(200)
            request.end_headers()
        with suppress(OSError):
            while True:
                request.wfile.write(b"H" if head else b" ")
                request.wfile.flush()
                OVER.wait(0.3)

    return reply


def endless(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    with suppress(OSError):
        while True:
            request.wfile.write(b" " * 65536)


def itself(request: BaseHTTPRequestHandler) -> None:
    page("", 302, Location=request.path)(request)


COMMANDS = ["deploy", "check", "selftest", "status", "restart", "delete"]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("reply", "drips"),
    [
        pytest.param(drip(head=True), True, id="a head that drips"),
        pytest.param(drip(head=False), True, id="a body that drips"),
        pytest.param(endless, False, id="a body without an end"),
        pytest.param(itself, False, id="a redirect to itself"),
    ],
)
def test_a_hub_that_never_comes_to_an_end(
    command: str, reply: Callable[[BaseHTTPRequestHandler], None], drips: bool, workspace: Path
) -> None:
    repository.create(workspace, SITE)
    began = time.monotonic()

    with serving(reply) as app:
        step = deploy(
            workspace,
            app.url(),
            {"space": "alice/demo", "command": command, "confirm": "alice/demo", "timeout": "3s"},
        )

    assert time.monotonic() - began < 3 + GRACE + MARGIN, step.log
    assert step.exit_code == 1
    assert step.outputs["error"] == ("hub-silent" if drips else "answer-endless"), step.log
    assert step.outputs.keys() == output_names()
    assert step.summary


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        pytest.param({"kind": "hang"}, "hub-silent", id="hangs"),
        pytest.param({"kind": "status", "status": 503, "headers": {"Retry-After": "300"}}, "wait-too-long", id="wait"),
    ],
)
def test_a_watch_of_a_hub_that_is_silent(
    fault: Mapping[str, Any], error: str, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    """What was published is told all the same."""
    repository.create(workspace, SITE)
    published(api, space)
    hub.script(space, {"stage": "BUILDING"})
    with begin(workspace, hub.endpoint, {"space": space, "timeout": "8s"}) as running:
        hub.polled(space)
        hub.fault(method="GET", path=rf"^/api/spaces/{space}\?", **fault)
        step = running.end(8 + GRACE + MARGIN)

    assert (step.outputs["result"], step.outputs["error"]) == ("timeout", error), step.log
    assert step.outputs["commit-sha"] == api_head(hub, api, space)


def test_a_deletion_that_is_redirected(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, SITE)
    location = {"Location": "http://localhost:9/api/repos/delete"}
    hub.fault(method="DELETE", path="^/api/repos/delete", kind="status", status=307, headers=location)

    step = ran(workspace, hub, {"space": space, "command": "selftest", "timeout": "8s"})

    assert step.outputs["error"] == "hub-elsewhere"


def api_head(hub: LocalHub, api: HfApi, space: str) -> str | None:
    hub.no_faults()
    return api.space_info(space).sha


@pytest.mark.slow
def test_what_is_no_request_to_the_hub_ends_too(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    published(api, space)
    repository.create(workspace, SITE)
    inputs = {"space": space, "command": "check", "github-token": "ghs_0123456789", "timeout": "3s"}
    began = time.monotonic()

    with serving(drip(head=False)) as github:
        step = deploy(workspace, hub.endpoint, inputs, github=github.url())

    assert time.monotonic() - began < 3 + GRACE + MARGIN
    assert (step.outputs["result"], step.outputs["error"]) == ("timeout", "out-of-time"), step.log
