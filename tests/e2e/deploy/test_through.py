"""`through`: a deploy goes to a twin first, and production gets the same files only where that is live."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any, NamedTuple

import httpx2
import pytest
from huggingface_hub import CommitOperationAdd, HfApi

from hfspace_action.commands.promotion import identical
from hfspace_action.errors import Failure
from hfspace_action.hub.api import Hub
from hfspace_action.hub.retry import Retries
from tests.kit.gitrepo import commit
from tests.kit.local import LocalHub
from tests.kit.space.tree import SpaceTree
from tests.kit.space.verification import DOCKER, STATIC, verified
from tests.kit.step.action import Step, deploy

NEW = {"index.html": "<h1>New</h1>\n", "parts/new.bin": "large by its name"}

BUILDING = {"stage": "RUNNING_BUILDING"}


class Failing(NamedTuple):
    """A twin that does not become live: the stages that it goes through, the inputs, what its Hub answers to it, and the error that
    it ends with."""

    what: str
    error: str
    stages: Sequence[dict[str, Any]] = ()
    inputs: Mapping[str, str] = {}
    fault: Mapping[str, Any] = {}


def ends(stage: str, **facts: Any) -> Sequence[dict[str, Any]]:
    return [BUILDING, {"after": 0.3, "stage": stage, **facts}]


def stays(stage: str) -> Sequence[dict[str, Any]]:
    return [{"after": 0.2, "stage": stage}] * 200


def answered(status: int, path: str, method: str = "POST") -> Mapping[str, Any]:
    return {"kind": "status", "status": status, "method": method, "path": path}


RUNS = [BUILDING, {"stage": "RUNNING"}]
SHORT = {"timeout": "5s"}
FAILING = (
    Failing("does not build", "stage-build-error", ends("BUILD_ERROR")),
    Failing("ends at its start", "stage-runtime-error", ends("RUNTIME_ERROR")),
    Failing("has a configuration that the Hub refuses", "stage-config-error", ends("CONFIG_ERROR")),
    Failing("has no app file", "app-file-missing", ends("NO_APP_FILE")),
    Failing("is paused by somebody", "paused", ends("PAUSED"), {"resume": "false"}),
    Failing("is stopped by the Hub", "paused", ends("STOPPED"), {"resume": "false"}),
    Failing("is deleted by somebody", "stage-deleting", ends("DELETING")),
    Failing("builds for ever", "build-queued", stays("RUNNING_BUILDING"), SHORT),
    Failing("starts for ever", "still-starting", stays("RUNNING_APP_STARTING"), SHORT),
    Failing(
        "does not say what is asked", "unreachable", RUNS, {"checks": "- path: /\n  contains: Never", "timeout": "8s"}
    ),
    Failing("has no such page", "check-failed", RUNS, {"checks": "- path: /none\n  status: 204", "timeout": "8s"}),
    Failing("can not be read", "hub-unwell", fault=answered(500, "/tree/", "GET")),
    Failing("takes no files", "hub-unwell", fault=answered(503, "/preupload/")),
    Failing("takes no commit", "forbidden", fault=answered(403, "/commit/")),
    Failing("takes no such large commit", "hub-refused", fault=answered(413, "/commit/")),
    Failing("takes too many commits", "rate-limited", fault=answered(429, "/commit/")),
    Failing("drops each commit", "hub-unreachable", fault={"kind": "drop", "path": "/commit/"}),
    Failing("is behind somebody's proxy", "hub-unwell", fault={"kind": "html", "path": "/commit/"}),
    Failing("is silent", "hub-silent", inputs=SHORT, fault={"kind": "hang", "path": "/commit/"}),
    Failing("takes no variable", "settings-forbidden", inputs={"variables": "A=1"}, fault=answered(403, "/variables")),
)


@contextmanager
def visited(app: str) -> Iterator[list[int]]:
    """Somebody who visits an app all the time; the answers that were not its page."""
    failed: list[int] = []
    over = Event()

    def visit() -> None:
        with httpx2.Client(verify=False) as client:
            while not over.wait(0.05):
                if (status := client.get(app).status_code) != 200:
                    failed.append(status)

    thread = Thread(target=visit)
    thread.start()
    try:
        yield failed
    finally:
        over.set()
        thread.join()


def through(hub: LocalHub, space: str, workspace: Path, **inputs: str) -> Step:
    given = {name.replace("_", "-"): value for name, value in inputs.items()}
    return deploy(
        workspace, hub.endpoint, {"space": space, "through": f"{space}-staging", "visibility": "public", **given}
    )


def test_both_get_the_same_files_with_the_title_of_production(hub: LocalHub, space: str, workspace: Path) -> None:
    commit(workspace, {**STATIC, **NEW})

    step = through(hub, space, workspace)

    twin = f"{space}-staging"
    assert (step.exit_code, step.outputs["result"], step.outputs["space-id"]) == (0, "live", space), step.log
    assert f"First to {twin}; {space} waits for it." in step.log
    assert f"✓ twin: {twin} is live" in step.log or f"{twin} is live; now {space}." in step.log
    assert SpaceTree(hub, space).blobs() == SpaceTree(hub, twin).blobs() != {}
    assert "Equal ids: " in step.log
    assert [verified(hub, each, workspace).outputs["result"] for each in (space, twin)] == ["verified", "verified"]

    hub.forget()
    again = through(hub, space, workspace)

    assert again.outputs["result"] == "live"
    assert hub.writes(space) == hub.writes(twin) == []
    assert not [each for each in hub.requests() if twin in each["path"]], "nothing changes, so the twin is not asked"


@pytest.mark.slow
@pytest.mark.parametrize("failing", FAILING, ids=lambda failing: failing.what)
def test_production_is_untouched_where_the_twin_fails(
    failing: Failing, hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    commit(workspace, DOCKER)
    deploy(workspace, hub.endpoint, {"space": space, "visibility": "public"})
    before, app = SpaceTree(hub, space).blobs(), str(api.space_info(space).host)
    commit(workspace, {"Dockerfile": "FROM scratch\nCOPY . /new\n"})
    api.create_repo(f"{space}-staging", repo_type="space", space_sdk="docker")
    if failing.stages:
        hub.script(f"{space}-staging", *failing.stages)
    hub.forget()
    if failing.fault:
        hub.fault(**{**failing.fault, "path": f"{space}-staging{failing.fault['path']}"})

    with visited(app) as failed:
        step = through(hub, space, workspace, **failing.inputs)
    hub.no_faults()

    assert (step.exit_code, step.outputs["error"], step.outputs["space-id"]) == (1, "twin-not-live", space), step.log
    assert f"[{failing.error}]" in step.log
    assert hub.writes(space) == []
    assert SpaceTree(hub, space).blobs() == before
    assert failed == [], "production's visitors"


def test_what_only_the_twin_has_is_named_before_anything_is_written(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    commit(workspace, STATIC)
    twin = f"{space}-staging"
    for each in (space, twin):
        api.create_repo(each, repo_type="space", space_sdk="gradio")
    api.add_space_secret(twin, "API_KEY", "x")
    api.add_space_variable(twin, "MODE", "fast")
    api.add_space_variable(twin, "REGION", "eu")
    commit(workspace, {"app.py": "import gradio\n\ngradio.Interface(str, 'text', 'text').launch()\n"})
    hub.forget()

    step = through(hub, space, workspace, variables="REGION=eu", sdk="gradio")

    assert (step.exit_code, step.outputs["error"]) == (1, "twin-has-more"), step.log
    assert "secret API_KEY, variable MODE. Nothing" in step.log
    assert hub.writes(space) == hub.writes(twin) == []


def test_two_spaces_are_compared_by_what_the_hub_lists(hub: LocalHub, api: HfApi, space: str) -> None:
    at = {}
    for name, word in ((f"{space}-staging", b"1"), (space, b"2")):
        api.create_repo(name, repo_type="space", space_sdk="static")
        files = [CommitOperationAdd("same.txt", b"0"), CommitOperationAdd("a/differs.txt", word)]
        files.append(CommitOperationAdd(f"only-{word.decode()}.txt", b"0"))
        at[name] = api.create_commit(name, files, repo_type="space", commit_message="Files").oid
    asked, twin, here = (
        Hub(hub.endpoint, "hf_alice", Retries(print)),
        (f"{space}-staging", at[f"{space}-staging"]),
        (space, at[space]),
    )

    with pytest.raises(Failure) as differing:
        identical.paths(asked, twin, here, ["only-2.txt"])

    assert differing.value.id == "tree-differs"
    assert differing.value.message.endswith(": README.md, a/differs.txt, only-1.txt.")
    assert identical.paths(asked, here, here, []) >= 3
