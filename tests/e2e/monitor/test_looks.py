"""What counts as being as it should be, and what can't be told."""

import pytest
from huggingface_hub import Volume

from tests.e2e.monitor.conftest import DEPLOY, Watched
from tests.kit.local import LocalHub


def test_a_build_that_hangs_is_named_and_a_fresh_one_is_left_alone(watched: Watched, space: str, hub: LocalHub) -> None:
    watched.deployed(space, {"stage": "RUNNING"})
    hub.script(space, {"stage": "BUILDING"})
    watched.commit(space, DEPLOY, "app.py")
    watched.settled(space, "BUILDING")
    fresh = watched.run(space)
    old = {
        "id": "a" * 40,
        "title": DEPLOY,
        "message": "",
        "authors": [{"user": "alice"}],
        "date": "2026-01-01T00:00:00.000Z",
    }
    hub.fault(method="GET", path=f"/api/spaces/{space}/commits/", kind="status", status=200, body=[old])

    step = watched.run(space)

    assert (fresh.exit_code, fresh.outputs["result"], watched.octo.comments) == (0, "seen", []), fresh.log
    assert (step.outputs["result"], step.outputs["error"]) == ("broken", "stuck"), step.log


def test_a_sleep_that_nobody_set_is_named_and_no_sleeper_is_woken(watched: Watched, space: str, hub: LocalHub) -> None:
    names = [watched.deployed(f"{space}-{number}", {"stage": "SLEEPING"}) for number in (1, 2)]
    watched.api.set_space_sleep_time(names[1], -1)
    before = len(hub.visits())

    asleep, never = watched.run(names[0]), watched.run(names[1])

    assert (asleep.exit_code, asleep.outputs["stage"]) == (0, "SLEEPING"), asleep.log
    assert (never.outputs["result"], never.outputs["error"]) == ("broken", "asleep"), never.log
    assert len(hub.visits()) == before


def test_edits_of_the_app_itself_and_edits_that_are_wanted_are_no_matter(watched: Watched, space: str) -> None:
    watched.deployed(space)
    watched.commit(space, "Write the scores", "data/scores.txt")
    watched.settled(space, "RUNNING")

    kept, named = watched.run(space, keep="data/"), watched.run(space)
    wanted = watched.run(space, on_drift="keep")

    assert [kept.outputs["result"], named.outputs["error"], wanted.outputs["result"]] == ["seen", "edited", "seen"]
    assert "data/scores.txt" in named.summary


def test_a_volume_that_is_gone_or_differs_is_named(watched: Watched, space: str) -> None:
    watched.deployed(space)
    watched.api.set_space_volumes(space, [Volume(type="bucket", source="org/other", mount_path="/store")])
    watched.settled(space, "RUNNING")
    declared = "hf://buckets/org/store:/store\nhf://datasets/org/data:/data"

    step = watched.run(space, volumes=declared)
    watched.api.set_space_volumes(
        space,
        [
            Volume(type="bucket", source="org/store", mount_path="/store"),
            Volume(type="dataset", source="org/data", mount_path="/data"),
        ],
    )
    watched.settled(space, "RUNNING")
    mended = watched.run(space, volumes=declared)

    assert (step.outputs["result"], step.outputs["error"]) == ("broken", "setting-differs"), step.log
    assert "volume /data: is missing; declared is hf://datasets/org/data:/data" in step.log
    assert "volume /store: is hf://buckets/org/other:/store; declared is hf://buckets/org/store:/store" in step.log
    assert (mended.outputs["result"], "✓ settings: as declared" in mended.log) == ("seen", True), mended.log


def test_a_price_above_the_bound_is_named(watched: Watched, space: str) -> None:
    watched.deployed(space)

    step = watched.run(space, max_price="20", fail_on="never")

    assert (step.exit_code, step.outputs["result"]) == (0, "seen"), step.log
    assert "| ✗ | price | cpu-upgrade" in step.summary
    assert step.summary.startswith("### ❌"), "what is wrong shows, however green the step is"


@pytest.mark.parametrize("secret", ["of-another-token", "set-by-hand"])
def test_a_secret_is_only_called_another_one_where_that_is_certain(secret: str, watched: Watched, space: str) -> None:
    watched.deployed(space)
    if secret == "set-by-hand":
        watched.api.add_space_secret(space, "API_KEY", "another", description="Mine")
        watched.settled(space, "RUNNING")

    step = watched.run(space, secrets="API_KEY=another-value-than-deployed")

    assert step.outputs["error"] == ("setting-differs" if secret == "set-by-hand" else ""), step.log


def test_a_bad_token_or_a_hub_that_is_down_alarms_nobody(watched: Watched, space: str, hub: LocalHub) -> None:
    watched.deployed(space)
    other = watched.deployed(f"{space}-b")

    bad = watched.run(space, hf_token="hf_nobody")
    hub.fault(
        method="GET",
        path=f"/api/spaces/{space}$",
        kind="status",
        status=404,
        headers={"X-Error-Code": "RepoNotFound"},
        body={"error": "Repository not found"},
        times=1,
    )
    gone_once = watched.run(space)
    hub.fault(method="GET", path=f"/api/spaces/{space}$", kind="status", status=400, body={"error": "no"})
    one = watched.run(spaces=f"- {space}\n- {other}")

    assert (bad.exit_code, bad.outputs["error"]) == (1, "token-refused"), bad.log
    assert (gone_once.exit_code, gone_once.outputs["result"]) == (0, "seen"), gone_once.log
    assert (one.exit_code, one.outputs["result"], one.outputs["error"]) == (1, "error", "hub-refused"), one.log
    assert f"| – | {space} |" in one.summary
    assert f"| ✓ | [{other}]" in one.summary
    assert watched.octo.issues == []


def test_without_a_name_those_of_spaces_yaml_are_looked_at_each_with_its_own_inputs(
    watched: Watched, space: str
) -> None:
    well, other = watched.deployed(space), watched.deployed(f"{space}-other")
    declared = "".join(
        f"  - space: {name}\n    variables:\n      GREETING: {said}\n"
        for name, said in ((well, "hello"), (other, "bye"))
    )
    watched.workspace.mkdir(exist_ok=True)
    (watched.workspace / "spaces.yaml").write_text(f"spaces:\n{declared}  - space: {space}-gone\n", "utf-8")

    both = watched.run(hardware="cpu-upgrade", sleep_time="1h", visibility="public")
    one = watched.run(only=well)

    assert (both.exit_code, both.outputs["result"]) == (1, "broken"), both.log
    rows = {name: f"| {sign} | [{name}]" in both.summary for name, sign in ((well, "✓"), (other, "✗"))}
    assert rows == {well: True, other: True}, both.summary
    assert "declared is bye" in both.summary
    assert f"{space}-gone" in both.summary
    assert (one.exit_code, one.outputs["result"]) == (0, "seen"), one.log
    assert other not in one.summary
