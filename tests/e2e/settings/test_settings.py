"""Settings as declared: sent once and only where they differ, refused before anything is sent."""

import re
import signal
from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import pytest
from allpairspy import AllPairs
from huggingface_hub import HfApi, Volume

from hfspace_action.inputs.schema import BadInputs, read
from hfspace_action.plan.settings import rules
from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.space.settings import FILES, LENGTHS, State, asked_for, create, state, writes
from tests.kit.step.action import Step, begin, deploy

KEY = "-----BEGIN KEY-----\nbm90IGEga2V5\n-----END KEY-----"
SECRETS = {
    "one": "TOKEN=canary-of-one-secret",
    "lines": f"PEM: |\n  {KEY.replace(chr(10), chr(10) + '  ')}\nTOKEN: canary-of-two",
}
VARIABLES = {"one": "MODEL=org/model", "two": "MODEL: other/model\nGREETING: 'Hello, = world '\nEMPTY: ''"}
CHOICES: dict[str, Sequence[str]] = {
    "sdk": tuple(FILES),
    "visibility": ("", "public", "protected", "private"),
    "hardware": ("", "cpu-basic", "t4-small", "zero-a10g"),
    "sleep-time": ("", "30m", "never"),
    "secrets": ("", *SECRETS.values()),
    "variables": ("", *VARIABLES.values()),
    "prune-settings": ("false", "true"),
    "is there": ("no", "yes"),
}
# What a Space may have been given by others before.
OTHERS = {"variables": {"OLD": "1", "MODEL": "org/old"}, "secrets": {"OLD_KEY": "old-value", "TOKEN": "old-token"}}


def possible(values: Sequence[str]) -> bool:
    """Whether some first choices go together: what the rules refuse is tested by the rules' own tests."""
    chosen = dict(zip(CHOICES, values, strict=False))
    env = {f"INPUT_{name.upper()}": value for name, value in chosen.items() if name not in ("sdk", "is there")}
    inputs = read({**env, "INPUT_SPACE": "alice/demo", "INPUT_HF-TOKEN": "hf_alice"})
    try:
        rules.check(inputs, chosen["sdk"], None)
    except BadInputs as refused:
        # A sleep time may still get the hardware that it needs.
        return "hardware" not in chosen and {failure.id for failure in refused.failures} == {"sleep-time-free"}
    return True


COMBINATIONS = [
    dict(zip(CHOICES, values, strict=True)) for values in AllPairs(list(CHOICES.values()), filter_func=possible)
]


def inputs_of(chosen: Mapping[str, str], space: str) -> dict[str, str]:
    return {name: value for name, value in chosen.items() if name not in ("sdk", "is there")} | {"space": space}


@pytest.mark.parametrize(
    "chosen", COMBINATIONS, ids=lambda chosen: "-".join(value[:9] or "none" for value in chosen.values())
)
def test_a_second_run_sends_nothing(
    chosen: Mapping[str, str], hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    sdk = chosen["sdk"]
    repository.create(workspace, FILES[sdk])
    if chosen["is there"] == "yes":
        others = OTHERS if sdk != "static" else {"variables": OTHERS["variables"], "secrets": {}}
        create(api, space, sdk, **others)
    step = deploy(workspace, hub.endpoint, inputs_of(chosen, space))
    assert step.outputs["result"] == "live", step.log
    first = state(hub, space)
    hub.forget()

    again = deploy(workspace, hub.endpoint, inputs_of(chosen, space))

    assert (again.outputs["result"], again.outputs["changed"]) == ("live", "false"), again.log
    assert asked_for(again)["changes"] == []
    assert writes(hub) == []
    assert state(hub, space) == first
    as_declared(first, chosen)


def as_declared(found: State, chosen: Mapping[str, str]) -> None:
    """The Space has what was chosen, and of others' settings what may stay."""
    inputs = read(
        {f"INPUT_{name.upper()}": value for name, value in inputs_of(chosen, "alice/x").items()}
        | {"INPUT_HF-TOKEN": "hf_x"}
    )
    assert inputs.visibility in (None, found.visibility)
    if chosen["sdk"] != "static":
        assert inputs.hardware in (None, found.hardware)
        assert inputs.sleep_time is None or found.sleep_time == LENGTHS[inputs.sleep_time]
    assert inputs.variables.items() <= found.variables.items()
    assert inputs.secrets.items() <= found.secrets.items()
    kept = chosen["is there"] == "yes" and not inputs.prune_settings
    assert ("OLD" in found.variables) == kept
    assert ("OLD_KEY" in found.secrets) == (kept and chosen["sdk"] != "static")


START = 1.5  # seconds that a new start takes


@pytest.fixture
def running(hub: LocalHub, space: str, workspace: Path) -> dict[str, str]:
    """The inputs with which a docker Space was deployed that runs."""
    repository.create(workspace, FILES["docker"])
    inputs = {"space": space, "secrets": "TOKEN=canary-of-a-token", "variables": "A=1\nB=2"}
    hub.script(
        space, {"stage": "RUNNING"}, on_restart=[{"stage": "APP_STARTING"}, {"after": START, "stage": "RUNNING"}]
    )
    step = deploy(workspace, hub.endpoint, inputs)
    assert step.outputs["result"] == "live", step.log
    hub.forget()
    return inputs


def stages(step: Step) -> list[str]:
    """The stages that a step has seen, one after the other."""
    return re.findall(r"^Stage: (\w+)$", step.log, re.MULTILINE)


def test_one_changed_variable_is_one_write_and_one_restart(
    running: dict[str, str], hub: LocalHub, space: str, workspace: Path
) -> None:
    step = deploy(workspace, hub.endpoint, running | {"variables": "A=1\nB=3"})

    assert writes(hub) == [f"POST /api/spaces/{space}/variables"]
    assert step.outputs["result"] == "live", step.log
    changed = next(datetime.fromisoformat(each["at"]) for each in hub.requests() if each["method"] == "POST")
    asked = datetime.fromisoformat(hub.visits()[0]["at"])
    assert (asked - changed).total_seconds() >= START, "not live before the app was started anew"
    assert "! variable B: 2 → 3\n" in step.summary


def test_a_secret_that_stays_is_not_sent_and_one_that_changes_is(
    running: dict[str, str], hub: LocalHub, space: str, workspace: Path
) -> None:
    same = deploy(workspace, hub.endpoint, running)
    assert (writes(hub), stages(same)) == ([], ["RUNNING"])

    deploy(workspace, hub.endpoint, running | {"secrets": "TOKEN=canary-of-another"})

    assert writes(hub) == [f"POST /api/spaces/{space}/secrets"]
    assert state(hub, space).secrets == {"TOKEN": "canary-of-another"}


def test_a_secret_that_was_set_by_hand_is_set_again(
    running: dict[str, str], hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    api.add_space_secret(space, "TOKEN", "by hand", description="Mine")
    hub.forget()

    deploy(workspace, hub.endpoint, running)

    assert writes(hub) == [f"POST /api/spaces/{space}/secrets"]
    assert state(hub, space).secrets == {"TOKEN": "canary-of-a-token"}
    assert (api.get_space_secrets(space)["TOKEN"].description or "").startswith("Mine [hf-space-deploy ")


def test_a_variable_that_becomes_a_secret_is_removed_first_if_that_is_allowed(
    running: dict[str, str], hub: LocalHub, space: str, workspace: Path
) -> None:
    moved = running | {"variables": "A=1", "secrets": "TOKEN=canary-of-a-token\nB=canary-of-b"}

    refused = deploy(workspace, hub.endpoint, moved)
    assert (refused.exit_code, refused.outputs["error"], writes(hub)) == (1, "settings-collision", []), refused.log
    step = deploy(workspace, hub.endpoint, moved | {"prune-settings": "true"})

    assert step.outputs["result"] == "live", step.log
    assert writes(hub) == [f"DELETE /api/spaces/{space}/variables", f"POST /api/spaces/{space}/secrets"]
    assert state(hub, space).secrets.keys() == {"TOKEN", "B"}


def test_settings_come_before_the_files_and_one_build_sees_them_all(
    running: dict[str, str], hub: LocalHub, space: str, workspace: Path
) -> None:
    repository.commit(workspace, "Second", {"new.txt": "new\n"})

    step = deploy(
        workspace, hub.endpoint, running | {"variables": "A=2\nB=2", "hardware": "t4-small", "sleep-time": "1h"}
    )

    assert [call.rpartition("/")[2] for call in writes(hub)] == [
        "hardware", "variables", "main", "main", step.outputs["commit-sha"],  # the last is the release's tag
    ]  # fmt: skip
    assert step.outputs["result"] == "live", step.log
    assert (state(hub, space).hardware, state(hub, space).sleep_time) == ("t4-small", "1h")


def test_a_static_space_that_becomes_an_app_gets_its_hardware_after_its_files(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    api.create_repo(space, repo_type="space", space_sdk="static")
    repository.create(workspace, FILES["docker"])

    step = deploy(workspace, hub.endpoint, {"space": space, "hardware": "t4-small", "sleep-time": "30m"})

    assert step.outputs["result"] == "live", step.log
    assert [entry["what"] for entry in asked_for(step)["changes"]] == ["sdk", "files", "hardware", "sleep-time"]
    assert (state(hub, space).hardware, state(hub, space).sleep_time) == ("t4-small", "30m")


def test_a_refusal_half_way_tells_what_was_done_and_the_next_run_goes_on(
    running: dict[str, str], hub: LocalHub, space: str, workspace: Path
) -> None:
    wanted = running | {"visibility": "private", "hardware": "t4-small", "variables": "A=9\nB=2"}
    hub.fault(
        method="POST",
        path=f"{space}/hardware",
        kind="status",
        status=403,
        body={"error": "You must add a payment method"},
    )

    refused = deploy(workspace, hub.endpoint, wanted)
    done, _, left = refused.summary.partition("Not done")
    assert (refused.outputs["result"], refused.outputs["error"]) == ("error", "payment-needed"), refused.log
    assert ["visibility: public → private" in part for part in (done, left)] == [True, False]
    assert ["hardware: t4-small ($0.40/h), was cpu-basic" in part for part in (done, left)] == [False, True]
    assert ["variable A: 1 → 9" in part for part in (done, left)] == [False, True]
    hub.forget()
    step = deploy(workspace, hub.endpoint, wanted)

    assert step.outputs["result"] == "live", step.log
    assert [call.rpartition("/")[2] for call in writes(hub)] == ["hardware", "variables"]


def test_a_space_that_was_created_and_not_published_tells_so_and_the_next_run_goes_on(
    hub: LocalHub, space: str, workspace: Path
) -> None:
    repository.create(workspace, FILES["docker"])
    wanted = {"space": space, "hardware": "t4-small", "secrets": "TOKEN=canary-of-a-token", "variables": "A=1"}
    hub.fault(method="POST", path=f"{space}/commit", kind="status", status=400, body={"error": "Not today"})

    refused = deploy(workspace, hub.endpoint, wanted)
    done, _, left = refused.summary.partition("Not done")
    assert (refused.outputs["result"], refused.outputs["created"]) == ("error", "true"), refused.log
    assert all(
        line in done for line in ("+ space", "+ hardware: t4-small ($0.40/h)", "+ secret TOKEN", "+ variable A: 1")
    )
    assert "+ files: 2 added" in left
    hub.forget()
    step = deploy(workspace, hub.endpoint, wanted)

    assert (step.outputs["result"], step.outputs["created"]) == ("live", "false"), step.log
    assert [call.rpartition("/")[2] for call in writes(hub)] == [
        "main", "main", step.outputs["commit-sha"],  # the last is the release's tag
    ], "only the files were left to do"  # fmt: skip


def test_all_settings_of_a_new_space_go_into_the_one_call_that_creates_it(
    hub: LocalHub, space: str, workspace: Path
) -> None:
    repository.create(workspace, FILES["docker"])
    hub.forget()

    step = deploy(
        workspace,
        hub.endpoint,
        {
            "space": space,
            "visibility": "protected",
            "hardware": "t4-small",
            "sleep-time": "never",
            "secrets": SECRETS["lines"],
            "variables": VARIABLES["two"],
        },
    )

    assert step.outputs["result"] == "live", step.log
    assert writes(hub) == [
        "POST /api/repos/create",
        f"POST /api/spaces/{space}/preupload/main",
        f"POST /api/spaces/{space}/commit/main",
        f"POST /api/spaces/{space}/tag/{step.outputs['commit-sha']}",
    ]
    now = state(hub, space)
    assert (now.visibility, now.hardware, now.sleep_time) == ("protected", "t4-small", "never")
    assert now.secrets == {"PEM": KEY + "\n", "TOKEN": "canary-of-two"}
    assert now.variables == {"MODEL": "other/model", "GREETING": "Hello, = world ", "EMPTY": ""}


def test_volumes_stay_as_they_are(
    running: dict[str, str], hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    volume = Volume(type="dataset", source="org/data", mount_path="/data", read_only=True)
    api.set_space_volumes(space, [volume])

    deploy(workspace, hub.endpoint, running | {"hardware": "t4-small", "sleep-time": "1h", "prune-settings": "true"})

    runtime = api.get_space_runtime(space)
    assert (runtime.requested_hardware, runtime.raw["volumes"]) == ("t4-small", [volume.to_dict()])


def test_settings_that_the_hub_dropped_at_creation_are_set_afterwards(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    """The answer to the creation is lost and the Space was created by somebody else meanwhile, without any settings."""
    repository.create(workspace, FILES["docker"])
    hub.fault(method="GET", path=rf"^/api/spaces/{space}\?expand", kind="status", status=404, times=1,
              headers={"X-Error-Code": "RepoNotFound"}, body={"error": "Repository not found"})  # fmt: skip
    api.create_repo(space, repo_type="space", space_sdk="docker")

    step = deploy(workspace, hub.endpoint, {"space": space, "variables": "A=1", "hardware": "t4-small"})

    assert step.outputs["result"] == "live", step.log
    assert (state(hub, space).variables, state(hub, space).hardware) == ({"A": "1"}, "t4-small")


def test_a_dry_run_needs_no_right_to_write(running: dict[str, str], hub: LocalHub, space: str, workspace: Path) -> None:
    step = deploy(
        workspace, hub.endpoint, running | {"dry-run": "true", "hf-token": "hf_alice_read", "variables": "A=5\nB=2"}
    )

    assert (step.outputs["result"], step.exit_code, writes(hub)) == ("planned", 0, []), step.log
    assert "! variable A: 1 → 5\n" in step.summary
    assert "~ secret TOKEN: whether it differs can't be told with this token" in step.log


def test_pruning_needs_to_see_the_secrets(running: dict[str, str], hub: LocalHub, space: str, workspace: Path) -> None:
    hub.fault(method="GET", path=f"{space}/secrets", kind="status", status=403, body={"error": "Forbidden"})

    dry = deploy(workspace, hub.endpoint, running | {"prune-settings": "true", "dry-run": "true"})
    step = deploy(workspace, hub.endpoint, running | {"prune-settings": "true"})
    hub.no_faults()

    assert "- secret: which there are can't be told with this token" in dry.log
    assert asked_for(dry)["changes"]
    assert (step.exit_code, step.outputs["error"], writes(hub)) == (1, "settings-forbidden", []), step.log


def test_a_cancelled_run_tells_which_settings_it_has_changed(
    running: dict[str, str], hub: LocalHub, space: str, workspace: Path
) -> None:
    repository.commit(workspace, "More", {"more.txt": "more\n"})
    hub.fault(method="POST", path=f"{space}/commit/", kind="hang")

    with begin(workspace, hub.endpoint, running | {"hardware": "t4-small", "variables": "A=7\nB=2"}) as step:
        hub.asked(f"{space}/commit/main")
        step.signal(signal.SIGTERM)
        ended = step.end()
    hub.no_faults()

    done, _, left = ended.summary.partition("Not done")
    assert ended.outputs["result"] == "cancelled", ended.log
    assert ended.outputs["hardware"] == "t4-small", "what it costs from now on"
    assert ["variable A: 1 → 7" in part for part in (done, left)] == [True, False]
    assert ["files: 1 added" in part for part in (done, left)] == [False, True]


# Refused before anything is sent


@pytest.mark.parametrize(
    ("inputs", "error", "says"),
    [
        ({"hardware": "t5-huge"}, "hardware-unknown", "It offers cpu-basic, cpu-upgrade, t4-small"),
        ({"hardware": "zero-a10g"}, "zero-gpu-gradio", "for Gradio Spaces only"),
        ({"sleep-time": "30m"}, "sleep-time-free", "always sleeps after 48 hours"),
        ({"secrets": "KEY="}, "input-invalid", "its entry 1 has no value"),
        ({"secrets": "K=canary-k", "variables": "K=2"}, "input-collision", "'K'"),
        ({"secrets": "9K=canary-k"}, "input-invalid", "the name of its entry 1 can't be one"),
        ({"sdk": "streamlit"}, "input-invalid", "docker"),
        ({"space": "alice/-x-"}, "input-invalid", "owner/name"),
        ({"space": "bob/demo", "hf-token": "hf_bob", "visibility": "protected"}, "protected-plan", "bob has none"),
    ],
)  # fmt: skip
def test_a_wish_that_can_not_be_met_is_refused_by_name(
    inputs: dict[str, str], error: str, says: str, hub: LocalHub, space: str, workspace: Path
) -> None:
    repository.create(workspace, FILES["docker"])
    hub.forget()

    step = deploy(workspace, hub.endpoint, {"space": space, **inputs})

    assert (step.exit_code, step.outputs["error"], writes(hub)) == (1, error, []), step.log
    assert says in step.log


def test_a_pattern_that_matches_nothing_refuses_nothing(hub: LocalHub, space: str, workspace: Path) -> None:
    repository.create(workspace, FILES["docker"])

    step = deploy(workspace, hub.endpoint, {"space": space, "exclude": "[z-a]"})

    assert (step.exit_code, step.outputs["result"]) == (0, "live"), step.log
    assert "::warning::`exclude: [z-a]` matches nothing" in step.log


@pytest.mark.parametrize(
    ("inputs", "error"),
    [
        ({"secrets": "KEY=canary-of-static"}, "static-secrets"),
        ({"hardware": "t4-small"}, "static-hardware"),
        ({"sleep-time": "never"}, "static-hardware"),
    ],
)
def test_a_static_space_gets_no_secrets_and_no_machine(
    inputs: dict[str, str], error: str, hub: LocalHub, space: str, workspace: Path
) -> None:
    repository.create(workspace, FILES["static"])
    hub.forget()

    step = deploy(workspace, hub.endpoint, {"space": space, **inputs})

    assert (step.exit_code, step.outputs["error"], writes(hub)) == (1, error, []), step.log
