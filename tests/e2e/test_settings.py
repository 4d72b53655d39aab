"""Settings as declared: sent once and only where they differ, planned as they are then done, refused before anything is sent."""

import json
import re
import signal
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from allpairspy import AllPairs
from huggingface_hub import HfApi, Volume
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from hfspace_action import rules
from hfspace_action.inputs import BadInputs, read
from tests.e2e import repository
from tests.e2e.action import ROOT, Step, begin, deploy
from tests.e2e.spacesettings import LENGTHS, State, changes, planned, state
from tests.e2e.spacetree import SpaceTree
from tests.local import LocalHub

SCHEMA = Draft202012Validator(json.loads((ROOT / "docs/plan.schema.json").read_text("utf-8")))
FILES = {
    "docker": {"README.md": "---\nsdk: docker\n---\n", "Dockerfile": "FROM scratch\nEXPOSE 7860\n"},
    "gradio": {"README.md": "---\nsdk: gradio\n---\n", "app.py": "import gradio\n"},
    "static": {"README.md": "---\nsdk: static\n---\n", "index.html": "<h1>Settings</h1>\n"},
}
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
_numbers = count(1)


def asked_for(step: Step) -> dict[str, Any]:
    """The plan that a step has printed, which keeps to its schema."""
    document: dict[str, Any] = json.loads(step.outputs["plan"])
    SCHEMA.validate(document)
    return document


def writes(hub: LocalHub) -> list[str]:
    """The requests since the last `forget` that may have changed something. (To validate a README changes nothing.)"""
    return [
        f"{each['method']} {each['path']}"
        for each in hub.requests()
        if each["method"] != "GET" and each["path"] != "/api/validate-yaml"
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


def create(
    api: HfApi, space: str, sdk: str, *, variables: Mapping[str, str], secrets: Mapping[str, str], **more: Any
) -> None:
    api.create_repo(
        space,
        repo_type="space",
        space_sdk=sdk,
        space_variables=[{"key": key, "value": value} for key, value in variables.items()],
        space_secrets=[{"key": key, "value": value} for key, value in secrets.items()],
        **more,
    )


@pytest.fixture
def running(hub: LocalHub, space: str, workspace: Path) -> dict[str, str]:
    """The inputs with which a docker Space was deployed that runs."""
    repository.create(workspace, FILES["docker"])
    inputs = {"space": space, "secrets": "TOKEN=canary-of-a-token", "variables": "A=1\nB=2"}
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
    assert stages(step) == ["APP_STARTING", "RUNNING"], "not live before the app was started anew"
    assert "~ variable B: 2 → 3 (restart)" in step.summary


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

    assert [call.rpartition("/")[2] for call in writes(hub)] == ["hardware", "variables", "main", "main"]
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
    assert ["hardware: cpu-basic → t4-small" in part for part in (done, left)] == [False, True]
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
    assert [call.rpartition("/")[2] for call in writes(hub)] == ["main", "main"], "only the files were left to do"


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
    ]
    now = state(hub, space)
    assert (now.visibility, now.hardware, now.sleep_time) == ("protected", "t4-small", "never")
    assert now.secrets == {"PEM": KEY + "\n", "TOKEN": "canary-of-two"}
    assert now.variables == {"MODEL": "other/model", "GREETING": "Hello, = world ", "EMPTY": ""}


def test_volumes_stay_as_they_are(
    running: dict[str, str], hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    volume = Volume(type="dataset", source="org/data", mount_path="/data")
    api.set_space_volumes(space, [volume])

    deploy(workspace, hub.endpoint, running | {"hardware": "t4-small", "sleep-time": "1h", "prune-settings": "true"})

    runtime = api.get_space_runtime(space)
    assert (runtime.requested_hardware, runtime.raw["volumes"]) == ("t4-small", [volume.to_dict()])


def test_settings_that_the_hub_dropped_at_creation_are_set_afterwards(
    hub: LocalHub, api: HfApi, space: str, workspace: Path
) -> None:
    """The answer to the creation is lost and the Space was created by somebody else meanwhile, without any settings."""
    repository.create(workspace, FILES["docker"])
    hub.fault(method="GET", path=rf"^/api/spaces/{space}$", kind="status", status=404, times=1,
              headers={"X-Error-Code": "RepoNotFound"}, body={"error": "Repository not found"})  # fmt: skip
    api.create_repo(space, repo_type="space", space_sdk="docker")

    step = deploy(workspace, hub.endpoint, {"space": space, "variables": "A=1", "hardware": "t4-small"})

    assert step.outputs["result"] == "live", step.log
    assert (state(hub, space).variables, state(hub, space).hardware) == ({"A": "1"}, "t4-small")


# The plan, and what then happens

NAMES = st.sampled_from(["A", "B", "C"])
VALUES = st.sampled_from(["1", "2", "canary value"])
PAIRS = st.dictionaries(NAMES, VALUES, max_size=3)


@st.composite
def worlds(draw: st.DrawFn) -> dict[str, Any]:
    """A Space as it is (None: not yet), and what a workflow wants of it. Never one name as a secret and as a variable."""

    def settings_of(sdk: str) -> dict[str, Any]:
        variables = draw(PAIRS)
        secrets = {} if sdk == "static" else {f"S{key}": f"canary-{value}" for key, value in draw(PAIRS).items()}
        hardware = None if sdk == "static" else draw(st.sampled_from([None, "cpu-basic", "t4-small", "a10g-small"]))
        paid = hardware not in (None, "cpu-basic")
        return {
            "variables": variables,
            "secrets": secrets,
            "hardware": hardware,
            "sleep": draw(st.sampled_from([None, 600, -1])) if paid else None,
            "visibility": draw(st.sampled_from([None, "public", "protected", "private"])),
        }

    sdk = draw(st.sampled_from(["docker", "static"]))
    was = draw(st.sampled_from([None, "docker", "static"]))
    return {
        "sdk": sdk,
        "wanted": settings_of(sdk),
        "existing": None if was is None else {"sdk": was, **settings_of(was)},
        "deployed": draw(st.booleans()),
        "paused": draw(st.booleans()),
        "prune": draw(st.booleans()),
    }


class Plans:
    """Dry runs and real runs on one Hub."""

    def __init__(self, hub: LocalHub, api: HfApi, folder: Path) -> None:
        self.hub, self.api, self.folder = hub, api, folder

    def compare(self, world: dict[str, Any]) -> None:
        """Plan, look that nothing changed, do it, and look that exactly the plan was done."""
        number = next(_numbers)
        space = f"alice/planned-{number}"
        workspace = repository.create(self.folder / str(number), FILES[world["sdk"]])
        self.make(space, world, workspace)
        inputs = self.inputs(space, world)
        before, tree = state(self.hub, space), self.tree(space)
        self.hub.forget()

        dry = deploy(workspace, self.hub.endpoint, inputs | {"dry-run": "true"})
        assert dry.outputs["result"] == "planned", dry.log
        assert writes(self.hub) == []
        assert (state(self.hub, space), self.tree(space)) == (before, tree)
        real = deploy(workspace, self.hub.endpoint, inputs)
        assert real.outputs["result"] == "live", real.log

        plan = asked_for(dry)
        assert asked_for(real) == plan
        done = changes(before, state(self.hub, space))
        defaults = ("visibility", "hardware", "sleep-time")  # what the Hub gives a new app by itself is nobody's plan
        declared = planned(plan).keys()
        assert planned(plan) == {
            what: change
            for what, change in done.items()
            if what in declared or not (what[0] in defaults and change[0] == "create")
        }
        whats = [entry["what"] for entry in plan["changes"]]
        assert ("files" in whats) == (self.tree(space) != tree)
        assert ("app" in whats) == any(call.endswith("/restart") for call in writes(self.hub))

    def make(self, space: str, world: dict[str, Any], workspace: Path) -> None:
        """Bring the Space into the state that it is in before."""
        existing = world["existing"]
        if existing is None:
            return
        first = existing["sdk"] == world["sdk"] and world["deployed"]
        create(
            self.api, space, existing["sdk"], variables=existing["variables"], secrets=existing["secrets"],
            space_hardware=existing["hardware"], space_sleep_time=existing["sleep"], visibility=existing["visibility"],
        )  # fmt: skip
        if first:
            assert deploy(workspace, self.hub.endpoint, {"space": space}).exit_code == 0
            repository.commit(
                workspace, "More", {"more.txt": "more\n"} if len(world["wanted"]["variables"]) % 2 else {"x.txt": "1"}
            )
        if world["paused"] and existing["sdk"] != "static":
            self.api.pause_space(space)

    def inputs(self, space: str, world: dict[str, Any]) -> dict[str, str]:
        """The step's inputs."""
        wanted = world["wanted"]
        return {
            "space": space,
            "visibility": wanted["visibility"] or "",
            "hardware": wanted["hardware"] or "",
            "sleep-time": {None: "", -1: "never"}.get(wanted["sleep"], str(wanted["sleep"])),
            "variables": "".join(f"{key}={value}\n" for key, value in wanted["variables"].items()),
            "secrets": "".join(f"{key}={value}\n" for key, value in wanted["secrets"].items()),
            "prune-settings": str(world["prune"]).lower(),
        }

    def tree(self, space: str) -> dict[str, str]:
        """The Space's files."""
        return SpaceTree(self.hub, space).blobs() if (self.hub.data / "spaces" / space).exists() else {}


@pytest.fixture(scope="module")
def plans(hub: LocalHub, tmp_path_factory: pytest.TempPathFactory) -> Plans:
    return Plans(hub, HfApi(hub.endpoint, token="hf_alice"), tmp_path_factory.mktemp("plans"))


@settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(world=worlds())
def test_the_real_run_does_what_the_dry_run_planned(world: dict[str, Any], plans: Plans) -> None:
    plans.compare(world)


def test_a_dry_run_needs_no_right_to_write(running: dict[str, str], hub: LocalHub, space: str, workspace: Path) -> None:
    step = deploy(
        workspace, hub.endpoint, running | {"dry-run": "true", "hf-token": "hf_alice_read", "variables": "A=5\nB=2"}
    )

    assert (step.outputs["result"], step.exit_code, writes(hub)) == ("planned", 0, []), step.log
    assert "~ variable A: 1 → 5 (restart)" in step.summary
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
        ({"exclude": "[z-a]"}, "input-invalid", "`exclude`"),
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
