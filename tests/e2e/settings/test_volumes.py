"""Volumes as declared: mounted beside those of others, set by one request, and none where all are there."""

from datetime import datetime
from pathlib import Path

import pytest
from huggingface_hub import HfApi, Volume

from tests.e2e.settings.test_settings import stages
from tests.kit import repository
from tests.kit.local import LocalHub, until
from tests.kit.space.settings import FILES, asked_for, writes
from tests.kit.step.action import deploy

DATA = "hf://datasets/org/data@v1/train:/data"
STORE = "hf://buckets/org/store:/store"
THEIRS = Volume(type="model", source="org/model", mount_path="/model", read_only=True)
START = 1.0  # seconds that a new start takes


def mounted(api: HfApi, space: str) -> list[str]:
    """What is mounted, as the official client writes it."""
    return [volume.to_uri() for volume in api.get_space_runtime(space).volumes or []]


@pytest.fixture
def running(hub: LocalHub, api: HfApi, space: str, workspace: Path) -> dict[str, str]:
    """The inputs with which a docker Space was deployed that runs, into which somebody else has mounted a volume since."""
    repository.create(workspace, FILES["docker"])
    inputs = {"space": space}
    hub.script(
        space, {"stage": "RUNNING"}, on_restart=[{"stage": "APP_STARTING"}, {"after": START, "stage": "RUNNING"}]
    )
    step = deploy(workspace, hub.endpoint, inputs)
    assert step.outputs["result"] == "live", step.log
    api.set_space_volumes(space, [THEIRS])
    until(lambda: api.get_space_runtime(space).stage == "RUNNING", "it never runs")
    hub.forget()
    return inputs


def test_a_new_space_has_them_from_the_call_that_creates_it(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    repository.create(workspace, FILES["docker"])
    hub.forget()

    step = deploy(workspace, hub.endpoint, {"space": space, "volumes": f"{DATA}\n{STORE}"})

    assert step.outputs["result"] == "live", step.log
    assert writes(hub)[:2] == ["POST /api/repos/create", f"POST /api/spaces/{space}/preupload/main"]
    assert mounted(api, space) == [f"{DATA}:ro", f"{STORE}:rw"]
    assert [(each["action"], each["what"], each["name"], each["after"]) for each in asked_for(step)["changes"]][
        1:3
    ] == [
        ("create", "volume", "/data", DATA),
        ("create", "volume", "/store", STORE),
    ]
    assert f"+ volume /data: {DATA}" in step.summary


def test_those_of_others_survive_one_write_and_one_restart(
    running: dict[str, str], hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    step = deploy(workspace, hub.endpoint, running | {"volumes": f"{DATA}\n{STORE}", "prune-settings": "true"})

    assert step.outputs["result"] == "live", step.log
    assert writes(hub) == [f"PUT /api/spaces/{space}/volumes"]
    assert mounted(api, space) == [THEIRS.to_uri(), f"{DATA}:ro", f"{STORE}:rw"]
    changed = next(datetime.fromisoformat(each["at"]) for each in hub.requests() if each["method"] == "PUT")
    asked = datetime.fromisoformat(hub.visits()[0]["at"])
    assert (asked - changed).total_seconds() >= START, "not live before the app was started anew"
    assert [each["restarts"] for each in asked_for(step)["changes"]] == [True, True]


@pytest.mark.slow
def test_an_app_that_goes_on_all_the_same_is_live(
    running: dict[str, str], hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    hub.vary("volumes-keep-running", of=space)

    step = deploy(workspace, hub.endpoint, running | {"volumes": STORE})
    hub.vary(of=space)

    assert (step.outputs["result"], stages(step)) == ("live", ["RUNNING"]), step.log
    assert mounted(api, space) == [THEIRS.to_uri(), f"{STORE}:rw"]


def test_what_is_there_is_not_written_and_costs_no_request(
    running: dict[str, str], hub: LocalHub, space: str, workspace: Path
) -> None:
    declared = running | {"volumes": f"{DATA}\n{STORE}:rw"}
    deploy(workspace, hub.endpoint, declared)
    hub.forget()
    plain = deploy(workspace, hub.endpoint, running)
    without = [f"{each['method']} {each['path']}" for each in hub.requests()]
    hub.forget()

    again = deploy(workspace, hub.endpoint, declared)

    assert (plain.outputs["result"], again.outputs["result"]) == ("live", "live"), again.log
    assert ([f"{each['method']} {each['path']}" for each in hub.requests()], writes(hub)) == (without, [])
    assert (asked_for(again)["changes"], stages(again)) == ([], ["RUNNING"])


def test_one_that_changes_is_put_at_its_path(
    running: dict[str, str], hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    deploy(workspace, hub.endpoint, running | {"volumes": STORE})

    step = deploy(workspace, hub.endpoint, running | {"volumes": "hf://buckets/org/other:/store:ro"})

    assert step.outputs["result"] == "live", step.log
    assert mounted(api, space) == [THEIRS.to_uri(), "hf://buckets/org/other:/store:ro"]
    assert f"! volume /store: {STORE} → hf://buckets/org/other:/store:ro" in step.summary


def test_what_somebody_mounts_while_the_step_runs_survives_too(
    running: dict[str, str], hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    """The plan was made of what the Hub showed before; the volumes are read once more right before they are written."""
    older = {"stage": "RUNNING", "hardware": {"current": "cpu-basic", "requested": "cpu-basic"}}
    head = api.space_info(space).sha
    hub.fault(method="GET", path=rf"^/api/spaces/{space}\?expand", kind="status", status=200, times=1,
              body={"id": space, "sha": head, "private": False, "sdk": "docker", "runtime": older})  # fmt: skip

    step = deploy(workspace, hub.endpoint, running | {"volumes": STORE})

    assert step.outputs["result"] == "live", step.log
    assert mounted(api, space) == [THEIRS.to_uri(), f"{STORE}:rw"]


def test_an_answer_that_leaves_them_out_loses_none(
    running: dict[str, str], hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    hub.fault(method="GET", path=f"{space}/runtime", kind="status", status=200, times=1, body={"stage": "RUNNING"})

    step = deploy(workspace, hub.endpoint, running | {"volumes": STORE})

    assert step.outputs["result"] == "live", step.log
    assert sorted(mounted(api, space)) == sorted([THEIRS.to_uri(), f"{STORE}:rw"])


def test_a_page_of_a_proxy_in_the_hubs_place_is_no_mount(
    running: dict[str, str], hub: LocalHub, space: str, workspace: Path
) -> None:
    hub.fault(method="PUT", path=f"{space}/volumes", kind="status", status=200, body="<html>Welcome</html>")

    step = deploy(workspace, hub.endpoint, running | {"volumes": DATA})

    assert (step.exit_code, step.outputs["error"]) == (1, "settings-not-confirmed"), step.log
    assert "volume /data" in step.log


def test_what_the_hub_masks_is_not_written_over(
    running: dict[str, str], hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    api.set_space_volumes(space, [Volume(type="dataset", source="****/******", mount_path="/secret")])
    hub.forget()

    dry = deploy(workspace, hub.endpoint, running | {"volumes": DATA, "dry-run": "true"})
    step = deploy(workspace, hub.endpoint, running | {"volumes": DATA})

    assert [each.outputs["error"] for each in (dry, step)] == ["volumes-hidden"] * 2, step.log
    assert writes(hub) == []


def test_a_static_space_has_none(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, FILES["static"])
    hub.forget()

    step = deploy(workspace, hub.endpoint, {"space": space, "volumes": DATA})

    assert (step.exit_code, step.outputs["error"], writes(hub)) == (1, "static-hardware", []), step.log
    assert "`volumes` can't be used with a static Space" in step.log


def test_a_static_space_that_becomes_an_app_gets_them_after_its_files(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    api.create_repo(space, repo_type="space", space_sdk="static")
    repository.create(workspace, FILES["docker"])

    step = deploy(workspace, hub.endpoint, {"space": space, "volumes": STORE})

    assert step.outputs["result"] == "live", step.log
    assert [entry["what"] for entry in asked_for(step)["changes"]] == ["sdk", "files", "volume"]
    assert mounted(api, space) == [f"{STORE}:rw"]


def test_a_token_that_may_not_says_so(running: dict[str, str], hub: LocalHub, space: str, workspace: Path) -> None:
    hub.fault(method="PUT", path=f"{space}/volumes", kind="status", status=403, body={"error": "Forbidden"})

    step = deploy(workspace, hub.endpoint, running | {"volumes": DATA})

    assert (step.exit_code, step.outputs["error"]) == (1, "settings-forbidden"), step.log
    assert f"set the volumes of {space}" in step.log


def test_check_names_what_a_deploy_would_mount(
    running: dict[str, str], hub: LocalHub, space: str, workspace: Path
) -> None:
    step = deploy(workspace, hub.endpoint, running | {"command": "check", "volumes": f"{DATA}\nhf://org/model:/model"})

    assert step.outputs["result"] == "healthy", step.log
    assert "Settings: a deploy would change: volume /data\n" in step.log
    assert writes(hub) == []


@pytest.mark.parametrize(
    ("volumes", "says"),
    [
        ("hf://datasets/org/data:data", "is a relative path"),
        ("hf://kernels/org/x:/x", "no type of volume"),
        (f"{STORE}\nhf://a/b:/store", "two volumes are mounted at '/store'"),
    ],
)
def test_what_can_not_be_mounted_is_refused(
    volumes: str, says: str, hub: LocalHub, space: str, workspace: Path
) -> None:
    repository.create(workspace, FILES["docker"])
    hub.forget()

    step = deploy(workspace, hub.endpoint, {"space": space, "volumes": volumes})

    assert (step.exit_code, step.outputs["error"], writes(hub)) == (1, "input-invalid", []), step.log
    assert says in step.log
