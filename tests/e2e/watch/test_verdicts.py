"""Verdicts, end to end: what only a real Hub, real connections and a real address of the app can show. What each sequence of
stages means is tested without them, in tests/unit/watch/test_loop.py.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from hfspace_action.result import Result
from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.step.action import begin, deploy

DOCKER = {"README.md": "---\nsdk: docker\n---\n", "Dockerfile": "FROM scratch\nEXPOSE 7860\n"}
TIDES = "<h1>Tides</h1><p>High at noon</p>\n"
STATIC = {"README.md": "---\nsdk: static\n---\n", "index.html": TIDES}
LARGE = {".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n", "chart.bin": "high tide " * 20}
STYLED = STATIC | LARGE | {"a b/style#1.css": "p { color: blue }\n"}
RUNNING = {"stage": "RUNNING"}
BUILDING = {"stage": "RUNNING_BUILDING"}
NO_ROOM = "Scheduling failure: unable to schedule"
REFUSAL = "You've reached your cpu-basic quota limit"

Deed = Callable[[LocalHub, HfApi, str], object]


def after(seconds: float, stage: str, sha: str | None = None, **more: Any) -> dict[str, Any]:
    return {"after": seconds, "stage": stage, **({"sha": sha} if sha else {}), **more}


@dataclass(frozen=True, kw_only=True)
class Case:
    """What the Space does after the step's commit, and what must come of it; `error` is the failure's id.

    `calls`: how many requests about the Space it may cost in all. `given` happens before the step, `once_published` when its
    commit was answered, `once_polled` when it watches.
    """

    name: str
    result: str
    calls: int
    error: str = ""
    stage: str | None = None
    script: Sequence[Mapping[str, Any]] = ()
    on_restart: Sequence[Mapping[str, Any]] = ()
    before: Sequence[Mapping[str, Any]] = (RUNNING,)
    files: Mapping[str, str] = field(default_factory=lambda: DOCKER)
    new: Mapping[str, str] = field(default_factory=lambda: {"app.py": "print(2)\n"})
    inputs: Mapping[str, str] = field(default_factory=dict)
    given: Deed | None = None
    once_published: Deed | None = None
    once_polled: Deed | None = None
    slow: bool = False


def polls_fail(**fault: Any) -> Deed:
    return lambda hub, _, space: hub.fault(method="GET", path=rf"^/api/spaces/{space}\?", **fault)


def refuse_restart(hub: LocalHub, _: HfApi, space: str) -> None:
    hub.fault(method="POST", path=f"{space}/restart", kind="status", status=403, body={"error": REFUSAL})


CASES = [
    # The Hub does not answer, or not as it should. (Nine misses in a row, and how many end the watch: test_loop.)
    Case(name="polls fail with 503", script=[BUILDING, after(1, "RUNNING")], result="live", calls=15,
         once_published=polls_fail(kind="status", status=503, times=2)),
    Case(name="polls fail with a page", script=[BUILDING, after(1, "RUNNING")], result="live", calls=15,
         once_published=polls_fail(kind="html", status=200, times=2)),
    Case(name="polls fail without an answer", script=[BUILDING, after(1, "RUNNING")], result="live", calls=15,
         once_published=polls_fail(kind="drop", times=2)),
    Case(name="a poll hangs", script=[BUILDING, after(1, "RUNNING")], result="live", calls=15,
         once_published=polls_fail(kind="hang", times=1), slow=True),
    Case(name="the Hub asks to wait", script=[BUILDING, after(0.5, "RUNNING")], result="live", calls=15,
         once_published=polls_fail(kind="status", status=429, headers={"RateLimit": '"api";r=0;t=1'}, times=1)),
    # It works
    Case(name="a build, a start, and it runs", result="live", calls=15,
         script=[BUILDING, after(0.5, "RUNNING_APP_STARTING"), after(0.5, "RUNNING")]),
    Case(name="nothing changed, and it runs", new={}, result="live", calls=6),
    Case(name="the app answers 503, then 200", result="live", calls=15,
         script=[after(0, "RUNNING", "new", http_status=503), after(1, "RUNNING", "new")]),
    # Restarts, as the Hub does and refuses them
    Case(name="PAUSED, restarted", script=[after(0, "PAUSED")], on_restart=[after(0, "APP_STARTING"), after(0.5, "RUNNING")],
         result="live", calls=17),
    Case(name="PAUSED, the restart is refused", given=refuse_restart, script=[after(0.5, "PAUSED")],
         result="paused", error="quota-exceeded", stage="PAUSED", calls=14),
    Case(name="no room twice", script=[BUILDING, after(0.5, "RUNTIME_ERROR", "new", errorMessage=NO_ROOM)],
         on_restart=[after(0, "APP_STARTING"), after(0.5, "RUNTIME_ERROR", "new", errorMessage=NO_ROOM)],
         result="failed", error="no-capacity", stage="RUNTIME_ERROR", calls=20),
    Case(name="SLEEPING, woken by the probe", script=[after(0, "SLEEPING", "new")], result="live", calls=17),
    # What others do meanwhile
    Case(name="it is deleted", script=[BUILDING], result="failed", error="space-gone", calls=19,
         once_polled=lambda _hub, api, space: api.delete_repo(space, repo_type="space")),
    Case(name="the token ends meanwhile", script=[BUILDING], result="error", error="token-refused", calls=15,
         once_polled=polls_fail(kind="status", status=401, headers={"X-Error-Code": "RepoNotFound"})),
    Case(name="it is made private", script=[BUILDING, after(1, "RUNNING")], result="live", calls=19,
         once_polled=lambda _hub, api, space: api.update_repo_settings(space, private=True, repo_type="space")),
    # Pages, as the edge serves them
    Case(name="static: the old page for a while", files=STATIC, new={"index.html": TIDES.replace("High", "Low")},
         script=[after(0, "RUNNING", "old"), after(1, "RUNNING", "new")], result="live", calls=15),
    Case(name="static: a text taken out, the old page for ever", files=STATIC, new={"index.html": "<h1>Tides</h1>\n"},
         script=[after(0, "RUNNING", "old")], inputs={"timeout": "2s"},
         result="unreachable", error="page-stale", stage="RUNNING", calls=15),
    Case(name="static: an old stylesheet for ever", files=STYLED, new={"a b/style#1.css": "p { color: red }\n"},
         script=[after(0, "RUNNING", "old")], inputs={"timeout": "2s"},
         result="unreachable", error="files-stale", stage="RUNNING", calls=15),
    Case(name="static: an old stylesheet for a while", files=STYLED, new={"a b/style#1.css": "p { color: red }\n"},
         script=[after(0, "RUNNING", "old"), after(1, "RUNNING", "new")], result="live", calls=15),
    Case(name="static: a new page is not served yet", files=STYLED, new={"more/about.html": TIDES},
         script=[after(0, "RUNNING", "old"), after(1, "RUNNING", "new")], result="live", calls=15),
    Case(name="static: a large file, an old one for a while", files=STYLED, new={"chart.bin": "\0" + "low tide " * 20},
         script=[after(0, "RUNNING", "old"), after(1, "RUNNING", "new")], result="live", calls=19),
    Case(name="static: its page is not to be asked for", files=STATIC, before=(), inputs={"probe": "none"},
         result="published", stage="RUNNING", calls=13),
    # Not to be watched
    Case(name="not waited for", script=[BUILDING], inputs={"wait": "false"}, result="published", calls=8),
    Case(name="a dry run", script=[BUILDING], inputs={"dry-run": "true"}, result="planned", calls=4),
]  # fmt: skip


@pytest.mark.parametrize(
    "case", [pytest.param(case, id=case.name, marks=[pytest.mark.slow] * case.slow) for case in CASES]
)
def test_verdict(case: Case, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    make(case, hub, api, space, workspace)
    earlier = len(hub.requests())

    with begin(workspace, hub.endpoint, {"space": space, **case.inputs}) as running:
        if case.once_published:
            hub.committed(space, since=earlier)
            case.once_published(hub, api, space)
        if case.once_polled:
            hub.polled(space, since=earlier)
            case.once_polled(hub, api, space)
        step = running.end()

    assert step.outputs["result"] == case.result, step.log
    assert step.outputs["error"] == case.error
    assert step.exit_code == (0 if Result(case.result).ok else 1)
    assert ("::error" in step.log) == (not Result(case.result).ok)
    if case.stage:
        assert step.outputs["stage"] == case.stage
    calls = [
        f"{each['method']} {each['path']}" for each in hub.requests()[earlier:] if f"{space}/" in each["path"] + "/"
    ]
    assert len(calls) <= case.calls, calls
    assert step.summary


def make(case: Case, hub: LocalHub, api: HfApi, space: str, workspace: Path) -> None:
    """Bring Space and checkout into the state in which the step finds them."""
    repository.create(workspace, case.files)
    if case.before:
        hub.script(space, *case.before)
    if case.before and case.new:
        api.create_repo(space, repo_type="space", space_sdk="static" if case.files in (STATIC, STYLED) else "docker")
        files = [CommitOperationAdd(name, text.encode()) for name, text in case.files.items()]
        api.create_commit(space, files, repo_type="space", commit_message="First")
    elif case.before:
        first = deploy(workspace, hub.endpoint, {"space": space, "wait": "false"})
        assert first.outputs["result"] == "published", first.log
    if case.new:
        repository.commit(workspace, "Second", case.new)
    if case.script or case.on_restart:
        hub.script(space, *(case.script or case.before), on_restart=case.on_restart)
    if case.given:
        case.given(hub, api, space)
