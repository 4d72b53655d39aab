"""Whose fault it is, whose turn: what a Space hangs in or falls by, the failure that is named, and who is asked to act.

What the edge answers is told from what the app answers: an app that answers by itself has the right port.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from tests.kit import repository
from tests.kit.app import page, serving
from tests.kit.local import LocalHub
from tests.kit.step.action import begin, deploy

DOCKER = {"README.md": "---\nsdk: docker\n---\n", "Dockerfile": "FROM scratch\nEXPOSE 7860\n", "app.py": "print(1)\n"}
STATIC = {"README.md": "---\nsdk: static\n---\n", "index.html": "<h1>Tides</h1>\n"}
OTHER_PORT = " * Running on http://0.0.0.0:5000\n"
NO_ROOM = "Scheduling failure: unable to schedule"
QUOTA = "Quota exceeded for flavor cpu-basic (requested=1): current=0, limit=0"
EDGE, APP = page("Your space is in error", 503), page("", 503, x_proxied_host="http://10.0.0.1")
DOWN = "in the app's place, answers HTTP 503"

Given = Callable[[LocalHub, HfApi, str], object]


def after(seconds: float, stage: str, **more: Any) -> dict[str, Any]:
    return {"after": seconds, "stage": stage, **more}


def runs(**more: Any) -> list[dict[str, Any]]:
    return [after(0, "RUNNING", sha="new", **more)]


@dataclass(frozen=True, kw_only=True)
class Case:
    """What the Space does after the step's commit; the failure that must be named, and the words on who has to act."""

    name: str
    script: Sequence[Mapping[str, Any]]
    result: str
    error: str
    who: str
    on_restart: Sequence[Mapping[str, Any]] = ()
    answers: Any = None
    """What is at the address of the app, if that is no address of localhub's."""
    given: Given | None = None
    files: Mapping[str, str] = field(default_factory=lambda: DOCKER)
    new: Mapping[str, str] = field(default_factory=lambda: {"app.py": "print(2)\n"})
    inputs: Mapping[str, str] = field(default_factory=dict)
    restarts: int = 0


def in_dev_mode(_hub: LocalHub, api: HfApi, space: str) -> None:
    api.enable_space_dev_mode(space)


def refuse_restart(hub: LocalHub, _api: HfApi, space: str) -> None:
    hub.fault(method="POST", path=f"{space}/restart", kind="status", status=403,
              body={"error": "You've reached your cpu-basic quota limit"})  # fmt: skip


SHORT = {"timeout": "4s"}
CASES = [
    Case(name="a build that waits in the queue", result="timeout", error="build-queued", who="It is the Hub's turn", inputs=SHORT,
         script=[after(0, "BUILDING", build_log="===== Build Queued at 2026-11-25 10:00:00 / Commit SHA: 1234567 =====\n\n")]),
    Case(name="a build that goes on", result="timeout", error="timeout", who="goes on at the Hub", inputs=SHORT,
         script=[after(0, "BUILDING", build_log="===== Build Queued at 2026-11-25 10:00:00 / Commit SHA: 1 =====\n\n#1 FROM x\n")]),
    Case(name="no machine is free, twice", result="failed", error="no-capacity", who="The repository is not at fault", restarts=1,
         script=[after(0, "BUILDING"), after(0.5, "RUNTIME_ERROR", sha="new", errorMessage=NO_ROOM)],
         on_restart=[after(0, "APP_STARTING"), after(0.5, "RUNTIME_ERROR", sha="new", errorMessage=NO_ROOM)]),
    Case(name="the quota is used up", result="paused", error="quota-exceeded", who="get a plan with a larger quota", restarts=1,
         given=refuse_restart, script=[after(0.3, "PAUSED", errorMessage=QUOTA)]),
    Case(name="flagged as abusive", result="paused", error="blocked", who="website@huggingface.co",
         script=[after(0.3, "PAUSED", errorMessage="Flagged as abusive")]),
    Case(name="paused by its owner", result="paused", error="paused", who="Restart it in its settings or by `command: restart`",
         script=[after(0.3, "PAUSED")], inputs={"resume": "false"}),
    Case(name="paused again", result="paused", error="paused-again", who="paused it meanwhile, or the Hub did", restarts=1,
         script=[after(0.3, "PAUSED")], on_restart=[after(0, "APP_STARTING"), after(0.5, "PAUSED")]),
    Case(name="dev mode", result="timeout", error="dev-mode", who="Switch dev mode off in the settings of the Space, as its owner", given=in_dev_mode,
         script=[after(0, "RUNNING", sha="old")], inputs=SHORT),
    Case(name="a commit that the Hub does not notice", result="timeout", error="not-begun", who="It is the Hub's turn",
         script=[after(0, "RUNNING", sha="old")], inputs=SHORT),
    Case(name="asleep, and no request wakes it", result="timeout", error="not-woken", who="It is the Hub's turn", answers=EDGE,
         script=[after(0, "SLEEPING", sha="new")], inputs=SHORT),
    Case(name="an app that does not come up", result="timeout", error="still-starting", who="has not answered the Hub yet",
         script=[after(0, "APP_STARTING")], inputs=SHORT),
    Case(name="an app on another port, still starting", result="timeout", error="wrong-port", who="or, in a Docker Space",
         script=[after(0, "APP_STARTING", run_log=OTHER_PORT)], inputs=SHORT),
    Case(name="the edge answers, for an app on another port", result="unreachable", error="wrong-port", who="or, in a Docker Space",
         script=runs(run_log=OTHER_PORT), answers=EDGE, inputs=SHORT),
    Case(name="the app answers, whatever port its log names", result="unreachable", error="unreachable",
         who="its port is right", script=runs(run_log=OTHER_PORT), answers=APP, inputs=SHORT),
    Case(name="the edge answers, and the log says nothing", result="unreachable", error="not-reached", who="listen on 0.0.0.0",
         script=runs(), answers=EDGE, inputs=SHORT),
    Case(name="the app answers as it must not", result="unreachable", error="check-failed", who="Correct the app",
         script=runs(), answers=page("sorry", x_proxied_host="h"), inputs={**SHORT, "checks": "- contains: fine"}),
    Case(name="the edge keeps the old page", result="unreachable", error="page-stale", who="the Hub's edge may still have the page before", files=STATIC,
         new={"index.html": "<h1>Ebb</h1>\n"}, script=[after(0, "RUNNING", sha="old")], inputs=SHORT),
]  # fmt: skip


@pytest.fixture
def address(case: Case) -> Iterator[str | None]:
    """Where the Hub says that the app is, if not where it is."""
    if case.answers is None:
        yield None
        return
    with serving(case.answers) as app:
        yield app.url()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_state(case: Case, hub: LocalHub, api: HfApi, space: str, workspace: Path, address: str | None) -> None:
    repository.create(workspace, case.files)
    hub.script(space, {"stage": "RUNNING"})
    api.create_repo(space, repo_type="space", space_sdk="static" if case.files is STATIC else "docker")
    files = [CommitOperationAdd(name, text.encode()) for name, text in case.files.items()]
    api.create_commit(space, files, repo_type="space", commit_message="First")
    repository.commit(workspace, "Second", case.new)
    there = {"host": address} if address else {}
    hub.script(space, *({**line, **there} for line in case.script), on_restart=case.on_restart)
    if case.given:
        case.given(hub, api, space)
    earlier = len(hub.requests())

    step = deploy(workspace, hub.endpoint, {"space": space, **case.inputs})
    asked = [each for each in hub.requests()[earlier:] if each["path"].endswith(f"{space}/restart")]
    hub.no_faults()

    assert (step.outputs["result"], step.outputs["error"], step.exit_code) == (case.result, case.error, 1), step.log
    assert case.who in step.log
    assert len(asked) == case.restarts


@pytest.mark.slow
def test_hub_that_answers_503_to_every_poll(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    repository.create(workspace, DOCKER)
    hub.script(space, {"stage": "BUILDING"})
    api.create_repo(space, repo_type="space", space_sdk="docker")
    earlier = len(hub.requests())

    with begin(workspace, hub.endpoint, {"space": space, "timeout": "8s"}) as running:
        hub.committed(space, since=earlier)
        hub.fault(method="GET", path=rf"^/api/spaces/{space}\?", kind="status", status=503)
        step = running.end()
    hub.no_faults()

    assert (step.outputs["result"], step.outputs["error"], step.exit_code) == ("timeout", "hub-outage", 1), step.log
    assert "Run the step again when the Hub is back" in step.log


def test_app_that_answers_404_at_its_root_is_live_and_that_is_said(hub: LocalHub, space: str, workspace: Path) -> None:
    with serving(page("no page here", 404, x_proxied_host="h")) as app:
        repository.create(workspace, DOCKER)
        hub.script(space, {"stage": "RUNNING", "host": app.url()})

        step = deploy(workspace, hub.endpoint, {"space": space})

    assert (step.outputs["result"], step.exit_code) == ("live", 0), step.log
    assert "GET /: the app itself answers HTTP 404, which counts as answering" in step.log
    assert "the app itself answers HTTP 404" in step.summary


def test_base_path_is_what_is_asked(hub: LocalHub, space: str, workspace: Path) -> None:
    with serving(page("", x_proxied_host="h")) as app:
        repository.create(workspace, {**DOCKER, "README.md": "---\nsdk: docker\nbase_path: /ui/start\n---\n"})
        hub.script(space, {"stage": "RUNNING", "host": app.url()})

        step = deploy(workspace, hub.endpoint, {"space": space})

    assert (step.outputs["result"], step.exit_code) == ("live", 0), step.log
    assert {request[":path"] for request in app.requests} == {"/ui/start"}
