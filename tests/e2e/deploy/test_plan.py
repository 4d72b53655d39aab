"""The plan, and what then happens: a dry run changes nothing, and the real run does exactly what it planned."""

from itertools import count
from pathlib import Path
from typing import Any

import pytest
from huggingface_hub import HfApi
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.kit import repository
from tests.kit.local import LocalHub
from tests.kit.space.settings import FILES, asked_for, changes, create, planned, state, writes
from tests.kit.space.tree import SpaceTree
from tests.kit.step.action import deploy

_numbers = count(1)
SEEDS, EXAMPLES_EACH = 10, 2  # many small tests, so that several processes share them
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
    becomes_a_page = sdk == "static" and was == "docker"  # which the Hub does not restart once it was paused
    return {
        "sdk": sdk,
        "wanted": settings_of(sdk),
        "existing": None if was is None else {"sdk": was, **settings_of(was)},
        "deployed": draw(st.booleans()),
        "paused": draw(st.booleans()) and not becomes_a_page,
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


@pytest.mark.parametrize("number", range(SEEDS))
def test_the_real_run_does_what_the_dry_run_planned(number: int, plans: Plans) -> None:
    @seed(number)
    @settings(
        max_examples=EXAMPLES_EACH,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(world=worlds())
    def example(world: dict[str, Any]) -> None:
        plans.compare(world)

    example()
