"""The verdicts, end to end: what a Space does after the commit, and what the step says and costs.

The steps mostly wait, so they run side by side; each has a Space of its own on one Hub.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from hfspace_action.result import Result
from tests.kit import repository
from tests.kit.local import LocalHub, localhub
from tests.kit.step.action import Step, begin

DOCKER = {"README.md": "---\nsdk: docker\n---\n", "Dockerfile": "FROM scratch\nEXPOSE 7860\n"}
STATIC = {"README.md": "---\nsdk: static\n---\n", "index.html": "<h1>Tides</h1><p>High at noon</p>\n"}
RUNNING = {"stage": "RUNNING"}
BUILDING = {"stage": "RUNNING_BUILDING"}
NO_ROOM = {"stage": "RUNTIME_ERROR", "sha": "new", "errorMessage": "Scheduling failure: unable to schedule"}
REFUSAL = "You've reached your cpu-basic quota limit"

Deed = Callable[[LocalHub, HfApi, str], None]


@dataclass(frozen=True)
class Case:
    """What the Space does after the step's commit, and what must come of it; `error` is the failure's id.

    `deed` is done when the step's log says `when`. `calls`: how many requests to the Hub it may cost in all.
    """

    name: str
    script: Sequence[Mapping[str, Any]]
    result: str
    calls: int
    error: str = ""
    stage: str | None = None
    on_restart: Sequence[Mapping[str, Any]] = ()
    before: Sequence[Mapping[str, Any]] = (RUNNING,)
    files: Mapping[str, str] = field(default_factory=lambda: DOCKER)
    new: Mapping[str, str] = field(default_factory=lambda: {"app.py": "print(2)\n"})
    inputs: Mapping[str, str] = field(default_factory=dict)
    deed: Deed | None = None
    when: str = "Published: "


def after(seconds: float, stage: str, sha: str | None = None, **more: Any) -> dict[str, Any]:
    return {"after": seconds, "stage": stage, **({"sha": sha} if sha else {}), **more}


def fails(**fault: Any) -> Deed:
    """Let nine polls fail in a row."""
    return lambda hub, _, space: hub.fault(method="GET", path=rf"^/api/spaces/{space}\?", **{"times": 9, **fault})


def somebody_publishes(_: LocalHub, api: HfApi, space: str) -> None:
    api.create_commit(space, [CommitOperationAdd("other.txt", b"other")], repo_type="space", commit_message="Other")


def refuse_restart(hub: LocalHub, _: HfApi, space: str) -> None:
    hub.fault(method="POST", path=f"{space}/restart", kind="status", status=403, body={"error": REFUSAL})


CASES = [
    # The longest ones come first.
    Case("polls fail with 503", [BUILDING, after(8, "RUNNING")], "live", 20, deed=fails(kind="status", status=503)),
    Case("polls fail with a page", [BUILDING, after(8, "RUNNING")], "live", 20, deed=fails(kind="html", status=200)),
    Case("polls fail without an answer", [BUILDING, after(8, "RUNNING")], "live", 20, deed=fails(kind="drop")),
    Case("a poll hangs", [BUILDING, after(3, "RUNNING")], "live", 15, deed=fails(kind="hang", times=1)),
    Case("the Hub asks to wait", [BUILDING, after(1, "RUNNING")], "live", 15,
         deed=fails(kind="status", status=429, headers={"RateLimit": '"api";r=0;t=3'}, times=1)),
    Case("a build, a start, and it runs", [BUILDING, after(0.5, "RUNNING_APP_STARTING"), after(0.5, "RUNNING")], "live", 15),
    Case("a first start", [after(0, "BUILDING"), after(0.5, "APP_STARTING"), after(0.5, "RUNNING")], "live", 15, before=()),
    Case("stale RUNNING for a while", [after(0, "RUNNING", "old"), after(3, "RUNNING_BUILDING"), after(0.5, "RUNNING")],
         "live", 17),
    Case("BUILD_ERROR of the old build first", [after(0, "BUILD_ERROR"), after(2, "BUILDING"), after(0.5, "RUNNING")],
         "live", 17, before=[after(0, "BUILD_ERROR")]),
    Case("flapping", [BUILDING, after(0.7, "RUNNING", "old"), after(0.7, "RUNNING_BUILDING"), after(0.7, "RUNNING", "old"),
                      after(1, "RUNNING", "new")], "live", 19),
    Case("an unknown stage on the way", [BUILDING, after(0.5, "WARMING_UP"), after(1, "RUNNING")], "live", 17),
    Case("no sha after a build that was seen", [after(0, "BUILDING"), after(1.5, "RUNNING", "none")], "live", 15),
    Case("a sha that appears late", [after(0, "RUNNING", "none"), after(2, "RUNNING", "new")], "live", 15),
    Case("no sha, and nothing changed", [], "unconfirmed", 6, "unconfirmed", "RUNNING", before=[after(0, "RUNNING", "none")],
         new={}),
    Case("nothing changed, and it runs", [], "live", 6, new={}),
    Case("the app answers 503, then 200", [after(0, "RUNNING", "new", http_status=503), after(2, "RUNNING", "new")], "live", 15),
    Case("the app answers 503 for ever", [after(0, "RUNNING", "new", http_status=503)], "unreachable", 15, "unreachable",
         "RUNNING", inputs={"timeout": "3s"}),
    Case("the app crashes while it is asked", [after(0, "RUNNING", "new", http_status=503), after(2, "RUNTIME_ERROR", "new")],
         "failed", 17, "stage-runtime-error", "RUNTIME_ERROR"),
    Case("the build fails", [BUILDING, after(1, "BUILD_ERROR")], "failed", 15, "stage-build-error", "BUILD_ERROR"),
    Case("the configuration is refused", [BUILDING, after(1, "CONFIG_ERROR")], "failed", 15, "stage-config-error",
         "CONFIG_ERROR"),
    Case("there is no app file", [BUILDING, after(1, "NO_APP_FILE")], "failed", 15, "app-file-missing", "NO_APP_FILE"),
    Case("the deadline in BUILDING", [after(0, "BUILDING")], "timeout", 15, "timeout", "BUILDING", inputs={"timeout": "2s"}),
    Case("the deadline in RUNNING_APP_STARTING", [after(0, "RUNNING_APP_STARTING")], "timeout", 15, "timeout",
         "RUNNING_APP_STARTING", inputs={"timeout": "2s"}),
    Case("PAUSED, restarted", [after(0, "PAUSED")], "live", 17, on_restart=[after(0, "APP_STARTING"), after(1, "RUNNING")]),
    Case("PAUSED, resume is off", [after(0, "PAUSED")], "paused", 9, "paused", "PAUSED", inputs={"resume": "false"}),
    Case("PAUSED, the restart is refused", [after(0.5, "PAUSED")], "paused", 14, "quota-exceeded", "PAUSED", deed=refuse_restart,
         when="Plan for"),
    Case("PAUSED again after the restart", [after(0, "PAUSED")], "paused", 17, "quota-exceeded", "PAUSED",
         on_restart=[after(0, "APP_STARTING"), after(1, "PAUSED", errorMessage="Quota exceeded")]),
    Case("STOPPED, restarted", [after(0, "STOPPED")], "live", 17, on_restart=[after(0, "BUILDING"), after(1, "RUNNING")]),
    Case("SLEEPING, woken by the probe", [after(0, "SLEEPING", "new")], "live", 17),
    Case("SLEEPING, left alone", [BUILDING, after(0.5, "SLEEPING", "new")], "asleep", 13, stage="SLEEPING",
         inputs={"probe": "none"}),
    Case("no room, restarted", [BUILDING, {**NO_ROOM, "after": 1}], "live", 19,
         on_restart=[after(0, "APP_STARTING"), after(1, "RUNNING")]),
    Case("no room twice", [BUILDING, {**NO_ROOM, "after": 1}], "failed", 20, "no-capacity", "RUNTIME_ERROR",
         on_restart=[after(0, "APP_STARTING"), {**NO_ROOM, "after": 1}]),
    Case("nothing changed, in error: restarted, live", [], "live", 17, before=[after(0, "RUNTIME_ERROR", "new")], new={},
         on_restart=[after(0, "APP_STARTING"), after(1, "RUNNING")]),
    Case("nothing changed, in error: restarted, failed", [], "failed", 17, "stage-runtime-error", "RUNTIME_ERROR",
         before=[after(0, "RUNTIME_ERROR", "new")], new={},
         on_restart=[after(0, "APP_STARTING"), after(1, "RUNTIME_ERROR", "new")]),
    Case("it is being deleted", [BUILDING, after(1, "DELETING")], "failed", 15, "stage-deleting", "DELETING"),
    Case("it is deleted", [BUILDING], "failed", 19, "space-gone", when="Stage: RUNNING_BUILDING",
         deed=lambda _hub, api, space: api.delete_repo(space, repo_type="space")),
    Case("the token ends meanwhile", [BUILDING], "error", 15, "token-refused", when="Stage: RUNNING_BUILDING",
         deed=fails(kind="status", status=401, headers={"X-Error-Code": "RepoNotFound"})),
    Case("it is made private", [BUILDING, after(3, "RUNNING")], "live", 19, when="Stage: RUNNING_BUILDING",
         deed=lambda _hub, api, space: api.update_repo_settings(space, private=True, repo_type="space")),
    Case("another commit", [BUILDING], "superseded", 15, "superseded", deed=somebody_publishes, when="Stage: RUNNING_BUILDING"),
    Case("static: the new page", [], "live", 13, files=STATIC, before=(), new={"index.html": "<h1>Tides</h1><p>Low</p>\n"}),
    Case("static: the old page for a while", [after(0, "RUNNING", "old"), after(2, "RUNNING", "new")], "live", 15,
         files=STATIC, new={"index.html": "<h1>Tides</h1><p>Low</p>\n"}),
    Case("static: the old page for ever", [after(0, "RUNNING", "old")], "unreachable", 15, "unreachable", "RUNNING",
         files=STATIC, new={"index.html": "<h1>Tides</h1><p>Low</p>\n"}, inputs={"timeout": "3s"}),
    Case("static: a text taken out, the old page for ever", [after(0, "RUNNING", "old")], "unreachable", 15, "unreachable",
         "RUNNING", files=STATIC, new={"index.html": "<h1>Tides</h1>\n"}, inputs={"timeout": "3s"}),
    Case("static: a text taken out", [after(0, "RUNNING", "old"), after(2, "RUNNING", "new")], "live", 15, files=STATIC,
         new={"index.html": "<h1>Tides</h1>\n"}),
    Case("static: its page is not to be asked for", [], "published", 13, files=STATIC, before=(), stage="RUNNING",
         new={"index.html": "<h1>Tides</h1><p>Low</p>\n"}, inputs={"probe": "none"}),
    Case("not waited for", [BUILDING], "published", 8, inputs={"wait": "false"}),
    Case("a dry run", [BUILDING], "planned", 4, inputs={"dry-run": "true"}),
]  # fmt: skip


@dataclass(frozen=True)
class Played:
    """A step that ended, and the requests about its Space that it made to the Hub."""

    step: Step
    calls: Sequence[str]


def play(case: Case, hub: LocalHub, space: str, workspace: Path) -> Played:
    api = HfApi(hub.endpoint, token="hf_alice")
    repository.create(workspace, case.files)
    if case.before:
        hub.script(space, *case.before)
    if case.before and case.new:
        api.create_repo(space, repo_type="space", space_sdk="static" if case.files is STATIC else "docker")
        files = [CommitOperationAdd(name, text.encode()) for name, text in case.files.items()]
        api.create_commit(space, files, repo_type="space", commit_message="First")
    elif case.before:
        with begin(workspace, hub.endpoint, {"space": space, "wait": "false"}) as step:
            assert step.end().outputs["result"] == "published"
    if case.new:
        repository.commit(workspace, "Second", case.new)
    if case.script or case.on_restart:
        hub.script(space, *(case.script or case.before), on_restart=case.on_restart)
    earlier = len(_requests(hub, space))
    with begin(workspace, hub.endpoint, {"space": space, **case.inputs}) as step:
        if case.deed:
            step.says(case.when)
            case.deed(hub, api, space)
        ended = step.end()
    return Played(ended, _requests(hub, space)[earlier:])


def _requests(hub: LocalHub, space: str) -> Sequence[str]:
    return [f"{each['method']} {each['path']}" for each in hub.requests() if f"{space}/" in each["path"] + "/"]


@pytest.fixture(scope="module")
def playing(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[dict[str, Future[Played]]]:
    """The selected cases, all of them under way."""
    wanted = [item.callspec.params["case"] for item in request.session.items if item.fspath == request.fspath]
    folder = tmp_path_factory.mktemp("workspaces")
    with localhub("--simulate") as hub, ThreadPoolExecutor(8) as pool:
        yield {
            case.name: pool.submit(play, case, hub, f"alice/case-{number}", folder / str(number))
            for number, case in enumerate(wanted, 1)
        }


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_script(case: Case, playing: Mapping[str, Future[Played]]) -> None:
    played = playing[case.name].result(120)
    step = played.step

    assert step.outputs["result"] == case.result, step.log
    assert step.outputs["error"] == case.error
    assert step.exit_code == (0 if Result(case.result).ok else 1)
    assert ("::error" in step.log) == (not Result(case.result).ok)
    if case.stage:
        assert step.outputs["stage"] == case.stage
    assert len(played.calls) <= case.calls, played.calls
    assert step.summary
