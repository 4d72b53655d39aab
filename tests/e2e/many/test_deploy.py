"""spaces.yaml in one run: all Spaces are planned, those with something to do are deployed, and one that fails stops no other."""

import json
import signal
from pathlib import Path

import pytest
from huggingface_hub import HfApi

from tests.e2e.many.conftest import Many
from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.space.tree import SpaceTree, blob
from tests.kit.step.action import REPOSITORY, Step, begin

TWENTY = [f"{number:02}" for number in range(1, 21)]


def results(step: Step) -> dict[str, str]:
    """The result of each Space, as the output `spaces` has it."""
    return {each["space-id"].rpartition("-")[2]: each["result"] for each in json.loads(step.outputs["spaces"])}


@pytest.mark.slow
def test_of_twenty_spaces_a_change_in_one_deploys_one(many: Many, hub: LocalHub) -> None:
    many.declare(*TWENTY, defaults={"variables": {"PLACE": "here"}}, **{"08": {"secrets": ["KEY"]}})
    first = many.run(secrets="KEY=a-secret-of-08")
    assert (first.exit_code, first.outputs["result"], first.outputs["created"]) == (0, "live", "true"), first.log
    before = {name: SpaceTree(hub, many.name(name)).commits() for name in TWENTY}

    repository.commit(many.workspace, "Change 07", {"apps/07/index.html": "<h1>Seven</h1>\n"})
    hub.forget()
    step = many.run(secrets="KEY=a-secret-of-08")

    assert len(hub.requests()) <= 110
    assert (step.exit_code, step.outputs["result"], step.outputs["changed"]) == (0, "live", "true"), step.log
    assert results(step) == {name: "live" if name == "07" else "seen" for name in TWENTY}
    moved = [name for name in TWENTY if SpaceTree(hub, many.name(name)).commits() != before[name]]
    assert moved == ["07"]
    assert SpaceTree(hub, many.name("07")).blobs()["index.html"] == blob(b"<h1>Seven</h1>\n")
    assert "### ✅ 20 Spaces: 1 live, 19 unchanged" in step.summary
    assert step.summary.count("| – |") == 19


def test_each_space_gets_what_is_declared_for_it_and_no_other_secret(many: Many, api: HfApi) -> None:
    many.declare(
        "chat",
        "find",
        "plain",
        defaults={"variables": {"LEVEL": "1", "SHARED": "yes"}},
        chat={"secrets": ["KEY"], "variables": {"LEVEL": "2"}, "front-matter": {"title": "Chat"}},
        find={"secrets": {"KEY": "OTHER"}},
    )

    step = many.run(secrets="KEY=the-first-secret\nOTHER=the-second-secret", variables="STEP=s")

    assert step.exit_code == 0, step.log
    variables = {name: api.get_space_variables(many.name(name)) for name in ("chat", "plain")}
    values = {name: {key: each.value for key, each in found.items()} for name, found in variables.items()}
    assert values == {
        "chat": {"LEVEL": "2", "SHARED": "yes", "STEP": "s"},
        "plain": {"LEVEL": "1", "SHARED": "yes", "STEP": "s"},
    }
    secrets = {name: set(api.get_space_secrets(many.name(name))) for name in ("chat", "find", "plain")}
    assert secrets == {"chat": {"KEY"}, "find": {"KEY"}, "plain": set()}
    assert api.space_info(many.name("chat")).card_data.title == "Chat"


def test_what_fails_stops_no_other(many: Many, api: HfApi) -> None:
    many.declare("none", "lost", "key", "good", none={"path": "apps/nowhere"}, key={"secrets": ["KEY"]})
    many.hub.fault(
        method="POST", path=f"^/api/spaces/{many.name('lost')}/commit/main", kind="status", status=403, times=9
    )

    step = many.run()

    assert step.exit_code == 1
    assert results(step) == {"none": "error", "lost": "error", "key": "error", "good": "live"}
    assert step.outputs["result"] == "error"
    assert step.outputs["error"] == "path-missing"
    assert api.repo_exists(many.name("good"), repo_type="space")
    assert not api.repo_exists(many.name("key"), repo_type="space")
    assert "4 Spaces: 3 not deployed, 1 live" in step.summary
    errors = [line for line in step.log.splitlines() if line.startswith("::error")]
    assert [line.rpartition("[")[2].rstrip("]") for line in errors] == [
        "path-missing",
        "forbidden",
        "spaces-secret",
    ]
    assert "file=spaces.yaml,line=3" in errors[0]


def test_a_space_that_does_not_run_its_head_is_red_although_nothing_changed(many: Many, api: HfApi) -> None:
    many.declare("good", "bad", bad={"sdk": "docker"})
    fails = [{"stage": "BUILDING"}, {"after": 0.1, "stage": "BUILD_ERROR"}]
    many.hub.script(many.name("bad"), *fails, on_restart=fails)

    first = many.run()
    assert results(first) == {"good": "live", "bad": "failed"}, first.log
    again = many.run()

    assert (again.exit_code, again.outputs["changed"]) == (1, "false"), again.log
    assert results(again) == {"good": "seen", "bad": "failed"}
    assert again.outputs["result"] == "failed"
    matrix = many.run(command="matrix")
    assert [each["space"] for each in json.loads(matrix.outputs["matrix"])["include"]] == [many.name("bad")]


def test_one_that_takes_all_the_time_leaves_the_others_a_minute(many: Many) -> None:
    many.declare("slow", "good", slow={"sdk": "docker"})
    many.hub.script(many.name("slow"), {"stage": "BUILDING"})

    step = many.run(timeout="3s")

    assert step.exit_code == 1
    assert results(step) == {"slow": "timeout", "good": "live"}, step.log


def test_the_account_is_asked_for_once(many: Many, hub: LocalHub) -> None:
    many.declare("one", "two", "six")
    hub.forget()

    many.run(dry_run="true")

    assert [each["path"] for each in hub.requests()].count("/api/whoami-v2") == 1


def test_a_trusted_publisher_deploys_each_with_a_token_of_its_own(many: Many, hub: LocalHub, api: HfApi) -> None:
    many.declare("one", "two", "six")
    for folder in ("one", "two", "six"):
        api.create_repo(many.name(folder), repo_type="space", space_sdk="static")
    for folder in ("one", "six"):
        hub.trust(many.name(folder), repository=REPOSITORY)

    step = many.run(hf_token="", env=hub.job(REPOSITORY))

    assert step.exit_code == 1
    assert results(step) == {"one": "live", "two": "error", "six": "live"}, step.log


def test_names_that_are_almost_equal_are_meant_so(many: Many, api: HfApi) -> None:
    many.declare("chata", "chatb")
    assert many.run(only=many.name("chata")).exit_code == 0

    step = many.run(only=many.name("chatb"))

    assert (step.exit_code, step.outputs["created"]) == (0, "true"), step.log


def test_a_dry_run_plans_all_and_writes_nothing(many: Many, hub: LocalHub) -> None:
    many.declare("one", "two")
    hub.forget()

    step = many.run(dry_run="true")

    assert (step.exit_code, step.outputs["result"], step.outputs["changed"]) == (0, "planned", ""), step.log
    assert many.writes() == []
    assert step.summary.startswith("### 📋 2 Spaces: 2 to be deployed")


def test_a_run_that_is_cancelled_says_how_far_each_space_got(many: Many, hub: LocalHub, workspace: Path) -> None:
    many.declare("one", "two")
    hub.script(many.name("one"), {"stage": "BUILDING"})

    with begin(workspace, hub.endpoint, {"space": ""}) as running:
        running.says(f"watch {many.name('one')}")
        hub.polled(many.name("one"))
        running.signal(signal.SIGTERM)
        step = running.end()

    assert (step.exit_code, step.outputs["result"], step.outputs["error"]) == (1, "cancelled", "cancelled")
    assert "2 Spaces: 2 not finished: the runner ended the step" in step.summary
    assert all(each["commit-sha"] for each in json.loads(step.outputs["spaces"]))
